"""Founding: a workspace as it is on its first day, with its channel, its bot and its administrator."""

from preflight.mock import two_factor, users
from preflight.mock.clock import Clock
from preflight.mock.ids import Ids
from preflight.mock.release import Regime
from preflight.mock.rooms import GENERAL, join
from preflight.mock.workspace import Document, Edition, Workspace

ROCKET_CAT = "rocket.cat"


def found(  # noqa: PLR0913 - each may be set alone
    *,
    release: str = "8.0",
    edition: Edition = "enterprise",
    admin_username: str = "admin",
    admin_password: str,
    admin_totp: str | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
) -> Workspace:
    """Gives a workspace with GENERAL, rocket.cat and an administrator, who has an authenticator with a secret if given.

    Raises:
        UsageError: for an unknown release.
        ValueError: for a secret that is no base32.
    """
    ws = Workspace(regime=Regime.of(release), edition=edition, clock=clock, ids=ids)
    cat = users.create(
        ws, username=ROCKET_CAT, name="Rocket.Cat", password=ws.ids.token(), roles=("bot",), user_id=ROCKET_CAT
    )
    _found_general(ws, cat)
    admin = users.create(
        ws,
        username=admin_username,
        name="Admin",
        password=admin_password,
        email=f"{admin_username}@example.com",
        roles=("admin",),
        user_id=ws.ids.hex(),
    )
    join_default_rooms(ws, admin)
    if admin_totp:
        two_factor.set_up(admin, admin_totp)
    return ws


def _found_general(ws: Workspace, cat: Document) -> None:
    now = ws.clock.now()
    ws.rooms.add(
        {
            "_id": GENERAL,
            "ts": now,
            "t": "c",
            "name": "general",
            "usernames": [],
            "msgs": 0,
            "usersCount": 0,
            "_updatedAt": now,
            "u": users.reference(cat),
            "default": True,
        }
    )


def join_default_rooms(ws: Workspace, user: Document) -> None:
    """Brings a new user into every default room."""
    for room in [room for room in ws.rooms if room.get("default")]:
        join(ws, room, user)
