"""The effective contract as one OpenAPI 3.1 document that other tools can read: all references followed, REST only."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Final

from preflight.catalog.catalog import Catalog
from preflight.catalog.contract import Contract, Parameter, ResponseContract
from preflight.catalog.steps import REALTIME
from preflight.model.json import Json, JsonObject, as_list

OPENAPI: Final = "3.1.0"
_TOKEN, _USER = "X-Auth-Token", "X-User-Id"


def as_openapi(catalog: Catalog, only: Iterable[str] = ("*",)) -> JsonObject:
    """Give what a release promises of the REST operations that any of the globs selects.

    A refusal stands as an example of its status, and in full under ``x-refusals``. Login headers are parameters, as the
    pages have them, and a security requirement, as tools want it.
    """
    paths: dict[str, dict[str, Json]] = {}
    for contract in catalog.select(only):
        if contract.key.method != REALTIME and not contract.removed:
            paths.setdefault(contract.path, {})[contract.key.method.lower()] = _operation(contract)
    return {
        "openapi": OPENAPI,
        "info": {"title": f"Rocket.Chat {catalog.release}, the effective contract", "version": str(catalog.release)},
        "servers": [{"url": "http://127.0.0.1:3000"}],
        "paths": {path: dict(sorted(paths[path].items())) for path in sorted(paths)},
        "components": {
            "securitySchemes": {
                "token": {"type": "apiKey", "in": "header", "name": _TOKEN},
                "user": {"type": "apiKey", "in": "header", "name": _USER},
            }
        },
    }


def _operation(contract: Contract) -> JsonObject:
    told: dict[str, Json] = {"operationId": str(contract.key).replace(" ", "-"), "tags": [contract.family]}
    if contract.page:
        told["externalDocs"] = {"url": contract.page}
    told["security"] = [{"token": [], "user": []}] if contract.authenticated else []
    told["parameters"] = [_parameter(each) for each in contract.parameters]
    if contract.body is not None:
        content = {contract.body.media_type: {"schema": contract.body.schema}}
        told["requestBody"] = {"required": contract.body.required, "content": content}
    told["responses"] = {str(status): _response(each) for status, each in contract.responses.items()}
    if contract.permissions:
        told["x-permissions"] = list(contract.permissions)
    if contract.errata:
        told["x-errata"] = list(contract.errata)
    return told


def _parameter(parameter: Parameter) -> JsonObject:
    told: dict[str, Json] = {
        "name": parameter.name,
        "in": str(parameter.place),
        "required": parameter.required,
        "schema": parameter.schema,
    }
    return told | {"deprecated": True} if parameter.deprecated else told


def _response(response: ResponseContract) -> JsonObject:
    told: dict[str, Json] = {"description": _phrase(response.status)}
    content: dict[str, Json] = {} if response.schema is None else {"schema": _schema(response, response.schema)}
    if response.refusals:
        content["examples"] = {refusal.id: {"value": refusal.body} for refusal in response.refusals if refusal.body}
        told["x-refusals"] = [_refusal(refusal.id, refusal.body) for refusal in response.refusals]
    if content:
        told["content"] = {response.media_type or "application/json": content}
    return told


def _schema(response: ResponseContract, schema: JsonObject) -> JsonObject:
    """Demand of a refusal what all those of its status have: a page may show one of them alone."""
    if not response.refusals or "required" not in schema:
        return schema
    common = [name for name in as_list(schema["required"]) if all(name in each.body for each in response.refusals)]
    return {**schema, "required": common}


def _refusal(name: str, body: Mapping[str, Json]) -> JsonObject:
    return {"id": name, "body": body}


def _phrase(status: int) -> str:
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else f"status {status}"
