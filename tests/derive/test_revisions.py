"""Revisions: two captures of small invented pages, each change once, with what it does to clients."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from preflight.catalog.documents import dump
from preflight.derive.revisions import revisions
from preflight.errors import SourceError
from preflight.model.change import Change, Effect
from preflight.model.json import Json
from tests.derive import pages
from tests.reference import DOCUMENTATION

OPENAPI = DOCUMENTATION / "openapi"

_STRING = {"type": "string"}
_ROOM = {
    "type": "object",
    "required": ["_id"],
    "properties": {
        "_id": _STRING,
        "lid": {"type": "string", "enum": ["open", "shut"]},
        "maker": {"type": "object", "properties": {"name": _STRING}},
    },
}
KETTLES: dict[str, Any] = {  # Any: an OpenAPI file
    "openapi": "3.0.0",
    "info": {"title": "Kettles", "version": "1.0.0"},
    "paths": {
        "/api/v1/kettle.info": {
            "get": {
                "summary": "Get Kettle",
                "description": "Tells about a kettle. Permission required: `view-kettle`.",
                "parameters": [
                    {"name": "kettleId", "in": "query", "required": True, "schema": _STRING},
                    {"name": "lid", "in": "query", "schema": {"type": "string", "enum": ["open", "shut"]}},
                    {"name": "count", "in": "query", "schema": {"type": "integer"}},
                ],
                "responses": {
                    "200": {
                        "description": "OK",
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": {"kettle": _ROOM, "success": {"type": "boolean"}},
                                }
                            }
                        },
                    },
                    "400": {
                        "description": "Bad Request",
                        "content": {
                            "application/json": {
                                "schema": {"type": "object"},
                                "examples": {
                                    "one": {
                                        "value": {
                                            "success": False,
                                            "error": "No kettle [error-no-kettle]",
                                            "errorType": "error-no-kettle",
                                        }
                                    }
                                },
                            }
                        },
                    },
                },
            }
        },
        "/api/v1/kettle.boil": {
            "post": {
                "summary": "Boil",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {
                                "type": "object",
                                "required": ["kettleId"],
                                "properties": {"kettleId": _STRING, "degrees": {"type": "number"}},
                            }
                        }
                    }
                },
                "responses": {"200": {"description": "OK"}},
            }
        },
    },
}

Edit = Callable[[Any, Any], object]
Seen = tuple[str, str, str, str, str, str]


def written(path: Path, data: Json) -> Path:
    path.write_text(dump(data), encoding="utf-8")
    return path


def seen(change: Change) -> Seen:
    (operation,) = change.operations
    return (str(operation), str(change.aspect), change.where, change.before, change.after, str(change.effect))


def found(folder: Path, edit: Edit, *, backwards: bool = False) -> set[Seen]:
    """Edit info and boil of the newer capture, and give what is told of it."""
    newer = copy.deepcopy(KETTLES)
    edit(newer["paths"]["/api/v1/kettle.info"]["get"], newer["paths"]["/api/v1/kettle.boil"]["post"])
    files = [written(folder / "old.yaml", KETTLES)], [written(folder / "new.yaml", newer)]
    return set(map(seen, revisions(*(reversed(files) if backwards else files)).changes))


def schema_of(info: Any) -> Any:  # Any: a part of an OpenAPI file
    return info["responses"]["200"]["content"]["application/json"]["schema"]["properties"]["kettle"]


def fields_of(boil: Any) -> Any:  # Any: as above
    return boil["requestBody"]["content"]["application/json"]["schema"]


def refusal_of(info: Any) -> Any:  # Any: as above
    return info["responses"]["400"]["content"]["application/json"]["examples"]


INFO, BOIL = "GET kettle.info", "POST kettle.boil"
BREAKS, KEEPS = str(Effect.BREAKING), str(Effect.COMPATIBLE)
SUGAR = {"name": "sugar", "in": "query", "required": False, "schema": {"type": "boolean"}}

# What is edited, what is told of it, and whether the way back breaks clients as well.
EDITS: dict[str, tuple[Edit, Seen, str]] = {
    "an optional parameter comes": (
        lambda info, _: info["parameters"].append(SUGAR),
        (INFO, "parameter", "query.sugar", "nothing", "optional, boolean", KEEPS),
        BREAKS,
    ),
    "a required parameter comes": (
        lambda info, _: info["parameters"].append({**SUGAR, "required": True}),
        (INFO, "parameter", "query.sugar", "nothing", "required, boolean", BREAKS),
        BREAKS,
    ),
    "a parameter becomes required": (
        lambda info, _: info["parameters"][2].update(required=True),
        (INFO, "required", "query.count", "optional", "required", BREAKS),
        KEEPS,
    ),
    "a parameter has another type": (
        lambda info, _: info["parameters"][2].update(schema={"type": "string"}),
        (INFO, "type", "query.count", "integer", "string", BREAKS),
        BREAKS,
    ),
    "a parameter takes one value more": (
        lambda info, _: info["parameters"][1]["schema"]["enum"].append("ajar"),
        (INFO, "values", "query.lid", "open, shut", "ajar, open, shut", KEEPS),
        BREAKS,
    ),
    "a body field comes": (
        lambda _, boil: fields_of(boil)["properties"].update(whistle={"type": "boolean"}),
        (BOIL, "parameter", "body.whistle", "nothing", "optional, boolean", KEEPS),
        BREAKS,
    ),
    "a body field becomes required": (
        lambda _, boil: fields_of(boil)["required"].append("degrees"),
        (BOIL, "required", "body.degrees", "optional", "required", BREAKS),
        KEEPS,
    ),
    "an answer has a field more": (
        lambda info, _: schema_of(info)["properties"].update(volume={"type": "number"}),
        (INFO, "field", "200.kettle.volume", "nothing", "optional, number", KEEPS),
        BREAKS,
    ),
    "an answer has no maker any more, and only that is told": (
        lambda info, _: schema_of(info)["properties"].pop("maker"),
        (INFO, "field", "200.kettle.maker", "optional, object", "nothing", BREAKS),
        KEEPS,
    ),
    "a field may be missing": (
        lambda info, _: schema_of(info).pop("required"),
        (INFO, "required", "200.kettle._id", "required", "optional", BREAKS),
        KEEPS,
    ),
    "a field may be null": (
        lambda info, _: schema_of(info)["properties"]["lid"].update(nullable=True, enum=["open", "shut", None]),
        (INFO, "type", "200.kettle.lid", "string", "string or null", BREAKS),
        KEEPS,
    ),
    "a field has a value more": (
        lambda info, _: schema_of(info)["properties"]["lid"]["enum"].append("ajar"),
        (INFO, "values", "200.kettle.lid", "open, shut", "ajar, open, shut", BREAKS),
        KEEPS,
    ),
    "a refusal comes": (
        lambda info, _: refusal_of(info).update(
            two={"value": {"success": False, "error": "Too hot [error-hot]", "errorType": "error-hot"}}
        ),
        (INFO, "refusal", "400.error-hot", "nothing", "Too hot [error-hot]", KEEPS),
        BREAKS,
    ),
    "a refusal with a code has another text": (
        lambda info, _: refusal_of(info)["one"]["value"].update(error="There is none [error-no-kettle]"),
        (
            INFO,
            "refusal",
            "400.error-no-kettle",
            "No kettle [error-no-kettle]",
            "There is none [error-no-kettle]",
            KEEPS,
        ),
        KEEPS,
    ),
    "another permission is demanded": (
        lambda _, boil: boil.update(description="Permission required: `boil-water`."),
        (BOIL, "permission", "boil-water", "nothing", "demanded", BREAKS),
        KEEPS,
    ),
    "an operation is deprecated": (
        lambda info, _: info.update(deprecated=True),
        (INFO, "operation", "", "not deprecated", "deprecated", KEEPS),
        KEEPS,
    ),
    "a status comes": (
        lambda _, boil: boil["responses"].update({"401": {"description": "Unauthorized"}}),
        (BOIL, "status", "401", "nothing", "documented", KEEPS),
        KEEPS,
    ),
}


@pytest.mark.parametrize("what", EDITS)
def test_what_was_edited_is_told_and_nothing_else(tmp_path: Path, what: str) -> None:
    edit, told, _ = EDITS[what]
    assert found(tmp_path, edit) == {told}


@pytest.mark.parametrize("what", EDITS)
def test_the_way_back_is_told_the_other_way_round(tmp_path: Path, what: str) -> None:
    edit, (operation, aspect, where, before, after, _), effect = EDITS[what]
    told = found(tmp_path, edit, backwards=True)
    assert (operation, aspect, where, after, before, effect) in told


def test_the_same_documentation_has_no_changes(tmp_path: Path) -> None:
    assert found(tmp_path, lambda *_: None) == set()


def test_an_operation_that_is_gone_breaks_clients_and_a_new_one_does_not(tmp_path: Path) -> None:
    one = copy.deepcopy(KETTLES)
    del one["paths"]["/api/v1/kettle.boil"]
    whole, part = [written(tmp_path / "whole.yaml", KETTLES)], [written(tmp_path / "part.yaml", one)]
    assert [seen(change) for change in revisions(whole, part).changes] == [
        (BOIL, "operation", "", "documented", "nothing", BREAKS)
    ]
    back = revisions(part, whole)
    assert [seen(change) for change in back.changes] == [(BOIL, "operation", "", "nothing", "documented", KEEPS)]
    assert back.operations == (1, 2)


def test_a_copied_page_is_compared_with_an_openapi_file(tmp_path: Path) -> None:
    page = tmp_path / "kettle.txt"
    page.write_text(pages.COPIED, encoding="utf-8")
    told = {seen(change) for change in revisions([page], [written(tmp_path / "new.yaml", KETTLES)]).changes}
    assert (BOIL, "operation", "", "nothing", "documented", KEEPS) in told
    assert (INFO, "parameter", "query.count", "nothing", "optional, integer", KEEPS) in told
    assert not any(where == "query.kettleId" for _, _, where, *_ in told)


def test_what_breaks_clients_comes_first(tmp_path: Path) -> None:
    newer = copy.deepcopy(KETTLES)
    info = newer["paths"]["/api/v1/kettle.info"]["get"]
    info["parameters"] += [SUGAR, {**SUGAR, "name": "tea", "required": True}]
    changes = revisions([written(tmp_path / "a.yaml", KETTLES)], [written(tmp_path / "b.yaml", newer)]).changes
    assert [change.effect for change in changes] == [Effect.BREAKING, Effect.COMPATIBLE]


def test_what_is_no_documentation_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "page.yaml"
    page.write_text("openapi: 2.0\n", encoding="utf-8")
    with pytest.raises(SourceError):
        revisions([page], [page])


def captures(old: str, new: str) -> set[Seen]:
    files = [sorted((OPENAPI / name).glob("*.yaml")) for name in (old, new)]
    return set(map(seen, revisions(*files).changes))


@pytest.mark.skipif(not OPENAPI.is_dir(), reason="the vendor's documentation is not at hand: PREFLIGHT_REFERENCE")
def test_what_the_vendor_is_known_to_have_changed_until_august_2026_is_told() -> None:
    told = captures("2025-12", "2026-08")
    assert (
        "GET dm.messages", "type", "query.pinned", "boolean", "string", BREAKS,
    ) in told  # fmt: skip
    assert {where for key, _, where, _, _, _ in told if key == "POST chat.delete"} >= {"body.fileId"}
    assert {(where, after) for key, aspect, where, _, after, _ in told
            if (key, aspect) == ("POST autotranslate.translateMessage", "status")} == {
        ("400", "documented"), ("403", "documented"),
    }  # fmt: skip
    assert ("POST im.blockUser", "operation", "", "nothing", "documented", KEEPS) in told


@pytest.mark.skipif(not OPENAPI.is_dir(), reason="the vendor's documentation is not at hand: PREFLIGHT_REFERENCE")
def test_what_the_vendor_is_known_to_have_changed_until_december_2025_is_told() -> None:
    told = captures("2024-07", "2025-12")
    assert ("GET chat.ignoreUser", "required", "query.ignore", "optional", "required", BREAKS) in told
    assert ("GET im.list", "operation", "", "documented", "nothing", BREAKS) in told
    assert ("GET dm.list", "operation", "", "nothing", "documented", KEEPS) in told
