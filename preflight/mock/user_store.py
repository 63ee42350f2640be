"""Where users and their tokens are kept."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

Document = dict[str, Any]  # a user as the server stores it


class UserStore:
    """All users of one workspace, by id and username, and the tokens they hold."""

    def __init__(self) -> None:
        self._by_id: dict[str, Document] = {}
        self._by_username: dict[str, Document] = {}
        self._by_token: dict[str, str] = {}
        self._confirmed: dict[str, datetime] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, user_id: object) -> Document | None:
        """Gives a user by id, or None; an id that is no text has none."""
        return self._by_id.get(user_id) if isinstance(user_id, str) else None

    def named(self, username: object) -> Document | None:
        """Gives a user by username, or None."""
        return self._by_username.get(username) if isinstance(username, str) else None

    def with_email(self, address: str) -> Document | None:
        """Gives the user who has this address, whatever its case, or None."""
        wanted = address.lower()
        matching = (user for user in self if any(email["address"].lower() == wanted for email in user["emails"]))
        return next(matching, None)

    def add(self, user: Document) -> None:
        """Keeps a user."""
        self._by_id[user["_id"]] = user
        self._by_username[user["username"]] = user

    def rename(self, user: Document, username: str) -> None:
        """Gives a user another username."""
        del self._by_username[user["username"]]
        user["username"] = username
        self._by_username[username] = user

    def remove(self, user: Document) -> None:
        """Forgets a user and every token of theirs."""
        del self._by_id[user["_id"]]
        del self._by_username[user["username"]]
        self.revoke_all(user["_id"])

    def grant(self, token: str, user_id: str) -> None:
        """Lets a token stand for a user."""
        self._by_token[token] = user_id

    def confirm(self, token: str, until: datetime) -> None:
        """Notes that who holds a token has shown a second factor, which is good for a while."""
        self._confirmed[token] = until

    def confirmed_until(self, token: str) -> datetime | None:
        """Gives the time to which a second factor that was shown is good, or None."""
        return self._confirmed.get(token)

    def revoke(self, token: str) -> None:
        """Ends a token; one that is unknown is no matter."""
        self._by_token.pop(token, None)
        self._confirmed.pop(token, None)

    def revoke_all(self, user_id: str) -> None:
        """Ends every token of a user."""
        self._by_token = {token: holder for token, holder in self._by_token.items() if holder != user_id}

    def holder(self, token: str | None) -> Document | None:
        """Gives the active user whom a token stands for, or None."""
        user = self._by_id.get(self._by_token.get(token or "", ""))
        return user if user is not None and user["active"] else None
