"""Where subscriptions are kept: one for each person in each room."""

from collections.abc import Callable
from typing import Any

from preflight.mock.bus import Action

Document = dict[str, Any]  # a subscription as the server stores it


class SubscriptionStore:
    """All subscriptions of one workspace, by room and by user, each in the order in which they came."""

    def __init__(self, tell: Callable[[Action, Document], None] = lambda _action, _subscription: None) -> None:
        self._tell = tell
        self._by_room: dict[str, dict[str, Document]] = {}
        self._by_user: dict[str, dict[str, Document]] = {}

    def get(self, room_id: object, user_id: object) -> Document | None:
        """Gives the subscription of a user in a room, or None."""
        if not isinstance(room_id, str) or not isinstance(user_id, str):
            return None
        return self._by_room.get(room_id, {}).get(user_id)

    def of_room(self, room_id: str) -> list[Document]:
        """Lists the subscriptions of a room."""
        return list(self._by_room.get(room_id, {}).values())

    def of_user(self, user_id: str) -> list[Document]:
        """Lists the subscriptions of a user."""
        return list(self._by_user.get(user_id, {}).values())

    def add(self, subscription: Document) -> None:
        """Keeps a subscription."""
        room_id, user_id = subscription["rid"], subscription["u"]["_id"]
        self._by_room.setdefault(room_id, {})[user_id] = subscription
        self._by_user.setdefault(user_id, {})[room_id] = subscription
        self._tell("inserted", subscription)

    def remove(self, subscription: Document) -> None:
        """Forgets a subscription."""
        room_id, user_id = subscription["rid"], subscription["u"]["_id"]
        del self._by_room[room_id][user_id]
        del self._by_user[user_id][room_id]
        self._tell("removed", subscription)
