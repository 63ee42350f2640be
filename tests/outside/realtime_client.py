"""A program of its own: the package rocketchat-async talks to a workspace, and prints what it hears.

Arguments: the address of the socket, a username, a password, and the id of a room.
"""

import asyncio
import json
import sys
from typing import Any

from rocketchat_async import RocketChat  # type: ignore[import-not-found] # it is installed for this program alone


def say(what: str, **told: Any) -> None:
    """Print one line for who started this program."""
    sys.stdout.write(json.dumps({"what": what, **told}) + "\n")
    sys.stdout.flush()


async def main(address: str, username: str, password: str, room_id: str) -> None:
    client = RocketChat()
    await client.start(address, username, password)
    say("in", user=client.user_id, rooms=await client.get_channels())
    heard: list[str] = []
    both, changed = asyncio.Event(), asyncio.Event()

    def on_message(message: dict[str, Any]) -> None:
        heard.append(message["msg"])
        say("message", text=message["msg"], room=message["rid"], author=message["u"]["username"])
        if len(heard) == 2:
            both.set()

    def on_change(told: list[Any]) -> None:
        say("change", action=told[0], room=told[1]["_id"])
        changed.set()

    await client.subscribe_to_channel_messages_raw(room_id, on_message)
    await client.subscribe_to_channel_changes_raw(on_change)
    await client.get_channels()  # answered after both subscriptions stand
    say("listening")
    await client.send_message("sent by the client", room_id)
    await client.send_typing_event(room_id)
    await asyncio.wait_for(asyncio.gather(both.wait(), changed.wait()), 30)
    say("out")


asyncio.run(main(*sys.argv[1:]))
