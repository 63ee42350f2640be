import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.derive.titles import page_address, slug


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Get Room Information", "get-room-information"),
        ("Archive Rooms (Realtime)", "archive-rooms-realtime"),
        ("Favorite/Unfavorite a Room", "favoriteunfavorite-a-room"),
        ("  Message   Others ", "message-others"),
    ],
)
def test_a_title_becomes_an_address(title: str, expected: str) -> None:
    assert page_address(title) == f"https://developer.rocket.chat/apidocs/{expected}"


@given(st.text())
def test_a_slug_is_its_own_slug(text: str) -> None:
    assert slug(slug(text)) == slug(text)
