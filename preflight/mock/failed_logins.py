"""Where failed logins are counted: by the address that tried and the name that was tried, until a success follows."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """Somebody at an address who wants to be a user; a name is known only where the user is named by it."""

    address: str
    username: str | None = None


@dataclass(slots=True, kw_only=True)
class Failures:
    """How many there were, and when the last was."""

    count: int = 0
    last: datetime | None = None

    def note(self, when: datetime) -> None:
        """Notes one more."""
        self.count += 1
        self.last = when


@dataclass(slots=True, kw_only=True)
class FailedLogins:
    """The failures of one workspace that no success has followed."""

    by_address: dict[str, Failures] = field(default_factory=dict)
    by_username: dict[str, Failures] = field(default_factory=dict)

    def note(self, attempt: Attempt, when: datetime) -> None:
        """Notes a failure."""
        self.by_address.setdefault(attempt.address, Failures()).note(when)
        if attempt.username is not None:
            self.by_username.setdefault(attempt.username, Failures()).note(when)

    def forget(self, attempt: Attempt) -> None:
        """Forgets the failures before a success."""
        self.by_address.pop(attempt.address, None)
        self.by_username.pop(attempt.username or "", None)
