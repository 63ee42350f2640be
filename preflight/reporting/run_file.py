"""run.json: the truth from which every other report is rendered, as text and back."""

import json
import re
from pathlib import Path

from preflight.errors import FileError, UsageError
from preflight.model.codec import run_from_json, to_json
from preflight.model.run import Run

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def render(run: Run) -> str:
    """Give the run as JSON text: sorted keys, one space of indent, a newline at the end."""
    text = json.dumps(to_json(run), ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
    # A server may answer half a character; UTF-8 cannot hold it, JSON can.
    return _LONE_SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", text) + "\n"


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
