"""Canonical JSON: one spelling for one value, so that any other byte is a change and nothing can be hidden in spelling.

Sorted keys, no spaces, no escapes but those that JSON needs, UTF-8.
"""

import json

from preflight.errors import CertificateError
from preflight.model.json import Json, JsonObject


def spell(value: Json) -> bytes:
    """Give the one spelling of a value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode("utf-8")


def read_object(data: bytes, what: str) -> JsonObject:
    """Read an object from its one spelling; `what` names it in errors.

    Raises:
        CertificateError: when the bytes are anything else: no JSON, no object, a key twice, a space too much.
    """
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse)
        same = spell(value) == data
    except (ValueError, RecursionError) as problem:
        raise CertificateError(f"{what} is no JSON", hint=_HINT) from problem
    if not isinstance(value, dict):
        raise CertificateError(f"{what} is no JSON object", hint=_HINT)
    if not same:
        raise CertificateError(f"{what} is spelled in another way than Preflight spells it", hint=_HINT)
    return value


_HINT = "take the file from where it was written; it is cut off, changed, or no certificate of Preflight"


def _refuse(name: str) -> float:
    msg = f"{name} is no JSON"
    raise ValueError(msg)
