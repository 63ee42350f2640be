"""JSON pointers: printed and read back, looked up in bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model.json import Json
from preflight.model.pointer import NothingThereError, look_up, parts, pointer


@given(st.lists(st.text()))
def test_what_is_printed_is_read_back(path: list[str]) -> None:
    assert list(parts(pointer(path))) == path


def test_a_pointer_starts_with_a_slash() -> None:
    with pytest.raises(ValueError, match="no JSON pointer"):
        parts("room/_id")


def test_a_place_is_looked_up_in_objects_and_arrays() -> None:
    body: Json = {"update": [{"_id": "a"}, {"_id": "b", "a/b": {"~": 1}}]}
    assert look_up(body, "/update/0/_id") == "a"
    assert look_up(body, "/update/-1/_id") == "b"
    assert look_up(body, "/update/1/a~1b/~0") == 1
    assert look_up(body, "") == body


@pytest.mark.parametrize("where", ["/update/2", "/update/x", "/remove", "/update/0/_id/0"])
def test_a_place_that_is_not_there_is_told(where: str) -> None:
    with pytest.raises(NothingThereError):
        look_up({"update": [{"_id": "a"}]}, where)
