"""Files of a comparison: Markdown or HTML, told by the name, never written over something else."""

from pathlib import Path

from preflight.errors import UsageError
from preflight.reporting.changes import html, markdown
from preflight.reporting.changes.page import Page

_WRITERS = {".md": markdown.render, ".html": html.render}


def check_name(path: Path) -> None:
    """Refuse a file that cannot be written, before anything is judged.

    Raises:
        UsageError: when the name tells no form, or something is there already.
    """
    if path.suffix not in _WRITERS:
        raise UsageError(
            f"{path} names no form in which a comparison can be written",
            hint=f"let its name end in {' or '.join(_WRITERS)}; --json prints JSON",
        )
    if path.exists():
        raise UsageError(f"{path} is there already", hint="name another file; nothing is written over")


def write(page: Page, path: Path) -> None:
    """Write a page as its file's name says.

    Raises:
        UsageError: when it cannot be written.
    """
    check_name(path)
    text = _WRITERS[path.suffix](page)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as problem:
        raise UsageError(
            f"{path} cannot be written: {problem.strerror or problem}", hint="name a file in a folder of yours"
        ) from problem
