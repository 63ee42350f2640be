"""Prose: the facts that pages tell in sentences: changes by release, and permissions."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from preflight.derive.facts import Change

_ROW = re.compile(r"^\|?\s*v?(?P<release>\d+\.\d+(?:\.\d+)?)\s*\|?\s*(?P<text>[^|]*?)\s*\|?\s*$")
_QUOTED = re.compile(r"[`\"“]([A-Za-z_$][\w$.-]*)[`\"”]")
_NOUN = r"\s+(?:query\s+|body\s+)?(?:param(?:eter)?|field|propert(?:y|ie)|option)s?\b"
_NAMED = re.compile(r"\b(?!query\b|body\b)([A-Za-z_$][\w$]*)" + _NOUN)
_SURE = re.compile(r"`([A-Za-z_$][\w$.-]*)`" + _NOUN)
_WHOLE = re.compile(
    r"(?:the\s+|this\s+)?(?:endpoint\s+)?(?:is\s+)?(?:added|deprecated|removed)(?:\s+endpoint)?\s*\.?$", re.IGNORECASE
)
_KINDS = (("deprecat", "deprecated"), ("remov", "removed"), ("add", "added"))

_ALL_OF = re.compile(
    r"permissions?\s*(?:are\s+)?required(?:\s+to\s+[\w\s]+)?\s*\**:|required\s+permissions?\s*\**:", re.IGNORECASE
)
_ONE_OF = re.compile(
    r"(?:at\s+least\s+one|any(?:\s+one)?)\s+of\s+the\s+following\s+(?:\w+\s+)?permissions?\b[^:`]*:?", re.IGNORECASE
)
_NEEDED = re.compile(
    r"(?:^|[.\n]\s*|-\s+)(?:Requires|You need|You must have) the [^.`\n]*"
    r"(?P<names>(?:`[A-Za-z][\w-]*`(?:,|\s|and\b)*)+)permissions?\b"
)
_OPTIONS = re.compile(
    r"\b(?:available|possible)\s+(?:options|values)(?:\s+are)?\s*:(?P<rest>[^\n]*(?:\n.*)*)", re.IGNORECASE
)
_OPTION = re.compile(r"\s*[-*•]\s*`(?P<name>[^`\s]+)`")
_TAG = re.compile(r"</?[a-z][^>]*>", re.IGNORECASE)
_TOKEN = re.compile(r"`([A-Za-z][\w-]*)`")
_BULLET = re.compile(r"^\s*[-*•]\s*`(?P<name>[A-Za-z][\w-]*)`(?P<rest>.*)$")
_LIST = re.compile(r"^[\s,.*]*(?:(?:and\s+)?`[A-Za-z][\w-]*`(?:\s*,\s*)?(?:\s+and\s+)?)+")


def changes(lines: Iterable[str], declared: Collection[str]) -> tuple[Change, ...]:
    """Read change log rows, as table rows or as ``0.72.0 Added``; `declared` are names that count as parameters."""
    found: set[Change] = set()
    for line in lines:
        row = _ROW.match(line.strip())
        if row is not None and row["text"]:
            found.update(_changes_of_row(row["release"], row["text"], declared))
    return tuple(sorted(found, key=lambda change: (_ordinal(change.release), change.parameter, change.change)))


def _changes_of_row(release: str, text: str, declared: Collection[str]) -> Iterator[Change]:
    lowered = text.lower()
    kind = next((kind for start, kind in _KINDS if lowered.startswith(start)), "changed")
    names = {name for name in [*_QUOTED.findall(text), *_NAMED.findall(text)] if name in declared}
    names.update(_SURE.findall(text))
    if not names:
        # Without a parameter the change is the operation's own: only a bare "Added" says that it came then.
        yield Change(release=release, change=kind if _WHOLE.match(text) else "changed")
    for name in sorted(names):
        yield Change(release=release, parameter=name, change=kind)


def _ordinal(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Permissions:
    """The permissions a text demands, and those of which it demands some, depending on the case."""

    demanded: tuple[str, ...] = ()
    some: tuple[str, ...] = ()


def permissions(text: str) -> Permissions:
    """Read ``Permission required: `x` `` in its variants; lists under ``any of`` and bullets that explain are some."""
    text = _TAG.sub("", text)
    demanded = {name for found in _NEEDED.finditer(text) for name in _TOKEN.findall(found["names"])}
    some: set[str] = set()
    for start, alternatives in _statements(text):
        rest = text[start:]
        names = set(_TOKEN.findall(inline[0])) if (inline := _LIST.match(rest.split("\n", 1)[0])) else set()
        either = alternatives or bool(re.match(r"\s*(?:at least one|any|one) of\b", rest, re.IGNORECASE))
        if either and not names:
            names = set(_TOKEN.findall(rest.split("\n", 1)[0].split(". ", 1)[0]))
        (some if either else demanded).update(names)
        if not names:
            for name, explained in _bullets(rest):
                (some if either or explained else demanded).add(name)
    return Permissions(demanded=tuple(sorted(demanded)), some=tuple(sorted(some - demanded)))


def options(text: str) -> tuple[str, ...]:
    """Read the values that a parameter's text lists as the available or possible ones, in their order."""
    stated = _OPTIONS.search(text)
    if stated is None:
        return ()
    found: list[str] = []
    for line in stated["rest"].strip("\r\n ").split("\n"):
        option = _OPTION.match(line)
        if option is not None:
            found.append(option["name"])
        elif line.strip() and found:
            break
    return tuple(found)


def _statements(text: str) -> Iterator[tuple[int, bool]]:
    for found in _ONE_OF.finditer(text):
        yield found.end(), True
    for found in _ALL_OF.finditer(text):
        line_start = text.rfind("\n", 0, found.start()) + 1
        if not _ONE_OF.search(text[line_start : found.end()]):
            yield found.end(), False


def _bullets(text: str) -> Iterator[tuple[str, bool]]:
    started = False
    for line in text.split("\n"):
        bullet = _BULLET.match(line)
        if bullet is not None:
            started = True
            yield bullet["name"], bool(bullet["rest"].strip(" .,;:*"))
        elif line.strip(" *" if started else " *:"):
            return
