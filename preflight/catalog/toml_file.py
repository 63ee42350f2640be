"""TOML files: the one door to tomllib, which keeps for each key the line where it stands."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from preflight.catalog.documents import Document, Pointer
from preflight.errors import FileError
from preflight.model.json import Json

_TABLE = re.compile(r"\s*\[\s*(?P<name>[^\[\]]+?)\s*\]\s*(?:#.*)?$")
_KEY = re.compile(r"""\s*(?P<key>"[^"]*"|'[^']*'|[A-Za-z0-9_.\-]+)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([^."'\s]+)""")
_LINE = re.compile(r"\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class TomlDocument(Document):
    """A TOML file as data, with the line of each table and key."""

    lines: Mapping[Pointer, int] = field(default_factory=dict, repr=False, compare=False)

    def line(self, pointer: Pointer = ()) -> int:
        """Give the 1-based line of what `pointer` names, or of the nearest part of it that has one."""
        while pointer and pointer not in self.lines:
            pointer = pointer[:-1]
        return self.lines.get(pointer, 1)


def load_toml(path: Path) -> TomlDocument:
    """Read a TOML file.

    Raises:
        FileError: where the file cannot be read or is no TOML.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        what = f"cannot be read: {problem.strerror}"
        raise FileError(str(path), 1, what, hint="check the path and its permissions") from problem
    except UnicodeDecodeError as problem:
        raise FileError(str(path), 1, "is not UTF-8 text", hint="save the file as UTF-8") from problem
    return TomlDocument(path=path, data=_parsed(path, text), lines=_lines(text))


def _parsed(path: Path, text: str) -> Json:
    try:
        data: Json = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        told = str(problem)
        found = _LINE.search(told)
        line = int(found[1]) if found else max(text.count("\n"), 1)
        what = f"is no TOML: {_LINE.sub('', told).strip()}"
        raise FileError(str(path), line, what, hint='write key = "value", texts in quotes') from problem
    return data


def _lines(text: str) -> dict[Pointer, int]:
    """Find where tables and keys begin; what stands within a text of several lines is found by its key."""
    table: Pointer = ()
    lines: dict[Pointer, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        header, key = _TABLE.match(line), _KEY.match(line)
        if header:
            table = _parts(header["name"])
            lines.setdefault(table, number)
        elif key:
            lines.setdefault((*table, *_parts(key["key"])), number)
    return lines


def _parts(name: str) -> Pointer:
    return tuple(next(part for part in found if part) for found in _PART.findall(name) if any(found))
