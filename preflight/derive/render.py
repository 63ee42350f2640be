"""Rendering: facts become the files of contracts/, sorted, the same bytes for the same facts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from preflight.catalog.documents import dump
from preflight.derive.configuration import Configuration
from preflight.derive.facts import Answer, Body, Content, MethodFacts, OperationFacts, Parameter, Schema
from preflight.derive.objects import Shared, held, items
from preflight.derive.refusals import refusals
from preflight.derive.schemas import canonical
from preflight.derive.strengthen import Values, constant, present, required, value

HEADER = "# Written by `preflight derive` from documentation; do not edit: corrections belong in contracts/errata.\n"
SOURCES_HEADER = (
    "# `sources` is written by `preflight derive`; `objects` says how shared objects are recognised (the first that\n"
    "# fits), `infer` what examples are evidence of: both are written by hand.\n"
)

_FIRST = ("openapi", "info", "paths", "sources", "infer", "objects")


def yaml_text(data: Mapping[str, Any], header: str = HEADER) -> str:
    """Print data as YAML with sorted keys below a comment."""
    return header + dump(_sorted({**data}))


def json_text(data: Mapping[str, Any]) -> str:
    """Print data as JSON with sorted keys."""
    return json.dumps(data, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


class Contracts:
    """Writes the contract of each family, with shared objects referred to where a page declares the same."""

    def __init__(self, shared: Mapping[str, Shared], rules: Configuration) -> None:
        self._shared = shared
        self._rules = rules

    def family(self, name: str, operations: Iterable[OperationFacts]) -> dict[str, Any]:
        """Give the OpenAPI document of one family."""
        paths: dict[str, dict[str, Any]] = {}
        for facts in operations:
            paths.setdefault(facts.path, {})[facts.key.method.lower()] = self._operation(facts)
        for item in paths.values():
            if len(item) > 1:
                for method, operation in item.items():
                    # OpenAPI wants each operationId once, and one name can have several methods.
                    operation["operationId"] = f"{operation['operationId']}~{method}"
        return {"openapi": "3.1.0", "info": {"title": name, "version": "1"}, "paths": paths}

    def _operation(self, facts: OperationFacts) -> dict[str, Any]:
        operation: dict[str, Any] = {
            "operationId": facts.key.name,
            "externalDocs": {"url": facts.page},
            "responses": {answer.status: self._answer(answer) for answer in facts.answers},
        }
        if facts.parameters:
            operation["parameters"] = [_parameter(one) for one in facts.parameters]
        if facts.body is not None:
            operation["requestBody"] = _body(facts.body)
        if facts.deprecated:
            operation["deprecated"] = True
        if facts.changes:
            operation["x-changes"] = [
                {
                    "release": one.release,
                    "change": one.change,
                    **({"parameter": one.parameter} if one.parameter else {}),
                }
                for one in facts.changes
            ]
        if facts.permissions:
            operation["x-permissions"] = list(facts.permissions)
        if facts.some_permissions:
            operation["x-some-permissions"] = list(facts.some_permissions)
        return operation

    def _answer(self, answer: Answer) -> dict[str, Any]:
        written: dict[str, Any] = {"description": _reason(answer.status)}
        if answer.content:
            written["content"] = {part.media_type: self._content(part, answer.status) for part in answer.content}
        if not answer.status.startswith(("1", "2", "3")) and (found := refusals(answer.content)):
            written["x-refusals"] = found
        return written

    def _content(self, content: Content, status: str) -> dict[str, Any]:
        if content.schema is None:
            return {}
        values = [example.value for example in content.examples]
        succeeds = status.startswith("2")
        schema = self._schema(content.schema, "", values, share=succeeds)
        success = content.schema.get("properties", {}).get("success")
        if success is not None:
            fixed = constant(success, held(values, "success"), succeeds)
            schema = {**schema, "properties": {**schema["properties"], "success": fixed}}
        return {"schema": schema}

    def _schema(self, schema: Schema, name: str, values: Values, *, share: bool) -> Schema:
        strong = dict(schema)
        rule = self._rules.rule_of(schema, name) if share else None
        common = self._shared[rule.name] if rule else None
        if "properties" in schema:
            strong["properties"] = {
                key: self._property(key, part, common, held(values, key), share=share)
                for key, part in schema["properties"].items()
            }
            always: Iterable[str] = present(schema, values, self._rules, name)
            if common is not None:
                always = common.demanded & set(schema["properties"])
            strong = required(strong, always)
        if "items" in schema:
            strong["items"] = self._schema(schema["items"], name, items(values), share=share)
        return value(strong, name, values, self._rules)

    def _property(self, key: str, part: Schema, common: Shared | None, values: Values, *, share: bool) -> Schema:
        if common is not None and canonical(part) == canonical(common.stated.get(key)):
            return {"$ref": f"../objects/{common.rule.name}.json#/properties/{_pointed(key)}"}
        return self._schema(part, key, values, share=share)


def realtime(methods: Iterable[tuple[str, MethodFacts]]) -> dict[str, Any]:
    """Give the index of realtime methods; each comes with the id of the source that lists it."""
    return {"methods": {facts.name: _method(source, facts) for source, facts in methods}}


def _method(source: str, facts: MethodFacts) -> dict[str, Any]:
    written: dict[str, Any] = {"title": facts.title, "externalDocs": {"url": facts.page}, "source": source}
    if not facts.named:
        written["x-inferred"] = ["name"]
    if facts.deprecated:
        written["deprecated"] = True
    if facts.removal:
        written["removal"] = facts.removal
    if facts.replacement:
        written["replacement"] = facts.replacement
    return written


def _parameter(parameter: Parameter) -> dict[str, Any]:
    written: dict[str, Any] = {"name": parameter.name, "in": parameter.location, "schema": parameter.schema}
    if parameter.required:
        written["required"] = True
    return written


def _body(body: Body) -> dict[str, Any]:
    written: dict[str, Any] = {
        "content": {part.media_type: {} if part.schema is None else {"schema": part.schema} for part in body.content}
    }
    if body.required:
        written["required"] = True
    return written


def _reason(status: str) -> str:
    try:
        return HTTPStatus(int(status)).phrase
    except ValueError:
        return "Any other status" if status == "default" else status


def _pointed(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1").replace("%", "%25").replace("#", "%23").replace(" ", "%20")


def _sorted(data: Any) -> Any:  # Any: JSON of any shape
    if isinstance(data, Mapping):
        order = {key: place for place, key in enumerate(_FIRST)}
        return {key: _inner(data[key]) for key in sorted(data, key=lambda key: (order.get(key, len(order)), key))}
    return _inner(data)


def _inner(data: Any) -> Any:  # Any: JSON of any shape
    if isinstance(data, Mapping):
        return {key: _inner(part) for key, part in sorted(data.items())}
    if isinstance(data, Sequence) and not isinstance(data, str):
        return [_inner(part) for part in data]
    return data
