"""Socket: conversations over WebSocket, plain and in the dress of SockJS."""

import asyncio
import json
from collections.abc import Callable
from secrets import randbits
from typing import Protocol

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from preflight.mock.ddp.conversation import Conversation
from preflight.mock.ddp.realtime import Realtime

_NORMAL_CLOSURE = 1000
IDLE_S = 15.0  # after so long without a word from the server, it makes itself heard


class Dress(Protocol):
    """How the messages of a conversation are put on the wire."""

    def greeting(self) -> list[str]:
        """Gives what is sent before anything else."""

    def farewell(self) -> list[str]:
        """Gives what is sent before the server closes."""

    def heartbeat(self, conversation: Conversation) -> list[str]:
        """Gives what is sent after a while of silence, unless the conversation itself says something."""

    def outgoing(self, text: str) -> str:
        """Dresses a message."""

    def incoming(self, text: str) -> list[str]:
        """Gives the messages in what was received; raises ValueError where it is none."""


class Plain:
    """No dress at all."""

    def greeting(self) -> list[str]:
        """Says nothing."""
        return []

    def farewell(self) -> list[str]:
        """Says nothing."""
        return []

    def heartbeat(self, conversation: Conversation) -> list[str]:
        """Lets the protocol ping."""
        conversation.heartbeat()
        return []

    def outgoing(self, text: str) -> str:
        """Leaves a message as it is."""
        return text

    def incoming(self, text: str) -> list[str]:
        """Leaves a message as it is."""
        return [text]


class SockJs:
    """The frames of SockJS: ``o`` opens, ``a`` carries messages, ``h`` says that all is well, ``c`` closes."""

    def greeting(self) -> list[str]:
        """Opens."""
        return ["o"]

    def farewell(self) -> list[str]:
        """Closes."""
        return ['c[3000,"Go away!"]']

    def heartbeat(self, _conversation: Conversation) -> list[str]:
        """Says that all is well."""
        return ["h"]

    def outgoing(self, text: str) -> str:
        """Puts a message into a list of one."""
        return "a" + json.dumps([text], ensure_ascii=False, separators=(",", ":"))

    def incoming(self, text: str) -> list[str]:
        """Takes the messages out of a list; one may come without."""
        messages = json.loads(text) if text else []
        listed = messages if isinstance(messages, list) else [messages]
        if not all(isinstance(each, str) for each in listed):
            raise ValueError("messages are texts")
        return listed


class _Line:
    """What waits to be sent on one socket; anybody may put something on it, from any thread."""

    def __init__(self, socket: WebSocket, dress: Dress) -> None:
        self._socket = socket
        self._dress = dress
        self._loop = asyncio.get_running_loop()
        self._waiting: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, text: str) -> None:
        """Sends a message after those that wait already."""
        self._loop.call_soon_threadsafe(self._waiting.put_nowait, self._dress.outgoing(text))

    def close(self) -> None:
        """Closes the socket once everything is sent."""
        self._loop.call_soon_threadsafe(self._waiting.put_nowait, None)

    async def work(self, idle: Callable[[], list[str]]) -> None:
        """Sends what comes until the line is closed, or the other side is gone."""
        try:
            for text in self._dress.greeting():
                await self._socket.send_text(text)
            while (waiting := await self._next(idle)) is not None:
                await self._socket.send_text(waiting)
            for text in self._dress.farewell():
                await self._socket.send_text(text)
            await self._socket.close(_NORMAL_CLOSURE)
        except (WebSocketDisconnect, RuntimeError):
            return  # the other side was faster

    async def _next(self, idle: Callable[[], list[str]]) -> str | None:
        while True:
            try:
                return await asyncio.wait_for(self._waiting.get(), IDLE_S)
            except TimeoutError:
                for text in idle():
                    self._waiting.put_nowait(text)


async def _talk(socket: WebSocket, realtime: Realtime, dress: Dress) -> None:
    await socket.accept()
    line = _Line(socket, dress)
    address = socket.client.host if socket.client else ""
    conversation = Conversation(realtime, line.send, line.close, address)
    sending = asyncio.create_task(line.work(lambda: dress.heartbeat(conversation)))
    try:
        await _listen(socket, conversation, dress)
    finally:
        conversation.leave()
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)


async def _listen(socket: WebSocket, conversation: Conversation, dress: Dress) -> None:
    """Hands what is received to the conversation, until the socket is closed or speaks out of turn."""
    while True:
        received = await socket.receive()
        if received["type"] == "websocket.disconnect":
            return
        text = received.get("text") or (received.get("bytes") or b"").decode("utf-8", "replace")
        try:
            messages = dress.incoming(text)
        except ValueError:
            await socket.close(_NORMAL_CLOSURE)
            return
        for message in messages:
            conversation.receive(message)


def realtime_routes(realtime: Realtime) -> list[BaseRoute]:
    """Gives the routes of the Realtime API: the plain socket, and SockJS with its page of facts."""

    async def plain(socket: WebSocket) -> None:
        await _talk(socket, realtime, Plain())

    async def dressed(socket: WebSocket) -> None:
        await _talk(socket, realtime, SockJs())

    async def info(_request: Request) -> Response:
        facts = {"websocket": True, "origins": ["*:*"], "cookie_needed": False, "entropy": randbits(32)}
        return JSONResponse(facts, headers={"access-control-allow-origin": "*", "cache-control": "no-store"})

    return [
        WebSocketRoute("/websocket", plain),
        WebSocketRoute("/sockjs/websocket", plain),
        WebSocketRoute("/sockjs/{server}/{session}/websocket", dressed),
        Route("/sockjs/info", info, methods=["GET"]),
    ]
