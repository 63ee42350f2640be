"""Workflows that others copy: pinned, with least permissions, and with commands that exist."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections import defaultdict
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
KUBERNETES = paths.CONTRACTS.parent / "docs" / "kubernetes"
USES = re.compile(
    r"^\s*(?:- )?uses: (?P<action>[\w.-]+/[\w./-]+)@(?P<commit>\S+)(?: # (?P<version>v\d+(?:\.\d+)+))?$", re.MULTILINE
)
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


def test_each_action_has_one_pin_everywhere_and_the_version_that_it_stands_for() -> None:
    pages = [page.read_text(encoding="utf-8") for page in (paths.CONTRACTS.parent / "docs").rglob("*.md")]
    texts = [*pages, *(path.read_text(encoding="utf-8") for path in [*WORKFLOWS, ACTION])]
    pins: defaultdict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for found in (found for text in texts for found in USES.finditer(text)):
        if not found["action"].startswith("OWNER/"):
            pins["/".join(found["action"].split("/")[:2])].add((found["commit"], found["version"]))
    assert "actions/checkout" in pins
    assert {name: own for name, own in pins.items() if len(own) > 1} == {}
    assert [pin for own in pins.values() for pin in own if not re.fullmatch("[0-9a-f]{40}", pin[0]) or not pin[1]] == []


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


# -- what the night tells --------------------------------------------------------------------------------------------


def result(claim: str, verdict: str, *, level: str = "must", waiver: str | None = None) -> Yaml:
    return {"id": claim, "verdict": verdict, "level": level, "waiver": waiver}


def night(place: Path, *results: Yaml) -> list[str]:
    """Play the step of the nightly workflow that compares nights; gives the deviations that it calls new."""
    (step,) = [step for step in steps(GITHUB / "workflows" / "nightly.yml") if step.get("id") == "compare"]
    tool = place / "preflight" / "bin" / "preflight"
    tool.parent.mkdir(parents=True, exist_ok=True)
    tool.write_text('#!/bin/sh\necho "what changed" > changes.md\nexit 1\n', encoding="utf-8")
    tool.chmod(0o755)
    (place / "run").mkdir(exist_ok=True)
    (place / "run" / "run.json").write_text(json.dumps({"claims": {"results": results}}), encoding="utf-8")
    for name in ("output", "summary"):
        (place / name).write_text("", encoding="utf-8")
    told = {"RUN": "run", "RUNNER_TEMP": str(place), "GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary"}
    subprocess.run(["bash", "-eo", "pipefail", "-c", step["run"]], cwd=place, env={**os.environ, **told}, check=True)
    first, *new, last = (place / "output").read_text(encoding="utf-8").splitlines()
    assert (first, last) == ("new<<END-OF-CLAIMS", "END-OF-CLAIMS")
    return new


@pytest.mark.skipif(shutil.which("jq") is None, reason="no jq is on the PATH, which the workflow uses")
def test_a_deviation_is_new_once(tmp_path: Path) -> None:
    broken, other = result("GET a#route", "fail"), result("POST b#field:200.é_B", "fail")
    harmless = [
        result("GET c#route", "pass"),
        result("GET d#route", "fail", level="should"),
        result("GET e#route", "fail", waiver="known"),
        result("GET f#route", "inconclusive"),
    ]
    assert night(tmp_path, broken, *harmless) == ["GET a#route"]
    assert (tmp_path / "summary").read_text(encoding="utf-8") == ""
    assert night(tmp_path, broken, *harmless) == []
    assert (tmp_path / "summary").read_text(encoding="utf-8") == "what changed\n"
    assert night(tmp_path, broken, other, *harmless) == ["POST b#field:200.é_B"]
    assert night(tmp_path, *harmless) == []
    assert night(tmp_path, broken) == ["GET a#route"]


# -- many machines ---------------------------------------------------------------------------------------------------


def test_the_matrix_is_a_whole_split() -> None:
    matrix = load(GITHUB / "workflows" / "shards.yml")["jobs"]["judge"]["strategy"]["matrix"]["shard"]
    assert matrix == [f"{index}/{len(matrix)}" for index in range(1, len(matrix) + 1)]


def documents(name: str) -> list[Yaml]:
    return list(yaml.safe_load_all((KUBERNETES / name).read_text(encoding="utf-8")))


def pod(job: Yaml) -> Yaml:
    return job["spec"]["template"]["spec"]


def test_the_jobs_of_kubernetes_fit_together() -> None:
    claim, shards = documents("shards.yaml")
    (merge,) = documents("merge.yaml")
    (container,) = pod(shards)["containers"]
    told = {one["name"]: one["value"] for one in container["env"]}
    assert shards["spec"]["completionMode"] == "Indexed"
    assert shards["spec"]["completions"] == shards["spec"]["parallelism"] == int(told["SHARDS"])
    for job in (shards, merge):
        (volume,) = pod(job)["volumes"]
        assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
        assert pod(job)["securityContext"]["runAsNonRoot"] is True


@pytest.mark.parametrize(("ends", "pod_ends"), [(0, 0), (1, 0), (3, 0), (2, 2), (4, 4), (130, 130)])
@pytest.mark.parametrize("index", [0, 3])
def test_a_pod_judges_the_part_of_its_index_and_has_done_its_work_once_there_is_a_verdict(
    tmp_path: Path, index: int, ends: int, pod_ends: int
) -> None:
    (container,) = pod(documents("shards.yaml")[1])["containers"]
    told = in_a_pod(tmp_path, container, ends=ends, JOB_COMPLETION_INDEX=str(index))
    assert told.returncode == pod_ends
    assert told.stdout == f"run --shard {index + 1}/4 --out /runs/parts\n"


@pytest.mark.parametrize("ends", [0, 1, 3])
def test_the_pod_that_joins_ends_with_the_verdict(tmp_path: Path, ends: int) -> None:
    (container,) = pod(documents("merge.yaml")[0])["containers"]
    assert in_a_pod(tmp_path, container, ends=ends).returncode == ends


def in_a_pod(place: Path, container: Yaml, *, ends: int, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run the script of a container with stand-ins for what it would install."""
    tools = place / "preflight" / "bin"
    tools.mkdir(parents=True)
    for path, script in {
        place / "python": "exit 0",
        tools / "pip": "exit 0",
        tools / "preflight": f'echo "$@"\nexit {ends}',
    }.items():
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
    known = {one["name"]: one["value"] for one in container["env"]}
    return subprocess.run(
        [*container["command"], container["args"][0].replace("/tmp/preflight", str(tools.parent))],  # noqa: S108
        env={**known, **environ, "PATH": f"{place}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
