"""The index form: a category page that lists realtime methods, a title and the beginning of each article."""

import re
from collections.abc import Iterator
from itertools import pairwise

from preflight.derive.facts import MethodFacts, Reading
from preflight.derive.titles import page_address, slug
from preflight.errors import SourceError

_COUNT = re.compile(r"(?m)^\s*(?P<category>\S.*?)\s*\n\s*\d+ Articles\s*\n\s*in this category")
_CALL = re.compile(r'"msg"\s*:\s*"method"\s*,\s*"method"\s*:\s*"(?P<name>[^"]+)"')
_ARTICLES = frozenset({"a", "an", "the"})
_REMOVAL = re.compile(r"removal in (?:the )?v?(?P<release>\d+\.\d+(?:\.\d+)?)")
_REPLACEMENT = re.compile(r"[Uu]se (?:the )?/?(?P<name>[a-z]\w*(?:\.\w+)+)")


def read(text: str, name: str) -> Reading:
    """Read a category index of realtime methods.

    Raises:
        SourceError: where no excerpt shows a call of a realtime method.
    """
    if not _CALL.search(text):
        raise SourceError(
            f"{name}: the index shows no call of a realtime method",
            hint="give the index of a Realtime API category, or the REST pages themselves",
        )
    category = _COUNT.search(text)
    return Reading(
        subject="realtime-" + slug(category["category"] if category else "index"),
        methods=tuple(sorted(_methods(text), key=lambda method: method.name)),
    )


def _methods(text: str) -> Iterator[MethodFacts]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    for title, excerpt in pairwise(lines):
        if not (excerpt.endswith("...") or _CALL.search(excerpt)):
            continue
        call = _CALL.search(excerpt)
        removal = _REMOVAL.search(excerpt)
        replacement = _REPLACEMENT.search(excerpt)
        deprecated = "deprecated" in excerpt
        yield MethodFacts(
            name=call["name"] if call else _camel(title),
            title=title,
            page=page_address(title),
            named=call is not None,
            deprecated=deprecated,
            removal=removal["release"] if deprecated and removal else "",
            replacement=replacement["name"] if deprecated and replacement else "",
        )


def _camel(title: str) -> str:
    """Spell a title as methods are named, for an excerpt that ends before the whole name.

    Articles go, and a verb with its object names one object: "Hide Rooms" is hideRoom where excerpts show it.
    """
    words = [word for word in re.findall(r"[A-Za-z]+", re.sub(r"\([^)]*\)", "", title)) if word not in _ARTICLES]
    if len(words) == len(("verb", "object")):
        words[1] = words[1].removesuffix("s")
    return "".join(word.lower() if number == 0 else word.capitalize() for number, word in enumerate(words))
