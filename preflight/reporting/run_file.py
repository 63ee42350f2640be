"""run.json: the truth from which every other report is rendered, as text and back."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from preflight.errors import FileError, UsageError
from preflight.model.codec import run_from_json, to_json
from preflight.model.json import Json
from preflight.model.run import Run

# What stands under these keys has a line for each item.
_LONG = frozenset(
    {
        "beyond_contract",
        "cases",
        "claims",
        "drift",
        "exchanges",
        "leftovers",
        "operations",
        "outages",
        "outcomes",
        "results",
        "waits",
    }
)
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, allow_nan=False)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def render(run: Run) -> str:
    """Give the run as JSON text: sorted keys, a line for each case, outcome, claim and exchange, a newline at the end.

    A reader finds a thing by its line, and a line is written by the fast encoder, which knows no indent.
    """
    text = "".join(_lines(to_json(run)))
    # A server may answer half a character; UTF-8 cannot hold it, JSON can.
    return _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text) + "\n"


def _lines(value: Json, depth: int = 0) -> Iterator[str]:
    if not value or not isinstance(value, Mapping | list):
        yield _ENCODER.encode(value)
        return
    named = sorted(value.items()) if isinstance(value, Mapping) else [(None, item) for item in value]
    opening, closing = "{}" if isinstance(value, Mapping) else "[]"
    margin = "\n" + " " * (depth + 1)
    for number, (name, child) in enumerate(named):
        yield f"{',' if number else opening}{margin}"
        yield f"{_ENCODER.encode(name)}: " if name is not None else ""
        if name in _LONG:
            yield from _lines(child, depth + 1)
        else:
            yield _ENCODER.encode(child)
    yield f"\n{' ' * depth}{closing}"


def read(path: Path) -> Run:
    """Read a stored run.

    Raises:
        FileError: when the file cannot be read, is no JSON or is no run of Preflight.
    """
    try:
        return run_from_json(json.loads(path.read_bytes()))
    except OSError as problem:
        what = f"cannot be read: {problem.strerror or problem}"
        raise FileError(str(path), 1, what, hint="Name a run folder or its run.json.") from problem
    except json.JSONDecodeError as problem:
        what = f"is no JSON: {problem.msg}"
        raise FileError(str(path), problem.lineno, what, hint="The file is cut off or edited; run again.") from problem
    except UnicodeDecodeError as problem:
        raise FileError(str(path), 1, "is no text", hint="Name a run folder or its run.json.") from problem
    except UsageError as problem:
        raise FileError(str(path), 1, problem.what, hint=problem.hint) from problem
