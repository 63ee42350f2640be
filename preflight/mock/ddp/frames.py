"""Frames: the messages of the protocol that the server sends."""

from collections.abc import Iterable, Mapping
from typing import Any

Frame = Mapping[str, Any]  # one message of the protocol, in either direction

#: The versions of the protocol that the server speaks, the one it prefers first.
VERSIONS = ("1", "pre2", "pre1")


def connected(session: str) -> Frame:
    """Begins a session."""
    return {"msg": "connected", "session": session}


def failed() -> Frame:
    """Refuses a version, and names the one to use."""
    return {"msg": "failed", "version": VERSIONS[0]}


def pong(ping: Frame) -> Frame:
    """Answers a ping, with its id where it has one."""
    return {"msg": "pong", **({"id": ping["id"]} if "id" in ping else {})}


def error(reason: str, offending: Any = None) -> Frame:
    """Refuses a message that the protocol does not allow."""
    shown = {} if offending is None else {"offendingMessage": offending}
    return {"msg": "error", "reason": reason, **shown}


def updated(method_id: str) -> Frame:
    """Says that the writes of a method are done."""
    return {"msg": "updated", "methods": [method_id]}


def result(method_id: str, told: Mapping[str, Any]) -> Frame:
    """Gives the result of a method, or its error."""
    return {"msg": "result", "id": method_id, **told}


def ready(subscription_id: str) -> Frame:
    """Says that a subscription stands."""
    return {"msg": "ready", "subs": [subscription_id]}


def nosub(message: Frame, problem: Mapping[str, Any] | None = None) -> Frame:
    """Says that a subscription does not stand, or no longer."""
    named = {"id": message["id"]} if "id" in message else {}
    return {"msg": "nosub", **named, **({} if problem is None else {"error": problem})}


def added(collection: str, document_id: str, fields: Mapping[str, Any]) -> Frame:
    """Adds a document to a collection of the client."""
    return {"msg": "added", "collection": collection, "id": document_id, "fields": fields}


def removed(collection: str, document_id: str) -> Frame:
    """Takes a document from a collection of the client."""
    return {"msg": "removed", "collection": collection, "id": document_id}


def event(stream: str, name: str, args: Iterable[Any]) -> Frame:
    """Tells of an event of a stream, dressed as a change of a document that is always the same."""
    return {"msg": "changed", "collection": stream, "id": "id", "fields": {"eventName": name, "args": list(args)}}
