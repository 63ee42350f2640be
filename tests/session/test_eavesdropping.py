"""Eavesdropping against the mock workspace: nothing is heard outside, and what is heard is found."""

from collections.abc import Callable

import pytest

from preflight.checks.evidence import Secret
from preflight.mock.faults import fault
from preflight.mock.server import MockServer
from preflight.model.claim import ClaimId
from preflight.model.verdict import Verdict
from preflight.session.acts import Reply
from preflight.session.circumstances import CircumstanceError
from preflight.session.eavesdropping import Eavesdropping
from preflight.session.performance import BrokenPromiseError, Part
from preflight.session.session import Plan, open_session
from preflight.settings import Account

STREAM = "ddp:stream-room-messages"
PATIENCE_S = 1.0


def listened(
    act: Callable[[Eavesdropping], Reply], promise: str, planted: str | None = None
) -> tuple[Verdict, str, tuple[Secret, ...]]:
    """Let somebody listen at a mock workspace; gives the verdict, the reason, and what they must not hear."""
    secrets: tuple[Secret, ...] = ()
    with MockServer(fault=fault(planted) if planted else None) as mock:
        account = Account(user=mock.admin_username, password=mock.admin_password)
        opened = open_session(Plan(target=mock.url, account=account, only=(STREAM,), timeout_s=PATIENCE_S))
        claim = ClaimId.parse(f"{STREAM}#security:{promise}")
        performance = opened.perform(claim.operation, Part(suite="streams", name=promise, title="listen"))
        try:
            reply = act(Eavesdropping(performance=performance, claims=(claim,)))
            secrets = reply.evidence.tries[0].secrets
            reply.keeps("authorization.no-leak")
        except (BrokenPromiseError, CircumstanceError):
            pass
        finally:
            result = performance.finish()
            assert opened.close().leftovers == ()
    return result.verdict, result.reason, secrets


def outside(act: Eavesdropping) -> Reply:
    return act.outside("eve", "{eve.group.id}", ["{circle.hall.id}", "{alice.dm.id}"])


def left(act: Eavesdropping) -> Reply:
    return act.after_leaving("carol", "{carol.group.id}", "{circle.group.id}")


def test_what_is_said_in_each_room_must_not_be_heard() -> None:
    verdict, _, secrets = listened(outside, "eavesdroppers.told-nothing")
    assert verdict is Verdict.PASS
    assert [(secret.owner, secret.what) for secret in secrets] == [
        (room, what) for room in ("circle.hall", "alice.dm") for what in ("text", "message")
    ]
    assert len({secret.value for secret in secrets}) == 4


def test_who_has_left_hears_no_more() -> None:
    assert listened(left, "leavers.told-nothing")[0] is Verdict.PASS


@pytest.mark.parametrize(
    ("act", "promise", "planted"),
    [
        (outside, "eavesdroppers.told-nothing", "ddp-stream-room-messages-of-directs"),
        (left, "leavers.told-nothing", "ddp-stream-room-messages-after-leaving"),
    ],
)
def test_what_is_heard_all_the_same_is_found(act: Callable[[Eavesdropping], Reply], promise: str, planted: str) -> None:
    assert listened(act, promise, planted)[0] is Verdict.FAIL


def test_a_member_who_may_not_even_listen_shows_nothing() -> None:
    verdict, reason, _ = listened(
        lambda act: act.after_leaving("eve", "{eve.group.id}", "{circle.hall.id}"), "leavers.told-nothing"
    )
    assert (verdict, reason) == (Verdict.INCONCLUSIVE, "eve was not let listen as a member")


def test_who_does_not_hear_their_own_room_shows_nothing() -> None:
    verdict, reason, _ = listened(outside, "eavesdroppers.told-nothing", "ddp-stream-room-messages-lost")
    assert verdict is Verdict.INCONCLUSIVE
    assert reason == "eve does not even hear what is written in a room of their own"
