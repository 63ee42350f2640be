"""Authentication: what a realtime method answers to somebody who is not logged in.

https://developer.rocket.chat/apidocs/realtime-api
"""

from preflight.session.acts import Intrusion


def test_a_caller_who_is_not_logged_in_gets_what_is_promised(intrusion: Intrusion) -> None:
    """A method MUST answer a caller without a login as promised: with its refusal, or with what everybody may see."""
    intrusion.ask().keeps("authentication.demanded", "authentication.body")
