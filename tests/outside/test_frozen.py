"""What a profile asked for when a version was released it asks for ever after, however much newer suites judge."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from preflight.catalog.requirements import file_of, load_requirements, released
from preflight.certificate.freezing import write
from preflight.model.operation import OperationKey
from preflight.model.run import Run
from preflight.reporting.folder import open_run
from tests.outside.installed import put_preflight
from tests.plugin.outside import Ended, run

PROFILE, YESTERDAY, TODAY = "auto-translate", "0.0.9", "0.1.0"
NEW = OperationKey.parse("GET autotranslate.getSupportedLanguages")


def certify(folder: Path, judged: Run, version: str, out: str = "new.certificate.json") -> Ended:
    words = ("--profile", PROFILE, "--key", "key.pem", "--requirements", version, "--out", out)
    return run(folder, "preflight", "certify", f"runs/{judged.id}", *words)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """Preflight one version later: yesterday's sets did not ask for an operation that a run of today finds broken."""
    folder = tmp_path_factory.mktemp("later")
    contracts = put_preflight(folder) / "contracts"
    now = load_requirements(file_of(TODAY, PROFILE, root=contracts))
    known = tuple(one for one in now.requirements if one.claim.operation != NEW)
    assert len(known) < len(now.requirements)
    shutil.rmtree(file_of(TODAY, PROFILE, root=contracts).parent)  # not written yet when yesterday's were
    write({PROFILE: replace(now, preflight=YESTERDAY, requirements=known)}, YESTERDAY, contracts)
    write({PROFILE: now}, TODAY, contracts)
    assert set(released(contracts)) == {YESTERDAY}
    words = ("--profile", PROFILE, "--fault", "autotranslate-languages-for-all", "--workers", "1", "--out", "runs")
    assert run(folder, "preflight", "run", *words).code == 1
    (found,) = (folder / "runs").iterdir()
    judged = open_run(found)
    assert run(folder, "preflight", "keygen", "key.pem").code == 0
    return folder, judged


def test_a_run_that_judged_more_is_certified_by_the_set_of_yesterday(place: tuple[Path, Run]) -> None:
    folder, judged = place
    told = certify(folder, judged, YESTERDAY, out="given.certificate.json")
    assert told.code == 0, told.text
    told = run(folder, "preflight", "verify", "given.certificate.json", "--pubkey", "key.pub")
    assert told.code == 0, told.text
    assert YESTERDAY in told.text


def test_the_same_run_is_refused_by_the_set_of_today(place: tuple[Path, Run]) -> None:
    folder, judged = place
    told = certify(folder, judged, TODAY)
    assert told.code == 1
    assert "a required promise is broken: GET autotranslate.getSupportedLanguages" in told.text


def test_a_set_of_yesterday_that_was_changed_certifies_nothing(place: tuple[Path, Run]) -> None:
    folder, judged = place
    file = file_of(YESTERDAY, PROFILE, root=folder / "preflight" / "data" / "contracts")
    whole = file.read_text(encoding="utf-8")
    file.write_text(f"{whole}# changed\n", encoding="utf-8")
    try:
        told = certify(folder, judged, YESTERDAY)
    finally:
        file.write_text(whole, encoding="utf-8")
    assert told.code == 2, told.text
    assert f"the requirement sets of {YESTERDAY} are not those that were released" in told.text
