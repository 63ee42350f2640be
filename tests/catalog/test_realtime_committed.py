"""The realtime contracts of this repository: sound AsyncAPI, and no promise without evidence or a case."""

import json
import os
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator, Draft202012Validator

from preflight import paths
from preflight.catalog.cases import CaseKind
from preflight.catalog.catalog import Catalog, load_catalog
from preflight.catalog.contract import Contract
from preflight.catalog.documents import load
from preflight.catalog.realtime import sent_subjects
from preflight.catalog.steps import REALTIME
from preflight.model.claim import ClaimKind
from preflight.model.operation import OperationKey
from preflight.model.pointer import look_up
from preflight.model.release import Release
from preflight.plugin.playing import every_suite
from preflight.session.promised import promised_by
from tests.reference import RECORDINGS

Document = dict[str, Any]

ROOMS = paths.CONTRACTS / "realtime" / "rooms.yaml"
INDEX = paths.CONTRACTS / "realtime" / "index.yaml"
METHODS = 21
PROTOCOL = {"connect", "ping", "login", "stream-room-messages", "stream-notify-user"}
OFFICIAL = os.environ.get("PREFLIGHT_ASYNCAPI_SCHEMA", "")
#: Refusals of the recordings that say nothing of a method: crashes, which no contract promises, and the limiter.
UNPROMISED = {500, "too-many-requests"}
#: No person of the cast can lack these: every user has them.
HELD_BY_ALL = {"create-d", "create-p"}
#: Where it is missing the server crashes (error 500), which no contract promises.
CRASHES_WITHOUT = {"ddp:addUserToRoom params.username", "ddp:stream-notify-room params.eventName"}


@cache
def catalog(release: str) -> Catalog:
    return load_catalog(Release.parse(release))


def methods(release: str) -> list[Contract]:
    return [one for key, one in catalog(release).contracts.items() if key.method == "ddp" and not one.protocol]


def described() -> Document:
    data = load(ROOMS).data
    assert isinstance(data, dict)
    return data


def references(node: Any) -> Iterator[str]:  # Any: whatever a document holds
    if isinstance(node, Mapping):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def asyncapi(path: Path) -> Draft7Validator:
    return Draft7Validator(json.loads(path.read_text(encoding="utf-8")))


def test_the_document_is_asyncapi_3() -> None:
    schema = asyncapi(Path(__file__).parent / "asyncapi" / "3.0.0.json")
    assert list(schema.iter_errors(described())) == []
    assert list(schema.iter_errors({**described(), "channels": {"x": {"addres": "x"}}})) != []
    assert list(schema.iter_errors({**described(), "operations": {"x": {"action": "shout"}}})) != []


@pytest.mark.skipif(
    not OFFICIAL, reason="PREFLIGHT_ASYNCAPI_SCHEMA names no copy of the whole schema of AsyncAPI 3.0.0"
)
def test_the_document_is_asyncapi_3_by_the_whole_schema() -> None:
    assert list(asyncapi(Path(OFFICIAL)).iter_errors(described())) == []


def test_every_reference_names_something() -> None:
    data = described()
    for reference in references(data):
        assert reference.startswith("#/")
        look_up(data, reference.removeprefix("#"))


def test_the_messages_of_an_operation_are_those_of_its_channel() -> None:
    operations = described()["operations"]
    for name, operation in operations.items():
        channel = operation["channel"]["$ref"]
        messages = [*operation["messages"], *operation.get("reply", {}).get("messages", [])]
        assert all(one["$ref"].startswith(f"{channel}/messages/") for one in messages), name
    assert {contract.path for contract in methods("6.14")} <= set(operations)


def test_every_method_of_the_index_has_a_contract_at_every_release() -> None:
    index = load(INDEX).data
    assert isinstance(index, dict)
    for release in ("6.14", "8.0", "8.8"):
        assert sorted(contract.path for contract in methods(release)) == sorted(index["methods"])
        assert len(methods(release)) == METHODS


def test_nothing_is_promised_without_evidence() -> None:
    for contract in methods("6.14"):
        assert contract.evidence, contract.key


def test_the_protocol_promises_its_behaviour_and_nothing_else() -> None:
    for release in ("6.14", "8.0", "8.8"):
        parts = [one for one in catalog(release).contracts.values() if one.protocol]
        assert {one.path for one in parts} == PROTOCOL
        for one in parts:
            kinds = {claim.id.kind for claim in catalog(release).claims_of(one.key)}
            assert {ClaimKind.BEHAVIOUR} <= kinds <= {ClaimKind.BEHAVIOUR, ClaimKind.SECURITY}
            assert one.page.startswith("https://developer.rocket.chat/apidocs/")


def test_every_behaviour_has_a_suite_that_is_about_it() -> None:
    patterns = [claim.partition("#") for suite in every_suite() for claim in promised_by(suite.judge)]
    for claim in catalog("6.14").claims:
        if claim.kind is ClaimKind.BEHAVIOUR and claim.operation.method == REALTIME:
            about = [one for one, _, rest in patterns if rest == f"behaviour:{claim.subject}"]
            assert any(claim.operation.matches(one) for one in about), claim


def test_every_promise_of_a_suite_is_one_of_the_contract() -> None:
    known = [claim for claim in catalog("6.14").claims if claim.kind is ClaimKind.BEHAVIOUR]
    for suite in every_suite():
        for text in (one for one in promised_by(suite.judge) if one.startswith("ddp:") and "#behaviour:" in one):
            operation, _, rest = text.partition("#")
            assert any(one.operation.matches(operation) and rest == f"behaviour:{one.subject}" for one in known), text


def test_what_a_call_promises_of_its_frames_goes_with_its_method() -> None:
    for contract in methods("8.0"):
        subjects = {behaviour.id for behaviour in contract.behaviours}
        assert subjects >= {"protocol.result-id", "protocol.updated"} or contract.removed, contract.key


def test_three_methods_are_gone_in_8_0() -> None:
    gone = {contract.path for contract in methods("8.0") if contract.removed}
    assert gone == {"muteUserInRoom", "unmuteUserInRoom", "getRoomRoles"}
    assert not any(contract.removed for contract in methods("7.10"))
    for contract in methods("8.8"):
        if contract.removed:
            assert [case.refusal for case in catalog("8.8").cases_of(contract.key)] == ["400.method-not-found"]


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_every_method_is_called_with_success_and_by_somebody_without_a_login(release: str) -> None:
    for contract in methods(release):
        if not contract.removed:
            cases = catalog(release).cases_of(contract.key)
            assert any(case.kind is CaseKind.ACCEPTED for case in cases), contract.key
            assert contract.anonymous is not None
            Draft202012Validator.check_schema(contract.anonymous.schema)


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_every_refusal_is_arranged(release: str) -> None:
    for contract in methods(release):
        arranged = {case.refusal for case in catalog(release).cases_of(contract.key)}
        if contract.anonymous is not None:
            arranged.add(f"400.{contract.anonymous.refusal}")
        if Release.parse(release) >= Release.parse("7.0"):
            arranged.add("400.error-action-not-allowed~sidepanel")  # later releases may not know the setting
        assert {refusal.subject for refusal in contract.refusals} <= arranged, contract.key


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_every_parameter_is_sent_and_every_required_one_left_out(release: str) -> None:
    for contract in methods(release):
        cases = catalog(release).cases_of(contract.key)
        accepted = [case for case in cases if case.kind is CaseKind.ACCEPTED]
        sent = frozenset[str]().union(*(sent_subjects(contract, case.params) for case in accepted))
        claims = catalog(release).claims_of(contract.key)
        assert {claim.id.subject for claim in claims if claim.id.kind is ClaimKind.PARAMETER} <= sent, contract.key
        omitted = {name for case in cases for name in case.omits}
        required = {one.subject for one in contract.parameters if one.required}
        assert {f"{contract.key} {subject}" for subject in required - omitted} <= CRASHES_WITHOUT


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_every_permission_is_lacked_by_somebody(release: str) -> None:
    for contract in methods(release):
        lacked = {case.lacks for case in catalog(release).cases_of(contract.key)}
        assert set(contract.permissions) - lacked <= HELD_BY_ALL, contract.key


def test_the_contradictions_of_the_index_page_are_errata() -> None:
    realtime = {id_ for id_, one in catalog("6.14").errata.items() if one.family == "realtime/rooms"}
    assert {
        "realtime-rooms-get-list",
        "realtime-rooms-get-seconds",
        "realtime-room-roles-one-room",
        "realtime-system-messages-list",
        "realtime-private-group-read-only",
    } <= realtime


def test_the_profile_of_the_realtime_api_selects_methods_and_protocol_and_nothing_else() -> None:
    profile = catalog("6.14").profiles["realtime"]
    selected = [key for key in catalog("6.14").contracts if profile.selects(key)]
    assert len(selected) == METHODS + len(PROTOCOL)
    assert {key.method for key in selected} == {"ddp"}


def calls() -> list[tuple[OperationKey, Document, Document]]:
    """List what a genuine server of 6.14 was asked and answered: method, case, frame of the answer."""
    found = []
    for path in sorted((RECORDINGS / "ddp").glob("*.json")):
        recording = json.loads(path.read_text(encoding="utf-8"))
        key = OperationKey(name=str(recording["method"]), method="ddp")
        for case in recording["cases"] if key in {contract.key for contract in methods("6.14")} else ():
            found += [(key, case, frame) for frame in case["received"] if frame.get("msg") == "result"]
    return found


@pytest.mark.skipif(not (RECORDINGS / "ddp").is_dir(), reason="the recordings of a genuine server are not here")
def test_a_genuine_server_keeps_the_contracts() -> None:
    judged = set()
    for key, case, frame in calls():
        contract = catalog("6.14").contracts[key]
        place = f"{key} {case['case']}"
        error = frame.get("error")
        if error is not None and error["error"] in UNPROMISED:
            continue
        judged.add(key)
        schema = contract.responses[200 if error is None else 400].schema
        assert schema is not None
        if error is None:
            Draft202012Validator(schema).validate({"result": frame["result"]} if "result" in frame else {})
        else:
            Draft202012Validator(schema).validate(error)
            assert any(refusal.body.items() <= error.items() for refusal in contract.refusals), place
        if case["actor"] == "unauthenticated":
            assert contract.anonymous is not None
            assert (error is not None) == (contract.anonymous.refusal is not None), place
            answer = error or ({"result": frame["result"]} if "result" in frame else {})
            Draft202012Validator(contract.anonymous.schema).validate(answer)
    assert len(judged) == METHODS
