"""Permissions: what is taken from a role is gone for who has it, and is there again once it is given back.

https://developer.rocket.chat/apidocs/update-permissions
"""

from preflight.session.promised import promises
from preflight.session.trespass import Withdrawal


@promises("*#security:rights.take-effect", "ddp:*#security:rights.take-effect")
def test_a_permission_taken_away_is_gone(withdrawal: Withdrawal) -> None:
    """Who has used a permission MUST be refused once it is taken away, and MUST be let in once it is given back."""
    withdrawal.is_tried().keeps("authorization.permission-effective")
