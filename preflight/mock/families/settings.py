"""settings and settings.*: what the workspace is set to."""

from preflight.mock.access import has_permission
from preflight.mock.call import Call
from preflight.mock.refusals import BareFailure, Forbidden
from preflight.mock.routing import Body, Routes

ROUTES = Routes()


@ROUTES.route("GET", "settings/:_id")
def get(call: Call) -> Body:
    """Gives one setting to administrators."""
    if not has_permission(call.workspace, call.caller, "view-privileged-setting"):
        raise Forbidden
    document = call.workspace.settings.document(call.path["_id"])
    if document is None:
        raise BareFailure
    return {"_id": document["_id"], "value": document["value"]}


@ROUTES.route("POST", "settings/:_id", two_factor=True)
def save(call: Call) -> Body:
    """Changes one setting; it takes effect at once."""
    ws = call.workspace
    if not has_permission(ws, call.caller, "edit-privileged-setting"):
        raise Forbidden
    document = ws.settings.document(call.path["_id"])
    if document is None or "value" not in call.body:
        raise BareFailure
    document["value"] = call.body["value"]
    ws.touch(document)
    return {}


@ROUTES.route("GET", "settings")
def list_(call: Call) -> Body:
    """Lists all settings to administrators."""
    if not has_permission(call.workspace, call.caller, "view-privileged-setting"):
        raise Forbidden
    found = call.selection().ordered(call.workspace.settings.all(), {"_id": 1})
    return call.paged("settings", found, lambda each: {key: each[key] for key in ("_id", "value")})


@ROUTES.route("GET", "settings.public", login=False)
def public(call: Call) -> Body:
    """Lists the settings that everybody may read."""
    asked = call.query.get("_id")
    wanted = asked.split(",") if isinstance(asked, str) and asked else None
    found = [each for each in call.workspace.settings.public() if wanted is None or each["_id"] in wanted]
    return call.paged("settings", found, lambda each: {key: each[key] for key in ("_id", "value", "enterprise")})
