"""Workspace: the whole state of one mock Rocket.Chat, and nothing but the state.

The rules that change it live in the modules named after what they change: users, rooms, subscriptions, messages.
``founding.found`` makes a workspace with its first people and rooms.
"""

from functools import partial
from typing import Any, Literal

from preflight.mock.bus import Bus, Collection
from preflight.mock.clock import Clock
from preflight.mock.failed_logins import FailedLogins
from preflight.mock.ids import Ids
from preflight.mock.message_store import MessageStore
from preflight.mock.method_limits import MethodLimits
from preflight.mock.permissions import Permissions
from preflight.mock.release import Regime
from preflight.mock.room_store import RoomStore
from preflight.mock.settings import Settings
from preflight.mock.subscription_store import SubscriptionStore
from preflight.mock.trash import Trash
from preflight.mock.user_store import UserStore

Document = dict[str, Any]  # a stored document: its keys depend on its collection; dates are datetimes of UTC
Edition = Literal["enterprise", "community"]


class Workspace:
    """The state: users, rooms, subscriptions, messages and what belongs to them."""

    def __init__(
        self,
        *,
        regime: Regime,
        edition: Edition = "enterprise",
        clock: Clock | None = None,
        ids: Ids | None = None,
    ) -> None:
        self.regime = regime
        self.edition = edition
        self.clock = clock or Clock()
        self.ids = ids or Ids()
        founded = self.clock.now()
        self.settings = Settings(founded)
        self.permissions = Permissions(founded)
        self.bus = Bus()
        self.method_limits = MethodLimits()
        self.failed_logins = FailedLogins()
        self.users = UserStore()
        self.rooms = RoomStore(partial(self.bus.note, "rooms"))
        self.subscriptions = SubscriptionStore(partial(self.bus.note, "subscriptions"))
        self.messages = MessageStore(partial(self.bus.note, "messages"))
        self.trash = Trash()
        self.uploads: dict[str, Document] = {}
        self.reports: list[Document] = []
        self.emoji: dict[str, Document] = {}
        self.teams: dict[str, Document] = {}

    @property
    def licensed(self) -> bool:
        """Enterprise features work."""
        return self.edition == "enterprise"

    def touch(self, document: Document) -> Document:
        """Notes that a document was just written, and gives it back."""
        document["_updatedAt"] = self.clock.now()
        self.tell(document)
        return document

    def tell(self, document: Document) -> None:
        """Puts a document that was just changed on the bus; one that is not kept yet is told of when it is."""
        collection = self._holding(document)
        if collection is not None:
            self.bus.note(collection, "updated", document)

    def _holding(self, document: Document) -> Collection | None:
        key = document.get("_id")
        member = document.get("u")
        holders: tuple[tuple[Collection, Document | None], ...] = (
            ("messages", self.messages.get(key)),
            ("rooms", self.rooms.get(key)),
            ("subscriptions", self.subscriptions.get(document.get("rid"), member["_id"]) if member else None),
            ("users", self.users.get(key)),
            ("settings", self.settings.document(key) if isinstance(key, str) else None),
        )
        return next((collection for collection, held in holders if held is document), None)
