"""The step of the composite action, run as a job runs it: options in, summary, verdict and folder out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from preflight import paths

SCRIPT = paths.CONTRACTS.parent / ".github" / "actions" / "preflight" / "judge.sh"


def job(folder: Path, **given: str) -> tuple[int, dict[str, str], str]:
    """Run the step; gives its exit code, its outputs and the page of the job."""
    binary = folder / "temp" / "preflight" / "bin" / "preflight"
    binary.parent.mkdir(parents=True)
    binary.write_text(f'#!/bin/sh\nexec {sys.executable} -m preflight "$@"\n', encoding="utf-8")
    binary.chmod(0o755)
    names = ("RELEASE", "PROFILE", "ONLY", "WAIVERS", "SHARD", "OUT", "ALLOW")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PREFLIGHT_")}
    environ |= dict.fromkeys(names, "") | {"PROFILE": "full", "OUT": "runs", "ALLOW": "false"} | given
    environ |= {name: str(folder / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run(
        [bash, str(SCRIPT)],
        cwd=folder,
        env=environ | {"RUNNER_TEMP": str(folder / "temp")},
        check=False,
        timeout=120,
        capture_output=True,
    )
    lines = (folder / "github_output").read_text(encoding="utf-8").splitlines()
    summary = folder / "github_step_summary"
    page = summary.read_text(encoding="utf-8") if summary.exists() else ""
    return done.returncode, dict(line.split("=", 1) for line in lines), page


def test_a_run_that_conforms_lets_the_job_pass(tmp_path: Path) -> None:
    code, outputs, page = job(tmp_path, ONLY="GET rooms.get\nGET dm.list\n")
    assert (code, outputs["verdict"]) == (0, "pass")
    assert (tmp_path / outputs["run"] / "run.json").exists()
    assert page.startswith("# ✅ CONFORMS")


def test_a_wrong_option_fails_the_job_as_an_error_without_a_run(tmp_path: Path) -> None:
    code, outputs, page = job(tmp_path, PROFILE="no-such-profile")
    assert (code, outputs, page) == (2, {"verdict": "error", "run": ""}, "")


@pytest.mark.parametrize(("allowed", "expected"), [("true", 0), ("false", 3)])
def test_an_inconclusive_run_passes_only_where_that_is_allowed(tmp_path: Path, allowed: str, expected: int) -> None:
    unreachable = {
        "PREFLIGHT_TARGET": "http://127.0.0.1:9",
        "PREFLIGHT_USER": "admin",
        "PREFLIGHT_PASSWORD": "secret-word",
    }
    code, outputs, _ = job(tmp_path, ALLOW=allowed, **unreachable)
    assert (code, outputs["verdict"]) == (expected, "inconclusive")
