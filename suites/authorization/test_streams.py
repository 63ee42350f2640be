"""Streams: who does not belong to a private room, or does no more, hears nothing of it.

https://developer.rocket.chat/apidocs/realtime-method-calls
"""

from preflight.session.eavesdropping import Eavesdropping
from preflight.session.promised import promises


@promises("ddp:stream-*#security:eavesdroppers.told-nothing")
def test_an_outsider_hears_nothing(eavesdropping: Eavesdropping) -> None:
    """Who asks for the events of a group, a DM or a discussion of others MUST be told nothing that happens there."""
    rooms = ["{circle.hall.id}", "{alice.dm.id}", "{circle.talk.id}"]
    eavesdropping.outside("eve", "{eve.group.id}", rooms).keeps("authorization.no-leak")


@promises("ddp:stream-*#security:leavers.told-nothing")
def test_who_has_left_hears_no_more(eavesdropping: Eavesdropping) -> None:
    """Who listened to a group as a member and has left it MUST be told nothing that happens there afterwards."""
    eavesdropping.after_leaving("carol", "{carol.group.id}", "{circle.group.id}").keeps("authorization.no-leak")
