from preflight.probes.generator import covering, drawing
from tests.probes.sample import LISTED, LISTING, POSTED, POSTING


def test_boundary_cases_are_the_same_always_and_vary_an_accepted_request() -> None:
    first, second = list(covering(LISTING, LISTED)), list(covering(LISTING, LISTED))
    assert [(probe.parameters, probe.title) for probe in first] == [(probe.parameters, probe.title) for probe in second]
    assert LISTED.query["roomId"] in [probe.parameters.query.get("roomId") for probe in first]
    assert any("roomId" not in probe.parameters.query for probe in first)


def test_no_other_method_and_no_other_media_type_is_drawn() -> None:
    told = [probe.title for probe in covering(POSTING, POSTED)]
    assert told
    assert not [words for words in told if "method" in words or "content-type" in words.lower()]


def test_the_same_number_draws_the_same_requests() -> None:
    def drawn(number: int) -> list[object]:
        return [probe.parameters for probe in drawing(POSTING, POSTED, number, 12)]

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_nothing_is_drawn_where_nothing_is_wanted() -> None:
    assert list(drawing(POSTING, POSTED, 7, 0)) == []
