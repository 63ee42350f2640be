"""The export: what other tools read is what Preflight judges by."""

import json

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from preflight.catalog.catalog import Catalog, load_catalog
from preflight.catalog.openapi import as_openapi
from preflight.model.json import JsonObject, as_object
from preflight.model.operation import OperationKey
from preflight.model.release import Release


@pytest.fixture(scope="module", params=["6.14", "8.0", "8.8"])
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return load_catalog(Release.parse(request.param))


def operation(document: JsonObject, key: str) -> JsonObject:
    method, _, name = key.partition(" ")
    return as_object(as_object(as_object(document["paths"])[f"/api/v1/{name}"])[method.lower()])


def test_the_export_is_openapi_and_holds_all_it_refers_to(catalog: Catalog) -> None:
    document = as_openapi(catalog)
    validate(document)
    assert "$ref" not in json.dumps(document)


def test_every_route_of_a_release_is_exported(catalog: Catalog) -> None:
    document = as_openapi(catalog)
    exported = {
        OperationKey(path.removeprefix("/api/v1/"), method.upper())
        for path, item in as_object(document["paths"]).items()
        for method in as_object(item)
    }
    assert exported == {key for key, one in catalog.contracts.items() if key.method != "ddp" and not one.removed}


def test_what_is_promised_is_exported_as_it_is_judged(catalog: Catalog) -> None:
    told = operation(as_openapi(catalog), "GET rooms.info")
    contract = catalog.contracts[OperationKey.parse("GET rooms.info")]
    answer = as_object(as_object(told["responses"])["200"])
    schema = as_object(as_object(as_object(answer["content"])["application/json"])["schema"])
    assert schema == contract.responses[200].schema
    assert [as_object(each)["name"] for each in told["parameters"]] == [each.name for each in contract.parameters]  # type: ignore[union-attr] # a list
    assert told["security"] == [{"token": [], "user": []}]
    assert told["externalDocs"] == {"url": contract.page}


def test_every_refusal_is_an_example_of_its_status(catalog: Catalog) -> None:
    wrong = []
    for key, contract in catalog.contracts.items():
        if key.method == "ddp" or contract.removed:
            continue
        answers = as_object(operation(as_openapi(catalog, [str(key)]), str(key))["responses"])
        for status, response in contract.responses.items():
            content = as_object(next(iter(as_object(as_object(answers[str(status)]).get("content")).values()), None))
            judge = Draft202012Validator(dict(as_object(content.get("schema"))))
            shown = {name: as_object(each)["value"] for name, each in as_object(content.get("examples")).items()}
            assert set(shown) == {refusal.id for refusal in response.refusals if refusal.body}
            wrong += [(str(key), name) for name, value in shown.items() if not judge.is_valid(value)]
    assert wrong == []


def test_a_part_can_be_exported() -> None:
    paths = as_object(as_openapi(load_catalog(Release(8, 0)), ["dm.*"])["paths"])
    assert paths
    assert all(path.startswith("/api/v1/dm.") for path in paths)
