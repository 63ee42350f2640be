"""A run without pytest around it: the suites' own functions, played with the acts that the plugin makes for them."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import Any
from unittest.mock import patch

from preflight import paths
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

Suite = Callable[[Any], None]  # Any: each suite takes its own kind of act

# How long to wait for an answer, in seconds: where a realtime fault is planted, the mock answers at once or never.
PATIENCE_S, PATIENCE_WITH_SILENCE_S = 15.0, 2.0

_once = cache(load_catalog)


@contextmanager
def catalogs_read_once() -> Iterator[None]:
    """Let the sessions of many small runs share what they read: a catalog never changes."""
    with patch.object(sessions, "load_catalog", _once):
        yield


def run_against(
    *,
    fault: Fault | None,
    only: tuple[str, ...],
    release: str = "8.0",
    profile: str = "full",
    found: Mapping[str, Any] | None = None,  # Any: what a setting may be
) -> Run:
    """Judge some operations of a mock workspace, with a fault or without, whose settings are found to be so."""
    with MockServer(release=release, fault=fault) as mock:
        for name, value in (found or {}).items():
            mock.workspace.settings[name] = value
        account = Account(user=mock.admin_username, password=mock.admin_password)
        timeout_s = PATIENCE_WITH_SILENCE_S if fault and fault.operation.startswith("ddp:") else PATIENCE_S
        plan = Plan(target=mock.url, account=account, only=only, profile=profile, timeout_s=timeout_s)
        session = open_session(plan)
        try:
            play(session)
        finally:
            run = session.close()
    return run


def play(session: Session) -> None:
    """Play every case of a session, those that need the same settings side by side, as the plugin does."""
    items = [(suite, item) for suite in every_suite() for item in _items(suite, session)]
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


@cache
def every_suite() -> tuple[Suite, ...]:
    """List the functions of all suites, file by file."""
    files = sorted(paths.SUITES.rglob("test_*.py"))
    modules = [
        import_module(".".join(("suites", *file.relative_to(paths.SUITES).with_suffix("").parts))) for file in files
    ]
    return tuple(
        suite
        for module in modules
        for name, suite in inspect.getmembers(module, inspect.isfunction)
        if name.startswith("test_")
    )


def _items(suite: Suite, session: Session) -> list[suites._Item]:
    (act,) = inspect.signature(suite).parameters
    if act in suites._ITEMS:
        about_methods = ".realtime." in suite.__module__
        return [item for item in suites._ITEMS[act](session) if (item.key.method == "ddp") == about_methods]
    assert act in suites._PROMISED, f"{suite.__module__} asks for {act!r}, which the plugin does not make"
    return list(suites.promised(suite, act, session))
