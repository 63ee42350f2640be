"""users.*PersonalAccessToken: tokens that a user makes for programs."""

from preflight.mock import personal_tokens
from preflight.mock.call import Call
from preflight.mock.refusals import Failure
from preflight.mock.routing import Body, Routes

ROUTES = Routes()


@ROUTES.route("POST", "users.generatePersonalAccessToken", two_factor=True)
def generate(call: Call) -> Body:
    """Makes a token, and shows it this once."""
    bypass = bool(call.body.get("bypassTwoFactor"))
    return {"token": personal_tokens.generate(call.workspace, call.caller, _name(call), bypass=bypass)}


@ROUTES.route("POST", "users.regeneratePersonalAccessToken", two_factor=True)
def regenerate(call: Call) -> Body:
    """Puts a new token in the place of one."""
    return {"token": personal_tokens.regenerate(call.workspace, call.caller, _name(call))}


@ROUTES.route("POST", "users.removePersonalAccessToken", two_factor=True)
def remove(call: Call) -> Body:
    """Ends a token."""
    personal_tokens.remove(call.workspace, call.caller, _name(call))
    return {}


@ROUTES.route("GET", "users.getPersonalAccessTokens", permission="create-personal-access-tokens")
def list_(call: Call) -> Body:
    """Lists the caller's tokens without the tokens themselves."""
    return {"tokens": personal_tokens.listed(call.caller)}


def _name(call: Call) -> str:
    name = call.body.get("tokenName")
    if not name:
        raise Failure("The 'tokenName' param is required")
    return str(name)
