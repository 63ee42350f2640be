import pytest
from hypothesis import given

from preflight.model.operation import OperationKey
from tests.model.strategies import OPERATION_KEYS


@given(OPERATION_KEYS)
def test_every_key_is_read_back_from_its_text(key: OperationKey) -> None:
    assert OperationKey.parse(str(key)) == key


@given(OPERATION_KEYS)
def test_every_key_matches_its_own_text(key: OperationKey) -> None:
    assert key.matches(str(key))


@pytest.mark.parametrize("text", ["", "rooms.info", "FETCH rooms.info", "GET ", "GET a b", "ddp:", "get rooms.info"])
def test_what_names_no_operation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no operation"):
        OperationKey.parse(text)


def test_a_glob_selects_by_name_or_by_key() -> None:
    key = OperationKey.parse("GET rooms.info")
    assert key.matches("rooms.*")
    assert key.matches("GET rooms.*")
    assert not key.matches("POST rooms.*")
    assert not key.matches("ddp:*")


def test_a_realtime_method_is_selected_by_its_key_only() -> None:
    key = OperationKey.parse("ddp:rooms/get")
    assert key.matches("ddp:rooms/*")
    assert not key.matches("rooms/*")


def test_the_family_is_the_part_before_the_first_dot() -> None:
    assert OperationKey.parse("POST chat.postMessage").family == "chat"
    assert OperationKey.parse("ddp:rooms/get").family == "realtime"
