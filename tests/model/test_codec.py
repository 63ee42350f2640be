import copy
import json
from typing import Any

import pytest
from hypothesis import given

from preflight.errors import UsageError
from preflight.model.codec import run_from_json, to_json
from preflight.model.run import Run
from tests.model.strategies import RUNS
from tests.reporting.sample import sample_run


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


@pytest.mark.parametrize("foreign", [None, [], "run", {}, {"format": "preflight-run/2"}, {"verdict": "pass"}])
def test_what_is_no_run_is_refused(foreign: Any) -> None:  # any JSON at all
    with pytest.raises(UsageError, match="no run of Preflight") as refused:
        run_from_json(foreign)
    assert refused.value.hint


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
