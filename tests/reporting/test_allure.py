import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from allure_commons import hookimpl, plugin_manager
from hypothesis import given
from jsonschema import Draft202012Validator
from syrupy.assertion import SnapshotAssertion

from preflight.model.claim import ClaimId
from preflight.model.exchange import Direction, Frame
from preflight.model.operation import OperationKey
from preflight.model.run import Run
from preflight.paths import REPORT_SCHEMAS
from preflight.reporting.allure import labels as allure_labels
from preflight.reporting.allure import results as allure
from tests.model.strategies import RUNS
from tests.reporting.sample import sample_run

SCHEMA = json.loads((REPORT_SCHEMAS / "allure-result.schema.json").read_text(encoding="utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
Files = Mapping[str, str]


def _results(files: Files) -> dict[str, dict[str, Any]]:
    """Give the results by the id of their case."""
    read = [json.loads(text) for name, text in files.items() if name.endswith("-result.json")]
    return {result["fullName"]: result for result in read}


@pytest.fixture(scope="module")
def files() -> Files:
    return allure.render(sample_run())


def test_a_result_of_a_failing_case(files: Files, snapshot: SnapshotAssertion) -> None:
    assert _results(files)["rooms/GET rooms.info/by-id"] == snapshot


def test_the_attachments_of_a_failing_case(files: Files, snapshot: SnapshotAssertion) -> None:
    judge = _results(files)["rooms/GET rooms.info/by-id"]["steps"][-1]
    attached = [one for check in judge["steps"] for one in check.get("attachments", ())]
    assert {one["name"]: files[one["source"]] for one in attached} == snapshot


def test_the_files_about_the_whole_run(files: Files, snapshot: SnapshotAssertion) -> None:
    whole = ("categories.json", "environment.properties", "executor.json")
    assert {name: json.loads(files[name]) if name.endswith(".json") else files[name] for name in whole} == snapshot


def test_every_result_obeys_its_schema(files: Files) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    results = _results(files)
    assert len(results) == len(sample_run().cases)
    for result in results.values():
        VALIDATOR.validate(result)


@given(RUNS)
def test_every_run_gives_results_that_obey_the_schema(run: Run) -> None:
    for result in _results(allure.render(run)).values():
        VALIDATOR.validate(result)


def test_no_two_results_of_a_run_share_a_history(files: Files) -> None:
    results = _results(files).values()
    assert len({result["historyId"] for result in results}) == len(sample_run().cases)
    assert len({UUID(result["uuid"]) for result in results}) == len(sample_run().cases)


def test_the_next_run_continues_the_history_and_has_results_of_its_own(files: Files) -> None:
    before, after = _results(files), _results(allure.render(replace(sample_run(), id="20261123-052000-0000")))
    for case, result in before.items():
        assert after[case]["historyId"] == result["historyId"]
        assert after[case]["uuid"] != result["uuid"]


def test_another_target_has_another_history(files: Files) -> None:
    other = _results(allure.render(replace(sample_run(), target="https://other.example.org")))
    assert not {one["historyId"] for one in other.values()} & {one["historyId"] for one in _results(files).values()}


def test_every_attachment_is_written_and_every_file_is_attached(files: Files) -> None:
    named = {line for text in _results(files).values() for line in _sources(text)}
    assert named == {name for name in files if "-attachment." in name}


def test_the_frames_of_a_realtime_conversation_are_attached() -> None:
    run = sample_run()
    frames = (Frame(direction=Direction.SENT, text="{}"), Frame(direction=Direction.RECEIVED, text="[]"))
    run = replace(run, exchanges={key: replace(one, frames=frames) for key, one in run.exchanges.items()})
    files = allure.render(run)
    step = _results(files)["rooms/GET rooms.info/by-id"]["steps"][-2]
    attached = {one["name"]: files[one["source"]] for one in step["attachments"]}
    assert attached["frames"] == "sent: {}\nreceived: []\n"
    assert attached["response"].startswith("DDP 200\n")


def _sources(result: dict[str, Any]) -> list[str]:
    own = [one["source"] for one in result.get("attachments", ())]
    return own + [source for step in result.get("steps", ()) for source in _sources(step)]


def test_each_verdict_has_its_status(files: Files) -> None:
    results = _results(files)
    assert results["channels/POST channels.create/plain"]["status"] == "passed"
    assert results["rooms/GET rooms.info/by-id"]["status"] == "failed"
    assert results["rooms/POST rooms.favorite/on"]["status"] == "broken"
    skipped = results["channels/GET channels.list/all"]
    assert skipped["status"] == "skipped"
    assert skipped["statusDetails"]["message"] == "inconclusive: the rate limiter answered 429 to every attempt"


@pytest.mark.parametrize(
    ("case", "sort"),
    [
        ("users/GET users.list/no-login", "open door: "),
        ("rooms/GET rooms.info/nothing-given", "undocumented error: "),
        ("rooms/GET rooms.info/by-id", "broken promise: "),
        ("rooms/GET rooms.info/unknown-room", "broken promise: "),
    ],
)
def test_the_message_tells_the_category(files: Files, case: str, sort: str) -> None:
    assert _results(files)[case]["statusDetails"]["message"].startswith(sort)


def test_an_open_door_is_a_blocker_and_advice_is_minor() -> None:
    operation = OperationKey.parse("GET users.list")
    door = allure_labels.labels_of(
        operation=operation,
        case_title="nobody is logged in",
        profile="core",
        claims=[ClaimId.parse("GET users.list#field:200.users"), ClaimId.parse("GET users.list#authentication")],
    )
    advice = allure_labels.labels_of(operation=operation, case_title="all", profile="core", must=False)
    assert (door.severity, door.tags) == ("blocker", ("authentication", "field"))
    assert advice.severity == "minor"


def test_the_environment_is_a_java_properties_file() -> None:
    run = replace(sample_run(), environment={"a key": "c:\\ö\n😀"})
    first, *_ = allure.render(run)["environment.properties"].splitlines()
    assert first == r"a\ key=c\:\\\u00f6\n\ud83d\ude00"


def test_a_running_test_is_labelled_like_a_written_result() -> None:
    class Listener:
        def __init__(self) -> None:
            self.heard: list[tuple[object, ...]] = []

        @hookimpl
        def add_title(self, test_title: str) -> None:
            self.heard.append(("title", test_title))

        @hookimpl
        def add_label(self, label_type: str, labels: tuple[str, ...]) -> None:
            self.heard.append((label_type, *labels))

        @hookimpl
        def add_link(self, url: str, name: str) -> None:
            self.heard.append(("link", url, name))

        @hookimpl
        def add_parameter(self, name: str, value: str, excluded: bool | None) -> None:  # noqa: FBT001 (a hook)
            self.heard.append(("parameter", name, value, excluded))

    labels = allure_labels.labels_of(
        operation=OperationKey.parse("GET rooms.info"), case_title="a member asks by id", profile="core"
    )
    listener = Listener()
    plugin_manager.register(listener)
    try:
        allure_labels.label_current_test(
            labels, page="https://docs.example.org/x", shown={"actor": "alice"}, hidden={"run": "r1"}
        )
    finally:
        plugin_manager.unregister(listener)
    assert listener.heard == [
        ("title", "GET rooms.info: a member asks by id"),
        ("epic", "core"),
        ("feature", "rooms"),
        ("story", "GET rooms.info"),
        ("suite", "rooms"),
        ("severity", "normal"),
        ("tag",),
        ("link", "https://docs.example.org/x", "documentation"),
        ("parameter", "actor", "alice", None),
        ("parameter", "run", "r1", True),
    ]
