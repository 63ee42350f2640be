"""Ranks: member, moderator, owner and administrator may what their roles are good for, and no more.

https://developer.rocket.chat/apidocs
"""

from preflight.session.promised import promises
from preflight.session.trespass import Trespassing


@promises(
    "*#security:ranks.refused",
    "*#security:ranks.change-nothing",
    "*#security:ranks.let-in",
    "ddp:*#security:ranks.refused",
    "ddp:*#security:ranks.change-nothing",
    "ddp:*#security:ranks.let-in",
)
def test_everybody_may_what_their_role_is_good_for(trespassing: Trespassing) -> None:
    """Who lacks the permission by their role in a room MUST be refused and change nothing; who has it MUST be let in.

    In a read-only room that goes for writing and reacting as well.
    """
    trespassing.tries().keeps("authorization.refused", "authorization.no-effect", "authorization.let-in")
