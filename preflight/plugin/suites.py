"""The part of the plugin that suites need: fixtures, parametrisation, verdicts of pytest items."""

from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from preflight.errors import PreflightError, TargetError
from preflight.plugin.interruption import terminated_like_interrupted, undisturbed
from preflight.plugin.items import FIXTURES, Act, Item, is_asked_for, items_of
from preflight.plugin.judging import Judging
from preflight.reporting.allure.labels import label_current_test, labels_of
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.session.performance import BrokenPromiseError, Part, Performance
from preflight.session.session import Session
from preflight.settings import Account, Depth, RunSettings, account_from, alias_of, read_only_beside, target_from
from preflight.wire.redaction import cleaned_by_all

JUDGING = pytest.StashKey[Judging]()
PERFORMANCE = pytest.StashKey[Performance]()
ACT = pytest.StashKey["Act"]()
SIGNALS = pytest.StashKey[ExitStack]()
PROBLEM = pytest.StashKey[PreflightError]()


def judging_of(config: pytest.Config) -> Judging:
    """Give the judging of this pytest run, made from its options unless `preflight run` brought one."""
    if JUDGING not in config.stash:
        config.stash[JUDGING] = Judging(_settings_from(config))
    return config.stash[JUDGING]


def _settings_from(config: pytest.Config) -> RunSettings:
    target = target_from(config.getoption("--preflight-target"))
    account = (
        account_from(
            Account(user=config.getoption("--preflight-user") or ""), config.getoption("--preflight-password-file")
        )
        if target
        else None
    )
    defaults = RunSettings()
    return RunSettings(
        target=target,
        alias=config.getoption("--preflight-alias"),
        account=account,
        release=config.getoption("--preflight-release"),
        only=tuple(config.getoption("--preflight-only")),
        profile=config.getoption("--preflight-profile"),
        shard=config.getoption("--preflight-shard"),
        waivers=config.getoption("--preflight-waivers"),
        fault=config.getoption("--preflight-fault"),
        out=config.getoption("--preflight-out") or defaults.out,
        disruptive=config.getoption("--preflight-disruptive") or None,
        max_minutes=config.getoption("--preflight-max-minutes"),
        read_only=read_only_beside(
            disruptive=config.getoption("--preflight-disruptive"), read_only=config.getoption("--preflight-read-only")
        ),
        seed=config.getoption("--preflight-seed"),
        depth=Depth(config.getoption("--preflight-depth")),
    )


def _session(config: pytest.Config) -> Session | None:
    """Give the session of this pytest run; None where the target cannot be judged, which is noted."""
    if PROBLEM in config.stash:
        return None
    try:
        return judging_of(config).open()
    except PreflightError as problem:
        # Told once the collection has ended: other plugins make tracebacks of what leaves a collecting hook.
        config.stash[PROBLEM] = problem
        return None


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let a request to terminate clean up, from now to the end of this pytest run."""
    session.config.stash[SIGNALS] = signals = ExitStack()
    signals.enter_context(terminated_like_interrupted())
    session.config.add_cleanup(signals.close)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an item of each case of the catalog for the suites that ask for one."""
    for name in sorted(FIXTURES & set(metafunc.fixturenames)):
        if is_asked_for(metafunc.function, name):
            session = _session(metafunc.config)
            found = items_of(metafunc.function, name, metafunc.definition.path, session) if session else []
            metafunc.parametrize(name, found, ids=[item.id for item in found], indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the cases that need the same settings side by side, so that settings change seldom."""
    problem = config.stash.get(PROBLEM, None)
    if problem is not None:
        pytest.exit(str(problem), returncode=problem.exit_code)
    items[:] = sorted((item for item in items if not _is_empty(item)), key=needs_of)


def _is_empty(item: pytest.Item) -> bool:
    """Whether an item stands for a suite that has no case in this run."""
    return bool(FIXTURES & set(getattr(item, "fixturenames", ()))) and item_of(item) is None


def needs_of(item: pytest.Item) -> str:
    """Name what a pytest item changes of what all share; nothing for most."""
    found = item_of(item)
    return found.changes if found else ""


def item_of(item: pytest.Item) -> Item | None:
    """Give what a pytest item is about; None where it is none of ours."""
    callspec = getattr(item, "callspec", None)
    params = callspec.params.values() if callspec else ()
    return next((each for each in params if isinstance(each, Item)), None)


def suite_of(item: pytest.Item) -> str:
    """Name the suite that a pytest item belongs to."""
    found = item_of(item)
    return found.suite if found else "other"


@pytest.fixture
def accepted(request: pytest.FixtureRequest) -> Iterator[Act]:
    """A request that the documentation lets succeed."""
    yield from _perform(request)


@pytest.fixture
def refused(request: pytest.FixtureRequest) -> Iterator[Act]:
    """A request that the documentation lets be refused."""
    yield from _perform(request)


@pytest.fixture
def intrusion(request: pytest.FixtureRequest) -> Iterator[Act]:
    """A valid request of somebody who is not logged in."""
    yield from _perform(request)


@pytest.fixture
def other_method(request: pytest.FixtureRequest) -> Iterator[Act]:
    """A request with a method that is not documented."""
    yield from _perform(request)


@pytest.fixture
def conversation(request: pytest.FixtureRequest) -> Iterator[Act]:
    """A realtime connection on which anything may be said."""
    yield from _perform(request)


@pytest.fixture
def audience(request: pytest.FixtureRequest) -> Iterator[Act]:
    """People who listen to a stream."""
    yield from _perform(request)


@pytest.fixture
def comparison(request: pytest.FixtureRequest) -> Iterator[Act]:
    """One question asked over the Realtime API and in another way."""
    yield from _perform(request)


@pytest.fixture
def trespassing(request: pytest.FixtureRequest) -> Iterator[Act]:
    """What somebody tries with the things of others."""
    yield from _perform(request)


@pytest.fixture
def listing(request: pytest.FixtureRequest) -> Iterator[Act]:
    """A list asked for in many ways."""
    yield from _perform(request)


@pytest.fixture
def withdrawal(request: pytest.FixtureRequest) -> Iterator[Act]:
    """A permission that is taken away and given back."""
    yield from _perform(request)


@pytest.fixture
def probing(request: pytest.FixtureRequest) -> Iterator[Act]:
    """Generated requests to one operation."""
    yield from _perform(request)


@pytest.fixture
def story(request: pytest.FixtureRequest) -> Iterator[Act]:
    """People who do something, and see what came of it."""
    yield from _perform(request)


@pytest.fixture
def former(request: pytest.FixtureRequest) -> Iterator[Act]:
    """People who are let in no more."""
    yield from _perform(request)


@pytest.fixture
def eavesdropping(request: pytest.FixtureRequest) -> Iterator[Act]:
    """Somebody who listens to rooms that are not theirs."""
    yield from _perform(request)


@pytest.fixture
def answers(request: pytest.FixtureRequest) -> Iterator[Act]:
    """Everything that an operation has answered in this run."""
    yield from _perform(request)


def act_of(node: pytest.Item) -> Act:
    """Give the act of a pytest item; the performance is opened the first time."""
    item = item_of(node)
    if item is None:
        raise KeyError(node.name)
    if ACT not in node.stash:
        session = judging_of(node.config).open()
        part = Part(suite=item.suite, name=item.name, title=item.title, actor=item.case.actor if item.case else "alice")
        node.stash[PERFORMANCE] = performance = session.perform(item.key, part)
        node.stash[ACT] = item.act(performance=performance)
    return node.stash[ACT]


def _perform(request: pytest.FixtureRequest) -> Iterator[Act]:
    item: Item = request.param
    session = judging_of(request.config).open()
    act = act_of(request.node)
    performance = request.node.stash[PERFORMANCE]
    label_current_test(
        labels_of(
            operation=item.key,
            case_title=item.title,
            profile=session.plan.profile,
            suite=item.suite,
        ),
        page=performance.contract.page,
        shown={
            "operation": str(item.key),
            "actor": performance.actor,
            "target": alias_of(session.plan.target, session.plan.alias),
        },
        hidden={"release": str(session.release), "run": session.plan.run_id},
    )
    try:
        yield act
    finally:
        performance.finish()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, object, object]:
    """Note our own trouble before a case."""
    with _noting_our_trouble(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Tell apart, for each case, the target's fault, the circumstances and our own trouble."""
    try:
        with _noting_our_trouble(item):
            return (yield)
    except CircumstanceError as problem:
        pytest.skip(f"inconclusive: {problem}")
    except NotApplicableError as problem:
        pytest.skip(f"not applicable: {problem}")
    except TargetError as problem:
        performance = item.stash.get(PERFORMANCE, None)
        if performance is None:
            raise
        performance.lost(problem)
        pytest.skip(f"inconclusive: {problem.what}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Note our own trouble after a case."""
    with _noting_our_trouble(item):
        return (yield)


@contextmanager
def _noting_our_trouble(item: pytest.Item) -> Iterator[None]:
    if item_of(item) is None:
        yield  # a test beside the suites is no business of ours
        return
    try:
        yield
    except (BrokenPromiseError, CircumstanceError, NotApplicableError, PreflightError, pytest.exit.Exception):
        raise
    except Exception as problem:
        told = f"{type(problem).__name__}: {problem}"
        performance = item.stash.get(PERFORMANCE, None)
        if performance is not None:
            performance.error(told)
        judging_of(item.config).broke = f"{item.name}: {told}"
        raise


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Take secrets out of the traceback of a case: pytest shows arguments and variables, and other plugins keep it."""
    report = yield
    if report.failed and report.longrepr is not None and item_of(item) is not None:
        told = str(report.longrepr)
        clean = cleaned_by_all(told)
        if clean != told:
            report.longrepr = clean
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Clear the workspace, write the reports, and let the process tell the verdict."""
    judging = session.config.stash.get(JUDGING, None)
    if judging is None or judging.conducted:
        return
    if session.config.option.collectonly:
        judging.forget()
        return
    judging.interrupted = judging.interrupted or exitstatus == pytest.ExitCode.INTERRUPTED
    try:
        with undisturbed():
            closed = judging.close()
    except PreflightError as problem:
        pytest.exit(str(problem), returncode=problem.exit_code)
    if closed is not None:
        session.exitstatus = judging.exit_code


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say the verdict and where the reports are."""
    judging = config.stash.get(JUDGING, None)
    if judging is not None and judging.run is not None:
        terminalreporter.section(f"Preflight: {judging.run.verdict}")
        for name, path in judging.reports.items():
            terminalreporter.line(f"{name}: {path}")
