"""Boundaries: at the bounds of a contract, and just beyond, answers are whole."""

from preflight.session.probing import Probing, probes


@probes("boundaries")
def test_a_request_at_the_bounds_gets_a_whole_answer(probing: Probing) -> None:
    """Every answer MUST be whole: no server error, nothing of the inside, an envelope and fields as documented."""
    probing.ask().keeps(
        "robustness.no-server-error",
        "robustness.no-internals",
        "robustness.envelope",
        "robustness.json",
        "robustness.error-documented",
        "robustness.headers",
        "field.type",
        "field.required",
    )
