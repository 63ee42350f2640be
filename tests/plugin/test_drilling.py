from collections.abc import Iterator
from dataclasses import replace

import pytest

from preflight.errors import UsageError
from preflight.mock.faults import FAULTS
from preflight.mock.founding import found
from preflight.mock.release import Regime
from preflight.mock.server import MockServer
from preflight.model.drill import CleanRun, Trial
from preflight.model.verdict import Verdict
from preflight.plugin import drilling
from preflight.plugin.drilling import Order, Programme, drill, played
from preflight.plugin.playing import every_suite
from preflight.settings import Depth
from tests.catalogs import catalogs_read_once


@pytest.fixture(scope="module", autouse=True)
def _catalogs() -> Iterator[None]:
    with catalogs_read_once():
        yield


def test_without_names_every_fault_is_planted_in_a_release_that_can_have_it() -> None:
    orders = [order for order in Programme().orders() if order.fault]
    assert [order.fault for order in orders] == list(FAULTS)
    assert {order.fault: order.release for order in orders}["ddp-getRoomRoles-nobody"] == "6.14"


def test_only_what_a_fault_touches_is_judged_unless_all_is_asked_for() -> None:
    (order,) = Programme(names=("rooms-info-gone",), clean=0).orders()
    assert order.only == ("GET rooms.info",)
    (order,) = Programme(names=("rooms-info-gone",), clean=0, full=True).orders()
    assert order.only == ()


def test_a_sample_has_faults_for_every_check_and_is_the_same_for_the_same_seed() -> None:
    checks = {each.check for each in FAULTS.values()}
    drawn = Programme(sample=len(checks), seed=3).faults()
    assert {each.check for each in drawn} == checks
    assert drawn == Programme(sample=len(checks), seed=3).faults() != Programme(sample=len(checks), seed=4).faults()
    assert len(Programme(sample=5).faults()) == 5
    assert Programme(sample=10_000).faults() == Programme().faults()


def test_every_run_is_as_deep_as_was_asked_for() -> None:
    orders = Programme(sample=3, clean=1, depth=Depth.QUICK).orders()
    assert {order.depth for order in orders} == {Depth.QUICK}
    assert {order.depth for order in Programme(sample=3).orders()} == {None}


def test_clean_runs_have_a_seed_each_on_every_release() -> None:
    orders = [order for order in Programme(clean=2, seed=7).orders() if not order.fault]
    assert {(order.release, order.seed) for order in orders} == {
        (each, seed) for each in Regime.known() for seed in (7, 8)
    }
    assert {order.only for order in orders} == {()}


def test_clean_runs_beside_named_faults_judge_what_these_touch() -> None:
    orders = Programme(names=("rooms-info-gone", "dm-list-html"), clean=1, release="8.8").orders()
    assert orders[0] == Order(release="8.8", only=("GET dm.list", "GET rooms.info"))


def test_a_release_leaves_out_the_faults_that_it_cannot_have() -> None:
    names = {order.fault for order in Programme(release="8.8", clean=0).orders()}
    assert "rooms-info-gone" in names
    assert "ddp-getRoomRoles-nobody" not in names


@pytest.mark.parametrize(
    ("programme", "told"),
    [
        (Programme(names=("rooms-info-gon",)), "rooms-info-gone"),
        (Programme(release="9.9"), "9.9"),
        (Programme(names=("ddp-getRoomRoles-nobody",), release="8.8"), "cannot have"),
    ],
)
def test_what_cannot_be_drilled_is_refused(programme: Programme, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        programme.orders()
    assert told in str(refused.value)


def test_processes_play_faults_and_clean_runs() -> None:
    orders = Programme(names=("rooms-info-gone", "dm-list-html"), release="8.0").orders()
    results = list(drill(orders, workers=2))
    trials = {result.planted.name: result for result in results if isinstance(result, Trial)}
    assert {name: trial.is_named for name, trial in trials.items()} == {"rooms-info-gone": True, "dm-list-html": True}
    assert all(trial.verdict is Verdict.FAIL and trial.seconds > 0 for trial in trials.values())
    (clean,) = [result for result in results if isinstance(result, CleanRun)]
    assert (clean.findings, clean.trouble) == (0, "")


def test_a_fault_that_does_nothing_is_a_miss(monkeypatch: pytest.MonkeyPatch) -> None:
    harmless = replace(FAULTS["rooms-info-gone"], lookup=None)
    monkeypatch.setattr(drilling, "planted", lambda _name: harmless)
    trial = played(Order(fault=harmless.name, only=(harmless.operation,)))
    assert isinstance(trial, Trial)
    assert (trial.is_found, trial.verdict, trial.trouble) == (False, Verdict.PASS, "")


def test_a_workspace_that_cannot_be_judged_is_our_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MockServer, "url", "http://127.0.0.1:9")
    trial = played(Order(fault="rooms-info-gone", only=("GET rooms.info",)))
    assert isinstance(trial, Trial)
    assert trial.verdict is None
    assert "127.0.0.1:9" in trial.trouble


def test_a_case_that_breaks_is_our_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_act: object) -> None:
        raise RuntimeError("a screw is loose")

    suites = [replace(suite, judge=broken) for suite in every_suite() if suite.act == "other_method"]
    monkeypatch.setattr("preflight.plugin.playing.every_suite", lambda: suites)
    clean = played(Order(only=("GET rooms.info",)))
    assert isinstance(clean, CleanRun)
    assert "a screw is loose" in clean.trouble


def test_the_seed_decides_the_ids_of_the_workspace(monkeypatch: pytest.MonkeyPatch) -> None:
    admins = []

    def remembering(**how: object) -> object:
        workspace = found(**how)  # type: ignore[arg-type] # handed on as it came
        admins.append([user["_id"] for user in workspace.users])
        return workspace

    monkeypatch.setattr(drilling, "found", remembering)
    for seed in (1, 1, 2):
        played(Order(only=("GET rooms.get",), seed=seed))
    assert admins[0] == admins[1] != admins[2]
