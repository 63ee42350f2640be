from preflight.derive.readers import markdown_page
from preflight.derive.schemas import leaves
from tests.derive.pages import MARKDOWN


def test_an_exported_page_gives_date_address_and_parameters() -> None:
    reading = markdown_page.read(MARKDOWN, "page")
    facts = reading.operations[0]
    assert reading.dated == "2025-02-03"
    assert facts.page == "https://developer.rocket.chat/apidocs/get-kettle"
    assert [(one.location, one.name, one.required) for one in facts.parameters] == [
        ("header", "X-Auth-Token", True),
        ("query", "kettleId", True),
    ]


def test_blank_lines_tell_where_objects_end_even_without_an_example() -> None:
    schema = markdown_page.read(MARKDOWN, "page").operations[0].answers[0].content[0].schema
    assert schema is not None
    assert sorted(path for path, _ in leaves(schema)) == [
        "kettle",
        "kettle._id",
        "kettle.maker",
        "kettle.maker._id",
        "kettle.maker.name",
        "kettle.name",
        "kettle.visits",
        "kettle.visits[]._id",
        "kettle.visits[].at",
        "kettle.visits[].colours",
        "kettle.visits[].notes",
        "kettle.visits[].place",
        "kettle.visits[].place.floor",
        "kettle.visits[].place.room",
        "success",
    ]


def test_types_glued_to_names_are_read() -> None:
    schema = markdown_page.read(MARKDOWN, "page").operations[0].answers[0].content[0].schema
    assert schema is not None
    kettle = schema["properties"]["kettle"]["properties"]
    assert kettle["name"] == {"type": ["string", "null"]}
    assert kettle["visits"]["items"]["properties"]["colours"] == {"items": {"type": "string"}, "type": "array"}


def test_both_statuses_are_read() -> None:
    answers = markdown_page.read(MARKDOWN, "page").operations[0].answers
    assert [(answer.status, len(answer.content[0].examples)) for answer in answers] == [("200", 1), ("401", 1)]


BODY = """\
# Boil Kettle

Post/api/v1/kettle.boil

Body parameters

Example

```json
{
  "kettle": {"_id": "k1"},
  "degrees": 90
}
```

object  kettleobjectRequired  _idstringRequired

degreesinteger

Responses200

OK

object  successboolean
"""


def test_a_body_is_read_with_what_it_requires() -> None:
    facts = markdown_page.read(BODY, "page").operations[0]
    assert str(facts.key) == "POST kettle.boil"
    assert facts.page == "https://developer.rocket.chat/apidocs/boil-kettle"
    assert facts.body is not None
    assert facts.body.content[0].schema == {
        "type": "object",
        "properties": {
            "degrees": {"type": "integer"},
            "kettle": {"type": "object", "properties": {"_id": {"type": "string"}}, "required": ["_id"]},
        },
        "required": ["kettle"],
    }
