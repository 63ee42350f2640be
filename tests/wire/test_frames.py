"""Frames: what is spelled is read back, what is none is refused, and what an answering one says."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model.json import Json
from preflight.wire import frames

TEXTS = st.text(alphabet=st.characters(codec=None), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@given(id_=TEXTS, name=TEXTS, params=st.lists(JSON, max_size=3))
def test_a_frame_that_is_spelled_is_read_back(id_: str, name: str, params: list[Json]) -> None:
    for frame in (frames.method(id_, name, params), frames.sub(id_, name, params), frames.unsub(id_)):
        text = frames.spelled(frame)
        assert text.encode()
        read = frames.read(text)
        assert (read.kind, read.id, read.body, read.text) == (frame["msg"], id_, frame, text)


@given(JSON)
def test_any_json_is_read_as_a_frame_or_refused_in_words(value: Json) -> None:
    text = json.dumps(value)
    assert frames.json_of(text) == value
    if isinstance(value, dict) and (isinstance(value.get("msg"), str) or ("server_id" in value and "msg" not in value)):
        assert frames.read(text).body == value
    else:
        with pytest.raises(ValueError, match=r"JSON but no object|without a kind"):
            frames.read(text)


@pytest.mark.parametrize("text", ["", "{", "<html>", '{"msg": NaN}', "[" * 100_000, '{"msg": ' + "9" * 5000 + "}"])
def test_what_is_no_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^no JSON$"):
        frames.read(text)


@pytest.mark.parametrize(
    ("frame", "status", "body"),
    [
        ({"msg": "result", "id": "1", "result": None}, 200, {"result": None}),
        ({"msg": "result", "id": "1", "result": {"$date": 1}}, 200, {"result": {"$date": 1}}),
        ({"msg": "result", "id": "1"}, 200, {}),
        ({"msg": "result", "id": "1", "error": {"error": 400}}, 400, {"error": 400}),
        ({"msg": "result", "id": "1", "error": "odd", "result": 1}, 400, "odd"),
        ({"msg": "nosub", "id": "1", "error": {"error": "not-allowed"}}, 400, {"error": "not-allowed"}),
        ({"msg": "nosub", "id": "1"}, 200, {}),
        ({"msg": "ready", "subs": ["1"]}, 200, {"subs": ["1"]}),
        ({"msg": "connected", "session": "s"}, 200, {"session": "s"}),
        ({"msg": "failed", "version": "1"}, 400, {"version": "1"}),
        ({"msg": "error", "reason": "Bad request", "offendingMessage": {}}, 400,
         {"reason": "Bad request", "offendingMessage": {}}),
        ({"msg": "pong", "id": "p"}, 200, {"id": "p"}),
        ({"msg": "pong"}, 200, {}),
    ],
)  # fmt: skip
def test_an_answering_frame_is_read_as_a_status_and_a_body(frame: Json, status: int, body: Json) -> None:
    assert frames.verdict_of(frames.read(json.dumps(frame))) == (status, body)


@pytest.mark.parametrize(
    ("ping", "pong"),
    [
        ({"msg": "ping"}, {"msg": "pong"}),
        ({"msg": "ping", "id": "p"}, {"msg": "pong", "id": "p"}),
        ({"msg": "ping", "id": None}, {"msg": "pong", "id": None}),
    ],
)
def test_a_pong_has_the_id_of_its_ping(ping: Json, pong: Json) -> None:
    assert frames.pong(frames.read(json.dumps(ping))) == pong
