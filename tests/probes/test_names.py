import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model.json import Json
from preflight.probes.names import ODD_NUMBER, Name, Names
from preflight.probes.probe import Parameters
from tests.probes.sample import LISTED, NAMES, ROOM

KEYS = st.sampled_from(["roomId", "channel", "text", "message", "$gt", "excludeSelf", "roomId[$ne]"]) | st.text(
    max_size=5
)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def named(value: Json, name: str = "") -> list[Json]:
    """List what stands where something is named, however deep."""
    if isinstance(value, dict):
        return [each for key, inner in value.items() for each in named(inner, name if NAMES.of(name) else key)]
    if isinstance(value, list):
        return [each for inner in value for each in named(inner, name)]
    return [value] if NAMES.of(name) else []


def keys(value: Json) -> set[str]:
    if isinstance(value, dict):
        return set(value) | {key for inner in value.values() for key in keys(inner)}
    return {key for inner in value for key in keys(inner)} if isinstance(value, list) else set()


@given(query=st.dictionaries(KEYS, ANYTHING, max_size=4), body=ANYTHING)
def test_whatever_is_drawn_names_what_is_ours_or_nothing(query: dict[str, Json], body: Json) -> None:
    kept = NAMES.kept(Parameters(query=query, body=body, has_body=True))
    allowed = {*ROOM.values, ROOM.unknown, "#pf-ours", "#pf-nowhere", None, ODD_NUMBER}
    for value in named({**kept.query, "body": kept.body}):
        assert value in allowed or (isinstance(value, str) and not value.strip())
    assert not [key for key in keys(kept.body) if key.startswith("$") or key == "excludeSelf"]


def test_what_stands_instead_wins_over_what_a_case_sends() -> None:
    fixed = Names(known={"messageId": Name(values=("nothing",), fixed=True)}, without=frozenset({"excludeSelf"}))
    base = Parameters(body={"messageId": "real", "excludeSelf": True}, has_body=True)
    assert fixed.replaced(base).body == {"messageId": "nothing"}


def test_a_long_text_is_cut() -> None:
    kept = NAMES.kept(Parameters(body={"text": "x" * 10_000}, has_body=True))
    assert len(str(kept.at(("body", "text")))) < 10_000


def test_a_usual_request_is_made_as_long_as_an_odd_one_and_names_nothing_that_is_not_ours() -> None:
    odd = Parameters(query={"roomId": "[a-z]" * 5, "text": "hello " * 9})
    long = NAMES.as_long(LISTED, odd)
    assert {name: len(str(value)) for name, value in long.query.items()} == {"roomId": 25, "text": 54}
    assert str(long.query["roomId"]).startswith(str(ROOM.unknown))
    assert str(long.query["text"]).startswith("hello")


@pytest.mark.parametrize("odd", [{}, {"roomId": None}, {"roomId": "short", "text": ""}, {"roomId": {"$ne": "x"}}])
def test_a_usual_request_stays_as_it_is_beside_one_that_is_no_longer(odd: dict[str, Json]) -> None:
    assert NAMES.as_long(LISTED, Parameters(query=odd)) == LISTED
