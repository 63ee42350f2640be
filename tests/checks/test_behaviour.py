"""Checks of behaviour: who is to blame for what is not as it was done."""

import json
from dataclasses import replace

from preflight.checks.behaviour import is_as_promised
from preflight.checks.evidence import Evidence, Pair, Sight
from preflight.checks.judge import judge
from preflight.model.claim import Claim, ClaimId
from preflight.model.exchange import Exchange, Request, Response
from preflight.model.json import Json, JsonObject
from tests.checks.miniature import evidence, findings

POST = ClaimId.parse("POST chat.greet#behaviour:greeted")
READ, LIST = (ClaimId.parse(f"GET chat.{name}#behaviour:greeted") for name in ("read", "list"))
GREETING: JsonObject = {"_id": "m1", "msg": "hello", "u": {"name": "Bob"}}
WRONG: Json = {"_id": "m1", "msg": "hallo", "u": {"name": "Bob"}}


def exchange(body: Json, reader: ClaimId = READ) -> Exchange:
    return Exchange(
        id="x2",
        actor="bob",
        purpose="look",
        request=Request(method="GET", url=f"http://chat.example/api/v1/{reader.operation.name}"),
        response=Response(status=200, body=json.dumps(body)),
    )


def read(message: Json, *, like: Json = GREETING, hidden: bool = False) -> Sight:
    return Sight(
        cause=POST, reader=READ, exchange=exchange({"message": message}), at="/message", like=like, hidden=hidden
    )


def listed(*messages: Json, like: Json = GREETING, hidden: bool = False) -> Sight:
    body: Json = {"messages": list(messages)}
    return Sight(
        cause=POST, reader=LIST, exchange=exchange(body, LIST), at="/messages", like=like, among=True, hidden=hidden
    )


def seen(*sights: Sight, pairs: tuple[Pair, ...] = (), claims: tuple[ClaimId, ...] = (POST, READ, LIST)) -> Evidence:
    known = {claim: Claim(id=claim, promise="greetings show", page="https://docs.example") for claim in claims}
    return replace(evidence(200, {"success": True}), claims=known, sights=sights, pairs=pairs)


def claims_with_findings(judged: Evidence, check: str = "behaviour.shown") -> dict[str, bool]:
    return {str(one.claim): bool(one.findings) for one in judge([check], judged, "case")}


def test_what_shows_everywhere_speaks_for_all() -> None:
    judged = seen(read(GREETING), listed(GREETING))
    assert claims_with_findings(judged) == {str(POST): False, str(READ): False, str(LIST): False}


def test_one_reader_that_shows_it_otherwise_is_to_blame_alone() -> None:
    judged = seen(read(WRONG), listed(GREETING))
    assert claims_with_findings(judged) == {str(POST): False, str(READ): True, str(LIST): False}
    assert findings("behaviour.shown", judged) == [('"hello"', '"hallo"', "/message/msg")]


def test_what_all_readers_show_otherwise_was_done_wrongly_and_is_told_once() -> None:
    judged = seen(read(WRONG), listed(WRONG))
    assert claims_with_findings(judged) == {str(POST): True}
    assert findings("behaviour.shown", judged) == [('"hello"', '"hallo"', "/message/msg")]


def test_what_is_missing_here_and_wrong_there_was_done_wrongly() -> None:
    assert claims_with_findings(seen(listed(), read(WRONG))) == {str(POST): True}


def test_what_was_right_at_another_time_excuses_nothing() -> None:
    earlier: JsonObject = {"_id": "m1", "msg": "hallo"}
    judged = seen(read(WRONG, like=earlier), listed(WRONG, like=earlier), read(WRONG), listed(WRONG))
    assert claims_with_findings(judged) == {str(POST): True, str(READ): False, str(LIST): False}


def test_a_reader_that_shows_it_otherwise_to_one_person_is_told_once() -> None:
    judged = seen(read(GREETING), read(WRONG), read(WRONG), listed(GREETING))
    assert findings("behaviour.shown", judged) == [('"hello"', '"hallo"', "/message/msg")]
    assert claims_with_findings(judged)[str(READ)]


def test_a_single_reader_is_to_blame_unless_it_promises_nothing() -> None:
    assert claims_with_findings(seen(read(WRONG))) == {str(READ): True}
    unpromised = replace(read(WRONG), reader=None)
    assert claims_with_findings(seen(unpromised)) == {str(POST): True}


def test_nothing_is_laid_to_what_the_run_does_not_judge() -> None:
    assert claims_with_findings(seen(read(WRONG), listed(WRONG), claims=(READ,))) == {}
    assert claims_with_findings(seen(read(WRONG), listed(GREETING), claims=(POST,))) == {str(POST): False}


def test_an_item_must_be_listed_once_and_as_it_is() -> None:
    other: Json = {"_id": "m2", "msg": "hello", "u": {"name": "Bob"}}
    assert is_as_promised(listed(other, GREETING))
    assert findings("behaviour.shown", seen(listed(other)))[0][1:] == ("not among 1", "/messages")
    assert findings("behaviour.shown", seen(listed(GREETING, GREETING)))[0][1:] == ("2 times", "/messages")
    assert findings("behaviour.shown", seen(listed(other, WRONG))) == [('"hello"', '"hallo"', "/messages/1/msg")]


def test_values_are_compared_with_their_types_and_lists_as_a_whole() -> None:
    assert not is_as_promised(read({"count": True}, like={"count": 1}))
    assert not is_as_promised(read({"mentions": ["a", "b"]}, like={"mentions": ["a"]}))
    assert is_as_promised(read({"mentions": [{"_id": "a", "name": "A"}]}, like={"mentions": [{"_id": "a"}]}))
    assert not is_as_promised(read(None, like={"count": 1}))


def test_places_that_must_have_a_value_or_none() -> None:
    dated = replace(read(GREETING), named=("/ts",))
    assert not is_as_promised(dated)
    assert is_as_promised(replace(read({**GREETING, "ts": "now"}), named=("/ts",)))
    assert not is_as_promised(replace(read({**GREETING, "t": "rm"}), absent=("/t",)))
    assert is_as_promised(replace(read(GREETING), absent=("/t",)))


def test_what_must_not_be_seen_is_a_finding_where_it_is() -> None:
    check = "behaviour.nowhere-else"
    assert claims_with_findings(seen(listed(hidden=True), read(None, hidden=True)), check) == {
        str(POST): False,
        str(READ): False,
        str(LIST): False,
    }
    assert claims_with_findings(seen(listed(GREETING, hidden=True), read(None, hidden=True)), check)[str(LIST)]
    assert claims_with_findings(seen(listed(GREETING, hidden=True), read(GREETING, hidden=True)), check) == {
        str(POST): True
    }
    assert findings("behaviour.shown", seen(listed(GREETING, hidden=True))) == []


def test_an_answer_that_is_no_json_shows_nothing() -> None:
    page = replace(exchange({}), response=Response(status=500, body="<html>"))
    assert not is_as_promised(replace(read(GREETING), exchange=page))
    assert is_as_promised(replace(read(GREETING, hidden=True), exchange=page))


def test_a_pair_must_be_the_same_but_for_what_follows() -> None:
    before = exchange({"message": {"_id": "m1", "msg": "a", "tags": ["x"], "_updatedAt": 1}})
    after = exchange({"message": {"_id": "m1", "msg": "b", "tags": [], "_updatedAt": 2}})
    pair = Pair(claim=POST, before=before, after=after, at="/message", but=frozenset({"msg", "_updatedAt"}))
    assert findings("behaviour.unchanged", seen(pairs=(pair,))) == [('unchanged: ["x"]', "[]", "/message/tags")]
    kept = replace(pair, but=frozenset({"msg", "tags", "_updatedAt"}))
    assert claims_with_findings(seen(pairs=(kept,)), "behaviour.unchanged") == {str(POST): False}
    assert claims_with_findings(seen(pairs=(pair,), claims=(READ,)), "behaviour.unchanged") == {}
