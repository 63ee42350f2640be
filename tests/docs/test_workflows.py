"""Workflows that others copy: pinned, with least permissions, and with commands that exist."""

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from preflight import paths
from preflight.cli import preflight

GITHUB = paths.CONTRACTS.parent / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTION = GITHUB / "actions" / "preflight" / "action.yml"
COMPOSE = paths.CONTRACTS.parent / "docs" / "real-server" / "compose.yaml"
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}$")
COMMAND = re.compile(
    r"(?:^|[\s\"])(?:\"\$RUNNER_TEMP/preflight/bin/preflight\"|preflight) (?P<words>[a-z][^\n|&;]*)", re.MULTILINE
)

Yaml = Any  # what a YAML file holds


def load(path: Path) -> Yaml:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def steps(path: Path) -> list[Yaml]:
    data = load(path)
    return data["runs"]["steps"] if path == ACTION else [step for job in data["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("path", [*WORKFLOWS, ACTION], ids=lambda path: path.stem)
def test_every_action_of_others_is_pinned_by_its_commit(path: Path) -> None:
    used = [step["uses"] for step in steps(path) if "uses" in step]
    assert [name for name in used if not name.startswith("./") and not PINNED.match(name)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_workflow_has_more_rights_than_it_says(path: Path) -> None:
    data = load(path)
    assert data["permissions"] in ({}, {"contents": "read"})
    for job in data["jobs"].values():
        assert set(job.get("permissions", {}).values()) <= {"read", "write"}
        assert job["timeout-minutes"] <= 120


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_no_value_of_somebody_else_is_pasted_into_a_script(path: Path) -> None:
    pasted = [step["run"] for step in steps(path) if "${{" in step.get("run", "")]
    assert pasted == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_command_of_a_workflow_parses(path: Path) -> None:
    for step in steps(path):
        for found in COMMAND.finditer(step.get("run", "").replace("\\\n", " ")):
            name, *words = shlex.split(found["words"])
            command = preflight.commands[name]
            context = click.Context(command, info_name=name)
            _, rest, _ = command.make_parser(context).parse_args(list(words))
            assert rest == []


def test_the_action_says_all_that_its_script_reads() -> None:
    script = (ACTION.parent / "judge.sh").read_text(encoding="utf-8")
    read = {name for name in re.findall(r"\$\{?([A-Z_]+)", script) if not name.startswith(("GITHUB", "RUNNER"))}
    (step,) = [step for step in steps(ACTION) if step.get("id") == "run"]
    assert read <= set(step["env"])


def test_the_real_server_listens_on_this_machine_alone() -> None:
    services = load(COMPOSE)["services"]
    published = [port for service in services.values() for port in service.get("ports", [])]
    assert published == ["127.0.0.1:3000:3000"]
    assert services["rocketchat"]["environment"]["ADMIN_PASS"].startswith("${ADMIN_PASSWORD:?")
