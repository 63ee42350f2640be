"""The committed contracts, and where the documentation is at hand, that they are what it gives."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from preflight.catalog.documents import load
from preflight.derive import Derived, derive, differences
from preflight.derive.contradictions import Kind
from preflight.errors import SourceError
from preflight.paths import CONTRACTS
from tests.reference import REFERENCE

DOCS = REFERENCE / "docs"
SOURCES = [
    DOCS / "openapi/2025-12/messaging.yaml",
    *(
        DOCS / "captures" / name
        for name in ("rooms.get.2023.txt", "rooms.get.2026-06.md", "rooms.info.txt", "realtime-rooms-index.txt")
    ),
]
FAMILIES = ["autotranslate", "chat", "dm", "rooms"]

with_documentation = pytest.mark.skipif(
    not all(path.is_file() for path in SOURCES), reason=f"the documentation is not in {DOCS}"
)


def contract(family: str) -> Any:
    return load(CONTRACTS / "rest" / f"{family}.yaml").data


def retrieve(uri: str) -> Resource[Any]:
    return DRAFT202012.create_resource(json.loads(Path(uri.removeprefix("file://")).read_text(encoding="utf-8")))


REGISTRY: Registry[Any] = Registry(retrieve=retrieve)  # type: ignore[call-arg]  # attrs hides the argument


def responses(family: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (status, answer)
        for item in contract(family)["paths"].values()
        for operation in item.values()
        for status, answer in operation["responses"].items()
    ]


@pytest.mark.parametrize("family", FAMILIES)
def test_a_contract_is_valid_openapi(family: str) -> None:
    path = CONTRACTS / "rest" / f"{family}.yaml"
    assert list(OpenAPIV31SpecValidator(contract(family), base_uri=path.as_uri()).iter_errors()) == []


@pytest.mark.parametrize("family", FAMILIES)
def test_every_reference_to_an_object_resolves(family: str) -> None:
    resolver = REGISTRY.resolver(base_uri=(CONTRACTS / "rest" / f"{family}.yaml").as_uri())
    references = {part["$ref"] for part in walk(contract(family)) if "$ref" in part}
    assert references or family == "autotranslate"
    for reference in references:
        resolved = resolver.lookup(reference)
        assert isinstance(resolved.contents, dict)
        if "$ref" in resolved.contents:
            assert isinstance(resolved.resolver.lookup(resolved.contents["$ref"]).contents, dict)


@pytest.mark.parametrize("path", sorted((CONTRACTS / "objects").glob("*.json")), ids=lambda path: path.stem)
def test_an_object_is_a_schema_that_any_validator_can_use(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    others = [
        (other.name, DRAFT202012.create_resource(json.loads(other.read_text(encoding="utf-8"))))
        for other in path.parent.glob("*.json")
    ]
    registry: Registry[Any] = Registry().with_resources(others)
    validator = Draft202012Validator(schema, registry=registry)
    assert not validator.is_valid({name: {} for name in schema["properties"]})


def test_every_operation_has_a_page_and_a_name() -> None:
    operations = [
        (path, operation)
        for family in FAMILIES
        for path, item in contract(family)["paths"].items()
        for operation in item.values()
    ]
    assert len(operations) == 45
    for path, operation in operations:
        assert path == f"/api/v1/{operation['operationId']}"
        assert operation["externalDocs"]["url"].startswith("https://developer.rocket.chat/apidocs/")


def test_every_refusal_has_its_own_id() -> None:
    answers = [answer for family in FAMILIES for _, answer in responses(family)]
    for answer in answers:
        ids = [refusal["id"] for refusal in answer.get("x-refusals", [])]
        assert len(ids) == len(set(ids))
    assert sum(len(answer.get("x-refusals", [])) for answer in answers) == 116


def test_only_facts_are_kept() -> None:
    for family in FAMILIES:
        for part in walk(contract(family)):
            words = {"summary", "example", "examples"} & {
                key for key, value in part.items() if not isinstance(value, dict) or "type" not in value
            }
            assert not words
    phrases = {answer["description"] for family in FAMILIES for _, answer in responses(family)}
    assert phrases == {"OK", "Bad Request", "Unauthorized"}


def walk(data: Any) -> list[dict[str, Any]]:
    if isinstance(data, dict):
        return [data, *(part for value in data.values() for part in walk(value))]
    return [part for value in data for part in walk(value)] if isinstance(data, list) else []


@pytest.fixture(scope="module")
def derived() -> Derived:
    return derive(SOURCES)


@with_documentation
def test_the_committed_contracts_are_what_the_sources_give(derived: Derived) -> None:
    assert differences(derived, CONTRACTS) == []


@with_documentation
def test_nothing_that_the_sources_document_is_lost(derived: Derived) -> None:
    report = derived.report
    assert len(report.operations) == 45
    assert len(report.methods) == 21
    assert report.unkept == ()
    assert report.counts.refusals == 112
    assert report.counts.refusal_texts == 116
    assert report.counts.parameters == 214
    assert report.counts.body_fields == 98
    assert report.counts.answers == 128


@with_documentation
def test_every_known_contradiction_is_found(derived: Derived) -> None:
    messaging = [one for one in derived.report.contradictions if " rooms." not in one.operation]
    against = [one for one in messaging if one.kind is Kind.EXAMPLE]
    assert len(against) == 12
    assert len({(one.operation, one.where, one.example) for one in against}) == 7
    undeclared = [one for one in messaging if one.kind is Kind.UNDECLARED]
    assert len({(one.operation, one.where, one.example) for one in undeclared}) == 6
    meanings = {(one.operation, one.pointer) for one in derived.report.contradictions if one.kind is Kind.FIELD}
    assert ("GET chat.getMessage", "message.starred") in meanings
    assert ("GET rooms.info", "room.usernames[]") in meanings
    assert ("GET dm.list.everyone", "ims[].lastMessage.md[].value[].value") in meanings
    captures = [one for one in derived.report.contradictions if one.kind is Kind.CAPTURES]
    assert {one.operation for one in captures} == {"GET rooms.get"}


@with_documentation
def test_a_capture_without_line_breaks_is_refused() -> None:
    with pytest.raises(SourceError, match="line breaks are lost"):
        derive([DOCS / "captures/messaging.flattened-openapi.txt"])


ALL = sorted((DOCS / "openapi/2026-08").glob("*.yaml"))


@pytest.mark.skipif(len(ALL) != 12, reason=f"the documentation is not in {DOCS}")
def test_every_operation_of_the_whole_documentation_is_kept_or_named() -> None:
    report = derive(ALL).report
    pages = sum(source.operations for source in report.sources) + len(report.unkept)
    assert pages == 593
    assert len(report.operations) == 587
    assert sum(len(ids) - 1 for ids in report.merged.values()) == 3
    assert [one.name for one in report.unkept] == [
        "POST /api/v1/login - with Facebook",
        "POST /api/v1/login - with Google",
        "POST /api/v1/login - with Twitter",
    ]
