"""Methods about what a client keeps a copy of: subscriptions, permissions and public settings."""

from datetime import datetime
from typing import Any

from preflight.mock.method import Invocation, Methods
from preflight.mock.trash import tombstone

Document = dict[str, Any]  # a stored document

METHODS = Methods()


@METHODS.method("subscriptions/get")
def get_subscriptions(call: Invocation) -> Any:
    """Gives the caller's subscriptions; with a date, those that changed and those that ended since."""
    ws = call.workspace
    if call.user is None:
        return []
    mine = ws.subscriptions.of_user(call.user["_id"])
    since = call.param(0)
    if not isinstance(since, datetime):
        return [subscription_shown(each) for each in mine]
    ended = [each for each in ws.trash.since("subscription", since) if each["u"]["_id"] == call.user["_id"]]
    return {
        "update": [subscription_shown(each) for each in mine if each["_updatedAt"] > since],
        "remove": [tombstone(each) for each in ended],
    }


def subscription_shown(subscription: Document) -> Document:
    """Gives a subscription as the Realtime API shows it: without what only the room needs."""
    return {key: value for key, value in subscription.items() if key != "customFields"}


@METHODS.method("permissions/get")
def get_permissions(call: Invocation) -> Any:
    """Gives all permissions, to anybody; with a date, those that changed since."""
    return _changed(call, call.workspace.permissions.all())


@METHODS.method("public-settings/get")
def get_settings(call: Invocation) -> Any:
    """Gives the settings that everybody may read; with a date, those that changed since."""
    found = call.workspace.settings.public()
    shown = [{key: each[key] for key in ("_id", "value", "enterprise", "_updatedAt")} for each in found]
    told = _changed(call, shown)
    for each in shown:
        del each["_updatedAt"]
        each["requiredOnWizard"] = False
    return told


def _changed(call: Invocation, documents: list[Document]) -> Any:
    since = call.param(0)
    if not isinstance(since, datetime):
        return documents
    return {"update": [each for each in documents if each["_updatedAt"] > since], "remove": []}
