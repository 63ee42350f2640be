"""What changed, as Markdown: for the page of a build job or an issue."""

from collections.abc import Iterator

from preflight.reporting.changes.page import Item, Page, Section
from preflight.reporting.marks import code, plain

_MARKS = {True: "✅", False: "❌", None: "❔"}


def render(page: Page) -> str:
    """Give a page as Markdown."""
    return "\n\n".join(_blocks(page)) + "\n"


def _blocks(page: Page) -> Iterator[str]:
    yield f"# {_MARKS[page.good]} {plain(page.headline)}"
    yield "\n".join(f"- {plain(line)}" for line in page.lines)
    for section in page.sections:
        yield from _section(section)
    if page.notes:
        yield "## Notes"
        yield "\n".join(f"- {plain(note)}" for note in page.notes)


def _section(section: Section) -> Iterator[str]:
    yield f"## {plain(section.title)}"
    for subject, items in section.subjects:
        yield f"### {plain(subject)}"
        yield "\n".join(map(_item, items))


def _item(item: Item) -> str:
    asked = f"{plain(item.asked)}: " if item.asked else ""
    page = f" [page](<{item.page}>)" if item.page.startswith("http") else ""
    said = f"; {plain(item.said)}" if item.said else ""
    return f"- {asked}{code(item.told)}{said}{page}"
