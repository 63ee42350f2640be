"""Waivers from outside: a known deviation passes, anything else fails, and so does a waiver that is worth nothing."""

from pathlib import Path

import pytest

from preflight.reporting.folder import open_run
from tests.outside.console import Told, preflight

WAIVERS = """
waivers:
  renamed-error:
    claim: POST dm.open#refusal:400.error-room-param-not-provided
    check: refusal.error-type
    where: /errorType
    owner: team-chat
    reason: a proxy renames errors
    link: https://tracker.example.org/1
    expires: "2099-12-31"
"""
ONLY = ("--only", "POST dm.open", "--out", "runs")


def judged(folder: Path, *words: str, waivers: str = WAIVERS) -> Told:
    (folder / "waivers.yaml").write_text(waivers, encoding="utf-8")
    return preflight("run", *ONLY, "--waivers", "waivers.yaml", *words, folder=folder)


def test_a_known_deviation_passes_and_is_told(tmp_path: Path) -> None:
    told = judged(tmp_path, "--fault", "dm-open-renamed-error")
    assert told.code == 0, told.out + told.err
    assert "waived 1" in told.out
    (folder,) = (tmp_path / "runs").iterdir()
    run = open_run(folder)
    assert [(waiver.id, waiver.state) for waiver in run.waivers] == [("renamed-error", "used")]
    assert "renamed-error" in (folder / "summary.md").read_text(encoding="utf-8")
    assert "renamed-error" in (folder / "report.html").read_text(encoding="utf-8")


def test_another_deviation_fails_all_the_same(tmp_path: Path) -> None:
    told = judged(tmp_path, "--fault", "dm-open-401-as-403")
    assert told.code == 1
    assert "promised 401, received 403" in " ".join(told.out.split())


def test_a_waiver_whose_promise_holds_again_fails_the_run(tmp_path: Path) -> None:
    told = judged(tmp_path)
    assert told.code == 1, told.out + told.err
    assert "1 waiver is worth nothing any more" in told.out
    assert "the promise holds again; remove the waiver" in " ".join(told.out.split())


def test_an_expired_waiver_fails_the_run(tmp_path: Path) -> None:
    told = judged(tmp_path, "--fault", "dm-open-renamed-error", waivers=WAIVERS.replace("2099", "2020"))
    assert told.code == 1
    assert "it has expired" in " ".join(told.out.split())
    assert "/errorType" in told.out


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("owner:", "ownr:", "waivers.yaml:3: 'owner' is missing in waivers/renamed-error"),
        ("POST dm.open#", "POST dm.opn#", "unknown claim of waiver renamed-error: 'POST dm.opn'"),
    ],
)
def test_a_mistake_is_told_and_nothing_is_judged(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    answer = judged(tmp_path, waivers=WAIVERS.replace(right, wrong))
    assert answer.code == 2
    assert told in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("check: refusal.error-type", "check: refusal.error-text"),
        ("where: /errorType", "where: /error"),
        ("where: /errorType", "where: /errorType/*"),
        ("#refusal:400.error-room-param-not-provided", "#route"),
    ],
    ids=["check", "place", "deeper place", "claim"],
)
def test_a_waiver_accepts_one_check_of_one_claim_at_one_place(tmp_path: Path, right: str, wrong: str) -> None:
    told = judged(tmp_path, "--fault", "dm-open-renamed-error", waivers=WAIVERS.replace(right, wrong))
    assert told.code == 1, told.out + told.err
    assert "/errorType: promised" in " ".join(told.out.split())
    (folder,) = (tmp_path / "runs").iterdir()
    (waiver,) = open_run(folder).waivers
    assert waiver.state != "used"


def test_a_star_stands_for_one_part_of_a_place(tmp_path: Path) -> None:
    told = judged(tmp_path, "--fault", "dm-open-renamed-error", waivers=WAIVERS.replace("/errorType", '"/*"'))
    assert told.code == 0, told.out + told.err


@pytest.mark.parametrize(("releases", "code"), [(">=6.14,<8.0", 1), (">=8.0,<8.3", 0)])
def test_a_waiver_is_about_the_releases_that_it_names(tmp_path: Path, releases: str, code: int) -> None:
    ranged = WAIVERS.replace("    owner:", f'    releases: "{releases}"\n    owner:')
    told = judged(tmp_path, "--fault", "dm-open-renamed-error", "--release", "8.0", waivers=ranged)
    assert told.code == code, told.out + told.err
    (folder,) = (tmp_path / "runs").iterdir()
    assert len(open_run(folder).waivers) == (1 if code == 0 else 0)
