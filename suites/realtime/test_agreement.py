"""Agreement: the same question has the same answer, whichever way it is asked.

https://developer.rocket.chat/apidocs/realtime-method-calls
"""

from preflight.session.promised import promises
from preflight.session.realtime_acts import Comparison


@promises("ddp:rooms/get#behaviour:agreement.rooms-get")
def test_both_ways_give_the_same_rooms(comparison: Comparison) -> None:
    """A caller MUST get the same rooms by rooms/get and by GET rooms.get, with the same values.

    https://developer.rocket.chat/apidocs/get-rooms-realtime
    """
    comparison.needs("{alice.channel.id}", "{alice.group.id}", "{alice.dm.id}")
    comparison.asks([], other="GET rooms.get", at="/update").keeps("agreement.same")


@promises("ddp:rooms/get#behaviour:agreement.method-call")
def test_the_bridge_gives_what_the_websocket_gives(comparison: Comparison) -> None:
    """A call over POST method.call MUST give the result that the same call gives over the websocket.

    https://developer.rocket.chat/apidocs/get-rooms-realtime
    """
    comparison.needs("{alice.channel.id}", "{alice.dm.id}")
    bridged = comparison.over_the_bridge([])
    comparison.asks([], other="POST method.call/rooms:get", at="/result", body=bridged).keeps("agreement.same")


@promises("ddp:getRoomById#behaviour:agreement.room")
def test_both_ways_give_the_same_room(comparison: Comparison) -> None:
    """What getRoomById and GET rooms.info both tell of a room MUST be the same.

    https://developer.rocket.chat/apidocs/get-room-by-id-realtime
    """
    room = "{alice.channel.id}"
    comparison.asks([room], other="GET rooms.info", query={"roomId": room}, at="/room").keeps("agreement.same")
