"""Permissions: which roles hold which, from the server's defaults."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

Document = dict[str, Any]  # a permission as the server shows it

_TEAM_CHANNELS = (
    "add-team-channel create-team-channel edit-team-channel remove-team-channel add-team-member edit-team-member"
)
_MODERATOR = (
    "add-user-to-joined-room ban-user create-invite-links delete-message edit-message edit-room edit-room-avatar"
    " mention-all mention-here mute-user pin-message post-readonly remove-user view-broadcast-member-list"
    " view-outside-room"
    f" {_TEAM_CHANNELS}"
)
_MACHINE = (
    "api-bypass-rate-limit bypass-time-limit-edit-and-delete create-c create-d create-p join-without-join-code"
    " leave-c leave-p message-impersonate send-many-messages view-c-room view-d-room view-joined-room"
)
_OF_ROLE = {
    "user": (
        "call-management create-c create-d create-p create-personal-access-tokens create-team delete-own-message"
        " leave-c leave-p mention-all mention-here mobile-upload-file preview-c-room start-discussion"
        " start-discussion-other-user test-push-notifications videoconf-ring-users view-c-room view-d-room"
        " view-p-room view-history view-outside-room access-marketplace view-user-voip-extension"
        " view-voip-extension-details"
    ),
    "moderator": _MODERATOR,
    "owner": _MODERATOR
    + (
        " archive-room delete-c delete-p delete-team convert-team edit-team force-delete-message set-leader"
        " set-moderator set-owner set-react-when-readonly set-readonly start-discussion-other-user"
        " toggle-room-e2e-encryption view-all-team-channels"
    ),
    "leader": "",
    "bot": _MACHINE,
    "app": f"{_MACHINE} start-discussion start-discussion-other-user",
    "guest": "start-discussion view-d-room view-joined-room view-p-room",
    "anonymous": "leave-c leave-p preview-c-room view-c-room view-history view-joined-room view-p-room",
    "admin": (
        "auto-translate delete-d unarchive-room view-room-administration view-statistics view-join-code"
        " view-full-other-user-info view-other-user-channels add-user-to-any-c-room kick-user-from-any-c-room"
        " edit-room-retention-policy clean-channel-history create-user delete-user edit-other-user-info"
        " edit-privileged-setting access-permissions view-privileged-setting manage-selected-settings"
        " view-other-user-info assign-admin-role edit-other-user-active-status edit-other-user-password"
        " user-generate-access-token view-all-teams"
    ),
}
_NOT_OF_ADMIN = frozenset(
    {
        "message-impersonate",
        "bypass-time-limit-edit-and-delete",
        "view-joined-room",
        "add-user-to-any-p-room",
        "kick-user-from-any-p-room",
    }
)
_OF_NOBODY = ("add-user-to-any-p-room", "kick-user-from-any-p-room")

#: The roles that a subscription may hold; all others are held by users.
OF_SUBSCRIPTIONS = ("moderator", "leader", "owner")
OF_USERS = ("admin", "user", "bot", "app", "guest", "anonymous", "livechat-agent", "livechat-manager")


class Permissions:
    """The permissions of one workspace; they take effect at once when their roles change."""

    def __init__(self, founded: datetime) -> None:
        self._by_id: dict[str, Document] = {}
        for role, names in _OF_ROLE.items():
            for name in names.split():
                self._ensure(name, founded)["roles"].append(role)
        for name in _OF_NOBODY:
            self._ensure(name, founded)
        for name, document in self._by_id.items():
            if name not in _NOT_OF_ADMIN and "admin" not in document["roles"]:
                document["roles"].insert(0, "admin")

    def _ensure(self, name: str, founded: datetime) -> Document:
        return self._by_id.setdefault(name, {"_id": name, "_updatedAt": founded, "roles": []})

    def __contains__(self, name: object) -> bool:
        return name in self._by_id

    def granted(self, name: str, roles: Iterable[str]) -> bool:
        """Tells whether one of the roles holds the permission; one that is unknown is held by none."""
        held = self._by_id.get(name)
        return held is not None and not set(roles).isdisjoint(held["roles"])

    def all(self) -> list[Document]:
        """Lists all permissions, by name."""
        return [document for _, document in sorted(self._by_id.items())]

    def assign(self, name: str, roles: Collection[str], when: datetime) -> None:
        """Gives a permission to these roles and to no others."""
        self._by_id[name] = {"_id": name, "_updatedAt": when, "roles": list(roles)}


_DESCRIPTIONS = {
    "admin": "Admin",
    "moderator": "Moderator",
    "leader": "Leader",
    "owner": "Owner",
    "livechat-agent": "Livechat Agent",
    "livechat-manager": "Livechat Manager",
}


def roles() -> list[Document]:
    """Lists all roles, as the server shows them."""
    scopes = {**dict.fromkeys(OF_USERS, "Users"), **dict.fromkeys(OF_SUBSCRIPTIONS, "Subscriptions")}
    return [
        {
            "_id": name,
            "scope": scope,
            "description": _DESCRIPTIONS.get(name, ""),
            "mandatory2fa": False,
            "name": name,
            "protected": True,
        }
        for name, scope in scopes.items()
    ]


def is_role(name: object) -> bool:
    """Tells whether the workspace has a role of this name."""
    return name in OF_USERS or name in OF_SUBSCRIPTIONS
