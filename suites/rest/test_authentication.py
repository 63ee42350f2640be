"""Authentication: every operation demands a valid login, and says so in the documented words.

https://developer.rocket.chat/apidocs/authentication
"""

from preflight.session.acts import Intrusion


def test_nobody_gets_in_without_a_valid_login(intrusion: Intrusion) -> None:
    """A request without a token and the id of its owner MUST be refused with the documented 401."""
    intrusion.ask().keeps("authentication.demanded", "authentication.body")
