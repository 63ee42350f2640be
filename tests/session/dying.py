"""Dying: runs that create things of every kind and end before they remove them."""

from pathlib import Path

from preflight.session.session import Plan, Session, open_session
from preflight.settings import Account


def begun(url: str, account: Account, file: Path) -> Session:
    """Let a run begin and create things of every kind."""
    plan = Plan(target=url, account=account, only=("rooms.info",), journal=file)
    session = open_session(plan)
    scene = session.ground.stage.scene()
    scene.resolve(["{alice.talk.id}", "{alice.teamroom.id}", "{alice.freshdm.id}", "{admin.dm.id}", "{carol.group.id}"])
    scene.resolve(["{alice.trio.id}", "{alice.upload.id}", "{alice.discussion.id}"])
    session.ground.keeper.meet({"AutoTranslate_Enabled": True, "E2E_Enable": True})
    session.ground.rights.meet({"create-d": ["admin"]})
    return session


def dead(session: Session) -> None:
    """Let go of what a process holds, as its death does."""
    session.journal.close()
    session.ground.stage.connections.close()
    session.client.close()
