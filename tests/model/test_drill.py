import json

import pytest
from jsonschema import Draft202012Validator

from preflight.model.drill import CleanRun, Trial, checks_of, to_json
from preflight.paths import REPORT_SCHEMAS
from tests.reporting.drills import ALARMING, CLEAN, ELSEWHERE, FOUND, LOST, MISSED, OTHERWISE, WHOLE, drill, seen, trial

SCHEMA = json.loads((REPORT_SCHEMAS / "drill.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("each", "found_by", "is_named"),
    [
        (FOUND, ("field.type", "field.value"), True),
        (OTHERWISE, ("field.value",), False),
        (ELSEWHERE, (), False),
        (MISSED, (), False),
        (LOST, (), False),
    ],
    ids=lambda value: value.planted.name if isinstance(value, Trial) else "",
)
def test_a_fault_is_found_where_it_is(each: Trial, found_by: tuple[str, ...], is_named: bool) -> None:  # noqa: FBT001
    assert each.found_by == found_by
    assert each.is_found is bool(found_by)
    assert each.is_named is is_named


def test_an_advisory_promise_counts_where_the_fault_names_its_check() -> None:
    warned = seen("security.closed", advisory=True)
    assert trial("mine", warned, check="security.closed").is_named
    assert not trial("another", warned, check="field.type").is_found


def test_what_is_known_of_a_release_finds_nothing() -> None:
    assert not trial("hole", seen(known=True, advisory=True)).is_found
    assert (CLEAN.findings, ALARMING.findings) == (0, 3)


def test_a_drill_is_passed_when_all_is_found_by_its_name_and_nothing_else() -> None:
    assert drill(FOUND).is_passed
    assert not drill(FOUND, OTHERWISE).is_passed
    assert not drill(FOUND, clean=(ALARMING,)).is_passed
    assert not drill(FOUND, LOST).is_passed


def test_our_trouble_is_no_miss_and_is_told_with_its_fault() -> None:
    broken = CleanRun(release="6.14", seed=3, trouble="it did not end within 9 seconds")
    told = drill(FOUND, MISSED, LOST, clean=(broken,))
    assert told.misses == (MISSED,)
    assert told.troubles == (
        "lost: its process died by signal 9",
        "clean run of 6.14, seed 3: it did not end within 9 seconds",
    )


def test_every_check_that_found_or_should_have_is_in_the_matrix() -> None:
    assert checks_of([FOUND, trial("other", check="route.exists")]) == ["field.type", "field.value", "route.exists"]


def test_the_json_of_a_drill_keeps_its_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    told = to_json(WHOLE)
    Draft202012Validator(SCHEMA).validate(told)
    assert told["clean"] == {"runs": 2, "findings": 3}


def test_the_schema_refuses_a_fault_that_is_found_by_nothing() -> None:
    told = json.loads(json.dumps(to_json(drill(MISSED))))
    told["faults"][0]["found"] = True
    assert not Draft202012Validator(SCHEMA).is_valid(told)
