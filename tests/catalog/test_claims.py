"""Claims: each promise of a contract once, in words made from its facts."""

from preflight.catalog.claims import claims_of
from preflight.catalog.contract import Body, Contract, Parameter, Place, Refusal, ResponseContract
from preflight.model.claim import Claim, ClaimId, Origin
from preflight.model.json import JsonObject
from preflight.model.operation import OperationKey
from tests.catalog.miniature import Miniature

KEY = OperationKey.parse("GET rooms.info")


def contract(
    schema: JsonObject | None = None,
    *,
    parameters: tuple[Parameter, ...] = (),
    body: JsonObject | None = None,
    refusals: tuple[Refusal, ...] = (),
) -> Contract:
    return Contract(
        key=KEY,
        path="/api/v1/rooms.info",
        page="https://pages.invalid/x",
        family="rooms",
        parameters=parameters,
        body=None if body is None else Body(schema=body, media_type="application/json"),
        responses={
            200: ResponseContract(status=200, schema=schema, media_type="application/json"),
            400: ResponseContract(status=400, refusals=refusals),
        },
    )


def fields(schema: JsonObject) -> dict[str, str]:
    return {c.id.subject: c.promise for c in claims_of(contract(schema)) if c.id.kind.value == "field"}


def find(claims: tuple[Claim, ...], text: str) -> Claim:
    return next(claim for claim in claims if claim.id == ClaimId.parse(text))


def test_the_claims_of_the_miniature_are_these(miniature: Miniature) -> None:
    claims = {str(c.id).partition("#")[2]: c.promise for c in miniature.load("8.6").claims_of(KEY)}
    assert claims == {
        "route": "the path /api/v1/rooms.info answers as an API route",
        "method": "another method than GET is refused",
        "authentication": "a request without a login is refused",
        "parameter:header.X-Auth-Token": "parameter X-Auth-Token (header, a string) is required",
        "parameter:query.roomId": "parameter roomId (query, a string) is required",
        "parameter:query.later": "parameter later (query, a string) is accepted",
        "success:200": "answers 200 as application/json, success true",
        "field:200.success": "field success is present, a boolean, always true; inferred from examples: const",
        "field:200.room": "field room is present, an object; inferred from examples: presence",
        "field:200.room._id": "field room._id is present, a string, not empty; inferred from examples: length",
        "field:200.room.usernames": "field room.usernames, where present, is an array",
        "field:200.room.usernames[]": "each item of room.usernames is a string",
        "field:200.room.parent": "field room.parent, where present, is an object",
        "field:200.room.parent._id": (
            "field room.parent._id, where present, is a string, not empty; inferred from examples: length"
        ),
        "field:200.room.parent.parent": "field room.parent.parent, where present, is any value",
        "refusal:400.error-no-room": (
            "refuses with 400, success false, errorType 'error-no-room', error 'no room [error-no-room]'"
        ),
        "refusal:401.log-in": "refuses with 401, status 'error', message 'log in'",
        "permission:view-room": "the permission view-room is demanded",
    }


def test_branches_are_joined_by_place() -> None:
    schema: JsonObject = {
        "oneOf": [
            {"required": ["a", "b"], "properties": {"a": {"type": "string"}, "b": {"type": "string"}}},
            {"required": ["a"], "properties": {"a": {"type": "null"}, "c": {"type": "integer"}}},
        ]
    }
    assert fields(schema) == {
        "200.a": "field a is present, a string or null",
        "200.b": "field b, where present, is a string",
        "200.c": "field c, where present, is an integer",
    }


def test_what_all_of_demands_holds_for_every_part() -> None:
    schema: JsonObject = {
        "required": ["a"],
        "allOf": [{"properties": {"a": {"type": "string"}}}, {"properties": {"a": {"format": "date-time"}}}],
    }
    assert fields(schema) == {"200.a": "field a is present, a string (date-time)"}


def test_a_value_with_branches_has_the_types_of_each() -> None:
    schema: JsonObject = {
        "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}}
    }
    assert fields(schema) == {
        "200.a": "field a, where present, is a string or an array",
        "200.a[]": "each item of a is a string",
    }


def test_lists_at_the_top_and_maps_have_places() -> None:
    listed: JsonObject = {"type": "array", "items": {"properties": {"_id": {"type": "string"}}}}
    mapped: JsonObject = {"properties": {"by": {"additionalProperties": {"type": "integer"}}}}
    assert fields(listed) == {
        "200.[]": "each item of the answer is any value",
        "200.[]._id": "field []._id, where present, is a string",
    }
    assert fields(mapped)["200.by.*"] == "field by.*, where present, is an integer"


def test_enums_and_limits_are_told() -> None:
    schema: JsonObject = {
        "properties": {
            "t": {"type": "string", "enum": ["c", "d"]},
            "n": {"type": "integer", "minimum": 0, "maximum": 9},
        }
    }
    assert fields(schema) == {
        "200.t": "field t, where present, is a string, one of c, d",
        "200.n": "field n, where present, is an integer, at least 0, at most 9",
    }


def test_a_claim_is_inferred_only_where_nothing_of_it_is_stated() -> None:
    schema: JsonObject = {
        "required": ["a", "b"],
        "x-inferred": ["required/a", "required/b"],
        "properties": {
            "a": {"format": "date-time", "x-inferred": ["format"]},
            "b": {"type": "string", "format": "date-time", "x-inferred": ["format"]},
        },
    }
    claims = claims_of(contract(schema))
    assert find(claims, "GET rooms.info#field:200.a").origin is Origin.INFERRED
    assert find(claims, "GET rooms.info#field:200.b").origin is Origin.STATED


def test_the_nearest_mark_names_the_erratum() -> None:
    schema: JsonObject = {
        "properties": {"a": {"x-erratum": "outer", "properties": {"b": {"x-erratum": "inner"}, "c": {}}}, "d": {}}
    }
    claims = claims_of(contract(schema))
    told = {c.id.subject: c.erratum for c in claims if c.id.kind.value == "field"}
    assert told == {"200.a": "outer", "200.a.b": "inner", "200.a.c": "outer", "200.d": None}


def test_body_fields_are_parameters() -> None:
    body: JsonObject = {
        "required": ["message"],
        "properties": {"message": {"type": "object", "required": ["rid"], "properties": {"rid": {"type": "string"}}}},
    }
    claims = claims_of(contract(body=body))
    assert find(claims, "GET rooms.info#parameter:body.message").promise == (
        "parameter message (body, an object) is required"
    )
    assert find(claims, "GET rooms.info#parameter:body.message.rid").promise == (
        "parameter message.rid (body, a string) is required"
    )


def test_a_deprecated_parameter_says_so() -> None:
    parameter = Parameter(name="q", place=Place.QUERY, required=False, schema={}, deprecated=True)
    claims = claims_of(contract(parameters=(parameter,)))
    assert find(claims, "GET rooms.info#parameter:query.q").promise == "parameter q (query) is accepted, deprecated"


def test_an_operation_without_token_and_401_demands_no_login() -> None:
    assert not contract().authenticated
    assert all(claim.id.kind.value != "authentication" for claim in claims_of(contract()))


def test_the_lines_of_an_error_text_stay_on_one_line() -> None:
    refusal = Refusal(id="x", status=400, body={"error": "a\n b"})
    assert find(claims_of(contract(refusals=(refusal,))), "GET rooms.info#refusal:400.x").promise == (
        "refuses with 400, error 'a\\n b'"
    )
