"""How often methods may be called: off unless the server is started with limits."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from preflight.mock.method_limits import Caller, MethodLimits
from preflight.mock.refusals import MeteorError
from tests.mock.talk import talk
from tests.mock.world import World, world

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
NOTHING: frozenset[str] = frozenset()


@pytest.fixture
def limits() -> MethodLimits:
    made = MethodLimits()
    made.enforced = True
    return made


@pytest.fixture(scope="module")
def limited() -> Iterator[World]:
    with world(rate_limited=True) as given:
        yield given


def allowed(limits: MethodLimits, caller: Caller, method: str, waived: frozenset[str] = NOTHING) -> int:
    """Count the calls that are allowed at one moment, of a hundred."""
    for number in range(100):
        try:
            limits.count(caller, method, waived, NOON)
        except MeteorError:
            return number
    return 100


BY_HAND = Caller(address="a", connection="c", user_id="u")
OVER_REST = Caller(address="a", user_id="u")


def test_a_method_may_be_called_ten_times_on_one_connection(limits: MethodLimits) -> None:
    assert allowed(limits, BY_HAND, "openRoom") == 10
    assert allowed(limits, Caller(address="a", connection="other", user_id="v"), "openRoom") == 10


def test_a_method_may_be_called_twenty_times_by_one_user(limits: MethodLimits) -> None:
    assert allowed(limits, OVER_REST, "openRoom") == 20


@pytest.mark.parametrize(
    ("method", "calls"), [("sendMessage", 5), ("getRoomById", 10), ("createDirectMessage", 10), ("setUserStatus", 1)]
)
def test_some_methods_have_limits_of_their_own(limits: MethodLimits, method: str, calls: int) -> None:
    assert allowed(limits, OVER_REST, method) == calls


def test_a_permission_lifts_the_limit_of_sending(limits: MethodLimits) -> None:
    assert allowed(limits, OVER_REST, "sendMessage", frozenset({"send-many-messages"})) == 20


def test_a_window_ends(limits: MethodLimits) -> None:
    allowed(limits, BY_HAND, "openRoom")
    limits.count(BY_HAND, "openRoom", NOTHING, NOON + timedelta(seconds=10))


def test_the_refusal_tells_how_long_to_wait(limits: MethodLimits) -> None:
    allowed(limits, BY_HAND, "getRoomById")
    with pytest.raises(MeteorError) as refused:
        limits.count(BY_HAND, "getRoomById", NOTHING, NOON + timedelta(milliseconds=1500))
    assert refused.value.code == "too-many-requests"
    assert refused.value.reason == (
        "Error, too many requests. Please slow down. You must wait 59 seconds before trying again."
    )
    assert refused.value.details == {"timeToReset": 58500}


def test_limits_that_are_not_enforced_count_nothing() -> None:
    assert allowed(MethodLimits(), BY_HAND, "setUserStatus") == 100


def test_a_limited_server_refuses_the_eleventh_call_and_answers_others(limited: World) -> None:
    with talk(limited, limited.alice) as alice:
        codes = [alice.call("getRoomById", "GENERAL").get("error", {}).get("error") for _ in range(11)]
        assert codes == [None] * 10 + ["too-many-requests"]
        assert alice.result("openRoom", "GENERAL") == 1


def test_the_bridge_has_the_limits_of_methods_and_not_those_of_rest(limited: World) -> None:
    message = '{"msg":"method","id":"1","method":"hideRoom","params":["GENERAL"]}'
    answers = [limited.bob.post("method.call/hideRoom", message=message) for _ in range(21)]
    assert {answer.status_code for answer in answers} == {200}
    assert ["too-many-requests" in answer.json()["message"] for answer in answers] == [False] * 20 + [True]
