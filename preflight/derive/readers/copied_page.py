"""The copied form: one page as a browser copies it, a name and a type on a line each."""

from collections.abc import Sequence

from preflight.derive.facts import Reading
from preflight.derive.nesting import Listed
from preflight.derive.readers.sections import facts, listed, split
from preflight.derive.titles import page_address


def read(text: str, name: str) -> Reading:
    """Read a page copied as text; its first line is its title.

    Raises:
        SourceError: where the page names no method and path, or ends before its responses.
    """
    lines = text.split("\n")
    title = next(line.strip() for line in lines if line.strip())
    found = facts(split(lines, name), page_address(title), _fields)
    return Reading(subject=found.key.name, operations=(found,))


def _fields(lines: Sequence[str]) -> list[Listed]:
    """Read the list below ``object``: name, type, and after ``Array of x`` once more the type of its items."""
    bare = [line.strip() for line in lines if line.strip()]
    if "object" not in bare:
        return []
    index = bare.index("object") + 1
    found: list[Listed] = []
    while index < len(bare) - 1:
        one = listed(bare[index], bare[index + 1]) if " " not in bare[index] else None
        if one is None:
            index += 1
            continue
        found.append(one)
        index += 2
        if one.item and index < len(bare) and bare[index] == one.item:
            index += 1
    return found
