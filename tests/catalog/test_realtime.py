"""Realtime contracts: methods read from channels, with claims, errata, removal and cases of their own."""

import pytest

from preflight.catalog.catalog import Catalog
from preflight.catalog.contract import Anonymous, Deprecation, Place
from preflight.catalog.realtime import sent_subjects
from preflight.errors import FileError
from preflight.model.claim import ClaimId, Origin
from preflight.model.json import Json
from preflight.model.operation import OperationKey
from preflight.model.release import Release
from tests.catalog.miniature import Miniature
from tests.catalog.realtime_miniature import with_kettles

BOIL = OperationKey.parse("ddp:boilWater")
GET = OperationKey.parse("ddp:kettles/get")


@pytest.fixture
def kettles(miniature: Miniature) -> Miniature:
    return with_kettles(miniature)


def promises(catalog: Catalog, operation: OperationKey) -> dict[str, str]:
    return {str(claim.id).partition("#")[2]: claim.promise for claim in catalog.claims_of(operation)}


def test_a_channel_with_a_page_is_an_operation(kettles: Miniature) -> None:
    catalog = kettles.load()
    assert [str(key) for key in catalog.contracts if key.method == "ddp"] == [
        "ddp:whistle",
        "ddp:boilWater",
        "ddp:kettles/get",
    ]
    contract = catalog.contracts[BOIL]
    assert (contract.path, contract.page, contract.family) == (
        "boilWater",
        "https://pages.invalid/boil-water",
        "realtime",
    )
    assert contract.evidence == ("observed on a miniature",)


def test_every_promise_of_a_method_is_a_claim(kettles: Miniature) -> None:
    assert promises(kettles.load(), BOIL) == {
        "route": "the method boilWater exists",
        "authentication": "a call without a login is refused with error-invalid-user",
        "parameter:params.kettle": "parameter kettle (params, a string) is required; inferred from examples: type",
        "parameter:params.degrees": "parameter degrees (params, an integer) is required",
        "parameter:params.tea": "parameter tea (params, an object) is accepted",
        "parameter:params.tea.name": "parameter tea.name (params, a string) is accepted",
        "parameter:params.guests": "parameter guests (params, an array) is accepted",
        "parameter:params.guests[]": "parameter guests[] (params, a string) is accepted",
        "success:200": "the call is answered without a result",
        "refusal:400.match-failed": "refuses, error 400, reason 'Match failed', message 'Match failed [400]'",
        "refusal:400.error-invalid-user": "refuses, error 'error-invalid-user'",
        "permission:boil": "the permission boil is demanded",
        "behaviour:kettle.is-quiet": "a kettle is quiet before",
    }


def test_a_channel_without_a_page_promises_its_behaviour_alone(kettles: Miniature) -> None:
    catalog = kettles.load()
    whistle = OperationKey.parse("ddp:whistle")
    assert promises(catalog, whistle) == {"behaviour:kettle.whistles": "a kettle that boils whistles"}
    contract = catalog.contracts[whistle]
    assert (contract.protocol, contract.page) == (True, "https://pages.invalid/kettles")
    assert not catalog.contracts[BOIL].protocol


def test_a_behaviour_without_evidence_is_refused(kettles: Miniature) -> None:
    told = "promise: a kettle that boils whistles"
    kettles.change("realtime/kettles.yaml", f"{told}, evidence: [observed on a miniature]", told)
    with pytest.raises(FileError, match="evidence"):
        kettles.load()


def test_a_result_is_a_field_of_the_body(kettles: Miniature) -> None:
    told = promises(kettles.load(), GET)
    assert told["success:200"] == "the call is answered with a result"
    assert told["authentication"] == "a call without a login is answered with what everybody may see"
    assert told["field:200.result"] == "field result is present, an array"
    assert told["field:200.result[].name"] == "field result[].name is present, a string"


def test_a_promise_comes_from_the_page_its_example_or_evidence(kettles: Miniature) -> None:
    claims = kettles.load().claims
    origins = {str(id_): claim.origin for id_, claim in claims.items()}
    assert origins["ddp:kettles/get#route"] is Origin.STATED
    assert origins["ddp:kettles/get#field:200.result"] is Origin.STATED
    assert origins["ddp:boilWater#parameter:params.kettle"] is Origin.INFERRED
    assert origins["ddp:boilWater#parameter:params.degrees"] is Origin.ERRATUM
    litres = claims[ClaimId.parse("ddp:kettles/get#field:200.result[].litres")]
    assert (litres.origin, litres.erratum) == (Origin.ERRATUM, "kettles-have-litres")


def test_an_erratum_changes_methods_and_leaves_families_of_the_same_name_alone(kettles: Miniature) -> None:
    loud = ClaimId.parse("ddp:boilWater#refusal:400.error-too-loud")
    assert loud not in kettles.load("6.14").claims
    catalog = kettles.load("7.0")
    assert catalog.claims[loud].erratum == "kettles-boil-quietly"
    assert set(catalog.accounting().values()) == {"kept", "usernames-are-strings", "not in 7.0"}


def test_arguments_have_a_place_among_the_others(kettles: Miniature) -> None:
    contracts = kettles.load().contracts
    places = {one.subject: (one.at, one.required) for one in contracts[BOIL].parameters}
    assert places == {
        "params.kettle": ((0,), True),
        "params.degrees": ((1, "degrees"), True),
        "params.tea": ((1, "tea"), False),
        "params.guests": ((2,), False),
    }
    (names,) = contracts[GET].parameters
    assert (names.place, names.at, names.schema) == (
        Place.PARAMS,
        ("*",),
        {"type": "array", "items": {"type": "string"}},
    )


@pytest.mark.parametrize(
    ("params", "sent"),
    [
        ([], set[str]()),
        (["k"], {"params.kettle"}),
        (["k", {"tea": {"name": "x"}}], {"params.kettle", "params.tea", "params.tea.name"}),
        (["k", "no object", ["a"]], {"params.kettle", "params.guests", "params.guests[]"}),
        (["k", {}, [], "one too many"], {"params.kettle", "params.guests"}),
    ],
)
def test_what_a_call_sends_is_named_as_claims_name_it(kettles: Miniature, params: list[Json], sent: set[str]) -> None:
    assert sent_subjects(kettles.load().contracts[BOIL], params) == sent


def test_each_of_a_list_of_arguments_is_one_parameter(kettles: Miniature) -> None:
    contract = kettles.load().contracts[GET]
    assert sent_subjects(contract, ["a", "b"]) == {"params.names", "params.names[]"}
    assert sent_subjects(contract, []) == frozenset()


def test_who_has_no_login_is_refused_or_answered(kettles: Miniature) -> None:
    contracts = kettles.load().contracts
    assert contracts[BOIL].anonymous == Anonymous(
        status=400,
        schema={
            "type": "object",
            "required": ["error"],
            "properties": {"error": {"const": "error-invalid-user"}},
        },
        refusal="error-invalid-user",
    )
    assert contracts[BOIL].authenticated
    answered = contracts[GET].anonymous
    assert answered is not None
    assert (answered.status, answered.refusal) == (200, None)
    assert not contracts[GET].authenticated


def test_a_deprecation_is_a_fact_and_no_claim(kettles: Miniature) -> None:
    catalog = kettles.load()
    assert catalog.contracts[GET].deprecation == Deprecation(
        removal=Release.parse("8.0"), replacements=("kettles.list",)
    )
    assert catalog.contracts[BOIL].deprecation is None


def test_of_a_method_that_a_release_dropped_its_absence_is_promised_and_nothing_else(kettles: Miniature) -> None:
    catalog = kettles.load("8.0")
    contract = catalog.contracts[GET]
    assert contract.removed
    assert contract.successes == ()
    text = "Method 'kettles/get' not found"
    assert promises(catalog, GET) == {
        "refusal:400.method-not-found": f"refuses, error 404, reason '{text}', message '{text} [404]'"
    }
    (claim,) = catalog.claims_of(GET)
    assert claim.origin is Origin.STATED
    gone = {str(id_): why for id_, why in catalog.accounting().items() if id_.operation == GET}
    assert gone["ddp:kettles/get#route"] == "not in 8.0"


def test_cases_of_a_dropped_method_are_set_aside_but_for_the_one_that_looks_for_it(kettles: Miniature) -> None:
    assert [case.name for case in kettles.load("8.0").cases_of(GET)] == ["removed"]
    reasons = {one.case.id: one.reason for one in kettles.load("8.0").set_aside if one.case.operation == GET}
    assert reasons == {"ddp:kettles/get/all": "ddp:kettles/get is not in 8.0"}
    assert [case.name for case in kettles.load("6.14").cases_of(GET)] == ["all"]


def test_a_case_has_arguments_and_looks_at_what_came_of_it(kettles: Miniature) -> None:
    cases = {case.name: case for case in kettles.load().cases_of(BOIL)}
    hot = cases["hot"]
    assert hot.has_params
    assert hot.params == ["{alice.room.id}", {"degrees": 100, "tea": {"name": "{case.token}"}}, ["{bob.username}"]]
    (step,) = hot.before
    assert (step.is_realtime, step.method, step.route, step.has_params) == (True, "ddp", "kettles/get", True)
    realtime, rest = hot.afterwards
    assert (realtime.step.operation, realtime.step.params) == ("ddp:kettles/get", ["{before.name}"])
    assert (realtime.expect.body, realtime.expect.absent) == ({"/result/0/name": "{before.name}"}, ("/result/1",))
    assert (rest.step.is_realtime, rest.step.method, rest.step.route) == (False, "GET", "rooms.info")
    assert {"time.past_ms", "alice.room.id", "case.token", "before.name", "alice.room.name"} <= set(hot.names)
    assert not cases["nothing-given"].has_params


def test_only_a_glob_that_says_so_selects_realtime_methods(kettles: Miniature) -> None:
    catalog = kettles.load()
    assert {contract.key.method for contract in catalog.select(["*"])} == {"GET"}
    assert [contract.key for contract in catalog.select(["ddp:kettles/*"])] == [GET]
    assert catalog.profiles["kettles"].selects(GET)
    assert not catalog.profiles["rooms"].selects(GET)


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "realtime/kettles.yaml",
            "title: Boil Water (",
            "title: Boil Tea (",
            "the index of the pages says 'Boil Water",
        ),
        ("realtime/kettles.yaml", "pages.invalid/boil-water", "pages.invalid/tea", "https://pages.invalid/tea"),
        ("realtime/kettles.yaml", "{removal: 8.0.0,", "{removal: 9.0.0,", "says '8.0.0', this file '9.0.0'"),
        ("realtime/kettles.yaml", "{removal: 8.0.0,", "{removal: soon,", "says '8.0.0', this file 'soon'"),
        ("realtime/index.yaml", "  boilWater:", "  cookWater:", "has no method boilWater"),
        (
            "realtime/index.yaml",
            "  kettles/get:",
            "  a/get: {}\n  kettles/get:",
            "no file beside this one describes a/get",
        ),
        ("realtime/kettles.yaml", "{refusal: error-invalid-user}", "{refusal: error-user}", "no refusal 'error-user'"),
        ("realtime/kettles.yaml", "- {id: error-invalid-user,", "- {id: match-failed,", "400.match-failed twice"),
        ("realtime/kettles.yaml", "schemas/tea'}}", "schemas/teas'}}", "names nothing"),
        ("realtime/kettles.yaml", "    x-permissions", "    x-permission", "unknown key 'x-permission'"),
        (
            "realtime/kettles.yaml",
            "    x-evidence: [observed on a miniature]\n    x-perm",
            "    x-perm",
            "'x-evidence'",
        ),
        (
            "cases/kettles.yaml",
            "params: [], refusal: 400.error-too",
            "query: {}, refusal: 400.error-too",
            "'query' cannot",
        ),
        (
            "cases/kettles.yaml",
            "query: {roomId: '{alice.room.id}'}",
            "params: []",
            "'params' cannot be sent to a route",
        ),
        ("cases/kettles.yaml", "/room/name: '{alice.room.name}'", "/room/name: '{alice.room.nam}'", "{alice.room.nam}"),
        ("cases/kettles.yaml", "omits: [params.kettle]", "omits: [params.pot]", "unknown parameter 'params.pot'"),
        ("cases/kettles.yaml", "refusal: 400.error-too-loud", "refusal: 400.error-loud", "no refusal 400.error-loud"),
    ],
)
def test_a_mistake_is_told_with_its_line(kettles: Miniature, file: str, old: str, new: str, says: str) -> None:
    kettles.change(file, old, new)
    with pytest.raises(FileError) as caught:
        kettles.load("7.0")
    assert says in str(caught.value)
    assert caught.value.hint


def test_a_release_of_a_removal_that_is_none_is_told(kettles: Miniature) -> None:
    kettles.change("realtime/kettles.yaml", "    x-permissions", "    x-deprecated: {removal: soon}\n    x-permissions")
    with pytest.raises(FileError, match="'soon' is no release"):
        kettles.load()


def test_contracts_without_realtime_methods_need_no_index(miniature: Miniature) -> None:
    assert {key.method for key in miniature.load().contracts} == {"GET"}
