from preflight.model.oddity import Odd
from preflight.probes import own
from preflight.probes.probe import Parameters, Probe
from tests.probes.sample import LISTED, LISTING, NAMES, POSTED, POSTING


def words(probes: list[Probe]) -> list[str]:
    return [probe.title for probe in probes]


def test_each_required_parameter_is_left_out_alone() -> None:
    (probe,) = own.without_required(LISTING, LISTED, NAMES)
    assert (probe.title, probe.parameters.query) == ("without roomId", {"text": "hello"})
    assert probe.oddity.kind is Odd.MISSING


def test_of_alternatives_all_are_left_out_at_once() -> None:
    (probe,) = own.without_required(POSTING, POSTED, NAMES)
    assert (probe.title, probe.parameters.body) == ("without channel and roomId", {"text": "hello"})


def test_what_names_something_names_nothing() -> None:
    (probe,) = own.with_unknown(LISTED, NAMES)
    assert probe.parameters.query["roomId"] == "nothingnothing123"


def test_an_operator_where_something_is_written_chooses_only_what_is_ours() -> None:
    probes = list(own.with_operators(POSTED, NAMES, bounded=True))
    assert [probe.parameters.at(("body", "roomId")) for probe in probes] == [
        {"$in": ["ourroomourroom123"]},
        {"$eq": "ourroomourroom123"},
    ]


def test_an_operator_in_a_query_stands_in_brackets() -> None:
    probes = list(own.with_operators(LISTED, NAMES, bounded=False))
    assert {"roomId[$ne]": "nothingnothing123", "text": "hello"} in [probe.parameters.query for probe in probes]
    assert {"roomId[$in][]": ["ourroomourroom123"], "text": "hello"} in [probe.parameters.query for probe in probes]


def test_a_pattern_is_no_name_that_anything_could_have() -> None:
    patterns = [str(probe.parameters.query["roomId"]) for probe in own.with_patterns(LISTED, NAMES)]
    assert patterns == ["^ourroomourroom123$", "ourroomourroom12[3]"]


def test_other_shapes_of_what_names_something_hold_what_nothing_has() -> None:
    probes = list(own.with_shapes(POSTING, POSTED, NAMES))
    assert {"roomId": ["nothingnothing123"] * 2, "text": "hello"} in [probe.parameters.body for probe in probes]
    assert {"roomId": {"a": "nothingnothing123"}, "text": "hello"} in [probe.parameters.body for probe in probes]


def test_a_truth_value_is_written_as_a_text_beside_a_plain_one() -> None:
    (probe,) = own.with_spellings(POSTING, POSTED)
    assert probe.parameters.at(("body", "loud")) == "true"
    assert probe.plain is not None
    assert probe.plain.at(("body", "loud")) is True


def test_texts_of_every_script_are_written_where_a_plain_one_is_accepted() -> None:
    scripts = [probe for probe in own.with_texts(LISTING, LISTED, NAMES) if probe.oddity.kind is Odd.SCRIPT]
    assert len(scripts) == len(own.SCRIPTS)
    assert all(probe.plain == LISTED for probe in scripts)
    bare = Parameters(query={"roomId": "ourroomourroom123"})
    assert not [probe for probe in own.with_texts(LISTING, bare, NAMES) if probe.oddity.kind is Odd.SCRIPT]


def test_numbers_are_odd_in_every_way_and_parameters_come_twice() -> None:
    told = words(list(own.with_rough_values(LISTING, LISTED)))
    assert "count is a negative number" in told
    assert "roomId is given twice" in told
    assert len(told) == len(own.NUMBERS) + len(LISTED.query)


def test_a_body_gets_lists_within_lists() -> None:
    (probe,) = own.with_rough_values(POSTING, POSTED)
    value, levels = probe.parameters.at(("body", "nested")), 0
    while isinstance(value, list):
        value, levels = value[0], levels + 1
    assert levels == own.NESTED
