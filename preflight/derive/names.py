"""Names: how a path becomes the name of an operation, and which paths can be none."""

import re

OTHER_METHODS = frozenset({"HEAD", "OPTIONS", "TRACE"})

_BASE = "/api/v1/"
_COLON = re.compile(r"/:([A-Za-z_]\w*)")
_UNFIT = re.compile(r"[\s#]")


def unfit(path: str) -> str | None:
    """Say why a path is no address of an operation; None where it is one."""
    if not path.startswith("/"):
        return "the path does not begin with a slash"
    if _UNFIT.search(path):
        return "the path is no address: it holds spaces or #, so no request can be sent to it"
    return None


def template_of(path: str) -> str:
    """Spell path parameters as OpenAPI does: ``/rooms/:rid`` becomes ``/rooms/{rid}``."""
    return _COLON.sub(r"/{\1}", path)


def name_of(path: str) -> str:
    """Give the name of the operation at a path: what follows ``/api/v1/``, else the path without its first slash."""
    template = template_of(path)
    return template.removeprefix(_BASE) if template.startswith(_BASE) else template.removeprefix("/")
