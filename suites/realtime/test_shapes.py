"""Shapes: a realtime call is answered with the result that is promised, and what it wrote can be read afterwards."""

from preflight.session.acts import Accepted


def test_an_accepted_call_is_answered_as_promised(accepted: Accepted) -> None:
    """The result MUST have the promised type, fields and values, and the effect of the call MUST be visible."""
    accepted.ask().keeps(
        "route.exists",
        "success.status",
        "success.envelope",
        "success.closed",
        "parameter.accepted",
        "field.type",
        "field.required",
        "field.value",
    )
