import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model import normal
from preflight.model.json import Json

ROOM = "de36991e3efb2a22abe976c5"
USER = "nKnJNLbxMGxC27msq"
OTHER = "d6R68eF3e3XfpotWA"


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (f'No message found with the id of "{USER}".', 'No message found with the id of "<id>".'),
        (f"no room {ROOM}, no DM {USER}{OTHER}, no {ROOM}{USER}", "no room <id>, no DM <id>, no <id>"),
        ("A channel with name 'pf-cfb015-t0490af2a19' exists", "A channel with name '<run>-<case>' exists"),
        (":t0490af2a19_wave:", ":<case>_wave:"),
        ("since 2026-11-27T17:29:34.334Z or 1795800574340", "since <time> or <time>"),
        ("http://127.0.0.1:37219/avatar/x and 127.0.0.1:3000", "<target>/avatar/x and <target>"),
        ("You must wait 41 seconds before trying", "You must wait <number> seconds before trying"),
        ("no room 1612345678abcdefabcdefab", "no room <id>"),
        ("e4eaaaf2-d142-11e1-b3e4-080027620cdd", "<id>"),
    ],
)
def test_what_differs_in_every_run_is_taken_out(told: str, left: str) -> None:
    assert normal.text(told) == left


@pytest.mark.parametrize(
    "told",
    [
        "must NOT have additional properties",
        'The required "messageId" param is missing. [error-messageid-param-not-provided]',
        "error-room-not-found",
        "unsubscribability and misrepresentation",
        "Message size exceeds Message_MaxAllowedSize",
        "You cannot add more than 8 users",
        "release 8.0 of 2026",
    ],
)
def test_words_stay_words(told: str) -> None:
    assert normal.text(told) == told


def test_values_are_made_normal_at_any_depth() -> None:
    given_: Json = {
        "room": {"_id": ROOM, "ts": 1795800574340, "msgs": 3, "names": [USER, "alice"], "ok": True, "no": None}
    }
    assert normal.value(given_) == {
        "room": {"_id": "<id>", "ts": "<time>", "msgs": 3, "names": ["<id>", "alice"], "ok": True, "no": None}
    }


@given(st.text())
def test_what_is_normal_stays_as_it_is(told: str) -> None:
    once = normal.text(told)
    assert normal.text(once) == once
