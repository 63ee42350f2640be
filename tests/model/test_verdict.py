from hypothesis import given
from hypothesis import strategies as st

from preflight.model.verdict import Verdict, worst
from tests.model.strategies import VERDICTS


@given(VERDICTS)
def test_every_verdict_is_read_back_from_its_text(verdict: Verdict) -> None:
    assert Verdict(str(verdict)) is verdict


def test_the_larger_verdict_wins() -> None:
    assert worst([Verdict.PASS, Verdict.INCONCLUSIVE]) is Verdict.INCONCLUSIVE
    assert worst([Verdict.FAIL, Verdict.INCONCLUSIVE]) is Verdict.FAIL
    assert worst([Verdict.FAIL, Verdict.ERROR, Verdict.PASS]) is Verdict.ERROR
    assert worst([Verdict.NOT_APPLICABLE, Verdict.PASS]) is Verdict.PASS


@given(st.lists(VERDICTS), st.lists(VERDICTS))
def test_joining_in_parts_gives_what_joining_at_once_gives(some: list[Verdict], more: list[Verdict]) -> None:
    assert worst([worst(some), worst(more)]) is worst(some + more)


def test_the_verdict_on_nothing_is_what_the_caller_says() -> None:
    assert worst([]) is Verdict.NOT_APPLICABLE
    assert worst([], of_nothing=Verdict.INCONCLUSIVE) is Verdict.INCONCLUSIVE
