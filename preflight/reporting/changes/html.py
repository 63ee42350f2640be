"""What changed, as one HTML page: self-contained, without a script, readable in the dark and on a phone."""

from collections.abc import Iterator
from html import escape
from typing import Final

from preflight.reporting.changes.page import Item, Page, Section

_STYLE: Final = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; border-left: .5rem solid; padding-left: .75rem; }
h1.good { border-color: #2e7d32; } h1.bad { border-color: #c62828; } h1.open { border-color: #b26a00; }
h3 { margin-bottom: .25rem; } ul { margin-top: .25rem; }
code { overflow-wrap: anywhere; } .said { opacity: .8; }
"""
_CLASSES: Final = {True: "good", False: "bad", None: "open"}


def render(page: Page) -> str:
    """Give a page as HTML."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{escape(page.headline)}</title><style>{_STYLE}</style></head><body><main>"
    yield f'<h1 class="{_CLASSES[page.good]}">{escape(page.headline)}</h1>'
    yield from _list(page.lines)
    for section in page.sections:
        yield from _section(section)
    if page.notes:
        yield "<h2>Notes</h2>"
        yield from _list(page.notes)
    yield "</main></body></html>"


def _section(section: Section) -> Iterator[str]:
    yield f"<h2>{escape(section.title)}</h2>"
    for subject, items in section.subjects:
        yield f"<h3>{escape(subject)}</h3>"
        yield "<ul>"
        yield from map(_item, items)
        yield "</ul>"


def _item(item: Item) -> str:
    asked = f"{escape(item.asked)}: " if item.asked else ""
    said = f'<br><span class="said">{escape(item.said)}</span>' if item.said else ""
    # A page that is no address of the web would be a script or a file.
    link = f' <a href="{escape(item.page)}">page</a>' if item.page.startswith(("http://", "https://")) else ""
    return f"<li>{asked}<code>{escape(item.told)}</code>{said}{link}</li>"


def _list(lines: tuple[str, ...]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{escape(line)}</li>" for line in lines)
    yield "</ul>"
