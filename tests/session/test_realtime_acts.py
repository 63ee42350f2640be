"""Realtime acts: against the mock workspace, what they find and what keeps them from judging."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from preflight.mock.faults import fault
from preflight.mock.server import MockServer
from preflight.model.claim import ClaimId
from preflight.model.operation import OperationKey
from preflight.model.verdict import Verdict
from preflight.session.circumstances import CircumstanceError
from preflight.session.performance import BrokenPromiseError, Part, Performance
from preflight.session.promised import promised_by, promises
from preflight.session.realtime_acts import Audience, Comparison, Conversation
from preflight.session.session import Plan, Session, open_session
from preflight.settings import Account

PING = "ddp:ping#behaviour:protocol.answers-ping"
MESSAGE = "ddp:stream-room-messages#behaviour:stream.message"
PRIVATE = "ddp:stream-room-messages#behaviour:stream.private"
SAME = "ddp:rooms/get#behaviour:agreement.rooms-get"
PATIENCE_S = 1.0


@contextmanager
def session(planted: str | None = None) -> Iterator[Session]:
    with MockServer(fault=fault(planted) if planted else None) as mock:
        account = Account(user=mock.admin_username, password=mock.admin_password)
        opened = open_session(
            Plan(target=mock.url, account=account, profile="realtime", only=("ddp:*",), timeout_s=PATIENCE_S)
        )
        try:
            yield opened
        finally:
            assert opened.close().leftovers == ()


def about(opened: Session, claim: str) -> tuple[Performance, tuple[ClaimId, ...]]:
    wanted = ClaimId.parse(claim)
    part = Part(suite="protocol", name=wanted.subject, title="a case")
    return opened.perform(wanted.operation, part), (wanted,)


def test_a_suite_says_what_it_is_about() -> None:
    @promises(PING, MESSAGE)
    def suite() -> None: ...

    assert promised_by(suite) == (PING, MESSAGE)
    assert promised_by(test_a_suite_says_what_it_is_about) == ()


def test_an_answered_frame_is_a_success_and_kept_as_evidence() -> None:
    with session() as opened:
        performance, claims = about(opened, PING)
        told = Conversation(performance=performance, claims=claims).connects()
        told.says({"msg": "ping", "id": "1"}).must_get({"msg": "pong", "id": "1"}).keeps("protocol.answered")
        result = performance.finish()
    assert (result.verdict, result.accepted, len(result.exchanges)) == (Verdict.PASS, True, 1)


def test_silence_is_judged_where_the_rest_is_answered() -> None:
    with session("ddp-ping-unanswered") as opened:
        performance, claims = about(opened, PING)
        told = Conversation(performance=performance, claims=claims).connects().says({"msg": "ping", "id": "1"})
        with pytest.raises(BrokenPromiseError):
            told.must_get({"msg": "pong", "id": "1"}).keeps("protocol.answered")
        result = performance.finish()
    assert (result.verdict, result.accepted) == (Verdict.FAIL, False)


def test_a_closed_connection_is_a_circumstance_and_its_evidence_is_kept() -> None:
    with session() as opened:
        performance, claims = about(opened, PING)
        told = Conversation(performance=performance, claims=claims).opens()
        told.says({"msg": "connect", "version": "99", "support": ["99"]})
        with pytest.raises(CircumstanceError):
            told.must_get({"msg": "connected"})
        result = performance.finish()
    assert (result.verdict, len(result.exchanges)) == (Verdict.INCONCLUSIVE, 1)


def test_nothing_is_said_before_a_connection_is_open() -> None:
    with session() as opened:
        performance, claims = about(opened, PING)
        with pytest.raises(CircumstanceError):
            Conversation(performance=performance, claims=claims).says({"msg": "ping"})
        performance.finish()


def test_no_password_and_no_digest_of_it_is_in_the_evidence() -> None:
    with session() as opened:
        performance, claims = about(opened, "ddp:login#behaviour:login.wrong-password")
        told = Conversation(performance=performance, claims=claims).connects()
        digest = told.digest("{case.secret}")
        password = str(performance.scene.resolve("{case.secret}"))
        told.says({"msg": "method", "method": "login", "id": "1", "params": [{"password": {"digest": digest}}]})
        told.must_get({"msg": "result", "id": "1"}).keeps("protocol.answered")
        (exchange,) = performance.scene.exchanges
        performance.finish()
    assert password not in repr(exchange)
    assert digest not in repr(exchange)


def test_who_listens_hears_and_who_does_not_hear_is_told_after_a_ping() -> None:
    for planted, verdict in ((None, Verdict.PASS), ("ddp-stream-room-messages-lost", Verdict.FAIL)):
        with session(planted) as opened:
            performance, claims = about(opened, MESSAGE)
            audience = Audience(performance=performance, claims=claims)
            bob = audience.listens("bob", "{alice.channel.id}")
            message = audience.posts("alice", "{alice.channel.id}", "{case.token}")
            reply = bob.must_hear({"_id": message, "msg": "{case.token}"})
            if verdict is Verdict.FAIL:
                with pytest.raises(BrokenPromiseError):
                    reply.keeps("stream.delivered")
            else:
                reply.keeps("stream.delivered")
            assert performance.finish().verdict is verdict


def test_a_member_who_may_not_listen_is_a_circumstance() -> None:
    with session() as opened:
        performance, claims = about(opened, MESSAGE)
        with pytest.raises(CircumstanceError, match="refused"):
            Audience(performance=performance, claims=claims).listens("carol", "{alice.group.id}")
        assert performance.finish().verdict is Verdict.INCONCLUSIVE


def test_an_outsider_hears_a_mark_of_their_own_and_else_nothing() -> None:
    with session() as opened:
        performance, claims = about(opened, PRIVATE)
        audience = Audience(performance=performance, claims=claims)
        carol = audience.outsider("carol", "{alice.group.id}").asks(own_room="{carol.group.id}")
        audience.posts("alice", "{alice.group.id}", "{case.token} secret")
        reply = carol.must_not_hear(own_room="{carol.group.id}", actor="carol")
        reply.keeps("stream.private")
        assert "mark" in str(reply.evidence.exchange.frames)
        assert "secret" not in str(reply.evidence.exchange.frames)
        assert performance.finish().verdict is Verdict.PASS


def test_an_outsider_who_hears_nothing_at_all_is_a_circumstance() -> None:
    with session("ddp-stream-room-messages-lost") as opened:
        performance, claims = about(opened, PRIVATE)
        audience = Audience(performance=performance, claims=claims)
        carol = audience.outsider("carol", "{alice.group.id}").asks(own_room="{carol.group.id}")
        with pytest.raises(CircumstanceError):
            carol.must_not_hear(own_room="{carol.group.id}", actor="carol")
        assert performance.finish().verdict is Verdict.INCONCLUSIVE


def test_both_ways_to_ask_are_compared() -> None:
    with session() as opened:
        performance, claims = about(opened, SAME)
        comparison = Comparison(performance=performance, claims=claims)
        comparison.needs("{alice.channel.id}", "{alice.dm.id}")
        reply = comparison.asks([], other="GET rooms.get", at="/update")
        reply.keeps("agreement.same")
        (twin,) = reply.evidence.twins
        assert isinstance(twin.mine, list)
        assert isinstance(twin.theirs, list)
        assert len(twin.mine) == len(twin.theirs) >= 2
        assert performance.finish().verdict is Verdict.PASS


def test_an_answer_without_what_is_compared_is_a_circumstance() -> None:
    with session() as opened:
        performance, claims = about(opened, SAME)
        with pytest.raises(CircumstanceError):
            Comparison(performance=performance, claims=claims).asks([], other="GET rooms.get", at="/nowhere")
        assert performance.finish().verdict is Verdict.INCONCLUSIVE


def test_every_realtime_operation_of_a_selection_can_be_performed() -> None:
    with session() as opened:
        keys = {str(key) for key in opened.selection.operations}
        assert {"ddp:connect", "ddp:ping", "ddp:login", "ddp:stream-notify-user"} <= keys
        assert OperationKey.parse("ddp:ping") in opened.selection.catalog.contracts
