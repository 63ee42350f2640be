"""Parameters: what is required is demanded, and what there is not is not found."""

from preflight.session.probing import Probing, probes

EVERY_ANSWER = (
    "robustness.no-server-error",
    "robustness.no-internals",
    "robustness.envelope",
    "robustness.json",
    "robustness.error-documented",
    "robustness.headers",
    "field.type",
    "field.required",
)


@probes("missing")
def test_a_request_without_a_required_parameter_is_refused(probing: Probing) -> None:
    """Each required parameter left out alone, or all alternatives together, MUST be refused."""
    probing.ask().keeps("robustness.required", *EVERY_ANSWER)


@probes("unknown")
def test_a_request_for_what_there_is_not_is_refused(probing: Probing) -> None:
    """An id or a name that nothing has MUST be refused."""
    probing.ask().keeps("robustness.unknown", *EVERY_ANSWER)
