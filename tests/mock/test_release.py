import pytest

from preflight.errors import UsageError
from preflight.mock.release import Regime


def test_an_unknown_release_names_those_that_are_known() -> None:
    with pytest.raises(UsageError) as refused:
        Regime.of("8.1")
    assert "6.14, 8.0, 8.8" in refused.value.hint


def test_few_routes_are_typed_at_8_0_and_all_at_8_8() -> None:
    early, late, legacy = Regime.of("8.0"), Regime.of("8.8"), Regime.of("6.14")
    assert early.typed("chat.pinMessage")
    assert not early.typed("dm.create")
    assert late.typed("dm.create")
    assert not legacy.typed("chat.pinMessage")
    assert early.validates_first("chat.update")
    assert not late.validates_first("chat.update")


def test_the_texts_of_validation_differ_by_release_and_part() -> None:
    assert Regime.of("8.0").invalid("dm.create", "body", ["a", "b"]) == ("a\n b [invalid-params]", "invalid-params")
    assert Regime.of("8.0").invalid("chat.pinMessage", "body", ["a", "b"]) == ("a\n b", "invalid-params")
    assert Regime.of("8.8").invalid("dm.list", "query", ["a", "b"]) == ("a\nb", "error-invalid-params")
    assert Regime.of("8.8").invalid("dm.create", "body", ["a"]) == ("a", "invalid-params")


def test_a_route_may_say_itself_since_when_it_is_typed() -> None:
    assert Regime.of("8.0").typed("dm.members", typed_from="8.0")
    assert not Regime.of("8.0").typed("dm.members", typed_from="8.3")
