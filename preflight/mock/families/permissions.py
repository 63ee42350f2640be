"""permissions.*: which roles hold which permissions."""

from preflight.mock.call import Call
from preflight.mock.permissions import is_role
from preflight.mock.refusals import MeteorError
from preflight.mock.routing import Body, Routes
from preflight.mock.validation import parse_date

ROUTES = Routes()


@ROUTES.route("GET", "permissions.listAll")
def list_all(call: Call) -> Body:
    """Lists all permissions, or those that changed since a date."""
    found = call.workspace.permissions.all()
    given = call.query.get("updatedSince")
    if given:
        since = parse_date(given) if isinstance(given, str) else None
        if since is None:
            code, reason = "error-roomId-param-invalid", 'The "updatedSince" query parameter must be a valid date.'
            raise MeteorError(code, reason)
        found = [each for each in found if each["_updatedAt"] > since]
    return {"update": found, "remove": []}


@ROUTES.route("POST", "permissions.update", permission="access-permissions")
def update(call: Call) -> Body:
    """Gives permissions to roles; it takes effect at once."""
    ws = call.workspace
    wanted = call.body.get("permissions")
    if not isinstance(wanted, list) or not all(isinstance(each, dict) for each in wanted):
        raise MeteorError("error-invalid-body-params", "Invalid body params")
    for each in wanted:
        if each.get("_id") not in ws.permissions:
            raise MeteorError("error-invalid-permission", "Invalid permission")
        if not isinstance(each.get("roles"), list) or not all(is_role(role) for role in each["roles"]):
            raise MeteorError("error-invalid-role", "Invalid role")
    for each in wanted:
        ws.permissions.assign(each["_id"], each["roles"], ws.clock.now())
    return {"permissions": ws.permissions.all()}
