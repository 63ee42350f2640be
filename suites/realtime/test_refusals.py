"""Refusals: a realtime call that must be refused is refused with the promised error, and changes nothing."""

from preflight.session.acts import Refused


def test_a_refused_call_is_refused_as_promised(refused: Refused) -> None:
    """The error object MUST have the promised form, code and reason, and the workspace MUST stay as it was."""
    refused.ask().keeps(
        "refusal.status",
        "refusal.envelope",
        "refusal.error-type",
        "refusal.error-text",
        "refusal.no-effect",
        "parameter.required",
        "permission.demanded",
    )
