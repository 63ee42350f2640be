"""The other commands from outside: help that teaches, faults, derive, the mock alone."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from preflight.catalog.catalog import load_catalog
from preflight.checks.known import CHECKS
from preflight.mock.faults import FAULTS
from preflight.model.release import Release
from preflight.paths import REPORT_SCHEMAS
from tests.outside.console import preflight

PAGE = """\
openapi: 3.0.0
info: {title: Greetings, version: 1.0.0}
paths:
  /api/v1/greet.all:
    get:
      summary: Greet Everybody
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                type: object
                properties: {success: {type: boolean}}
              examples:
                one: {value: {success: true}}
"""


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("run",),
        ("plan",),
        ("mock",),
        ("faults",),
        ("drill",),
        ("derive",),
        ("export",),
        ("compare",),
        ("upgrade",),
        ("docs-diff",),
    ],
)
def test_help_teaches(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = preflight(*words, "--help", folder=tmp_path)
    assert told.code == 0
    assert told.out.startswith("Usage: preflight")
    assert max(map(len, told.out.splitlines())) <= 120


def test_the_version_is_told(tmp_path: Path) -> None:
    assert preflight("--version", folder=tmp_path).out.startswith("preflight, version ")


def test_an_unknown_option_is_wrong_usage(tmp_path: Path) -> None:
    told = preflight("run", "--tarket", "x", folder=tmp_path)
    assert told.code == 2
    assert "--target" in told.err


def test_faults_are_listed_for_machines(tmp_path: Path) -> None:
    faults = json.loads(preflight("faults", "--json", folder=tmp_path).out)["faults"]
    operations = {str(key) for key in load_catalog(Release(8, 0)).contracts}
    assert len(faults) >= 25
    for fault in faults:
        assert set(fault) == {"name", "sentence", "operation", "check"}
        assert fault["check"] in CHECKS
        assert fault["operation"] in operations or "*" in fault["operation"]


def test_faults_are_listed_for_people(tmp_path: Path) -> None:
    told = preflight("faults", folder=tmp_path)
    assert told.code == 0
    name, operation, check = told.out.splitlines()[0].split("  ")
    assert name in FAULTS
    assert (operation, check) == (FAULTS[name].operation, FAULTS[name].check)


def test_contracts_are_derived_and_checked(tmp_path: Path) -> None:
    page = tmp_path / "greetings.yaml"
    page.write_text(PAGE, encoding="utf-8")
    assert preflight("derive", str(page), "--out", "made", folder=tmp_path).code == 0
    assert "greet.all" in (tmp_path / "made" / "rest" / "greet.yaml").read_text(encoding="utf-8")
    assert preflight("derive", str(page), "--out", "made", "--check", folder=tmp_path).code == 0
    (tmp_path / "made" / "rest" / "greet.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    told = preflight("derive", str(page), "--out", "made", "--check", folder=tmp_path)
    assert told.code == 1
    assert "greet.yaml" in told.out


def test_a_page_whose_line_breaks_are_lost_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "flat.txt"
    page.write_text(" ".join(PAGE.split()), encoding="utf-8")
    told = preflight("derive", str(page), "--out", "made", folder=tmp_path)
    assert told.code == 2
    assert "line breaks" in told.err
    assert not (tmp_path / "made").exists()


def test_the_mock_runs_alone_until_ctrl_c(tmp_path: Path) -> None:
    words = [sys.executable, "-u", "-m", "preflight", "mock", "--port", "0", "--user", "root", "--password", "sesame"]
    with subprocess.Popen(
        words, cwd=tmp_path, env=dict(os.environ), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as mock:
        assert mock.stdout is not None
        shown = [mock.stdout.readline() for _ in range(4)]
        address = shown[1].split()[1]
        told = preflight(
            "run", "--target", address, "--user", "root", "--password", "sesame", "--only", "rooms.info",
            folder=tmp_path,
        )  # fmt: skip
        mock.send_signal(signal.SIGINT)
        _, err = mock.communicate(timeout=20)
    assert told.code == 0, told.out + told.err
    assert mock.returncode == 0
    assert err == ""


def test_a_port_that_is_taken_is_told(tmp_path: Path, taken_port: int) -> None:
    told = preflight("mock", "--port", str(taken_port), folder=tmp_path)
    assert told.code == 2
    assert str(taken_port) in told.err


def test_two_captures_of_documentation_are_compared(tmp_path: Path) -> None:
    longer = PAGE.replace("properties: {success", "properties: {all: {type: array}, success")
    for name, page in (("old", PAGE), ("new", longer)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "greetings.yaml").write_text(page, encoding="utf-8")
    told = preflight("docs-diff", "old", "new", "--out", "diff.md", folder=tmp_path)
    assert told.code == 0, told.out + told.err
    assert told.out.splitlines()[0] == "1 change, 0 of which can break a client"
    assert "field 200.all added" in (tmp_path / "diff.md").read_text(encoding="utf-8")
    back = preflight("docs-diff", "new", "old", "--json", folder=tmp_path)
    assert back.code == 1
    found = json.loads(back.out)
    schema = json.loads((REPORT_SCHEMAS / "docs-diff.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(found)
    assert found["figures"] == {"breaking": 1, "changes": 1, "compatible": 0}


def test_a_capture_that_is_no_documentation_is_refused(tmp_path: Path) -> None:
    (tmp_path / "page.yaml").write_text(PAGE, encoding="utf-8")
    (tmp_path / "flat.txt").write_text(" ".join(PAGE.split()), encoding="utf-8")
    told = preflight("docs-diff", "page.yaml", "flat.txt", "--out", "diff.md", folder=tmp_path)
    assert told.code == 2
    assert "line breaks" in told.err
    assert not (tmp_path / "diff.md").exists()


def test_the_effective_contract_is_exported(tmp_path: Path) -> None:
    told = preflight("export", "--release", "6.14", "--only", "rooms.*", folder=tmp_path)
    assert told.code == 0
    document = json.loads(told.out)
    assert document["info"]["version"] == "6.14"
    assert set(document["paths"]) == {"/api/v1/rooms.get", "/api/v1/rooms.info"}
    written = preflight("export", "--release", "6.14", "--only", "rooms.*", "--out", "api.json", folder=tmp_path)
    assert (written.code, written.out) == (0, "")
    assert (tmp_path / "api.json").read_text(encoding="utf-8") == told.out


@pytest.mark.parametrize(
    "words", [("--release", "eight"), ("--only", "nothing.*"), ("--out", "no/such/folder.json"), ("--format", "raml")]
)
def test_an_export_that_cannot_be_is_wrong_usage(tmp_path: Path, words: tuple[str, ...]) -> None:
    told = preflight("export", *words, folder=tmp_path)
    assert (told.code, told.out) == (2, "")
    assert list(tmp_path.iterdir()) == []
