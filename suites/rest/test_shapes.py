"""Shapes: an accepted request is answered with the status, the fields and the values that its page promises."""

from preflight.session.acts import Accepted


def test_an_accepted_request_is_answered_as_documented(accepted: Accepted) -> None:
    """The answer MUST have the documented status, media type, envelope and fields, and the values that were sent."""
    accepted.ask().keeps(
        "route.exists",
        "success.status",
        "success.content-type",
        "success.envelope",
        "success.closed",
        "parameter.accepted",
        "field.type",
        "field.required",
        "field.value",
    )
