"""How long the mock workspace takes for a page of messages, and whether messages in other rooms slow it down.

Run it with `python -m benchmarks.mock`; it prints figures and judges nothing.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from preflight.mock import messages, rooms, users
from preflight.mock.answer import Answer
from preflight.mock.dispatch import Dispatcher, Received
from preflight.mock.families import all_routes
from preflight.mock.founding import found, join_default_rooms
from preflight.mock.routing import Table

IN_THE_ROOM = 10_000
ELSEWHERE = 10_000
TIMES = 50
READS = (
    "channels.history?roomId={room}&count=50",
    "channels.history?roomId={room}&count=50&latest=2020-01-01T00:00:00.000Z",
    "channels.messages?roomId={room}&count=50",
    "chat.getThreadsList?rid={room}&count=50",
    "chat.search?roomId={room}&searchText=nothing",
    "rooms.info?roomId={room}",
)


class Bench:
    """A workspace with one busy room, asked without a socket between."""

    def __init__(self) -> None:
        self.ws = found(release="8.0", admin_password="benchmark")  # noqa: S106 (it lives for a benchmark)
        self.user = users.create(self.ws, username="alice", name="Alice", password="benchmark")  # noqa: S106
        join_default_rooms(self.ws, self.user)
        self.busy = rooms.create(self.ws, self.user, rooms.Plan(kind="c", name="busy"))
        self.other = rooms.create(self.ws, self.user, rooms.Plan(kind="c", name="other"))
        self.token = users.log_in(self.ws, self.user)
        self.dispatcher = Dispatcher(self.ws, Table(all_routes(), self.ws.regime))

    def fill(self, name: str, count: int) -> float:
        """Write so many messages into a room, and give the seconds that took."""
        room = self.ws.rooms.named(name)
        if room is None:
            raise LookupError(name)
        begun = perf_counter()
        for number in range(count):
            messages.post(self.ws, self.user, room, {"msg": f"message {number}"})
        return perf_counter() - begun

    def read(self, path: str) -> Answer:
        """Ask for something."""
        name, _, query = path.partition("?")
        headers = {"x-auth-token": self.token, "x-user-id": self.user["_id"]}
        received = Received(
            method="GET", path=f"/api/v1/{name}", query=query, headers=headers, content=b"", address="127.0.0.1"
        )
        answer = self.dispatcher.respond(received)
        answer.encoded()
        return answer


def _milliseconds(act: Callable[[], Answer]) -> float:
    spent = []
    for _ in range(TIMES):
        begun = perf_counter()
        act()
        spent.append((perf_counter() - begun) * 1000)
    return median(spent)


def main() -> None:
    """Fill the rooms and print what reading costs before and after there is more elsewhere."""
    bench = Bench()
    seconds = bench.fill("busy", IN_THE_ROOM)
    print(f"{IN_THE_ROOM:,} messages in one room, written at {IN_THE_ROOM / seconds:,.0f} a second")
    paths = [path.format(room=bench.busy["_id"]) for path in READS]
    alone = [_milliseconds(lambda path=path: bench.read(path)) for path in paths]  # type: ignore[misc]
    bench.fill("other", ELSEWHERE)
    beside = [_milliseconds(lambda path=path: bench.read(path)) for path in paths]  # type: ignore[misc]
    print(f"median of {TIMES} readings, in milliseconds: alone, and with {ELSEWHERE:,} messages in another room")
    for path, before, after in zip(READS, alone, beside, strict=True):
        print(f"  {path.replace('={room}', '=…'):<75}{before:8.2f}{after:8.2f}")


if __name__ == "__main__":
    main()
