"""method.call and method.callAnon: the methods of the Realtime API, called over REST.

The answer is 200 whatever becomes of the call: the frame that it carries as text has the result or the error.
"""

import json
from typing import Any

from preflight.mock import ejson
from preflight.mock.call import Call
from preflight.mock.limiter import Allowance
from preflight.mock.method import Identity, Invocation
from preflight.mock.methods import registry
from preflight.mock.refusals import Failure
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import TEXT

ROUTES = Routes()

_SCHEMA = {
    "type": "object",
    "properties": {"message": TEXT},
    "required": ["message"],
    "additionalProperties": False,
}
# The limits of the Realtime API count these calls; those of the REST API do not.
_UNCOUNTED = Allowance(calls=10**9, announced=False)


@ROUTES.route("POST", "method.call/:method", body=_SCHEMA, allowance=_UNCOUNTED)
@ROUTES.route("POST", "method.callAnon/:method", body=_SCHEMA, allowance=_UNCOUNTED, login=False)
def call_method(call: Call) -> Body:
    """Calls the method that the message names; how the path spells it does not matter."""
    message = _message(call)
    invocation = Invocation(
        workspace=call.workspace,
        name=message["method"],
        params=tuple(message["params"]),
        user=call.user,
        identity=Identity(user_id=call.user["_id"] if call.user else None, token=call.token),
        address=call.address,
    )
    outcome = registry(call.regime).invoke(invocation)
    return {"message": ejson.encode({"msg": "result", "id": message["id"], **outcome.told()})}


def _message(call: Call) -> dict[str, Any]:
    """Gives the message that the body holds as text; raises Failure where it is no call of a method."""
    try:
        message = ejson.decode(call.body["message"])
    except json.JSONDecodeError as problem:
        raise Failure(f"Unexpected token in JSON at position {problem.pos}") from None
    wanted = isinstance(message, dict) and message.get("method") and message.get("id")
    if not wanted or not isinstance(message.get("params"), list) or not isinstance(message["method"], str):
        raise Failure("Invalid method call")
    return dict(message)
