"""users.*: accounts, as administrators make them and as others see them."""

from collections.abc import Collection, Mapping
from typing import Any

from preflight.mock import departures, founding, named, users
from preflight.mock.access import has_permission
from preflight.mock.call import Call
from preflight.mock.permissions import is_role
from preflight.mock.refusals import Failure, Forbidden, MeteorError, PermissionRefused
from preflight.mock.routing import Body, Routes
from preflight.mock.schemas import TEXT, closed
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user

ROUTES = Routes()

_CREATE = {
    "type": "object",
    "properties": {
        "email": {"type": "string"},
        "name": {"type": "string"},
        "password": {"type": "string"},
        "username": {"type": "string"},
        "active": {"type": "boolean"},
        "roles": {"type": "array", "items": {"type": "string"}},
        "joinDefaultChannels": {"type": "boolean"},
        "requirePasswordChange": {"type": "boolean"},
        "sendWelcomeEmail": {"type": "boolean"},
        "verified": {"type": "boolean"},
        "statusText": {"type": "string"},
        "bio": {"type": "string"},
        "nickname": {"type": "string"},
        "setRandomPassword": {"type": "boolean"},
        "customFields": {"type": "object"},
    },
    "required": ["email", "name", "password", "username"],
    "additionalProperties": False,
}
_DETAILS = ("statusText", "bio", "nickname", "customFields", "requirePasswordChange")
_SHOWN_TO_ALL = ("_id", "username", "type", "status", "active", "name", "statusText", "nickname", "bio")
_SHOWN_TO_SELF = ("createdAt", "services", "emails", "roles", "lastLogin", "settings")


@ROUTES.route("POST", "users.create", body=_CREATE)
def create(call: Call) -> Body:
    """Makes an account which joins the default rooms at once."""
    ws, body = call.workspace, call.body
    if not has_permission(ws, call.caller, "create-user"):
        raise MeteorError("error-action-not-allowed", "Adding user is not allowed")
    _refuse_unfit(ws, call.caller, body)
    user = users.create(
        ws,
        username=body["username"],
        name=body["name"],
        password=body["password"],
        email=body["email"],
        roles=body.get("roles") or ("user",),
        verified=False,
    )
    user["active"] = body.get("active", True)
    _keep_details(user, body)
    if body.get("joinDefaultChannels", True):
        founding.join_default_rooms(ws, user)
    return {"user": _created(ws, user)}


def _refuse_unfit(ws: Workspace, actor: Document, body: Mapping[str, Any]) -> None:
    """Demands a name, a username and an address that can be had, and roles that may be given; raises MeteorError."""
    method = {"method": "insertOrUpdateUser"}
    for key in ("name", "username", "password"):
        if not body[key].strip():
            details = {**method, "field": key.capitalize()}
            raise MeteorError("error-the-field-is-required", f"The field {key.capitalize()} is required", details)
    _refuse_odd_name(body["username"])
    _refuse_roles(ws, actor, body.get("roles") or ())
    _refuse_taken(ws, username=body["username"], email=body["email"])
    users.check_email(body["email"])


def _refuse_odd_name(username: str) -> None:
    if not users.is_username(username):
        details = {"method": "insertOrUpdateUser", "input": username, "field": "Username"}
        raise MeteorError("error-input-is-not-a-valid-field", f"{username} is not a valid username", details)


def _refuse_roles(ws: Workspace, actor: Document, roles: Collection[str]) -> None:
    method = {"method": "insertOrUpdateUser"}
    if any(not is_role(role) for role in roles):
        details = {**method, "action": "Assign_role"}
        raise MeteorError("error-action-not-allowed", "The field Roles consist invalid role id", details)
    if "admin" in roles and not has_permission(ws, actor, "assign-admin-role"):
        details = {**method, "action": "Assign_admin"}
        raise MeteorError("error-action-not-allowed", "Assigning admin is not allowed", details)


def _refuse_taken(
    ws: Workspace, *, username: str | None = None, email: str | None = None, own: Document | None = None
) -> None:
    holders = (
        (username, named.username(ws, username)),
        (email, ws.users.with_email(email) if email else None),
    )
    for wanted, holder in holders:
        if holder is not None and holder is not own:
            details = {"method": "insertOrUpdateUser", "field": wanted}
            raise MeteorError("error-field-unavailable", f"{wanted} is already in use :(", details)


def _keep_details(user: Document, given: Mapping[str, Any]) -> None:
    """Keeps what may be said of a person besides."""
    user.update({key: given[key] for key in _DETAILS if given.get(key) is not None})
    if "verified" in given:
        user["emails"] = [{**each, "verified": bool(given["verified"])} for each in user["emails"]]


def _created(ws: Workspace, user: Document) -> Document:
    keys = ("_id", "createdAt", "username", "emails", "type", "roles", "status", "active", "_updatedAt")
    shown = {key: user[key] for key in keys}
    rooms = [subscription["rid"] for subscription in ws.subscriptions.of_user(user["_id"])]
    return {**shown, "__rooms": rooms, "name": user["name"], "settings": user["settings"]}


_FIELDS = {"fields": TEXT, "includeUserRooms": TEXT}
_WHO = {"anyOf": [closed({key: TEXT}, _FIELDS) for key in ("userId", "username", "importId")]}


@ROUTES.route("GET", "users.info", query=_WHO)
def info(call: Call) -> Body:
    """Tells of one user: most to administrators, more to themselves than to others."""
    ws, user = call.workspace, _asked_for(call)
    may_view_all = has_permission(ws, call.caller, "view-full-other-user-info")
    if may_view_all:
        shown = {key: value for key, value in user.items() if key != "services"}
    else:
        keys = (*_SHOWN_TO_ALL, *(_SHOWN_TO_SELF if user is call.caller else ()))
        shown = {key: user[key] for key in keys if key in user}
    if "services" in shown:
        shown["services"] = {"email2fa": user["services"]["email2fa"], "password": {"exists": True}}
    return {"user": {**shown, "canViewAllInfo": may_view_all}}


@ROUTES.route("GET", "users.list")
def list_(call: Call) -> Body:
    """Lists all users."""
    if not has_permission(call.workspace, call.caller, "view-d-room"):
        raise PermissionRefused
    selection = call.selection()
    found = selection.ordered(call.workspace.users, {"username": 1})
    keys = (*_SHOWN_TO_ALL, "roles", "nameInsensitive")

    def shown(user: Document) -> Document:
        named = {**user, "nameInsensitive": user["name"].lower()}
        return {key: named[key] for key in keys if key in named}

    return call.paged("users", found, shown)


@ROUTES.route("POST", "users.delete")
def delete(call: Call) -> Body:
    """Removes a user with their direct rooms and messages."""
    ws = call.workspace
    if not has_permission(ws, call.caller, "delete-user"):
        raise PermissionRefused
    user = named.person(ws, call.body)
    _refuse_last_admin(ws, user)
    deleted = departures.remove_user(ws, user, relinquish=bool(call.body.get("confirmRelinquish")))
    return {"deletedRooms": deleted}


def _asked_for(call: Call) -> Document:
    """Gives the user of userId or username; raises Failure where there is none."""
    query, ws = call.query, call.workspace
    user = ws.users.get(query["userId"]) if "userId" in query else named.username(ws, query.get("username"))
    if user is None:
        raise Failure("User not found.")
    return user


def _refuse_last_admin(ws: Workspace, user: Document) -> None:
    if "admin" in user["roles"] and sum("admin" in each["roles"] for each in ws.users) == 1:
        details = {"method": "deleteUser", "action": "Remove_last_admin"}
        raise MeteorError("error-action-not-allowed", "Leaving the app without admins is not allowed", details)


# -- changes by administrators ---------------------------------------------------------------------------------------

_TEXT = {"type": "string", "nullable": True}
_FLAG = {"type": "boolean", "nullable": True}
_CHANGES = closed(
    {},
    {
        **dict.fromkeys(("email", "name", "password", "username", "bio", "nickname", "statusText", "status"), _TEXT),
        **dict.fromkeys(("active", "joinDefaultChannels", "requirePasswordChange", "setRandomPassword"), _FLAG),
        **dict.fromkeys(("sendWelcomeEmail", "verified"), _FLAG),
        "roles": {"type": "array", "items": TEXT, "nullable": True},
        "customFields": {"type": "object", "nullable": True},
    },
)
_UPDATE = closed({"userId": TEXT, "data": _CHANGES}, {"confirmRelinquish": {"type": "boolean"}})


@ROUTES.route("POST", "users.update", body=_UPDATE, two_factor=True)
def update(call: Call) -> Body:
    """Changes an account."""
    ws, data = call.workspace, call.body["data"]
    user = ws.users.get(call.body["userId"])
    if user is not call.caller and not has_permission(ws, call.caller, "edit-other-user-info"):
        details = {"method": "insertOrUpdateUser", "action": "Editing_user"}
        raise MeteorError("error-action-not-allowed", "Editing user is not allowed", details)
    if user is None:
        raise MeteorError("error-invalid-user", "Invalid user", {"method": "insertOrUpdateUser"})
    if data.get("username"):
        _refuse_odd_name(data["username"])
    _refuse_roles(ws, call.caller, [role for role in data.get("roles") or () if role not in user["roles"]])
    _refuse_taken(ws, username=data.get("username"), email=data.get("email"), own=user)
    if data.get("email"):
        users.check_email(data["email"])
    if data.get("username"):
        ws.users.rename(user, data["username"])
    if data.get("email"):
        user["emails"] = [{"address": data["email"], "verified": False}]
    if data.get("password"):
        users.set_password(user, data["password"])
    user.update({key: data[key] for key in ("name", "roles", "active") if data.get(key) is not None})
    _keep_details(user, data)
    ws.touch(user)
    return {"user": {key: value for key, value in user.items() if key != "services"}}


_ACTIVE = closed({"userId": TEXT, "activeStatus": {"type": "boolean"}}, {"confirmRelinquish": {"type": "boolean"}})


@ROUTES.route("POST", "users.setActiveStatus", body=_ACTIVE)
def set_active_status(call: Call) -> Body:
    """Lets an account in, or shuts it out; its tokens end with that."""
    ws = call.workspace
    if not has_permission(ws, call.caller, "edit-other-user-active-status"):
        raise Forbidden
    user = ws.users.get(call.body["userId"])
    if user is None:
        raise MeteorError("error-invalid-user", "Invalid user", {"method": "setUserActiveStatus"})
    user["active"] = call.body["activeStatus"]
    if not user["active"]:
        ws.users.revoke_all(user["_id"])
    ws.touch(user)
    return {"user": {"_id": user["_id"], "active": user["active"]}}
