"""Pace: how often a target lets itself be asked, learnt from its answers; the only module that waits.

Rocket.Chat counts calls for each address, route and method, in windows that begin with their first call. A run comes
from one address, so that a bucket is a route and a method. Every counted answer tells how many calls are left and when
the window ends, by the clock of the target; the two clocks are laid over each other by the Date of the answers. Who may
bypass the limiter gets no such headers, and neither does who is not let in: a 401 is not counted. Realtime methods are
counted for each person and method, also where a request carries the call; no answer tells of it before the refusal.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from threading import RLock
from typing import NamedTuple, Protocol

from preflight.model.json import Json, as_object
from preflight.model.run import Waits
from preflight.wire.frames import json_of
from preflight.wire.watch import METHOD

NOBODY = ""
TOO_MANY_REQUESTS = 429
REALTIME_LIMIT = "too-many-requests"
USUAL_CALLS = 10
USUAL_WINDOW_S = 60.0
MOST_TRIES = 6
WORTH_TELLING_S = 1.0

_SUCCESS = range(200, 300)
_SECONDS_TO_WAIT = re.compile(r"You must wait (\d+) seconds")
_NO_WAIT_S = 0.05  # a limiter that tells no time is asked again after this


class Bucket(NamedTuple):
    """What the limiter counts together: a route, without what fills it in, and a method; of realtime, who calls too."""

    method: str
    route: str
    caller: str = ""

    def __str__(self) -> str:
        return f"ddp:{self.route}" if self.method == METHOD else f"{self.method} {self.route}"


#: What the headers of a release do not tell: a login may be tried five times, though its header says ten.
LOGIN = Bucket("POST", "login")
KNOWN_CALLS: Mapping[Bucket, int] = {LOGIN: 5}

#: How many calls of a realtime method somebody may make over one connection, and by requests that carry them, and when.
CALLS_OVER_A_CONNECTION, CALLS_CARRIED, REALTIME_WINDOW_S = 10, 20, 10.0
BRIDGE = "method.call"


def bucket_of(method: str, name: str, caller: str = "") -> Bucket:
    """Give the bucket of a route below ``/api/v1/``; what stands behind its first part is filled in."""
    route, _, rest = name.partition("/")
    if route == BRIDGE and rest:
        return Bucket(METHOD, f"{BRIDGE}/{rest.replace(':', '/')}", caller)
    return Bucket(method, route or name)


class Clock(Protocol):
    """Tells the time and lets it pass; seconds since 1970 that never run backwards."""

    def now(self) -> float:
        """Tell the time."""

    def sleep(self, seconds: float) -> None:
        """Let time pass."""


class SystemClock:
    """The clock of this machine."""

    def __init__(self) -> None:
        self._base = time.time() - time.monotonic()

    def now(self) -> float:
        """Tell the time."""
        return self._base + time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


class SimulatedClock:
    """A clock on which nothing passes but what somebody sleeps."""

    def __init__(self, start: float = 0.0) -> None:
        self._now = start

    def now(self) -> float:
        """Tell the time."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self._now += seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A pause: for how many seconds, and what would be asked next; at most so many where the target has stopped."""

    seconds: float
    what: str
    is_outage: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """The limiter refused a call; it may come again after so many seconds."""

    seconds: float


@dataclass(slots=True, kw_only=True)
class Window:
    """What is known of a bucket: how many calls fit, how many are left, and when it ends (None: it has not begun)."""

    calls: int
    left: int
    ends: float | None = None
    length: float | None = None  # of a window whose calls no answer counts
    lasts: float | None = None  # for how long a window was seen to last
    used: int = 0

    def refreshed(self, now: float) -> "Window":
        """Begin anew where the time has come."""
        if self.ends is not None and self.ends <= now:
            self.left, self.used, self.ends = self.calls, 0, None
        return self


@dataclass(kw_only=True)
class Pace:
    """Waits before a call that would be refused, and says when one that was refused may come again.

    `told` hears of every wait that is worth a word before it begins; `window_s` is how long a window lasts, assumed
    until an answer shows it.
    """

    clock: Clock = field(default_factory=SystemClock)
    told: Callable[[Wait], None] | None = None
    calls: int = USUAL_CALLS
    window_s: float = USUAL_WINDOW_S
    waited_s: float = 0.0
    is_off: bool = False  # whether a login was let through without being counted, as no limiter does
    _windows: dict[Bucket, Window] = field(default_factory=dict)
    _limited: set[str] = field(default_factory=set)
    _free: set[str] = field(default_factory=set)
    _ahead_s: float | None = None  # by how much the clock of the target is ahead, at least
    _lock: RLock = field(default_factory=RLock)
    _waits: dict[str, list[float]] = field(default_factory=dict)

    @property
    def waits(self) -> tuple[Waits, ...]:
        """The pauses that were made, by what was asked after them; that for which most time passed comes first."""
        every = (
            Waits(what=what, times=len(own), seconds=round(sum(own), 3)) for what, own in sorted(self._waits.items())
        )
        return tuple(sorted(every, key=lambda one: -one.seconds))

    @property
    def is_limited(self) -> bool:
        """Whether the target is known to count calls: a login is counted, whoever comes."""
        return bool(self._limited)

    def limits(self, caller: str) -> bool:
        """Whether somebody is counted, as far as it is known: whoever was never seen to be let off is."""
        return caller in self._limited or caller not in self._free

    def assume(self, calls: int | None, window_ms: int | None) -> None:
        """Take the usual numbers of the target where it tells them, until an answer shows others."""
        self.calls = calls or self.calls
        self.window_s = window_ms / 1000 if window_ms else self.window_s

    def room(self, bucket: Bucket) -> int:
        """Say how many calls fit into a bucket now."""
        with self._lock:
            return self._window(bucket).left

    def opens(self, bucket: Bucket) -> float:
        """Say when a bucket has all its room again; now, where nothing of it is used."""
        with self._lock:
            return self._window(bucket).ends or self.clock.now()

    def size(self, bucket: Bucket) -> int:
        """Say how many calls fit into the whole window of a bucket."""
        with self._lock:
            return self._window(bucket).calls

    def rate(self, bucket: Bucket) -> float:
        """Say how many calls of a bucket are let through in a second, when it is always asked."""
        with self._lock:
            window = self._window(bucket)
            return window.calls / (window.length or window.lasts or self.window_s)

    def before(self, bucket: Bucket, caller: str) -> None:
        """Wait until a call fits."""
        with self._lock:
            if not self.limits(caller) or (bucket.method == METHOD and not self.is_limited):
                return
            window = self._window(bucket)
            seconds = window.ends - self.clock.now() if window.left <= 0 and window.ends else 0.0
        if seconds > 0:
            self.wait(seconds, str(bucket))
        with self._lock:
            window = self._window(bucket)
            window.left -= 1
            if window.length is not None and window.ends is None:
                window.ends = self.clock.now() + window.length

    def after(self, bucket: Bucket, caller: str, status: int, headers: Mapping[str, str], body: Json) -> Refusal | None:
        """Learn from an answer; gives the refusal where the limiter did not let the call through."""
        with self._lock:
            now = self.clock.now()
            self._learn_clock(headers, now)
            shown = _shown(headers)
            if shown and bucket.method != METHOD:
                self._learn_window(bucket, caller, shown, refused=status == TOO_MANY_REQUESTS)
            elif bucket.method != METHOD:
                self._learn_free(bucket, caller, status)
            if status != TOO_MANY_REQUESTS:
                return self._realtime_refusal(bucket, _carried_refusal(body))
            seconds = self._until(shown, body)
            window = self._window(bucket)
            window.left, window.ends = 0, now + seconds
            return Refusal(seconds=seconds)

    def after_call(self, bucket: Bucket, body: Json) -> Refusal | None:
        """Learn from the answer to a realtime call; `body` is its error object where it is refused."""
        with self._lock:
            return self._realtime_refusal(bucket, refused_call(body))

    def wait(self, seconds: float, what: str) -> None:
        """Let time pass, and tell so before."""
        if self.told and seconds >= WORTH_TELLING_S:
            self.told(Wait(seconds=seconds, what=what))
        self.waited_s += seconds
        self._waits.setdefault(what, []).append(seconds)
        self.clock.sleep(seconds)

    def _realtime_refusal(self, bucket: Bucket, refusal: Refusal | None) -> Refusal | None:
        if refusal is not None and bucket.method == METHOD:
            window = self._window(bucket)
            window.left, window.ends = 0, self.clock.now() + refusal.seconds
        return refusal

    def _window(self, bucket: Bucket) -> Window:
        if bucket not in self._windows:
            self._windows[bucket] = self._made(bucket)
        return self._windows[bucket].refreshed(self.clock.now())

    def _made(self, bucket: Bucket) -> Window:
        if bucket.method == METHOD:
            calls = CALLS_CARRIED if bucket.route.startswith(BRIDGE) else CALLS_OVER_A_CONNECTION
            return Window(calls=calls, left=calls, length=REALTIME_WINDOW_S)
        calls = KNOWN_CALLS.get(bucket, self.calls)
        return Window(calls=calls, left=calls)

    def _learn_clock(self, headers: Mapping[str, str], now: float) -> None:
        """The Date of an answer is cut to whole seconds: the greatest difference seen is the nearest."""
        try:
            date = parsedate_to_datetime(headers["date"]).timestamp()
        except (KeyError, ValueError):
            return
        self._ahead_s = date - now if self._ahead_s is None else max(self._ahead_s, date - now)

    def _learn_window(self, bucket: Bucket, caller: str, shown: "_Shown", *, refused: bool) -> None:
        self._limited.add(caller)
        window, now = self._window(bucket), self.clock.now()
        rest = self._until_reset(shown, now)
        if window.ends is None and rest:
            window.lasts = rest
        window.ends = now + rest
        window.used += not refused
        if refused and window.used:
            window.calls = window.used  # fewer than the header says, or others of the same address call too
        elif bucket not in KNOWN_CALLS:
            window.calls = shown.calls
        window.left = min(shown.left, max(0, window.calls - window.used))

    def _learn_free(self, bucket: Bucket, caller: str, status: int) -> None:
        window = self._window(bucket)
        window.left = min(window.calls, window.left + self.limits(caller))  # it was not counted
        if status in _SUCCESS and caller != NOBODY:
            self._free.add(caller)
        self.is_off = self.is_off or (status in _SUCCESS and bucket == LOGIN)

    def _until(self, shown: "_Shown | None", body: Json) -> float:
        found = _SECONDS_TO_WAIT.search(str(as_object(body).get("error")))
        said = float(found[1]) if found else None
        by_header = None if shown is None else self._until_reset(shown, self.clock.now())
        if said is None:
            return max(_NO_WAIT_S, self.window_s if by_header is None else by_header)
        # The text gives whole seconds, rounded up; the header is finer where it can be believed.
        return said if by_header is None else max(_NO_WAIT_S, said - 1.0, min(by_header, said))

    def _until_reset(self, shown: "_Shown", now: float) -> float:
        """Give the seconds until a window ends; no more than a usual window where the clocks cannot be compared."""
        seconds = max(0.0, shown.reset - now - (self._ahead_s or 0.0))
        return min(seconds, self.window_s) if self._ahead_s is None else seconds


class _Shown(NamedTuple):
    """What the headers of a counted answer show: calls, calls left, and the end of the window in seconds since 1970."""

    calls: int
    left: int
    reset: float


def _shown(headers: Mapping[str, str]) -> _Shown | None:
    try:
        calls, left, reset = (int(headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset"))
    except (KeyError, ValueError):
        return None
    return _Shown(max(1, calls), max(0, left), reset / 1000)


def is_counted(headers: Mapping[str, str]) -> bool:
    """Whether an answer shows that the limiter has counted its call."""
    return _shown(headers) is not None


def refused_call(body: Json) -> Refusal | None:
    """Give the refusal of a realtime call where the limiter refused it; `body` is its error object."""
    error = as_object(body)
    if error.get("error") != REALTIME_LIMIT:
        return None
    rest = as_object(error.get("details")).get("timeToReset")
    return Refusal(seconds=max(_NO_WAIT_S, rest / 1000 if isinstance(rest, int | float) else 1.0))


def _carried_refusal(body: Json) -> Refusal | None:
    """Look into an answer that carries the answer of a realtime call as text."""
    message = as_object(body).get("message")
    if not isinstance(message, str) or REALTIME_LIMIT not in message:
        return None
    return refused_call(as_object(json_of(message)).get("error"))
