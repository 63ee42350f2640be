"""Sources: files of documentation, read in whatever form they have, with their digests and dates."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from preflight.derive.configuration import Configuration, Known
from preflight.derive.facts import Example, Reading
from preflight.derive.readers import copied_page, index_page, markdown_page, openapi
from preflight.derive.recognise import Form, form_of, text_of

_READERS = {
    Form.OPENAPI: openapi.read,
    Form.COPIED: copied_page.read,
    Form.MARKDOWN: markdown_page.read,
    Form.INDEX: index_page.read,
}
_DATE_IN_NAME = re.compile(r"(?<!\d)(20\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)(?!\d)")
_DATE = re.compile(r"(20\d\d-\d\d-\d\d)T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source: its id, form, digest and date, and what it says."""

    id: str
    form: Form
    sha256: str
    captured: str
    reading: Reading


def read_all(paths: Sequence[Path], rules: Configuration) -> tuple[Source, ...]:
    """Read sources, the oldest first; a file given twice counts once.

    Raises:
        SourceError: where one of them cannot be read as documentation.
    """
    read = {source.sha256: source for source in (_read(path, rules.known) for path in paths)}
    ordered = sorted(read.values(), key=lambda source: (source.captured, source.sha256))
    return tuple(_told_apart(ordered))


def _read(path: Path, known: Mapping[str, Known]) -> Source:
    text = text_of(path)
    form = form_of(text, str(path))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    reading = _READERS[form](text, str(path))
    before = known.get(digest)
    captured = before.captured if before else _captured(path, reading)
    subject = f"{reading.subject}-{captured}" if captured else reading.subject
    return Source(id=before.id if before else subject, form=form, sha256=digest, captured=captured, reading=reading)


def _captured(path: Path, reading: Reading) -> str:
    """Date a source: by itself, else by the names of its file and folder, else by its latest example."""
    named = [*_DATE_IN_NAME.findall(path.name), *_DATE_IN_NAME.findall(path.resolve().parent.name)]
    if reading.dated or named:
        return reading.dated or str(named[0])
    return max((found for example in _examples(reading) for found in _DATE.findall(str(example.value))), default="")


def _examples(reading: Reading) -> Iterator[Example]:
    for facts in reading.operations:
        for answer in facts.answers:
            for content in answer.content:
                yield from content.examples


def _told_apart(ordered: Sequence[Source]) -> Iterator[Source]:
    ids = [source.id for source in ordered]
    for source in ordered:
        unique = source.id if ids.count(source.id) == 1 else f"{source.id}-{source.sha256[:8]}"
        yield Source(
            id=unique, form=source.form, sha256=source.sha256, captured=source.captured, reading=source.reading
        )
