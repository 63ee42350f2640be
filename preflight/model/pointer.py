"""JSON pointers (RFC 6901): where in a body something stands."""

from collections.abc import Iterable, Mapping, Sequence

from preflight.model.json import Json


class NothingThereError(LookupError):
    """A pointer names a place that the body does not have."""


def pointer(parts: Iterable[str | int]) -> str:
    """Print the parts of a path as a pointer."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def parts(text: str) -> tuple[str, ...]:
    """Read a pointer back into its parts.

    Raises:
        ValueError: when the text is neither empty nor starts with a slash.
    """
    if not text:
        return ()
    if not text.startswith("/"):
        msg = f"{text!r} is no JSON pointer; it starts with a slash, as in /room/_id"
        raise ValueError(msg)
    return tuple(part.replace("~1", "/").replace("~0", "~") for part in text[1:].split("/"))


def look_up(body: Json, text: str) -> Json:
    """Give what stands at a pointer; ``-1`` names the last item of an array.

    Raises:
        NothingThereError: when the body has no such place.
    """
    found = body
    for part in parts(text):
        found = _step(found, part, text)
    return found


def _step(found: Json, part: str, whole: str) -> Json:
    if isinstance(found, Mapping) and part in found:
        return found[part]
    if isinstance(found, Sequence) and not isinstance(found, str):
        try:
            return found[int(part)]
        except (ValueError, IndexError):
            pass
    raise NothingThereError(whole)
