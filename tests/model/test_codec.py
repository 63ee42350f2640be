import copy
import hashlib
import json
from typing import Any

import pytest
from hypothesis import given

from preflight.errors import UsageError
from preflight.model.codec import FORMAT, run_from_json, to_json
from preflight.model.run import Run
from preflight.paths import REPORT_SCHEMAS
from tests.model.strategies import RUNS
from tests.reporting.sample import sample_run

SHAPES = {"preflight-run/3": "3a9cd88259a27b53c1c0ff8154c2b1a543add2a84bad23267a8ea0e9b6f94e2c"}


def _stored() -> dict[str, Any]:
    """Give the sample run as read from a file; Any, so that a test can spoil it."""
    stored: dict[str, Any] = json.loads(json.dumps(to_json(sample_run())))
    return stored


@given(RUNS)
def test_every_run_survives_being_stored(run: Run) -> None:
    stored = json.loads(json.dumps(to_json(run)))
    assert run_from_json(stored) == run


def test_elapsed_time_survives_although_it_does_not_take_part_in_equality() -> None:
    run = sample_run()
    read = run_from_json(_stored())
    assert [one.elapsed_s for one in read.exchanges.values()] == [
        run.exchanges[key].elapsed_s for key in read.exchanges
    ]


def test_the_figures_of_claims_are_those_of_their_results() -> None:
    claims = _stored()["claims"]
    assert claims["total"] == len(claims["results"])
    assert claims["total"] == claims["judged"] + claims["not_applicable"] + claims["not_judged"]
    failed = [one["level"] for one in claims["results"] if one["verdict"] == "fail"]
    assert claims["failed"] == failed.count("must")
    assert claims["warnings"] == failed.count("should")


def test_results_of_claims_stand_in_the_order_of_their_ids() -> None:
    ids = [result["id"] for result in _stored()["claims"]["results"]]
    assert ids == sorted(ids)


@pytest.mark.parametrize(
    "foreign", [None, [], "run", {}, {"format": "other/2"}, {"format": [FORMAT]}, {"verdict": "pass"}]
)
def test_what_is_no_run_is_refused(foreign: Any) -> None:  # any JSON at all
    with pytest.raises(UsageError, match="no run of Preflight") as refused:
        run_from_json(foreign)
    assert refused.value.hint


@pytest.mark.parametrize(("number", "age"), [("2", "an older"), ("4", "a newer"), ("999999999", "a newer")])
def test_a_run_of_another_format_is_refused_and_says_of_which(number: str, age: str) -> None:
    with pytest.raises(UsageError, match=f"written by {age} Preflight: its format is 'preflight-run/{number}'"):
        run_from_json(_stored() | {"format": f"preflight-run/{number}"})


def test_a_shape_never_changes_under_the_same_number() -> None:
    """Where this fails, raise the number of FORMAT, tell it in CHANGELOG.md, and note the shape for the new number."""
    schema = json.loads((REPORT_SCHEMAS / "run.schema.json").read_text(encoding="utf-8"))
    shape = json.dumps(_without_words(schema), sort_keys=True)
    assert {FORMAT: hashlib.sha256(shape.encode()).hexdigest()} == SHAPES


def _without_words(schema: Any) -> Any:  # any JSON at all
    match schema:
        case dict():
            return {name: _without_words(one) for name, one in schema.items() if not _is_told(name, one)}
        case list():
            return [_without_words(one) for one in schema]
    return schema


def _is_told(name: str, value: object) -> bool:
    return name in {"title", "description"} and isinstance(value, str)


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("verdict",), "splendid", "splendid"),
        (("requests",), "many", "'many' is no int"),
        (("interrupted",), "yes", "'yes' is no bool"),
        (("duration_s",), True, "True is no float"),
        (("operations", "FETCH rooms"), {"verdict": "pass", "exercised": True, "cases": 1}, "FETCH rooms"),
        (("cases", 0, "operation"), 7, "7"),
        (("surprise",), 1, "unknown 'surprise'"),
        (("claims",), [], "list"),
        (("claims", "results", 0, "extra"), 1, "unknown 'extra'"),
        (("claims", "failed"), 0, "figures do not fit"),
        (("outcomes", 0, "id"), "another", "figures do not fit"),
        (("outcomes", 0, "findings"), None, "NoneType"),
        (("exchanges", "x002", "frames"), [{"direction": "sideways", "text": ""}], "sideways"),
    ],
)
def test_a_spoilt_run_is_refused_in_one_line(path: tuple[str | int, ...], value: object, told: str) -> None:
    spoilt = copy.deepcopy(_stored())
    place: Any = spoilt
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(UsageError, match="damaged") as refused:
        run_from_json(spoilt)
    assert told in refused.value.what
    assert "\n" not in refused.value.what


def test_a_missing_key_is_named() -> None:
    short = _stored()
    del short["target"]
    with pytest.raises(UsageError, match="'target' is missing"):
        run_from_json(short)
