"""The contents of the site: sections and pages as docs/index.md lists them."""

import re
from collections.abc import Iterator

OUTSIDE = {"../README.md": "readme.md", "../CONTRIBUTING.md": "contributing.md", "../CHANGELOG.md": "changes.md"}

_SECTION = re.compile(r"##+ (?P<heading>.+)|(?P<words>[A-Z][^.:]+):$")
_ENTRY = re.compile(r"- \[(?P<title>[^\]]+)\]\((?P<page>[^)#]+\.md)\)")


def contents(index: str) -> list[dict[str, list[dict[str, str]]]]:
    """Read sections and pages from the lists of an index page; sections without a page are left out."""
    sections: list[tuple[str, list[dict[str, str]]]] = []
    for title, page in _entries(index):
        if page is None:
            sections.append((title, []))
        elif sections:
            sections[-1][1].append({title[:1].upper() + title[1:]: OUTSIDE.get(page, page)})
    return [{title: pages} for title, pages in sections if pages]


def inwards(text: str, *, outside: bool) -> str:
    """Turn links to what lies beside docs/ inwards; `outside` tells that the page itself lies there."""
    links = _OF_OUTSIDE if outside else {f"]({there}": f"]({here}" for there, here in OUTSIDE.items()}
    for there, here in links.items():
        text = text.replace(there, here)
    return text


_OF_OUTSIDE = {
    "](docs/": "](",
    "](CONTRIBUTING.md": "](contributing.md",
    "](CHANGELOG.md": "](changes.md",
    "](LICENSE)": "](https://spdx.org/licenses/MIT.html)",
}


def _entries(index: str) -> Iterator[tuple[str, str | None]]:
    for line in index.splitlines():
        section, entry = _SECTION.match(line), _ENTRY.match(line)
        if section:
            yield section["heading"] or section["words"], None
        elif entry:
            yield entry["title"], entry["page"]
