"""Users: how an account comes to be, what proves that somebody is its owner, and what others see of it."""

import re
from collections.abc import Collection
from hashlib import sha256
from typing import Any

from preflight.mock.refusals import MeteorError
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored user

_USERNAME = re.compile(r"[0-9a-zA-Z\-_.]+")
_EMAIL = re.compile(r"[^@]+@[^@]+")
_MACHINES = frozenset({"bot", "app"})


def create(  # noqa: PLR0913 - each is a fact of its own about a person
    ws: Workspace,
    *,
    username: str,
    name: str,
    password: str,
    email: str | None = None,
    roles: Collection[str] = ("user",),
    user_id: str | None = None,
    verified: bool = True,
) -> Document:
    """Makes an account that may log in at once; joining the default rooms is not part of it."""
    now = ws.clock.now()
    user: Document = {
        "_id": user_id or ws.ids.short(),
        "createdAt": now,
        "username": username,
        "emails": [{"address": email, "verified": verified}] if email else [],
        "type": "bot" if set(roles) & _MACHINES else "user",
        "roles": list(roles),
        "status": "offline",
        "active": True,
        "_updatedAt": now,
        "name": name,
        "settings": {},
        "services": {"password": {"bcrypt": _hashed(digest(password))}, "email2fa": {"enabled": True}},
    }
    ws.users.add(user)
    return user


def is_username(text: str) -> bool:
    """Tells whether a text may be somebody's username."""
    return _USERNAME.fullmatch(text) is not None


def check_email(address: str) -> None:
    """Demands what could be an address, with one sign between two parts; raises MeteorError error-invalid-email."""
    if not _EMAIL.fullmatch(address):
        details = {"function": "RocketChat.validateEmailDomain", "email": address}
        raise MeteorError("error-invalid-email", f"Invalid email {address}", details)


def digest(password: str) -> str:
    """Gives the SHA-256 of a password in hexadecimal, which clients may send instead of it."""
    return sha256(password.encode("utf-8", "surrogatepass")).hexdigest()


def _hashed(password_digest: str) -> str:
    # A workspace of the mock lives for minutes and holds no secrets: one round is as good as a slow hash.
    return "$2b$10$" + sha256(f"preflight:{password_digest}".encode()).hexdigest()[:53]


def set_password(user: Document, password: str) -> None:
    """Gives a user another password."""
    user["services"]["password"] = {"bcrypt": _hashed(digest(password))}


def knows(user: Document, password_digest: str) -> bool:
    """Tells whether the digest is that of the user's password."""
    known: object = user.get("services", {}).get("password", {}).get("bcrypt")
    return known == _hashed(password_digest)


def log_in(ws: Workspace, user: Document) -> str:
    """Gives the user a new token; older ones stay valid."""
    token = ws.ids.token()
    ws.users.grant(token, user["_id"])
    user["lastLogin"] = ws.clock.now()
    ws.touch(user)
    return token


def reference(user: Document) -> Document:
    """Gives what a message or a room says of its author: id, username and, where there is one, name."""
    named = {"name": user["name"]} if user.get("name") else {}
    return {"_id": user["_id"], "username": user["username"], **named}


def brief(user: Document) -> Document:
    """Gives what a subscription, an edit or a pin says of a person: id and username."""
    return {"_id": user["_id"], "username": user["username"]}


def avatar_url(ws: Workspace, user: Document) -> str:
    """Gives the address of a user's picture."""
    return f"{ws.settings['Site_Url']}/avatar/{user['username']}"


def personal_tokens(user: Document) -> list[Document]:
    """Lists the personal tokens of a user, as they are kept."""
    return list(user["services"].get("resume", {}).get("loginTokens", ()))
