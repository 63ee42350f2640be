import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from preflight.catalog.documents import load_text
from preflight.derive import Derived, derive, differences, write
from preflight.derive.render import yaml_text
from preflight.errors import SourceError
from tests.derive.pages import COPIED, INDEX, MARKDOWN, answer, document, operation, saved

CONFIGURED = """\
infer:
  identifiers: [_id]
  maps: []
objects:
- name: kettle
  keys: [_id, lid]
"""
KETTLE = {"type": "object", "properties": {"_id": {"type": "string"}, "lid": {"type": "string"}}}
OPENAPI = document(
    {
        "/api/v1/pot.info": {
            "get": operation(
                summary="Get Pot",
                description="Words about pots that stay out.",
                responses={
                    "200": answer(
                        {"kettle": KETTLE, "success": {"type": "boolean"}},
                        {"kettle": {"_id": "k1", "lid": "x"}, "success": True},
                    ),
                    "400": answer(
                        {"success": {"type": "boolean"}, "error": {"type": "string"}},
                        {"success": False, "error": "No pot", "errorType": "error-no-pot"},
                    ),
                },
            ),
            "post": operation(summary="Set Pot"),
        },
        "/api/v1/pot/{id}": {"get": operation(summary="Pot by Id")},
    }
)


@pytest.fixture
def pages(tmp_path: Path) -> list[Path]:
    return [
        saved(tmp_path / "pages", "a.2023.txt", COPIED),
        saved(tmp_path / "pages", "b.md", MARKDOWN),
        saved(tmp_path / "pages", "c.txt", INDEX),
        saved(tmp_path / "pages", "d.yaml", OPENAPI),
    ]


@pytest.fixture
def configured(tmp_path: Path) -> Path:
    return saved(tmp_path, "configured.yaml", CONFIGURED)


@pytest.fixture
def derived(pages: list[Path], configured: Path) -> Derived:
    return derive(pages, configured=configured)


def contract(derived: Derived, name: str) -> Any:
    return load_text(derived.files[f"rest/{name}.yaml"], name).data


def test_each_family_becomes_a_file(derived: Derived) -> None:
    assert list(derived.files) == [
        "contradictions.yaml",
        "objects/kettle.json",
        "realtime/index.yaml",
        "rest/kettle.yaml",
        "rest/pot.yaml",
        "sources.yaml",
    ]
    assert derived.report.operations == ("GET kettle.info", "GET pot.info", "POST pot.info", "GET pot/{id}")
    assert derived.report.merged == {"GET kettle.info": ("kettle.info-2023", "kettle.info-2025-02-03")}


def test_the_order_of_the_sources_does_not_matter(pages: list[Path], configured: Path, derived: Derived) -> None:
    again = derive([*reversed(pages), pages[0]], configured=configured)
    assert again.files == derived.files


def test_contracts_are_valid_openapi(derived: Derived, tmp_path: Path) -> None:
    write(derived, tmp_path)
    for name in ("kettle", "pot"):
        base = (tmp_path / "rest" / f"{name}.yaml").as_uri()
        assert list(OpenAPIV31SpecValidator(contract(derived, name), base_uri=base).iter_errors()) == []


def test_what_a_page_shares_is_referred_to_and_the_rest_stands_in_place(derived: Derived) -> None:
    stated = contract(derived, "pot")["paths"]["/api/v1/pot.info"]["get"]
    assert stated["responses"]["200"]["content"]["application/json"]["schema"] == {
        "type": "object",
        "properties": {
            "kettle": {
                "type": "object",
                "properties": {
                    "_id": {"$ref": "../objects/kettle.json#/properties/_id"},
                    "lid": {"$ref": "../objects/kettle.json#/properties/lid"},
                },
                "required": ["_id", "lid"],
                "x-inferred": ["required/_id", "required/lid"],
            },
            "success": {"type": "boolean", "const": True, "x-inferred": ["const"]},
        },
        "required": ["kettle", "success"],
        "x-inferred": ["required/kettle", "required/success"],
    }
    assert stated["responses"]["400"]["x-refusals"] == [
        {"id": "error-no-pot", "body": {"error": "No pot", "errorType": "error-no-pot", "success": False}}
    ]


def test_operation_ids_are_names_and_told_apart_by_method_where_they_must(derived: Derived) -> None:
    paths = contract(derived, "pot")["paths"]
    assert {
        f"{method} {path}": stated["operationId"] for path, item in paths.items() for method, stated in item.items()
    } == {
        "get /api/v1/pot.info": "pot.info~get",
        "post /api/v1/pot.info": "pot.info~post",
        "get /api/v1/pot/{id}": "pot/{id}",
    }
    assert contract(derived, "kettle")["paths"]["/api/v1/kettle.info"]["get"]["operationId"] == "kettle.info"


def test_no_sentence_of_a_page_is_kept(derived: Derived) -> None:
    for text in derived.files.values():
        assert "Words about" not in text
        assert "Tells about" not in text
        assert "Which kettle" not in text


def test_sources_are_recorded_and_what_people_wrote_stays(derived: Derived) -> None:
    data = load_text(derived.files["sources.yaml"], "sources.yaml").data
    assert isinstance(data, dict)
    assert data["objects"] == [{"name": "kettle", "keys": ["_id", "lid"]}]
    assert [(one["id"], one["form"], one["captured"]) for one in data["sources"]] == [
        ("kettles", "openapi", ""),
        ("realtime-kettles", "index page", ""),
        ("kettle.info-2023", "copied page", "2023"),
        ("kettle.info-2025-02-03", "markdown page", "2025-02-03"),
    ]


def test_a_recorded_source_keeps_its_id_and_date(pages: list[Path], tmp_path: Path, derived: Derived) -> None:
    recorded = derived.files["sources.yaml"].replace("captured: ''", "captured: 2024-12")
    configured = saved(tmp_path, "again.yaml", recorded)
    again = derive(pages, configured=configured)
    assert {one.id: one.captured for one in again.report.sources}["kettles"] == "2024-12"


def test_what_is_written_is_what_was_derived(derived: Derived, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert len(write(derived, out)) == len(derived.files)
    assert write(derived, out) == []
    assert differences(derived, out) == []


def test_a_check_names_each_file_that_differs(derived: Derived, tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(derived, out)
    pot = out / "rest/pot.yaml"
    pot.write_text(pot.read_text(encoding="utf-8").replace("title: pot", "title: tea"), encoding="utf-8")
    (out / "rest/kettle.yaml").unlink()
    saved(out, "rest/tea.yaml", "{}")
    assert differences(derived, out) == [
        "rest/kettle.yaml: missing",
        "rest/pot.yaml: differs from what the sources give, first in line 4",
        "rest/tea.yaml: not among what the sources give",
    ]


def test_one_bad_source_refuses_them_all(pages: list[Path], configured: Path, tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        derive([*pages, saved(tmp_path, "bad.txt", "nothing")], configured=configured)
    with pytest.raises(SourceError, match="no source is given"):
        derive([], configured=configured)


def test_objects_are_schemas_of_their_own(derived: Derived) -> None:
    schema = json.loads(derived.files["objects/kettle.json"])
    assert schema["$id"] == "kettle.json"
    assert schema["required"] == ["_id", "lid"]


def test_the_report_tells_what_happened(derived: Derived) -> None:
    lines = derived.report.text().split("\n")
    assert lines[0] == "5 pages of REST operations read from 4 sources"
    assert lines[1] == "4 operations and 4 realtime methods kept"
    assert lines[2].endswith("7 answers, 3 refusals (3 by their texts)")
    assert "Merged from several captures: GET kettle.info (kettle.info-2023, kettle.info-2025-02-03)" in lines


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"])),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=8), inner, max_size=3
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["openapi", "info", "paths", "x"]), JSON))
def test_what_is_printed_as_yaml_is_read_again(data: dict[str, Any]) -> None:
    assert load_text(yaml_text(data), "x").data == data
