"""Pseudonyms: nobody of before a run can be told, whoever the run made can, and evidence stays readable."""

import json
from dataclasses import replace

from preflight.model.exchange import Direction, Exchange, Frame, Request, Response
from preflight.model.json import Json
from preflight.model.run import Leftover, Run
from preflight.session.pseudonyms import Pseudonyms
from tests.reporting.sample import sample_run

PETER = {"_id": "4rFmfXPd8ep4m9qAh", "username": "peter.miller", "name": "Peter Miller"}
ADMIN = {"_id": "aobEdbYhXfu5hkeqG", "username": "admin", "name": "Ada"}
OWN = {"_id": "zzzEdbYhXfu5hkeqG", "username": "pf-0a1b2c.alice", "name": "Alice"}
BODY: Json = {
    "update": [{"_id": "GENERAL", "t": "c", "u": PETER, "usernames": ["admin", "pf-0a1b2c.alice"], "name": "admin"}],
    "message": {"msg": "hello @admin and @peter.miller", "u": OWN, "reactions": {":+1:": {"usernames": ["admin"]}}},
    "me": {**ADMIN, "roles": ["admin"], "emails": [{"address": "ada@example.org"}]},
    "direct": {"_id": ADMIN["_id"] + PETER["_id"], "t": "d"},
    "carried": json.dumps({"result": {"u": PETER}}),
}


def a_run() -> Run:
    exchange = Exchange(
        id="x00001",
        actor="alice",
        purpose="ask",
        request=Request(
            method="GET",
            url="http://a.invalid/api/v1/users.info?username=peter.miller&userId=4rFmfXPd8ep4m9qAh",
            headers=(("x-user-id", "aobEdbYhXfu5hkeqG"),),
        ),
        response=Response(status=200, body=json.dumps(BODY)),
        frames=(Frame(direction=Direction.RECEIVED, text=json.dumps({"msg": "added", "fields": PETER})),),
    )
    left = Leftover(what="room of peter.miller", why="admin said no to ada@example.org")
    return replace(sample_run(), exchanges={"x00001": exchange}, leftovers=(left,))


def redacted(key: str = "k") -> Run:
    return Pseudonyms(key=key, is_ordinary=lambda word: word == "admin").applied(a_run())


def test_nobody_of_before_can_be_told() -> None:
    run = redacted()
    told = repr(run.exchanges) + repr(run.leftovers)
    for private in ("peter", "Peter", "Miller", "Ada", "ada@", "4rFmfXPd8ep4m9qAh", "aobEdbYhXfu5hkeqG", "@admin"):
        assert private not in told


def test_whoever_the_run_made_and_what_is_no_person_stays() -> None:
    body = json.loads(redacted().exchanges["x00001"].response.body)
    assert body["message"]["u"] == OWN
    assert body["me"]["roles"] == ["admin"]
    assert (body["update"][0]["_id"], body["update"][0]["t"]) == ("GENERAL", "c")


def test_one_person_is_one_word_everywhere() -> None:
    exchange = redacted().exchanges["x00001"]
    body = json.loads(exchange.response.body)
    peter = body["update"][0]["u"]
    assert peter["username"] == peter["name"]
    assert json.loads(body["carried"])["result"]["u"] == peter
    assert json.loads(exchange.frames[0].text)["fields"] == peter
    assert f"username={peter['username']}&userId={peter['_id']}" in exchange.request.url
    assert body["update"][0]["usernames"][0] == body["me"]["username"]
    assert f"@{peter['username']}" in body["message"]["msg"]
    assert redacted().leftovers[0].what == f"room of {peter['username']}"


def test_ids_keep_their_length_so_that_formats_hold() -> None:
    peter = json.loads(redacted().exchanges["x00001"].response.body)["update"][0]["u"]
    assert len(peter["_id"]) == len(PETER["_id"])
    assert peter["_id"].isalnum()


def test_the_same_key_gives_the_same_words_and_another_one_others() -> None:
    assert redacted("k") == redacted("k")
    assert redacted("k").exchanges != redacted("other").exchanges
