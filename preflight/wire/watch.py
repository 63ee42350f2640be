"""Watch: what stands between everybody who asks and the wire; sees each request before it is sent, and its answer."""

from dataclasses import dataclass
from typing import Protocol

from preflight.model.json import Json, as_list
from preflight.wire.frames import json_of

METHOD = "ddp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request before it is sent: a REST route below ``/api/v1/``, or a realtime method with ``ddp`` as its method.

    `parameters` are queries and body of a route, the arguments of a method.
    """

    actor: str
    method: str
    name: str
    parameters: Json


class Watch(Protocol):
    """Lets requests pass, or raises."""

    def before(self, call: Call) -> None:
        """See a request that is about to be sent; whatever this raises keeps it from being sent."""

    def after(self, call: Call, body: Json) -> None:
        """See the answer to a request."""


def call_in(frame: Json, actor: str) -> Call | None:
    """Read a frame, or its text, as a method call; None where it is none that a server could understand."""
    body = json_of(frame) if isinstance(frame, str) else frame
    if not isinstance(body, dict) or body.get("msg") != "method" or not isinstance(name := body.get("method"), str):
        return None
    return Call(actor=actor, method=METHOD, name=name, parameters=list(as_list(body.get("params"))))
