"""Pace: what answers tell of a limiter, how long to wait for it, and that what it refuses is asked again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.mock.clock import Clock
from preflight.mock.founding import found
from preflight.mock.limiter import CALLS, WINDOW
from preflight.mock.server import MockServer
from preflight.model.json import Json
from preflight.model.run import Waits
from preflight.wire.pace import Bucket, Pace, Refusal, SimulatedClock, Wait, bucket_of, refused_call
from preflight.wire.redaction import Redactor
from preflight.wire.rest import API, Answer, Ask, RestClient
from preflight.wire.workspace import Login, log_in

ROUTE = Bucket("GET", "rooms.get")
NOON = datetime(2026, 11, 27, 12, tzinfo=UTC).timestamp()


def pace(start: float = NOON) -> tuple[Pace, list[Wait]]:
    waits: list[Wait] = []
    return Pace(clock=SimulatedClock(start), told=waits.append), waits


def headers(left: int, reset: float, *, calls: int = 10, date: float | None = None) -> dict[str, str]:
    told = {
        "x-ratelimit-limit": str(calls),
        "x-ratelimit-remaining": str(left),
        "x-ratelimit-reset": str(int(reset * 1000)),
    }
    return told if date is None else {**told, "date": http_date(date)}


def http_date(seconds: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(seconds), UTC), usegmt=True)


def too_many(seconds: int) -> Json:
    told = "Error, too many requests. Please slow down."
    return {"success": False, "error": f"{told} You must wait {seconds} seconds before trying this endpoint again."}


def test_nothing_waits_where_no_answer_tells_of_a_limiter() -> None:
    slow, waits = pace()
    for _ in range(50):
        slow.before(ROUTE, "admin")
        assert slow.after(ROUTE, "admin", 200, {}, {}) is None
    assert (slow.waited_s, waits, slow.is_limited) == (0.0, [], False)


def test_the_call_that_does_not_fit_waits_for_the_end_of_the_window() -> None:
    slow, waits = pace()
    for left in range(9, -1, -1):
        slow.before(ROUTE, "alice")
        slow.after(ROUTE, "alice", 200, headers(left, NOON + 60, date=NOON), {})
    assert slow.room(ROUTE) == 0
    slow.before(ROUTE, "alice")
    assert waits == [Wait(seconds=60.0, what="GET rooms.get")]
    assert slow.clock.now() == NOON + 60
    assert slow.room(ROUTE) == 9


def test_routes_and_methods_are_counted_apart_and_what_fills_a_route_is_not() -> None:
    slow, _ = pace()
    slow.before(ROUTE, "alice")
    slow.after(ROUTE, "alice", 200, headers(0, NOON + 60, date=NOON), {})
    assert slow.room(ROUTE) == 0
    assert slow.room(Bucket("POST", "rooms.get")) == 10
    assert bucket_of("POST", "rooms.media/abc") == bucket_of("POST", "rooms.media/def") == Bucket("POST", "rooms.media")


def test_whoever_bypasses_the_limiter_waits_for_nobody() -> None:
    slow, _ = pace()
    slow.before(ROUTE, "admin")
    slow.after(ROUTE, "admin", 200, {"date": http_date(NOON)}, {})
    slow.before(ROUTE, "alice")
    slow.after(ROUTE, "alice", 200, headers(0, NOON + 60, date=NOON), {})
    slow.before(ROUTE, "admin")
    assert slow.waited_s == 0.0
    slow.before(ROUTE, "alice")
    assert slow.waited_s == 60.0


@pytest.mark.parametrize("status", [401, 400])
def test_what_is_not_counted_takes_no_room(status: int) -> None:
    slow, _ = pace()
    for _ in range(30):
        slow.before(ROUTE, "alice")
        slow.after(ROUTE, "alice", status, {}, {"success": False})
    assert (slow.room(ROUTE), slow.limits("alice")) == (10, True)


def test_a_login_is_known_to_be_tried_five_times_whatever_its_header_says() -> None:
    slow, _ = pace()
    login = Bucket("POST", "login")
    for tries in range(5):
        slow.before(login, "")
        slow.after(login, "", 200, headers(9 - tries, NOON + 60, date=NOON), {})
    slow.before(login, "")
    assert slow.waited_s == 60.0


def test_a_refusal_says_when_to_come_again_and_how_much_really_fits() -> None:
    slow, _ = pace()
    for left in (9, 8, 7):
        slow.before(ROUTE, "alice")
        slow.after(ROUTE, "alice", 200, headers(left, NOON + 60, date=NOON), {})
    slow.before(ROUTE, "alice")
    refusal = slow.after(ROUTE, "alice", 429, headers(0, NOON + 60, date=NOON), too_many(60))
    assert refusal == Refusal(seconds=60.0)
    assert slow.room(ROUTE) == 0
    slow.wait(refusal.seconds, str(ROUTE))
    assert slow.room(ROUTE) == 3


def test_a_refusal_without_headers_is_believed_by_its_text() -> None:
    slow, _ = pace()
    assert slow.after(ROUTE, "alice", 429, {}, too_many(7)) == Refusal(seconds=7.0)
    assert slow.opens(ROUTE) == NOON + 7


def test_a_refusal_that_tells_nothing_is_waited_for_as_long_as_a_window_lasts() -> None:
    slow, _ = pace()
    assert slow.after(ROUTE, "alice", 429, {}, None) == Refusal(seconds=60.0)


@given(ahead=st.floats(-1e6, 1e6), window=st.floats(0.5, 300), delays=st.lists(st.floats(0, 3), min_size=1, max_size=9))
def test_clocks_that_differ_are_laid_over_each_other(ahead: float, window: float, delays: list[float]) -> None:
    slow, _ = pace()
    for delay in delays:
        slow.clock.sleep(delay)
        now = slow.clock.now() + ahead
        slow.after(ROUTE, "alice", 200, {"date": http_date(now)}, {})
    now = slow.clock.now() + ahead
    slow.after(ROUTE, "alice", 200, headers(0, now + window, date=now), {})
    rest = slow.opens(ROUTE) - slow.clock.now()
    assert window - 0.01 <= rest <= window + 1.01


@pytest.mark.parametrize("date", ["yesterday", "Fri, 99 Nov 2026", ""])
def test_without_a_date_that_can_be_read_no_wait_is_longer_than_a_window(date: str) -> None:
    slow, _ = pace()
    slow.after(ROUTE, "alice", 200, {**headers(0, NOON + 9000), "date": date}, {})
    assert slow.opens(ROUTE) == NOON + 60


@pytest.mark.parametrize("broken", [{"x-ratelimit-limit": "ten"}, {"x-ratelimit-reset": ""}])
def test_headers_that_cannot_be_read_tell_nothing(broken: dict[str, str]) -> None:
    slow, _ = pace()
    slow.after(ROUTE, "alice", 200, {**headers(0, NOON + 60), **broken}, {})
    assert (slow.room(ROUTE), slow.is_limited) == (10, False)


def test_realtime_refusals_tell_their_own_time() -> None:
    error: Json = {"error": "too-many-requests", "details": {"timeToReset": 2500}}
    assert refused_call(error) == Refusal(seconds=2.5)
    assert refused_call({"error": "error-not-allowed"}) is None
    slow, _ = pace()
    carried = '{"msg":"result","id":"1","error":{"error":"too-many-requests","details":{"timeToReset":2500}}}'
    assert slow.after(Bucket("POST", "method.call"), "alice", 200, {}, {"message": carried}) == Refusal(seconds=2.5)


def test_waits_are_added_up_by_what_is_asked_after_them() -> None:
    slow, _ = pace()
    for seconds, what in ((2.5, "POST login"), (30.0, "GET rooms.get"), (4.0, "POST login")):
        slow.wait(seconds, what)
    assert slow.waits == (
        Waits(what="GET rooms.get", times=1, seconds=30.0),
        Waits(what="POST login", times=2, seconds=6.5),
    )


@contextmanager
def limited(**settings: int) -> Iterator[tuple[RestClient, list[Wait], MockServer]]:
    """A mock workspace with its limiter on, and a client that asks it, on one simulated clock."""
    clock = SimulatedClock(NOON)
    waits: list[Wait] = []
    workspace = found(release="8.0", admin_password="x", clock=Clock(lambda: datetime.fromtimestamp(clock.now(), UTC)))
    for name, value in settings.items():
        workspace.settings[name] = value
    with MockServer(workspace=workspace, rate_limited=True) as mock:
        client = RestClient(mock.url, Redactor(), pace=Pace(clock=clock, told=waits.append))
        yield client, waits, mock
        client.close()


def ann(client: RestClient) -> Login:
    """Somebody whom the limiter counts, logged in; made where she is not there yet."""
    admin = log_in(client, "admin", "admin", "x")
    who = {"name": "Ann", "username": "ann", "email": "ann@preflight.invalid", "password": "p4ssw0rd!A"}
    client.send(
        Ask(
            actor="admin",
            purpose="create ann",
            method="POST",
            path=f"{API}users.create",
            body=who,
            has_body=True,
            headers=admin.headers,
        )
    )
    return log_in(client, "ann", "ann", "p4ssw0rd!A")


def asked(client: RestClient, times: int, route: str = "rooms.get") -> list[Answer]:
    ask = Ask(actor="ann", purpose="ask", method="GET", path=API + route, headers=ann(client).headers)
    return [client.send(ask) for _ in range(times)]


def test_more_calls_than_the_limiter_allows_are_all_answered() -> None:
    with limited() as (client, waits, _):
        answers = asked(client, 31)
        assert {answer.status for answer in answers} == {200}
        assert [wait.what for wait in waits] == ["GET rooms.get"] * 3
        assert client.pace.waited_s == pytest.approx(180, abs=1)


def test_who_is_not_let_in_waits_for_nobody_and_takes_no_room() -> None:
    with limited() as (client, waits, _):
        asked(client, 10)
        stranger = Ask(actor="ann", purpose="ask", method="GET", path=API + "rooms.get", intrudes=True)
        assert [client.send(stranger).status for _ in range(3)] == [401] * 3
        assert waits == []
        asked(client, 1)
        assert [wait.what for wait in waits] == ["GET rooms.get"]


def test_who_is_let_in_against_all_rules_is_counted() -> None:
    with limited() as (client, waits, _):
        headers = ann(client).headers
        burglar = Ask(actor="ann", purpose="ask", method="GET", path=API + "rooms.get", headers=headers, intrudes=True)
        assert {client.send(burglar).status for _ in range(11)} == {200}
        assert [wait.what for wait in waits] == ["GET rooms.get"]


def test_a_limiter_that_changes_in_the_middle_is_waited_for() -> None:
    with limited(**{CALLS: 10, WINDOW: 60_000}) as (client, _, mock):
        asked(client, 2)
        mock.workspace.settings[CALLS] = 1
        assert {answer.status for answer in asked(client, 3)} == {200}


def test_logins_of_many_people_wait_for_each_other() -> None:
    with limited() as (client, waits, _):
        for _ in range(11):
            log_in(client, "admin", "admin", "x")
        assert [wait.what for wait in waits] == ["POST login"] * 2
