"""Scripts: the words in the code of a suite that name operations, people and things, read without playing it.

What a story asks for stands in its function as text, once for each time that it is asked. So the calls of a story can
be foreseen; what depends on an answer cannot, and is not needed for more than a guess.
"""

import dis
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, FunctionType

#: What somebody asks for by a method of a story that has a name of its own.
_SPOKEN: Mapping[str, str] = {"posts": "POST chat.postMessage", "creates": "POST dm.create"}


def words(suite: Callable[..., object]) -> tuple[str, ...]:
    """Give every text that a function names, as often as it does, with those of the functions beside it."""
    return tuple(_spoken(suite, frozenset())) if isinstance(suite, FunctionType) else ()


def _spoken(function: FunctionType, above: frozenset[CodeType]) -> Iterator[str]:
    if function.__code__ not in above:
        yield from _words(function.__code__, function, above | {function.__code__})


def _words(code: CodeType, function: FunctionType, above: frozenset[CodeType]) -> Iterator[str]:
    for each in dis.get_instructions(code):
        if not each.opname.startswith("LOAD_"):
            continue
        if each.opname.startswith("LOAD_CONST"):
            yield from _texts(each.argval, function, above)
        elif each.argval in _SPOKEN:
            yield _SPOKEN[each.argval]
        elif each.opname == "LOAD_GLOBAL":
            yield from _named(function.__globals__.get(each.argval), function, above)


def _named(value: object, beside: FunctionType, above: frozenset[CodeType]) -> Iterator[str]:
    if not isinstance(value, FunctionType):
        yield from _texts(value, beside, above)
    elif value.__module__ == beside.__module__:
        yield from _spoken(value, above)


def _texts(value: object, function: FunctionType, above: frozenset[CodeType]) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, CodeType):
        yield from _words(value, function, above)
    elif isinstance(value, tuple | Mapping):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(each, function, above)
