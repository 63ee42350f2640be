"""A server of websockets that plays one script: each a tiny named misbehaviour, or a workspace that behaves.

A script is a function of the connection; the connection closes when it returns.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

Script = Callable[[ServerConnection], None]
Sent = dict[str, Any]  # a frame of the client, any JSON object
TOKEN = "a-resume-token-of-the-server-01"


@contextmanager
def serving(
    script: Script, answer_http: Callable[[ServerConnection, Request], Response | None] | None = None
) -> Iterator[str]:
    """Play a script for each connection; gives the address of the workspace."""
    with serve(script, "127.0.0.1", 0, process_request=answer_http) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
        finally:
            server.shutdown()
            thread.join()


def say(connection: ServerConnection, **frame: object) -> None:
    connection.send(json.dumps(frame))


def hear(connection: ServerConnection) -> Sent:
    heard: Sent = json.loads(connection.recv())
    return heard


def greet(connection: ServerConnection) -> None:
    """Give a session to whoever asks for one."""
    hear(connection)
    say(connection, msg="connected", session="s3ss10n")


def behaves(connection: ServerConnection) -> None:
    """A small workspace: a session, logins, an echo, one refusal, a stream that anybody may hear but one."""
    greet(connection)
    for text in connection:
        try:
            frame = json.loads(text)
        except ValueError:
            say(connection, msg="error", reason="Bad request")
            continue
        _ANSWERS.get(frame.get("msg") if isinstance(frame, dict) else None, _refuse)(connection, frame)


def _refuse(connection: ServerConnection, frame: Any) -> None:  # any JSON
    offending = {"offendingMessage": frame} if isinstance(frame, dict) else {}
    say(connection, msg="error", reason="Bad request", **offending)


def _method(connection: ServerConnection, frame: Sent) -> None:
    if not isinstance(frame.get("id"), str):
        say(connection, msg="error", reason="Malformed method invocation", offendingMessage=frame)
        return
    say(connection, msg="updated", methods=[frame["id"]])
    say(connection, msg="result", id=frame["id"], **_outcome(frame))


def _outcome(frame: Sent) -> Sent:
    match frame["method"], frame.get("params", []):
        case "login", [{"resume": str() as token}]:
            return {"result": {"id": "u1", "token": token, "type": "resume"}}
        case "login", [{"password": {"digest": str(), "algorithm": "sha-256"}, "user": user}]:
            return {"result": {"id": str(user), "token": TOKEN, "tokenExpires": {"$date": 1803092519425}}}
        case "echo", params:
            return {"result": params}
        case "nothing", _:
            return {}
    error = {"isClientSafe": True, "error": 404, "reason": f"Method '{frame['method']}' not found"}
    return {"error": error | {"message": f"{error['reason']} [404]", "errorType": "Meteor.Error"}}


def _sub(connection: ServerConnection, frame: Sent) -> None:
    if frame["params"][0] == "private":
        error = {"isClientSafe": True, "error": "not-allowed", "message": "[not-allowed]"}
        say(connection, msg="nosub", id=frame["id"], error=error)
        return
    happen(connection, frame["name"], frame["params"][0], "before ready")
    say(connection, msg="ready", subs=[frame["id"]])
    for event in ("first", "second", "third"):
        happen(connection, frame["name"], frame["params"][0], event)
    happen(connection, frame["name"], "another-room", "not for this subscription")


def happen(connection: ServerConnection, stream: str, event: str, *args: object) -> None:
    say(connection, msg="changed", collection=stream, id="id", fields={"eventName": event, "args": args})


_ANSWERS: dict[Any, Callable[[ServerConnection, Any], None]] = {
    "method": _method,
    "sub": _sub,
    "unsub": lambda connection, frame: say(connection, msg="nosub", id=frame["id"]),
    "ping": lambda connection, frame: say(connection, **{**frame, "msg": "pong"}),
    "connect": lambda connection, frame: say(
        connection, msg="error", reason="Already connected", offendingMessage=frame
    ),
}


def greets_as_old_servers_do(connection: ServerConnection) -> None:
    say(connection, server_id="0")
    behaves(connection)


def demands_a_session_first(connection: ServerConnection) -> None:
    say(connection, msg="error", reason="Must connect first", offendingMessage=hear(connection))
    behaves(connection)


def speaks_another_version(connection: ServerConnection) -> None:
    hear(connection)
    say(connection, msg="failed", version="pre1")


def answers_before_a_session(connection: ServerConnection) -> None:
    hear(connection)
    say(connection, msg="result", id="1")
    until_closed(connection)


def is_silent(connection: ServerConnection) -> None:
    until_closed(connection)


def is_silent_after_a_session(connection: ServerConnection) -> None:
    greet(connection)
    until_closed(connection)


def closes_in_the_middle(connection: ServerConnection) -> None:
    greet(connection)
    hear(connection)
    connection.close(1011, "out of memory")


def closes_after_two_frames(connection: ServerConnection) -> None:
    greet(connection)
    hear(connection)
    hear(connection)


def drops_the_line(connection: ServerConnection) -> None:
    greet(connection)
    hear(connection)
    connection.socket.shutdown(2)


def sends_no_json(connection: ServerConnection) -> None:
    greet(connection)
    hear(connection)
    connection.send("<html>502 Bad Gateway</html>")
    until_closed(connection)


def sends_a_list(connection: ServerConnection) -> None:
    greet(connection)
    hear(connection)
    connection.send("[]")
    until_closed(connection)


def sends_binary(connection: ServerConnection) -> None:
    greet(connection)
    hear(connection)
    connection.send(b"\x00\x01")
    until_closed(connection)


def sends_a_frame_without_a_kind(connection: ServerConnection) -> None:
    greet(connection)
    hear(connection)
    say(connection, id="1")
    until_closed(connection)


def sends_too_much(connection: ServerConnection) -> None:
    greet(connection)
    frame = hear(connection)
    say(connection, msg="result", id=frame["id"], result="x" * (8 * 1024 * 1024))
    until_closed(connection)


def answers_what_nobody_asked(connection: ServerConnection) -> None:
    greet(connection)
    hear(connection)
    say(connection, msg="result", id="another")
    until_closed(connection)


def answers_in_reverse(connection: ServerConnection) -> None:
    """Hear three calls, answer the last one first, and tell of the updates when all is said."""
    greet(connection)
    calls = [hear(connection) for _ in range(3)]
    for call in reversed(calls):
        say(connection, msg="result", id=call["id"], result=call["params"])
    say(connection, msg="updated", methods=[call["id"] for call in calls])
    until_closed(connection)


def pings_during_a_wait(connection: ServerConnection) -> None:
    """Answer a call only to somebody who answers a ping, with what the pong said."""
    greet(connection)
    call = hear(connection)
    say(connection, msg="ping", id="are you there?")
    say(connection, msg="ping")
    pongs = [hear(connection), hear(connection)]
    say(connection, msg="result", id=call["id"], result=pongs)
    until_closed(connection)


def answers_late(connection: ServerConnection) -> None:
    """Answer the first call only when the second one is there, which is answered next."""
    greet(connection)
    first, second = hear(connection), hear(connection)
    say(connection, msg="result", id=first["id"], result="late")
    say(connection, msg="result", id=second["id"], result="in time")
    until_closed(connection)


def refuses_without_saying_what(connection: ServerConnection) -> None:
    greet(connection)
    hear(connection)
    say(connection, msg="error", reason="Bad request")
    until_closed(connection)


def complains_unasked(connection: ServerConnection) -> None:
    greet(connection)
    frame = hear(connection)
    say(connection, msg="ready", subs=[frame["id"]])
    say(connection, msg="error", reason="I do not like you")
    until_closed(connection)


def ends_a_subscription_unasked(connection: ServerConnection) -> None:
    greet(connection)
    frame = hear(connection)
    say(connection, msg="ready", subs=[frame["id"]])
    say(connection, msg="nosub", id=frame["id"])
    until_closed(connection)


def closes_while_subscribed(connection: ServerConnection) -> None:
    greet(connection)
    frame = hear(connection)
    say(connection, msg="ready", subs=[frame["id"]])
    happen(connection, frame["name"], frame["params"][0], "the last one")
    connection.close(1001)


def floods(connection: ServerConnection) -> None:
    """Send more events than anybody reads before the end."""
    greet(connection)
    frame = hear(connection)
    say(connection, msg="ready", subs=[frame["id"]])
    for number in range(200):
        happen(connection, frame["name"], frame["params"][0], number)
    until_closed(connection)


def until_closed(connection: ServerConnection) -> None:
    try:
        for _ in connection:
            pass
    except ConnectionClosed:
        pass
