"""Each fault is caught by the check that it names, and by nothing where no fault is planted."""

import os
from collections import Counter
from collections.abc import Callable
from dataclasses import fields

import pytest

from preflight import paths
from preflight.catalog.catalog import load_catalog
from preflight.catalog.profile import Strictness
from preflight.checks.known import CHECKS
from preflight.errors import UsageError
from preflight.mock.fault import Fault
from preflight.mock.faults import FAULTS, fault
from preflight.mock.server import MockServer
from preflight.model.drill import CleanRun, Trial
from preflight.model.release import Release
from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.plugin.drilling import Order, Programme, judged, limit_s, run_against
from preflight.plugin.playing import play
from preflight.plugin.pool import Lost, Pool
from preflight.session.session import Plan, open_session
from preflight.settings import Account

# A fault that removes a room leaves nothing for Preflight to remove: saying so is right.
TAKES_AWAY = {"dm-delete-refused-and-done"}
SUITES = "".join(path.read_text(encoding="utf-8") for path in sorted(paths.SUITES.rglob("test_*.py")))
WORDS = {"name", "sentence", "operation", "check", "release"}
USUAL = "8.0"
RELEASES = sorted({each.release or USUAL for each in FAULTS.values()})
PROVED = "test_a_fault_is_caught_by_the_check_that_it_names"

Runs = Callable[[Order], Run]


def with_fault(name: str) -> Order:
    (order,) = Programme(names=(name,), clean=0).orders()
    return order


def without_fault(release: str) -> Order:
    """Order a run over every operation that a fault touches in a release, without any fault."""
    touched = {each.operation for each in FAULTS.values() if (each.release or USUAL) == release}
    return Order(release=release, only=tuple(sorted(touched)))


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest) -> Runs:
    """Give runs as ordered, each made once; those that the chosen tests need are made side by side beforehand."""
    names = [
        str(item.callspec.params["name"])
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == PROVED
    ]
    made: dict[Order, Run] = {}

    def make(*orders: Order) -> None:
        pool: Pool[Order, Run] = Pool(run_against, workers=len(os.sched_getaffinity(0)), limit_s=limit_s)
        for order, result in pool.results([order for order in orders if order not in made]):
            assert not isinstance(result, Lost), f"{order}: {result}"
            made[order] = result

    def run(order: Order) -> Run:
        make(order)
        return made[order]

    make(*map(without_fault, RELEASES), *map(with_fault, names))
    return run


def trial(name: str, run: Run) -> Trial:
    found = judged(with_fault(name), run, run.duration_s)
    assert isinstance(found, Trial)
    return found


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_fault_is_caught_by_the_check_that_it_names(name: str, runs: Runs) -> None:
    run = runs(with_fault(name))
    found = trial(name, run)
    assert found.is_named, Counter(outcome.check for outcome in run.outcomes if outcome.findings)
    named = [seen for seen in found.sightings if seen.touched and seen.check == FAULTS[name].check]
    assert run.verdict is Verdict.FAIL or all(seen.advisory for seen in named)
    assert not found.trouble
    assert run.leftovers == () or name in TAKES_AWAY


@pytest.mark.parametrize("release", RELEASES)
def test_without_a_fault_nothing_is_found_and_nothing_is_left(release: str, runs: Runs) -> None:
    order = without_fault(release)
    run = runs(order)
    found = judged(order, run, run.duration_s)
    assert isinstance(found, CleanRun)
    assert [str(seen) for seen in found.alarms] == []
    assert found.trouble == ""
    assert run.leftovers == ()
    assert run.verdict is Verdict.PASS
    assert [str(key) for key, result in run.operations.items() if not result.exercised] == []


def test_every_finding_says_what_was_promised_and_how_to_see_it_again(runs: Runs) -> None:
    by_check = {planted.check: planted for planted in FAULTS.values()}
    for planted in by_check.values():
        run = runs(with_fault(planted.name))
        findings = [finding for outcome in run.outcomes for finding in outcome.findings]
        assert findings
        for finding in findings:
            assert finding.promised
            assert finding.received
            assert finding.promised != finding.received
            assert finding.where == "" or finding.where.startswith(("/", "status", "header ", "afterwards /", "time"))
            assert finding.page.startswith("https://developer.rocket.chat/")
            over_rest = finding.reproduce.startswith("curl -i -X ") and "/api/v1/" in finding.reproduce
            typed = finding.reproduce.startswith("printf ") and " | websocat " in finding.reproduce
            assert over_rest or typed


def test_every_check_has_a_fault_that_it_catches() -> None:
    # Undeclared fields are reported and never a failure, except by a closed profile: tested apart.
    assert set(CHECKS) - {planted.check for planted in FAULTS.values()} == {"success.closed"}


def test_every_check_is_asked_by_a_suite() -> None:
    assert [name for name in CHECKS if f'"{name}"' not in SUITES] == []


def test_every_fault_names_a_check_and_an_operation_that_exist() -> None:
    operations = {release: [str(key) for key in load_catalog(Release.parse(release)).contracts] for release in RELEASES}
    for planted in FAULTS.values():
        assert planted.check in CHECKS, planted.name
        assert any(map(planted.touches, operations[planted.release or USUAL])), planted.name
        assert planted.sentence, planted.name
        assert not planted.sentence.endswith("."), planted.name


def test_every_fault_is_planted_somewhere() -> None:
    hooks = [field.name for field in fields(Fault) if field.name not in WORDS]
    idle = [each.name for each in FAULTS.values() if not any(getattr(each, hook) for hook in hooks)]
    assert idle == []


def test_an_unknown_fault_is_told_with_the_nearest_one() -> None:
    with pytest.raises(UsageError) as told:
        fault("rooms-info-gon")
    assert "rooms-info-gone" in str(told.value)


def test_fields_beyond_the_contract_fail_a_closed_profile_alone() -> None:
    runs: dict[Strictness, Run] = {}
    for strictness in (Strictness.REQUIRED, Strictness.CLOSED):
        with MockServer() as mock:
            account = Account(user=mock.admin_username, password=mock.admin_password)
            session = open_session(Plan(target=mock.url, account=account, only=("GET dm.list",)))
            session.ground.strictness = strictness
            play(session)
            runs[strictness] = session.close()
    closed = [outcome for outcome in runs[Strictness.CLOSED].outcomes if outcome.check == "success.closed"]
    assert runs[Strictness.REQUIRED].verdict is Verdict.PASS
    assert runs[Strictness.REQUIRED].beyond_contract == runs[Strictness.CLOSED].beyond_contract != ()
    assert "success.closed" not in {outcome.check for outcome in runs[Strictness.REQUIRED].outcomes}
    assert runs[Strictness.CLOSED].verdict is Verdict.FAIL
    assert any(outcome.findings for outcome in closed)
