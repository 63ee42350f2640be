"""Playing: the suites' own functions, called with the acts that the plugin makes for them, without pytest around."""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from preflight import paths
from preflight.errors import TargetError
from preflight.plugin.items import Item, items_of
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.session.performance import BrokenPromiseError, Part
from preflight.session.session import Session

_PACKAGE = "preflight_suites"


@dataclass(frozen=True, slots=True)
class Suite:
    """A function of a suite file, and the act that it asks for."""

    file: Path
    judge: Callable[..., None]
    act: str


@cache
def every_suite() -> tuple[Suite, ...]:
    """List the functions of all suites, file by file."""
    return tuple(suite for file in sorted(paths.SUITES.rglob("test_*.py")) for suite in _suites(file))


def play(session: Session, suites: Iterable[Suite] | None = None) -> None:
    """Play every case of a session, those that need the same settings side by side, as pytest does."""
    chosen = every_suite() if suites is None else suites
    items = [(suite, item) for suite in chosen for item in items_of(suite.judge, suite.act, suite.file, session)]
    for suite, item in sorted(items, key=lambda pair: pair[1].changes):
        _perform(session, suite, item)


def _perform(session: Session, suite: Suite, item: Item) -> None:
    actor = item.case.actor if item.case else "alice"
    performance = session.perform(item.key, Part(suite=item.suite, name=item.name, title=item.title, actor=actor))
    try:
        suite.judge(item.act(performance=performance))
    except (BrokenPromiseError, CircumstanceError, NotApplicableError):
        pass  # the performance knows
    except TargetError as problem:
        performance.lost(problem)
    except Exception as problem:  # noqa: BLE001 (our own trouble is noted with the case, and the next one is played)
        performance.error(f"{type(problem).__name__}: {problem}")
    finally:
        performance.finish()


def _suites(file: Path) -> Iterator[Suite]:
    module = _module(file)
    for name, function in vars(module).items():
        if name.startswith("test_") and inspect.isfunction(function) and function.__module__ == module.__name__:
            (act,) = inspect.signature(function).parameters
            yield Suite(file, function, act)


def _module(file: Path) -> ModuleType:
    """Load a suite from its file: an installed Preflight has its suites in no package."""
    name = ".".join((_PACKAGE, *file.relative_to(paths.SUITES).with_suffix("").parts))
    spec = spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ImportError(name=name, path=str(file))
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
