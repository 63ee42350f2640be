"""Refusals: a request that must be refused is refused with the documented error, and changes nothing."""

from preflight.session.acts import Refused


def test_a_refused_request_is_refused_as_documented(refused: Refused) -> None:
    """The refusal MUST have the documented status, errorType and error text, and leave the workspace as it was."""
    refused.ask().keeps(
        "refusal.status",
        "refusal.envelope",
        "refusal.error-type",
        "refusal.error-text",
        "refusal.no-effect",
        "parameter.required",
        "permission.demanded",
    )
