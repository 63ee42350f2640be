"""An outlook: how long a run will take, by what is known of the target, and what of it will be left out."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What `preflight plan` tells.

    `rights` says of what a run uses whether the account has it (None: unknown); `limiter` and `window` tell of the
    limiter in words; `seconds` is what the cases take that are played, `whole_seconds` what all would take; `busiest`
    is the route for which the others wait (empty where nothing is counted); `open_claims` counts by kind the claims
    that stay open because every case that shows them is left out.
    """

    target: str
    release: str
    account: str
    environment: Mapping[str, str]
    rights: Mapping[str, bool | None]
    limiter: str
    window: str
    cases: int
    left_out: int
    requests: int
    seconds: float
    whole_seconds: float
    busiest: str
    busiest_calls: int
    open_claims: Mapping[str, int]
    max_minutes: float | None = None
