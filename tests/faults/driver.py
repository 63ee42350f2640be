"""A run without pytest around it: the suites' own functions, played with the acts that the plugin makes for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from preflight.catalog.catalog import load_catalog
from preflight.mock.fault import Fault
from preflight.mock.server import MockServer
from preflight.model.run import Run
from preflight.plugin import suites
from preflight.session import session as sessions
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.session.performance import BrokenPromiseError, Part
from preflight.session.session import Plan, Session, open_session
from preflight.settings import Account
from suites.rest import test_authentication, test_refusals, test_routes, test_shapes

Suite = Callable[[Any], None]  # Any: each suite takes its own kind of act

SUITES: dict[str, Suite] = {
    "other_method": test_routes.test_another_method_is_refused,
    "intrusion": test_authentication.test_nobody_gets_in_without_a_valid_login,
    "accepted": test_shapes.test_an_accepted_request_is_answered_as_documented,
    "refused": test_refusals.test_a_refused_request_is_refused_as_documented,
}
_once = cache(load_catalog)


@contextmanager
def catalogs_read_once() -> Iterator[None]:
    """Let the sessions of many small runs share what they read: a catalog never changes."""
    with patch.object(sessions, "load_catalog", _once):
        yield


def run_against(*, fault: Fault | None, only: tuple[str, ...], release: str = "8.0", profile: str = "full") -> Run:
    """Judge some operations of a mock workspace, with a fault or without."""
    with MockServer(release=release, fault=fault) as mock:
        account = Account(user=mock.admin_username, password=mock.admin_password)
        session = open_session(Plan(target=mock.url, account=account, only=only, profile=profile))
        try:
            play(session)
        finally:
            run = session.close()
    return run


def play(session: Session) -> None:
    """Play every case of a session, those that need the same settings side by side, as the plugin does."""
    assert set(SUITES) == set(suites._ITEMS), "a suite has come or gone"
    items = [(suite, item) for name, suite in SUITES.items() for item in suites._ITEMS[name](session)]
    for suite, item in sorted(items, key=lambda pair: pair[1].needs):
        actor = item.case.actor if item.case else "alice"
        part = Part(suite=item.suite, name=item.name, title=item.title, actor=actor)
        performance = session.perform(item.key, part)
        try:
            suite(item.act(performance=performance))
        except (BrokenPromiseError, CircumstanceError, NotApplicableError):
            pass
        finally:
            performance.finish()
