from preflight.model.oddity import Odd, Oddity
from preflight.probes.probe import Parameters
from preflight.probes.reduction import smaller
from tests.probes.sample import LISTED, LISTING, NAMES

DRAWN = Oddity(kind=Odd.DRAWN, subject="", words="drawn")


def test_what_is_odd_and_what_is_required_stays() -> None:
    missing = Oddity(kind=Odd.ROUGH, subject="query.text", words="text is rough")
    assert list(smaller(LISTED, LISTING, missing, NAMES)) == []


def test_of_what_was_drawn_everything_can_go() -> None:
    assert [parameters.query for parameters in smaller(LISTED, LISTING, DRAWN, NAMES)] == [
        {"text": "hello"},
        {"roomId": "ourroomourroom123"},
    ]


def test_long_texts_are_halved_but_not_those_that_name_something() -> None:
    long = Parameters(query={"roomId": "ourroomourroom123", "text": "abcdefghijkl"})
    texts = [parameters.query.get("text") for parameters in smaller(long, LISTING, DRAWN, NAMES)]
    assert {"abcdef", "ghijkl"} <= set(texts)
    rooms = [parameters.query.get("roomId") for parameters in smaller(long, LISTING, DRAWN, NAMES)]
    assert set(rooms) == {None, "ourroomourroom123"}
