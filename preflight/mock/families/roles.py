"""roles.*: which roles there are, and who holds them in the workspace or in one room."""

from typing import Any

from preflight.mock import named, subscriptions
from preflight.mock.access import has_permission
from preflight.mock.call import Call
from preflight.mock.permissions import OF_SUBSCRIPTIONS, roles
from preflight.mock.refusals import Failure, MeteorError
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import NUMBER, TEXT, closed
from preflight.mock.validation import validate
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user, role or subscription

ROUTES = Routes()

_CHANGE = closed({"username": TEXT}, dict.fromkeys(("roleId", "roleName", "roomId", "scope"), TEXT))
_IN_ROLE = closed({"role": TEXT}, {"roomId": TEXT, "sort": TEXT, "query": TEXT, "offset": NUMBER, "count": NUMBER})


@ROUTES.route("GET", "roles.list")
def list_(_call: Call) -> Body:
    """Lists all roles."""
    return {"roles": roles()}


@ROUTES.route("POST", "roles.addUserToRole")
def add(call: Call) -> Body:
    """Gives a role to a user, in the workspace or in one room."""
    ws, role, user = call.workspace, _role(call), _person(call)
    if _holds(ws, user, role, call.body.get("roomId")):
        raise MeteorError("error-user-already-in-role", "User already in role")
    _refuse_unless_allowed(call, role, "addUserToRole")
    if role["_id"] in OF_SUBSCRIPTIONS:
        subscriptions.add_role(ws, _place(call, user), role["_id"])
    else:
        user["roles"] = [*user["roles"], role["_id"]]
        ws.touch(user)
    return {"role": role}


@ROUTES.route("POST", "roles.removeUserFromRole")
def remove(call: Call) -> Body:
    """Takes a role from a user."""
    ws, role, user = call.workspace, _role(call), _person(call)
    if not _holds(ws, user, role, call.body.get("roomId")):
        raise MeteorError("error-user-not-in-role", "User is not in this role")
    _refuse_unless_allowed(call, role, "removeUserFromRole")
    if role["_id"] in OF_SUBSCRIPTIONS:
        subscriptions.remove_role(ws, _place(call, user), role["_id"])
        return {"role": role}
    if role["_id"] == "admin" and sum("admin" in each["roles"] for each in ws.users) == 1:
        raise MeteorError("error-admin-required", "You need to have at least one admin")
    user["roles"] = [held for held in user["roles"] if held != role["_id"]]
    ws.touch(user)
    return {"role": role}


@ROUTES.route("GET", "roles.getUsersInRole", permission="access-permissions", query=_IN_ROLE)
def users_in_role(call: Call) -> Body:
    """Lists the users who hold a role, in the workspace or in one room."""
    ws = call.workspace
    role = next((each for each in roles() if each["_id"] == call.query["role"]), None)
    if role is None:
        raise MeteorError("error-invalid-roleId", "Invalid role")
    found = [user for user in ws.users if _holds(ws, user, role, call.query.get("roomId"))]
    ordered = call.selection().ordered(found, {"username": 1})
    keys = ("_id", "username", "name", "emails", "roles", "status", "active", "type", "_updatedAt")
    return call.paged("users", ordered, lambda user: {key: user[key] for key in keys if key in user})


def _role(call: Call) -> Document:
    _, complaints = validate(_CHANGE, call.body)
    if complaints:
        raise MeteorError("error-invalid-role-properties", "\n".join(complaints))
    wanted = call.body.get("roleId") or call.body.get("roleName")
    if not wanted:
        raise Failure("error-invalid-role-properties")
    role = next((each for each in roles() if each["_id"] == wanted), None)
    if role is None:
        raise MeteorError("error-role-not-found", "Role not found")
    return role


def _person(call: Call) -> Document:
    return named.person(call.workspace, call.body)


def _refuse_unless_allowed(call: Call, role: Document, action: str) -> None:
    method = {"method": f"authorization:{action}"}
    if not has_permission(call.workspace, call.caller, "access-permissions"):
        details = {**method, "action": "Accessing_permissions"}
        raise MeteorError("error-action-not-allowed", "Accessing permissions is not allowed", details)
    if role["_id"] == "admin" and not has_permission(call.workspace, call.caller, "assign-admin-role"):
        details = {**method, "action": "Assign_admin"}
        raise MeteorError("error-action-not-allowed", "Assigning admin is not allowed", details)


def _holds(ws: Workspace, user: Document, role: Document, room_id: Any) -> bool:
    if role["_id"] not in OF_SUBSCRIPTIONS:
        return role["_id"] in user["roles"]
    subscription = ws.subscriptions.get(room_id, user["_id"]) or {}
    return role["_id"] in subscription.get("roles", ())


def _place(call: Call, user: Document) -> Document:
    subscription = call.workspace.subscriptions.get(call.body.get("roomId"), user["_id"])
    if subscription is None:
        raise MeteorError("error-invalid-room", "Invalid room")
    return subscription
