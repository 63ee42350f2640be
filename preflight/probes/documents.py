"""Documents: the effective contract of one operation as an OpenAPI document for a generator of requests."""

from typing import Any

from preflight.catalog.contract import Contract, Place
from preflight.probes.probe import Parameters


def document_of(contract: Contract, base: Parameters) -> dict[str, Any]:  # Any: a document is read by a library
    """Write the request of an operation, with the values of an accepted one as examples."""
    operation: dict[str, Any] = {
        "operationId": str(contract.key),
        "parameters": [
            {
                "name": parameter.name,
                "in": str(parameter.place),
                "required": parameter.required,
                "schema": _with_example(dict(parameter.schema), base.query.get(parameter.name)),
            }
            for parameter in contract.parameters
            if parameter.place is Place.QUERY
        ],
        "responses": {"200": {"description": "success"}},
    }
    if contract.body is not None:
        content: dict[str, Any] = {"schema": dict(contract.body.schema)}
        if base.has_body:
            content["example"] = base.body
        operation["requestBody"] = {"required": True, "content": {contract.body.media_type: content}}
    return {
        "openapi": "3.1.0",
        "info": {"title": contract.family, "version": "1"},
        "paths": {contract.path: {contract.key.method.lower(): operation}},
    }


def _with_example(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    return schema if example is None else {**schema, "example": example}
