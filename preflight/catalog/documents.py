"""Documents: the one door to yaml, which keeps for each node the line where it stands.

Scalars are read as YAML 1.2's core schema reads them, so that ``on``, ``2024-07-01`` and ``12:30`` stay the
strings they look like; keys are always strings (``200:`` is read as ``"200"``).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml import CSafeDumper
from yaml._yaml import CParser
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError
from yaml.resolver import BaseResolver

from preflight.errors import FileError
from preflight.model.json import Json

Pointer: TypeAlias = tuple[str | int, ...]

WIDTH = 110
DEPTH = 200

_TAG = "tag:yaml.org,2002:"
_NULL, _BOOL, _INT, _FLOAT, _STR = (_TAG + name for name in ("null", "bool", "int", "float", "str"))
_SCALARS = (
    (_NULL, re.compile(r"(?:~|null|Null|NULL|)\Z"), ["~", "n", "N", ""]),
    (_BOOL, re.compile(r"(?:true|True|TRUE|false|False|FALSE)\Z"), list("tTfF")),
    (_INT, re.compile(r"[-+]?[0-9]+\Z"), list("-+0123456789")),
    (
        _FLOAT,
        re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"),
        list("-+.0123456789"),
    ),
)
_YAML_HINT = "mend the YAML at this line; indent with spaces, quote strings that hold ': ' or ' #'"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as data, with the place of each part."""

    path: Path
    data: Json
    _text: str | None = field(default=None, repr=False, compare=False)

    def line(self, pointer: Pointer = ()) -> int:
        """Give the 1-based line of what `pointer` names, or of the nearest part of it that exists."""
        node = None if self._text is None else _composed(self._text)
        if node is None:
            return 1
        line = _line(node)
        for part in pointer:
            found = _step(node, part)
            if found is None:
                break
            node, line = found
        return line

    def error(self, pointer: Pointer, what: str, *, hint: str) -> FileError:
        """Build the error that names this file and the line of `pointer`."""
        return FileError(str(self.path), self.line(pointer), what, hint=hint)


def load(path: Path, *, positions: bool = True) -> Document:
    """Read a YAML or JSON file.

    Raises:
        FileError: where the file cannot be read or is no YAML, or a mapping says a key twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise FileError(
            str(path), 1, f"cannot be read: {problem.strerror}", hint="check the path and its permissions"
        ) from problem
    except UnicodeDecodeError as problem:
        raise FileError(str(path), 1, "is not UTF-8 text", hint="save the file as UTF-8") from problem
    return load_text(text, str(path), positions=positions)


def load_text(text: str, name: str, *, positions: bool = True) -> Document:
    """Read YAML from a string; `name` stands for the file in errors; without `positions` every line is 1.

    Raises:
        FileError: where the text is no YAML, or a mapping says a key twice.
    """
    try:
        root = _Parser(text).get_single_node()
        data = _Constructor(name).construct(root) if root is not None else None
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 1
        raise FileError(name, line, f"is no YAML: {problem.problem}", hint=_YAML_HINT) from problem
    except ReaderError as problem:
        line = text.count("\n", 0, problem.position) + 1
        raise FileError(name, line, f"is no YAML: {problem.reason}", hint=_YAML_HINT) from problem
    except RecursionError as problem:
        raise FileError(
            name, 1, "is nested too deeply", hint="no contract nests further than a few dozen levels"
        ) from problem
    return Document(path=Path(name), data=data, _text=text if positions else None)


@lru_cache(maxsize=1)
def _composed(text: str) -> Node | None:
    """Read once more where everything stands: it takes many times the room of the data, and is only for errors."""
    root: Node | None = _Parser(text).get_single_node()
    return root


def dump(data: Json) -> str:
    """Print data as block-style YAML, keys in their order, without aliases; the same data gives the same bytes."""
    text: str = yaml.dump(
        _plain(data),
        Dumper=_Dumper,
        default_flow_style=False,
        sort_keys=False,
        width=WIDTH,
        allow_unicode=True,
    )
    return text.removesuffix("...\n")


class _Parser(CParser, BaseResolver):
    """The C parser with YAML 1.2's scalars."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 (PyYAML's interface)

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        BaseResolver.__init__(self)
        self._depth = 0

    def descend_resolver(self, current_node: Any, current_index: Any) -> None:  # Any: PyYAML's own signature
        """Count the nesting, which the C parser follows until its stack ends."""
        del current_node, current_index
        self._depth += 1
        if self._depth > DEPTH:
            raise RecursionError

    def ascend_resolver(self) -> None:
        """Leave a level."""
        self._depth -= 1


class _Dumper(CSafeDumper):
    """The C emitter; quotes whatever YAML 1.1 or 1.2 would read as something else than a string."""

    def ignore_aliases(self, data: Any) -> bool:  # Any: PyYAML asks about every object
        del data
        return True


for _tag, _pattern, _first in _SCALARS:
    _Parser.add_implicit_resolver(_tag, _pattern, _first)
    _Dumper.add_implicit_resolver(_tag, _pattern, _first)


class _Constructor:
    """Turns composed nodes into data; an aliased node is constructed once."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._done: dict[int, Json] = {}
        self._open: set[int] = set()

    def construct(self, node: Node) -> Json:
        if isinstance(node, ScalarNode):
            return self._scalar(node)
        known = id(node)
        if known in self._done:
            return self._done[known]
        if known in self._open:
            raise self._error(node, "an alias contains itself", hint="write the part out instead of using an alias")
        self._open.add(known)
        data: Json
        if isinstance(node, MappingNode) and node.tag == _TAG + "map":
            data = self._mapping(node)
        elif isinstance(node, SequenceNode) and node.tag == _TAG + "seq":
            data = [self.construct(item) for item in node.value]
        else:
            raise self._unknown_tag(node)
        self._open.discard(known)
        self._done[known] = data
        return data

    def _mapping(self, node: MappingNode) -> dict[str, Json]:
        data: dict[str, Json] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                raise self._error(key_node, "a key is a list or a mapping", hint="keys are plain names")
            key = key_node.value
            if key in data:
                raise self._error(
                    key_node, f"the key {key!r} stands here twice", hint="keep one of the two, or rename one"
                )
            data[key] = self.construct(value_node)
        return data

    def _scalar(self, node: ScalarNode) -> Json:
        text: str = node.value
        if node.tag == _STR:
            return text
        if node.tag == _INT and _fits(_INT, text):
            return int(text)
        if node.tag == _FLOAT and _fits(_FLOAT, text):
            return float(text)
        if node.tag == _BOOL and _fits(_BOOL, text):
            return text.lower() == "true"
        if node.tag == _NULL:
            return None
        raise self._unknown_tag(node)

    def _unknown_tag(self, node: Node) -> FileError:
        tag = str(node.tag).replace(_TAG, "!!")
        return self._error(
            node, f"the tag {tag} is not understood here", hint="write plain JSON-like YAML without tags"
        )

    def _error(self, node: Node, what: str, *, hint: str) -> FileError:
        return FileError(self._name, _line(node), what, hint=hint)


_PATTERNS = {tag: pattern for tag, pattern, _ in _SCALARS}


def _fits(tag: str, text: str) -> bool:
    return _PATTERNS[tag].match(text) is not None


def _line(node: Node) -> int:
    line: int = node.start_mark.line
    return line + 1


def _step(node: Node, part: str | int) -> tuple[Node, int] | None:
    if isinstance(node, MappingNode):
        # The key's line: a block value starts one line below the name a reader looks for.
        return next(((value, _line(key)) for key, value in node.value if key.value == str(part)), None)
    if isinstance(node, SequenceNode) and isinstance(part, int) and 0 <= part < len(node.value):
        item = node.value[part]
        return item, _line(item)
    return None


def _plain(data: Json) -> Json:
    if isinstance(data, str):
        return str(data)
    if isinstance(data, Mapping):
        return {str(key): _plain(value) for key, value in data.items()}
    if isinstance(data, Sequence):
        return [_plain(item) for item in data]
    return data
