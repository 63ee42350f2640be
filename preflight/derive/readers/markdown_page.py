"""The exported form: one page as Markdown, names and types glued together, a blank line where objects end."""

import re
from collections.abc import Iterator, Sequence

from preflight.derive.facts import Reading
from preflight.derive.nesting import Hint, Listed
from preflight.derive.readers.sections import TYPE, facts, listed, split
from preflight.derive.titles import PAGES, page_address

_FRONT = re.compile(r"\A---\n(?P<lines>.*?)\n---\n", re.DOTALL)
_METHOD = re.compile(r"^(Get|Post|Put|Delete|Patch)(/\S+)$", re.IGNORECASE)
_HEADING = re.compile(r"^(Header parameters|Query parameters|Path parameters|Body parameters|Responses)(\S.*)?$")
_GLUED = re.compile(
    r"^(?P<name>[\w$.-]+?)"
    r"(?P<rest>(?:string|integer|number|boolean|object|Array of \w+)(?:\s*\|\s*null)?(?:Required)?)$"
)
_FIELD = re.compile(r"(?P<name>[^\s]+?)\s?(?P<whole>" + TYPE + r"(?:\s*\|\s*null)?(?:Required)?)(?=\s|$)(?P<rest>.*)$")


def read(text: str, name: str) -> Reading:
    """Read a page exported as Markdown.

    Raises:
        SourceError: where the page names no method and path, or ends before its responses.
    """
    front = _front_matter(text)
    title = front.get("title") or next(re.findall(r"(?m)^# (.+)$", text).__iter__(), name)
    address = PAGES + front["slug"] if front.get("slug") else page_address(title)
    found = facts(split(list(_unglued(_FRONT.sub("", text))), name), address, _fields)
    return Reading(subject=found.key.name, dated=front.get("updated", "")[:10], operations=(found,))


def _front_matter(text: str) -> dict[str, str]:
    found = _FRONT.match(text)
    pairs = (line.partition(":") for line in found["lines"].split("\n")) if found else ()
    return {key.strip(): value.strip().strip('"') for key, _, value in pairs}


def _unglued(text: str) -> Iterator[str]:
    """Give the lines with headings and parameters as the copied form has them; bodies and answers stay as they are."""
    parameters = False
    for line in text.split("\n"):
        bare = line.strip()
        method = _METHOD.match(bare)
        heading = _HEADING.match(bare)
        if method is not None:
            yield from method.groups()
            continue
        if heading is not None:
            parameters = heading[1] not in {"Body parameters", "Responses"}
            yield heading[1]
        rest = line if heading is None else heading[2] or ""
        glued = _GLUED.match(rest.strip()) if parameters else None
        if glued is None:
            yield rest
        else:
            yield glued["name"]
            yield glued["rest"]


def _fields(lines: Sequence[str]) -> list[Listed]:
    start = next((index for index, line in enumerate(lines) if re.match(r"\s*(?:Expand All)?object\b", line)), None)
    if start is None:
        return []
    first = re.sub(r"^\s*(?:Expand All)?object\s*", "", lines[start])
    return list(_walk([first, *lines[start + 1 :]]))


def _walk(lines: Sequence[str]) -> Iterator[Listed]:
    blank = False
    for number, line in enumerate(lines):
        if not line.strip():
            blank = True
            continue
        hint = Hint.CHILD if number == 0 else Hint.OUTSIDE if blank else Hint.BESIDE
        blank = False
        yield from _fields_of(line, hint)


def _fields_of(line: str, hint: Hint) -> Iterator[Listed]:
    rest = line.strip()
    while found := _FIELD.match(rest):
        one = listed(found["name"], found["whole"], hint)
        if one is None:
            return
        yield one
        hint = Hint.CHILD
        rest = found["rest"].strip()
        if one.item:
            rest = re.sub(rf"^{one.item}\b\s*", "", rest)
        if rest.startswith("Example") or not (one.item == "object" or "object" in one.types):
            return
