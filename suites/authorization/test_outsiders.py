"""Outsiders: who does not belong to a private room is refused, told nothing of it, and changes nothing in it.

https://developer.rocket.chat/apidocs
"""

from preflight.session.promised import promises
from preflight.session.trespass import Trespassing


@promises(
    "*#security:outsiders.refused",
    "*#security:outsiders.told-nothing",
    "*#security:outsiders.change-nothing",
    "ddp:*#security:outsiders.refused",
    "ddp:*#security:outsiders.told-nothing",
    "ddp:*#security:outsiders.change-nothing",
)
def test_an_outsider_gets_nowhere(trespassing: Trespassing) -> None:
    """Who asks for a room, message, DM, discussion, thread or file of others MUST be refused as documented.

    The answer MUST tell nothing of it, and its members MUST find it as it was.
    """
    trespassing.tries().keeps("authorization.refused", "authorization.no-leak", "authorization.no-effect")
