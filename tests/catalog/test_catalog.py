"""The catalog: what holds for a release, what became of each documented claim, and files that do not agree."""

import pytest
from jsonschema import Draft202012Validator

from preflight import paths
from preflight.catalog.catalog import load_catalog
from preflight.model.claim import ClaimId, Origin
from preflight.model.operation import OperationKey
from preflight.model.release import Release
from tests.catalog.miniature import Miniature

INFO = OperationKey.parse("GET rooms.info")


def test_an_erratum_changes_the_promise_for_its_releases_only(miniature: Miniature) -> None:
    claim = ClaimId.parse("GET rooms.info#refusal:400.error-archived")
    assert claim in miniature.load("8.5").claims
    assert claim not in miniature.load("8.6").claims


def test_a_claim_names_the_erratum_that_changed_it(miniature: Miniature) -> None:
    claim = miniature.load().claims[ClaimId.parse("GET rooms.info#field:200.room.usernames[]")]
    assert claim.promise == "each item of room.usernames is a string"
    assert (claim.origin, claim.erratum) == (Origin.ERRATUM, "usernames-are-strings")


def test_a_claim_beside_a_change_stays_the_page_s(miniature: Miniature) -> None:
    claim = miniature.load().claims[ClaimId.parse("GET rooms.info#field:200.room.usernames")]
    assert (claim.origin, claim.erratum) == (Origin.STATED, None)
    assert claim.page == "https://pages.invalid/rooms-info"


def test_every_documented_claim_is_accounted_for(miniature: Miniature) -> None:
    catalog = miniature.load("8.0")
    accounting = catalog.accounting()
    assert set(accounting) == set(catalog.documented)
    told = {str(id_): what for id_, what in accounting.items() if what != "kept"}
    assert told == {
        "GET rooms.info#field:200.room.usernames[]": "usernames-are-strings",
        "GET rooms.info#parameter:query.fields": "fields-are-gone",
    }


def test_what_a_release_does_not_have_yet_is_not_promised_for_it(miniature: Miniature) -> None:
    catalog = miniature.load("6.14")
    later = ClaimId.parse("GET rooms.info#parameter:query.later")
    assert catalog.accounting()[later] == "not in 6.14"
    assert later in miniature.load("7.1").claims
    assert OperationKey.parse("POST rooms.rename") not in catalog.contracts
    assert OperationKey.parse("POST rooms.rename") in miniature.load("8.0").contracts


def test_a_case_that_does_not_apply_is_set_aside_with_its_reason(miniature: Miniature) -> None:
    reasons = {(one.case.id, one.case.kind.value): one.reason for one in miniature.load("8.6").set_aside}
    assert reasons == {
        ("GET rooms.info/fields-work", "accepted"): "the case is for releases <8.0",
        ("GET rooms.info/archived", "refused"): "no contract of 8.6 has the refusal 400.error-archived",
    }
    assert [one.reason for one in miniature.load("7.0").set_aside] == ["POST rooms.rename is not in 7.0"]


def test_globs_select_contracts(miniature: Miniature) -> None:
    catalog = miniature.load("8.0")
    assert [str(one.key) for one in catalog.select(["GET rooms.*"])] == ["GET rooms.info"]
    assert len(catalog.select(["rooms.info", "rooms.*"])) == 2
    assert catalog.select(["chat.*"]) == ()


def test_claims_and_cases_are_found_by_operation(miniature: Miniature) -> None:
    catalog = miniature.load()
    assert {claim.id.operation for claim in catalog.claims_of(INFO)} == {INFO}
    assert [case.name for case in catalog.cases_of(INFO)] == ["by-id", "fields-work", "nothing-given", "archived"]


def test_the_digest_changes_with_any_file(miniature: Miniature) -> None:
    before = miniature.load().digest
    assert miniature.load().digest == before
    miniature.change("cast.yaml", "name: Bob", "name: Robert")
    assert miniature.load().digest != before


def test_an_erratum_may_remove_an_operation(miniature: Miniature) -> None:
    miniature.change(
        "errata/rooms.yaml",
        "target: $.paths['/api/v1/rooms.info'].get.parameters[?@.name=='fields']",
        "target: $.paths['/api/v1/rooms.info']",
    )
    catalog = miniature.load("8.0")
    assert INFO not in catalog.contracts
    assert catalog.accounting()[ClaimId.parse("GET rooms.info#route")] == "fields-are-gone"


def test_an_action_that_matches_nothing_is_allowed_where_it_says_so(miniature: Miniature) -> None:
    miniature.change("errata/rooms.yaml", "[?@.name=='fields']", "[?@.name=='filter']\n  x-optional: true")
    assert miniature.load("8.0").claims


def test_an_action_of_another_release_is_not_asked_to_match(miniature: Miniature) -> None:
    miniature.change("errata/rooms.yaml", "[?@.name=='fields']", "[?@.name=='filter']")
    assert miniature.load("7.0").claims


@pytest.mark.skipif(not list((paths.CONTRACTS / "rest").glob("*.yaml")), reason="no contracts have been derived")
@pytest.mark.parametrize("release", ["6.14", "7.0", "8.0", "8.8"])
def test_the_contracts_of_this_repository_load_and_account_for_every_claim(release: str) -> None:
    catalog = load_catalog(Release.parse(release))
    assert set(catalog.accounting()) == set(catalog.documented)
    for contract in catalog.contracts.values():
        for response in contract.responses.values():
            Draft202012Validator.check_schema(response.schema or {})
