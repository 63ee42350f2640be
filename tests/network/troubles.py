"""The ways in which the network and what stands in front of a server break, each by a name in words."""

from collections.abc import Callable
from functools import partial

from tests.network.proxy import Break, Frames, Trouble, Wire, frame_of, text_of

_PAGE = b"<html><body><h1>%s</h1></body></html>"


def _response(status: bytes, body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 " + status, *headers, b"Content-Length: %d" % len(body), b"Connection: close"]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def gateway(status: bytes, *headers: bytes) -> Break:
    """Answer in the place of the server, and let it hear nothing."""
    return lambda wire: wire.answer(_response(status, _PAGE % status, b"Content-Type: text/html", *headers))


def _changed(change: Callable[[bytes, bytes], bytes]) -> Break:
    """Let the server answer, and hand on something else in place of head and body."""

    def broken(wire: Wire) -> None:
        head, _, body = wire.ask().partition(b"\r\n\r\n")
        wire.answer(change(head, body))

    return broken


def _headers(head: bytes, **changes: bytes) -> bytes:
    wanted = {name.replace("_", "-").encode(): value for name, value in changes.items()}
    kept = [line for line in head.split(b"\r\n") if line.partition(b":")[0].lower() not in wanted]
    return b"\r\n".join([*kept, *(name + b": " + value for name, value in wanted.items())]) + b"\r\n\r\n"


def _dropped(wire: Wire) -> None:
    """Hear the request and go without a word; the server never hears of it."""
    del wire


def _unanswered(wire: Wire) -> None:
    """Let the server do what is asked, and lose its answer."""
    wire.ask()


def _reset(wire: Wire) -> None:
    wire.reset()


def _reset_midway(wire: Wire) -> None:
    answer = wire.ask()
    wire.answer(answer[: len(answer) // 2])
    wire.reset()


def _truncated(wire: Wire) -> None:
    wire.answer(wire.ask()[:-9])


def _headless(wire: Wire) -> None:
    wire.answer(wire.ask()[:25])


def _silent(wire: Wire) -> None:
    wire.hold()


def _stuck(wire: Wire) -> None:
    answer = wire.ask()
    wire.answer(answer[: len(answer) // 2])
    wire.hold()


def _slow(wire: Wire) -> None:
    wire.drip(wire.ask())


def _twice_sent(wire: Wire) -> None:
    wire.ask()
    wire.answer(wire.ask())


def _twice_answered(wire: Wire) -> None:
    answer = wire.ask()
    wire.answer(answer + answer)


def _garbage(wire: Wire) -> None:
    wire.answer(b"\x16\x03\x01\x02\x00\x01 no protocol of this world\r\n\r\n")


HTTP = (
    Trouble(name="drops a request before the server hears of it", http=_dropped),
    Trouble(name="loses the answer to a request that took effect", http=_unanswered),
    Trouble(name="resets the connection on a request", http=_reset),
    Trouble(name="resets the connection in the middle of an answer", http=_reset_midway),
    Trouble(name="cuts the end off an answer", http=_truncated),
    Trouble(name="ends an answer within its head", http=_headless),
    Trouble(name="never answers", http=_silent),
    Trouble(name="stops in the middle of an answer and stays", http=_stuck),
    Trouble(name="answers a few bytes at a time", http=_slow),
    Trouble(name="sends a request twice", http=_twice_sent),
    Trouble(name="answers twice", http=_twice_answered),
    Trouble(name="answers bytes of another protocol", http=_garbage),
    Trouble(name="answers 502 as a gateway does", http=gateway(b"502 Bad Gateway")),
    Trouble(name="answers 503 as a gateway does", http=gateway(b"503 Service Unavailable", b"Retry-After: 0")),
    Trouble(name="answers 504 as a gateway does", http=gateway(b"504 Gateway Timeout")),
    Trouble(name="answers 200 with the page of a portal", http=gateway(b"200 OK")),
    Trouble(name="sends the client elsewhere", http=gateway(b"302 Found", b"Location: https://portal.invalid/login")),
    Trouble(name="answers 407 as a proxy that wants a login", http=gateway(b"407 Proxy Authentication Required")),
    Trouble(name="answers an empty body", http=_changed(lambda head, _body: _headers(head, content_length=b"0"))),
    Trouble(
        name="promises more bytes than come",
        http=_changed(lambda head, body: _headers(head, content_length=b"%d" % (len(body) + 500)) + body),
    ),
    Trouble(
        name="promises fewer bytes than come",
        http=_changed(lambda head, body: _headers(head, content_length=b"%d" % (len(body) // 2)) + body),
    ),
    Trouble(
        name="breaks the chunks of an answer",
        http=_changed(
            lambda head, body: _headers(head, content_length=b"0", transfer_encoding=b"chunked") + b"zz\r\n" + body
        ),
    ),
    Trouble(
        name="says that an answer is compressed, which it is not",
        http=_changed(lambda head, body: _headers(head, content_encoding=b"gzip") + body),
    ),
    Trouble(
        name="mixes bytes into an answer that are no text",
        http=_changed(lambda head, body: head + b"\r\n\r\n" + b"\xff\xfe" + body[2:]),
    ),
)


def _cut_after(count: int) -> Frames:
    """Let so many frames through, and break the connection."""
    left = count

    def frames(frame: bytes) -> list[bytes]:
        nonlocal left
        left -= 1
        return [frame] if left >= 0 else [frame_of(b"\x03\xf3", opcode=8)]

    return frames


def _each(change: Callable[[bytes], list[bytes]]) -> Frames:
    """Change every frame of text that tells a result or an event."""

    def frames(frame: bytes) -> list[bytes]:
        told = text_of(frame)
        return change(told) if frame[0] & 0x0F == 1 and b'"msg":"result"' in told.replace(b" ", b"") else [frame]

    return frames


def websockets() -> tuple[Trouble, ...]:
    """Make the troubles of websockets anew: some of them count."""
    return (
        Trouble(name="refuses a websocket as a gateway does", http=gateway(b"502 Bad Gateway")),
        Trouble(name="never answers the request for a websocket", http=_silent),
        Trouble(name="closes a websocket at once", frames=_cut_after(0)),
        Trouble(name="closes a websocket after a few frames", frames=_cut_after(3)),
        Trouble(name="loses the results of calls", frames=_each(lambda _told: [])),
        Trouble(name="sends the results of calls twice", frames=_each(lambda told: [frame_of(told), frame_of(told)])),
        Trouble(name="cuts the results of calls", frames=_each(lambda told: [frame_of(told[: len(told) // 2])])),
        Trouble(name="sends bytes that are no text", frames=_each(lambda told: [frame_of(b"\xff\xfe" + told)])),
        Trouble(name="sends a frame of no known kind", frames=_each(partial(_of_no_kind))),
    )


def _of_no_kind(told: bytes) -> list[bytes]:
    return [frame_of(told, opcode=11)]
