from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.mock.schemas import FILLED, FLAG, NUMBER, TEXT, TEXTS, WORD_FLAG, closed, either
from preflight.mock.validation import Coercion, is_iso, parse_date, validate

ONE_ROOM = either(({"roomId": TEXT}, {"username": TEXT}), {"count": NUMBER, "status": TEXTS})
LEGACY_DATES = Coercion(iso_dates=False)
ARRAYS = Coercion(arrays=True)


@pytest.mark.parametrize(
    ("given_value", "complaints"),
    [
        ({"roomId": "x"}, []),
        (
            {},
            [
                "must have required property 'roomId'",
                "must have required property 'username'",
                "must match exactly one schema in oneOf",
            ],
        ),
        (
            {"roomId": "x", "username": "y"},
            [
                "must NOT have additional properties",
                "must NOT have additional properties",
                "must match exactly one schema in oneOf",
            ],
        ),
        (
            {"roomId": "x", "count": "abc"},
            [
                "must be number",
                "must have required property 'username'",
                "must match exactly one schema in oneOf",
            ],
        ),
        (
            {"roomId": "x", "status": "online"},
            [
                "must be array",
                "must have required property 'username'",
                "must match exactly one schema in oneOf",
            ],
        ),
        ([1], ["must be object", "must be object", "must match exactly one schema in oneOf"]),
    ],
)
def test_a_choice_tells_what_is_wrong_with_each_branch(given_value: Any, complaints: list[str]) -> None:
    assert validate(ONE_ROOM, given_value)[1] == complaints


@pytest.mark.parametrize(
    ("schema", "sent", "seen"),
    [
        (TEXT, 5, "5"),
        (TEXT, 5.0, "5"),
        (TEXT, True, "true"),
        (TEXT, None, ""),
        (NUMBER, "50", 50),
        (NUMBER, "1.5", 1.5),
        (NUMBER, None, 0),
        (FLAG, "true", True),
        (FLAG, 0, False),
        ({"type": "string", "nullable": True}, None, None),
    ],
)
def test_a_value_is_changed_to_the_wanted_type(schema: dict[str, Any], sent: Any, seen: Any) -> None:
    assert validate(closed({"it": schema}), {"it": sent}) == ({"it": seen}, [])


@pytest.mark.parametrize(
    ("schema", "sent", "complaint"),
    [
        (TEXT, ["a"], "must be string"),
        (TEXT, {"$ne": None}, "must be string"),
        (FLAG, 12345, "must be boolean"),
        (FLAG, "yes", "must be boolean"),
        (NUMBER, "", "must be number"),
        (FILLED, "", "must NOT have fewer than 1 characters"),
        (FILLED, None, "must NOT have fewer than 1 characters"),
        (WORD_FLAG, "12345", "must be equal to one of the allowed values"),
        ({"anyOf": [FLAG, TEXT]}, ["a"], "must be boolean"),
    ],
)
def test_what_cannot_be_changed_is_refused(schema: dict[str, Any], sent: Any, complaint: str) -> None:
    assert validate(closed({"it": schema}), {"it": sent})[1][0] == complaint


def test_any_of_several_ends_with_its_own_sentence() -> None:
    schema = closed({"value": {"anyOf": [FLAG, TEXT]}})
    assert validate(schema, {"value": {}})[1] == [
        "must be boolean",
        "must be string",
        "must match a schema in anyOf",
    ]


def test_only_the_first_failing_keyword_speaks() -> None:
    schema = closed({"rid": FILLED, "userId": FILLED})
    assert validate(schema, {"zzz": 1})[1] == ["must have required property 'rid'"]
    assert validate(schema, {"rid": "", "userId": "", "zzz": 1})[1] == ["must NOT have additional properties"]


def test_a_single_value_stands_for_a_list_where_arrays_are_coerced() -> None:
    assert validate(closed({"status": TEXTS}), {"status": "x"}, ARRAYS) == ({"status": ["x"]}, [])
    assert validate(closed({"name": TEXT}), {"name": ["x"]}, ARRAYS) == ({"name": "x"}, [])


def test_what_was_sent_stays_as_it_was() -> None:
    sent = {"count": "5", "roomId": "x"}
    validate(ONE_ROOM, sent)
    assert sent == {"count": "5", "roomId": "x"}


@pytest.mark.parametrize(
    ("text", "iso", "legacy"),
    [
        ("2026-11-22T05:28:35.000Z", True, True),
        ("2026-11-22 05:28:35", True, True),
        ("2026-11-22T05:28:35+01:00", True, True),
        ("2026-11-22", False, True),
        ("Sun, 22 Nov 2026 05:28:35 GMT", False, True),
        ("2026-13-01T00:00:00Z", False, False),
        ("1600000000000", False, False),
        ("garbage", False, False),
    ],
)
def test_dates_are_read_more_strictly_in_newer_releases(text: str, *, iso: bool, legacy: bool) -> None:
    schema = closed({"since": {"type": "string", "format": "iso-date-time"}})
    assert is_iso(text) is iso
    assert (validate(schema, {"since": text})[1] == []) is iso
    assert (validate(schema, {"since": text}, LEGACY_DATES)[1] == []) is legacy


@given(st.text())
def test_any_text_is_a_date_or_none(text: str) -> None:
    moment = parse_date(text)
    assert moment is None or moment.tzinfo is not None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_what_was_accepted_once_is_accepted_again(value: Any) -> None:
    fitted, complaints = validate(ONE_ROOM, value)
    if not complaints:
        assert validate(ONE_ROOM, fitted) == (fitted, [])
