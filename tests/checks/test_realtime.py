"""Realtime checks: frames that must come or must not, and answers that must be the same."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.catalog.claims import claims_of
from preflight.catalog.contract import Behaviour, Contract
from preflight.checks.evidence import Due, Evidence, Hidden, Twin
from preflight.checks.judge import judge
from preflight.checks.realtime import has_come
from preflight.model.exchange import Direction, Exchange, Frame, Request, Response
from preflight.model.finding import Finding
from preflight.model.json import Json, JsonObject
from preflight.model.operation import OperationKey

CONTRACT = Contract(
    key=OperationKey.parse("ddp:stream-kettles"),
    path="stream-kettles",
    page="https://docs.example/kettles",
    family="realtime",
    behaviours=(Behaviour(id="kettle.whistles", promise="it whistles"),),
    protocol=True,
)
WHISTLES = "kettle.whistles"
PONG: JsonObject = {"msg": "pong", "id": "1"}
HIDDEN = Hidden(subject=WHISTLES, id="s1", stream="stream-kettles", event="k1")
NOSUB: JsonObject = {"msg": "nosub", "id": "s1", "error": {"error": "not-allowed"}}


def event(name: str, *args: Json) -> JsonObject:
    fields: JsonObject = {"eventName": name, "args": list(args)}
    return {"msg": "changed", "collection": "stream-kettles", "id": "id", "fields": fields}


def talk(*frames: JsonObject | str, sent: str = '{"msg": "ping", "id": "1"}') -> Evidence:
    texts = [frame if isinstance(frame, str) else json.dumps(frame) for frame in frames]
    exchange = Exchange(
        id="d1",
        actor="alice",
        purpose="ask",
        request=Request(method="ddp", url="wss://chat.example/websocket", body=sent),
        response=Response(status=200, body="{}"),
        frames=(
            Frame(direction=Direction.SENT, text=sent),
            *(Frame(direction=Direction.RECEIVED, text=text) for text in texts),
        ),
    )
    return Evidence(contract=CONTRACT, claims={one.id: one for one in claims_of(CONTRACT)}, exchange=exchange)


def findings(check: str, evidence: Evidence) -> list[Finding]:
    (outcome,) = judge([check], evidence, "case")
    assert str(outcome.claim) == "ddp:stream-kettles#behaviour:kettle.whistles"
    return list(outcome.findings)


def told(evidence: Evidence, due: Due, check: str = "protocol.answered") -> list[tuple[str, str, str]]:
    found = findings(check, replace(evidence, dues=(due,)))
    return [(one.promised, one.received, one.where) for one in found]


def test_a_frame_that_came_keeps_its_promise_among_others() -> None:
    evidence = talk({"msg": "ping"}, "no JSON", "[1]", {**PONG, "more": True})
    assert told(evidence, Due(subject=WHISTLES, frame=PONG)) == []
    assert has_come(evidence.exchange, Due(subject=WHISTLES, frame=PONG))


def test_what_was_sent_is_no_answer() -> None:
    due = Due(subject=WHISTLES, frame={"msg": "ping"})
    assert not has_come(talk().exchange, due)


def test_a_frame_that_never_came_says_what_came() -> None:
    assert told(talk({"msg": "ping"}), Due(subject=WHISTLES, frame=PONG)) == [
        ('{"id": "1", "msg": "pong"}', "no such frame among 0 of its kind, 1 altogether", "")
    ]


def test_a_frame_that_is_otherwise_in_one_place_shows_the_place() -> None:
    assert told(talk({"msg": "pong", "id": "10"}), Due(subject=WHISTLES, frame=PONG)) == [('"1"', '"10"', "/id")]
    assert told(talk({"msg": "pong"}), Due(subject=WHISTLES, frame=PONG)) == [('"1"', "nothing", "/id")]


@pytest.mark.parametrize("session", [{}, {"session": ""}, {"session": 7}])
def test_what_must_be_named_must_be_a_text(session: JsonObject) -> None:
    due = Due(subject=WHISTLES, frame={"msg": "connected"}, named=("/session",))
    ((promised, _, where),) = told(talk({"msg": "connected", **session}), due)
    assert (promised, where) == ("a text that names it", "/session")
    assert told(talk({"msg": "connected", "session": "s"}), due) == []


def test_an_event_is_compared_in_what_it_must_hold_alone() -> None:
    due = Due(subject=WHISTLES, frame={"msg": "changed", "fields": {"args": [{"rid": "r1"}]}})
    assert told(talk(event("k1", {"rid": "r1", "msg": "hot"}, "more")), due, "stream.delivered") == []
    assert told(talk(event("k1", {"rid": "r2"})), due, "stream.delivered") == [('"r1"', '"r2"', "/fields/args/0/rid")]
    assert told(talk(event("k1")), due, "stream.delivered") == [('[{"rid": "r1"}]', "[]", "/fields/args")]


def test_an_event_that_comes_twice_is_found() -> None:
    due = Due(subject=WHISTLES, frame={"msg": "changed", "fields": {"args": [{"_id": "m1"}]}})
    once = event("k1", {"_id": "m1", "msg": "hot"})
    assert (
        told(
            talk(once, event("k1", {"_id": "m1", "msg": "hotter"}), event("k1", {"_id": "m2"})), due, "stream.delivered"
        )
        == []
    )
    ((promised, _, _),) = told(talk(once, once), due, "stream.delivered")
    assert promised == "the event once"
    assert told(talk(once, once), due) == [], "answers of the protocol are no events"


def test_a_refused_subscription_without_events_is_private() -> None:
    evidence = talk({"msg": "ready", "subs": ["s2"]}, NOSUB, event("k2", "of somebody else"))
    assert findings("stream.private", replace(evidence, hidden=(HIDDEN,))) == []


def test_a_refusal_that_does_not_say_why_is_found() -> None:
    evidence = replace(talk({"msg": "nosub", "id": "s1"}), hidden=(HIDDEN,))
    assert [(one.promised, one.where) for one in findings("stream.private", evidence)] == [
        ("nosub with an error", "/error")
    ]


def test_what_is_hidden_is_found_in_other_events_too() -> None:
    evidence = replace(talk(NOSUB, event("k2", {"kettle": "k1"})), hidden=(HIDDEN,))
    assert [one.promised for one in findings("stream.private", evidence)] == ["nothing of k1 in other events"]


def test_a_granted_subscription_is_not_private() -> None:
    evidence = replace(talk({"msg": "ready", "subs": ["s1"]}, event("k1", "hot")), hidden=(HIDDEN,))
    assert [(one.received, one.where) for one in findings("stream.private", evidence)] == [
        ("ready", "/msg"),
        ('{"args": ["hot"], "eventName": "k1"}', "/fields/args"),
    ]


def test_a_subscription_that_nobody_answers_is_not_refused() -> None:
    evidence = replace(talk(), hidden=(HIDDEN,))
    assert [one.received for one in findings("stream.private", evidence)] == ["no such frame"]


def test_an_event_after_a_refusal_is_not_private() -> None:
    evidence = replace(talk(NOSUB, event("k1", "hot")), hidden=(HIDDEN,))
    assert [one.where for one in findings("stream.private", evidence)] == ["/fields/args"]


def parted(mine: Json, theirs: Json) -> list[tuple[str, str]]:
    twin = Twin(subject=WHISTLES, source="GET kettles", mine=mine, theirs=theirs)
    return [(one.received, one.where) for one in findings("agreement.same", replace(talk(), twins=(twin,)))]


def test_answers_agree_in_what_both_have() -> None:
    assert parted({"a": 1, "b": 2}, {"a": 1, "c": 3}) == []
    assert parted({"a": {"b": [1, 2]}}, {"a": {"b": [1, 3]}}) == [("2", "/result/a/b/1")]
    assert parted({"a": [1]}, {"a": [1, 2]}) == [("[1]", "/result/a")]
    assert parted("one", "other") == [('"one"', "/result")]


def test_lists_of_things_agree_in_any_order() -> None:
    assert parted([{"_id": "x", "n": 1}, {"_id": "y"}], [{"_id": "y"}, {"_id": "x", "n": 1}]) == []
    assert parted([{"_id": "x", "n": 1}], [{"_id": "x", "n": 2}]) == [("1", "/result/x/n")]
    assert parted([], [{"_id": "x"}]) == [("missing", "/result")]
    assert parted([{"_id": "x"}], []) == [('"x"', "/result")]


def test_stars_of_others_are_no_disagreement() -> None:
    assert parted({"starred": [{"_id": "bob"}]}, {"starred": []}) == []


@given(st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001 (made aware below)
def test_a_moment_is_the_same_in_both_spellings(moment: datetime) -> None:
    moment = moment.replace(tzinfo=UTC, microsecond=moment.microsecond // 1000 * 1000)
    milliseconds = round(moment.timestamp() * 1000)
    iso = moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert parted({"ts": {"$date": milliseconds}}, {"ts": iso}) == []
    assert parted({"ts": {"$date": milliseconds + 1}}, {"ts": iso}) != []


def test_a_moment_beyond_all_calendars_is_no_trouble_of_ours() -> None:
    assert len(parted({"ts": {"$date": 10**20}}, {"ts": "2026-01-01T00:00:00.000Z"})) == 1


def test_a_conversation_is_repeated_by_typing_it() -> None:
    due = Due(subject=WHISTLES, frame=PONG)
    (finding,) = findings("protocol.answered", replace(talk(), dues=(due,)))
    assert finding.reproduce.startswith("printf '%s\\n' ")
    assert "$ALICE_TOKEN" in finding.reproduce
    assert finding.reproduce.endswith("| websocat --no-close wss://chat.example/websocket")
    opening = '{"msg": "connect", "version": "1"}'
    (finding,) = findings("protocol.answered", replace(talk(sent=opening), dues=(due,)))
    assert "TOKEN" not in finding.reproduce
