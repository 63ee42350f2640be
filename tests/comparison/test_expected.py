"""The mock workspace in two releases: the differences that servers are known to have, and nothing else."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from preflight.catalog.catalog import load_catalog
from preflight.catalog.documents import load
from preflight.comparison.comparison import compare
from preflight.model.change import Answer, Comparison, Obstacle, Standing
from preflight.model.json import as_list, as_object
from preflight.model.release import Release
from preflight.model.run import Run
from tests.comparison.plays import played

EXPECTED = Path(__file__).parent / "expected_6_14_to_8_0.yaml"

Seen = tuple[str, str, str, str, str]


def expected() -> Iterator[Seen]:
    every = [str(key) for key in load_catalog(Release(8, 0)).contracts if key.method != "ddp"]
    for row in map(as_object, as_list(load(EXPECTED).data)):
        operations = every if row["operations"] == "rest" else [str(name) for name in as_list(row["operations"])]
        for change in map(as_object, as_list(row["changes"])):
            told = (str(change["aspect"]), str(change.get("where", "")), str(change["before"]), str(change["after"]))
            yield from ((operation, *told) for operation in operations)


def seen(comparison: Comparison) -> list[Seen]:
    return [
        (str(operation), str(change.aspect), change.where, change.before, change.after)
        for change in comparison.changes
        for operation in change.operations
    ]


@pytest.fixture(scope="module")
def at_6_14(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return played("6.14", tmp_path_factory.mktemp("before"))


@pytest.fixture(scope="module")
def at_8_0(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return played("8.0", tmp_path_factory.mktemp("after"))


@pytest.fixture(scope="module")
def at_8_0_in_another_order(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return played("8.0", tmp_path_factory.mktemp("shuffled"), order=7)


def test_the_differences_that_servers_are_known_to_have_are_found_and_no_others(at_6_14: Run, at_8_0: Run) -> None:
    found = seen(compare(at_6_14, at_8_0))
    assert sorted(found) == sorted(set(expected()))


def test_they_are_the_same_in_another_order_of_cases(at_6_14: Run, at_8_0_in_another_order: Run) -> None:
    found = seen(compare(at_6_14, at_8_0_in_another_order))
    assert sorted(found) == sorted(set(expected()))


def test_two_runs_of_one_server_have_no_differences(at_8_0: Run, at_8_0_in_another_order: Run) -> None:
    assert at_8_0.target != at_8_0_in_another_order.target
    comparison = compare(at_8_0, at_8_0_in_another_order)
    assert comparison.changes == ()
    assert comparison.safety.answer is Answer.YES
    assert comparison.cases > 1000
    # Some cases are played only where others left a question open, which depends on their order.
    left = Counter(one.obstacle for one in comparison.not_compared)
    assert left[Obstacle.CIRCUMSTANCES] == left[Obstacle.OTHERWISE] == 0
    assert left.total() < 20


def test_an_upgrade_that_breaks_clients_as_promised_is_safe_only_where_that_is_accepted(
    at_6_14: Run, at_8_0: Run
) -> None:
    comparison = compare(at_6_14, at_8_0)
    assert comparison.safety.answer is Answer.NO
    assert not [change for change in comparison.changes if change.standing is Standing.AGAINST]
    accepted = compare(at_6_14, at_8_0, accept_promised=True)
    assert "of which the documentation of 8.0 says nothing" in accepted.safety.because
