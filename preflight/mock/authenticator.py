"""Authenticator: the codes of an app on somebody's phone, by RFC 6238 with six digits, thirty seconds and SHA-1."""

import base64
import binascii
import hmac
from datetime import datetime

STEP_S = 30
DIGITS = 6
_DRIFT = 1  # how many steps a clock may be ahead or behind


def code_at(secret: str, moment: datetime, steps: int = 0) -> str:
    """Gives the code of a secret (base32) at a moment, or so many steps after it; raises ValueError for no base32."""
    try:
        key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    except binascii.Error as problem:
        raise ValueError(str(problem)) from problem
    counter = int(moment.timestamp()) // STEP_S + steps
    digest = hmac.digest(key, counter.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def accepts(secret: str, code: str, moment: datetime) -> bool:
    """Tells whether a code is that of now, or of a step before or after."""
    return any(code == code_at(secret, moment, steps) for steps in range(-_DRIFT, _DRIFT + 1))
