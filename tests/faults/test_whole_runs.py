"""Whole runs: at every release that the mock plays each claim is judged, or evidence tells that it does not apply."""

import pytest

from preflight.mock.release import Regime
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.verdict import Verdict
from preflight.plugin.drilling import Order, run_against

FORMALITY = "GET autotranslate.getSupportedLanguages#field:200.languages[].supports_formality"
EVIDENCE = {
    FORMALITY: (
        "the setting AutoTranslate_ServiceProvider was found to be 'google-translate',"
        " the case is about 'deepl-translate'"
    ),
    "GET chat.getMessageReadReceipts#refusal:400.error-action-not-allowed": (
        "the workspace is of the enterprise edition"
    ),
}
# Holes that are known of releases: told as warnings, each with the erratum that has the evidence.
ALWAYS_OPEN = {
    "chat-deleted-unchecked",
    "rooms-get-removed",
    "realtime-rooms-get-removed",
    "realtime-room-with-join-code",
}
KNOWN_HOLES = {
    "6.14": {*ALWAYS_OPEN, "autotranslate-unchecked", "rooms-info-operators"},
    "8.0": {*ALWAYS_OPEN, "autotranslate-unchecked"},
    "8.8": ALWAYS_OPEN,
}


@pytest.mark.parametrize("release", Regime.known())
def test_every_claim_is_judged_or_does_not_apply(release: str) -> None:
    run = run_against(Order(release=release))
    assert run.verdict is Verdict.PASS
    left = {str(name): (result.verdict, result.reason) for name, result in run.claims.items() if not result.judged}
    assert left == {name: (Verdict.NOT_APPLICABLE, reason) for name, reason in EVIDENCE.items()}
    holes = {run.claims[outcome.claim].claim for outcome in run.outcomes if outcome.findings}
    assert {claim.erratum for claim in holes if claim.id.kind is ClaimKind.SECURITY} == KNOWN_HOLES[release]


def test_what_a_provider_tells_is_judged_where_that_provider_is_found() -> None:
    found = {"AutoTranslate_ServiceProvider": "deepl-translate"}
    run = run_against(Order(only=("autotranslate.getSupportedLanguages",)), settings=found)
    result = run.claims[ClaimId.parse(FORMALITY)]
    assert (result.verdict, result.reason) == (Verdict.PASS, "")
