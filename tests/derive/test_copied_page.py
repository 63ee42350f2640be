import pytest

from preflight.derive.facts import Change
from preflight.derive.readers import copied_page
from preflight.derive.schemas import leaves
from preflight.errors import SourceError
from tests.derive.pages import COPIED


def test_a_copied_page_gives_method_path_and_address() -> None:
    facts = copied_page.read(COPIED, "page").operations[0]
    assert str(facts.key) == "GET kettle.info"
    assert facts.path == "/api/v1/kettle.info"
    assert facts.page == "https://developer.rocket.chat/apidocs/get-kettle"
    assert facts.permissions == ("view-kettle",)


def test_parameters_have_place_type_and_example() -> None:
    facts = copied_page.read(COPIED, "page").operations[0]
    assert [(one.location, one.name, one.required, one.schema) for one in facts.parameters] == [
        ("header", "X-Auth-Token", True, {"type": "string"}),
        ("query", "kettleId", True, {"type": "string"}),
        ("query", "lid", False, {"type": "boolean"}),
    ]
    assert [example.value for one in facts.parameters for example in one.examples] == ["abcDEF", "k1", "TRUE"]


def test_the_change_log_is_read() -> None:
    facts = copied_page.read(COPIED, "page").operations[0]
    assert facts.changes == (
        Change(release="0.9.0", change="added"),
        Change(release="1.2.0", parameter="lid", change="added"),
    )


def test_the_flat_list_becomes_a_nested_schema() -> None:
    facts = copied_page.read(COPIED, "page").operations[0]
    success = facts.answers[0].content[0]
    assert success.schema is not None
    assert sorted(path for path, _ in leaves(success.schema)) == [
        "kettle",
        "kettle._id",
        "kettle.labels",
        "kettle.maker",
        "kettle.maker._id",
        "kettle.maker.name",
        "kettle.name",
        "kettle.visits",
        "kettle.visits[]._id",
        "kettle.visits[].at",
        "success",
    ]
    assert success.schema["properties"]["kettle"]["properties"]["name"] == {"type": ["string", "null"]}


def test_each_status_keeps_its_example() -> None:
    facts = copied_page.read(COPIED, "page").operations[0]
    assert [(answer.status, [one.name for one in answer.content[0].examples]) for answer in facts.answers] == [
        ("200", ["Success"]),
        ("400", ["Example 1"]),
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (COPIED.partition("Responses")[0], "page: the page ends before its responses"),
        (COPIED.replace("/api/v1/kettle.info", "kettles"), "page: the page names no method and path"),
    ],
)
def test_half_a_page_is_refused(text: str, what: str) -> None:
    with pytest.raises(SourceError) as refusal:
        copied_page.read(text, "page")
    assert str(refusal.value) == (
        f"{what}\n  Hint: give the whole page of one operation, from its title to its last response"
    )


BODY = """\
Boil Kettle
Post
/api/v1/kettle.boil
Body parameters
Example
{
  "kettle": {"_id": "k1"},
  "degrees": 90
}
object
kettle
objectRequired
_id
stringRequired
degrees
integer
Responses
200
OK
{
  "success": true
}
object
success
boolean
"""


def test_a_body_is_read_with_what_it_requires() -> None:
    facts = copied_page.read(BODY, "page").operations[0]
    assert str(facts.key) == "POST kettle.boil"
    assert facts.body is not None
    assert facts.body.content[0].schema == {
        "type": "object",
        "properties": {
            "degrees": {"type": "integer"},
            "kettle": {"type": "object", "properties": {"_id": {"type": "string"}}, "required": ["_id"]},
        },
        "required": ["kettle"],
    }
    assert [one.value for one in facts.body.content[0].examples] == [{"kettle": {"_id": "k1"}, "degrees": 90}]
