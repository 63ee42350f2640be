import pytest

from preflight.derive.facts import Unkept
from preflight.derive.readers import openapi
from preflight.errors import SourceError
from tests.derive.pages import answer, document, facts_of, operation


def test_an_operation_is_read_with_its_references_written_out() -> None:
    text = document(
        {
            "/api/v1/kettle.boil": {
                "post": operation(
                    parameters=[{"$ref": "#/components/parameters/Token"}],
                    requestBody={
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "object",
                                    "properties": {"id": {"type": "string"}},
                                    "required": ["id"],
                                }
                            }
                        }
                    },
                    responses={"401": {"$ref": "#/components/responses/No"}},
                    description="Permission required: `boil`",
                )
            }
        },
        components={
            "parameters": {
                "Token": {"name": "X-Auth-Token", "in": "header", "required": True, "schema": {"type": "string"}}
            },
            "responses": {"No": answer({"status": {"type": "string"}}, {"status": "error"})},
        },
    )
    facts = openapi.read(text, "kettles.yaml").operations[0]
    assert str(facts.key) == "POST kettle.boil"
    assert [(one.name, one.required) for one in facts.parameters] == [("X-Auth-Token", True)]
    assert facts.body is not None
    assert facts.body.content[0].schema == {
        "type": "object",
        "properties": {"id": {"type": "string"}},
        "required": ["id"],
    }
    assert [(one.status, one.content[0].examples[0].value) for one in facts.answers] == [("401", {"status": "error"})]
    assert facts.permissions == ("boil",)


def test_unquoted_dates_stay_text() -> None:
    text = document(
        {
            "/api/v1/kettle.info": {
                "get": operation(
                    parameters=[{"name": "since", "in": "query", "schema": {"type": "string"}, "example": "DATE"}]
                )
            }
        }
    )
    facts = openapi.read(text.replace("DATE", "2019-04-16T18:16:00.614Z"), "kettles.yaml").operations[0]
    assert facts.parameters[0].examples[0].value == "2019-04-16T18:16:00.614Z"


def test_a_path_parameter_that_is_not_declared_is_added_and_told() -> None:
    facts = facts_of(operation(), path="/api/v1/kettle/:id")
    assert facts.path == "/api/v1/kettle/{id}"
    assert [(one.location, one.name, one.required) for one in facts.parameters] == [("path", "id", True)]
    assert [(one.where, one.shows) for one in facts.oddities] == [("parameter path.id", "no declaration")]


def test_a_declared_path_parameter_that_the_path_lacks_is_dropped_and_told() -> None:
    facts = facts_of(operation(parameters=[{"name": "id", "in": "path", "required": True, "schema": {}}]))
    assert facts.parameters == ()
    assert [one.shows for one in facts.oddities] == ["the path has no such part"]


def test_a_reference_to_nothing_is_told() -> None:
    facts = facts_of(operation(responses={"200": {"$ref": "#/components/responses/Gone"}}))
    assert [(one.where, one.pointer) for one in facts.oddities] == [("reference", "#/components/responses/Gone")]


def test_a_path_that_is_no_address_is_reported_by_name() -> None:
    reading = openapi.read(document({"/api/v1/login - with Kettle": {"post": operation()}}), "kettles.yaml")
    assert reading.operations == ()
    assert reading.unkept == (
        Unkept(
            name="POST /api/v1/login - with Kettle",
            why="the path is no address: it holds spaces or #, so no request can be sent to it",
        ),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "openapi: 3.0.0\npaths: [",
            (
                "k.yaml:3: is no YAML: did not find expected node content\n"
                "  Hint: mend the YAML at this line; indent with spaces, quote strings that hold ': ' or ' #'"
            ),
        ),
        (
            "openapi: 2.0.0\npaths: {/a: {}}",
            "k.yaml: OpenAPI 2.0.0 is not read here\n  Hint: give the file as OpenAPI 3.0 or 3.1",
        ),
        (
            "openapi: 3.0.0\n",
            (
                "k.yaml: the OpenAPI file has no paths\n"
                "  Hint: give the file that holds the operations, not a fragment of it"
            ),
        ),
    ],
)
def test_a_broken_openapi_file_is_refused(text: str, message: str) -> None:
    with pytest.raises(SourceError) as refusal:
        openapi.read(text, "k.yaml")
    assert str(refusal.value) == message


def test_listed_options_become_an_enum_unless_one_is_stated() -> None:
    text = "Available options:\n- `flat`\n- `high`"
    stated = [
        {"name": "a", "in": "query", "description": text, "schema": {"type": "string"}},
        {"name": "b", "in": "query", "description": text, "schema": {"type": "string", "enum": ["x"]}},
    ]
    assert [one.schema.get("enum") for one in facts_of(operation(parameters=stated)).parameters] == [
        ["flat", "high"],
        ["x"],
    ]
