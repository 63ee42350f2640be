"""The part of the plugin that suites need: parametrisation from the catalog, fixtures, verdicts of pytest items."""

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from preflight.catalog.cases import Case
from preflight.catalog.lists import List
from preflight.catalog.steps import REALTIME
from preflight.errors import PreflightError
from preflight.model.claim import ClaimId
from preflight.model.json import Json
from preflight.model.operation import OperationKey
from preflight.plugin.interruption import terminated_like_interrupted, undisturbed
from preflight.plugin.judging import Judging
from preflight.reporting.allure.labels import label_current_test, labels_of
from preflight.session.acts import Accepted, Intrusion, OtherMethod, Refused, manners_of
from preflight.session.answers import Answers
from preflight.session.circumstances import CircumstanceError, NotApplicableError
from preflight.session.eavesdropping import Eavesdropping
from preflight.session.groups import GROUPS, group_of
from preflight.session.listing import Listing
from preflight.session.performance import BrokenPromiseError, Part, Performance
from preflight.session.probing import Probing
from preflight.session.promised import needed_by, promised_by
from preflight.session.realtime_acts import Audience, Comparison, Conversation
from preflight.session.session import Session
from preflight.session.story import Story
from preflight.session.trespass import Former, Trespassing, Withdrawal, changes
from preflight.settings import Account, Depth, RunSettings, account_from, alias_of, read_only_beside, target_from

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


Act = (
    Accepted
    | Refused
    | Intrusion
    | OtherMethod
    | Conversation
    | Audience
    | Comparison
    | Trespassing
    | Withdrawal
    | Former
    | Eavesdropping
    | Answers
    | Story
    | Listing
    | Probing
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """What an item is about: the performance to open, and the act to make of it."""

    suite: str
    key: OperationKey
    name: str
    title: str
    act: Callable[..., Act]
    case: Case | None = None
    changes: str = ""  # what it changes of what all share, where no case tells

    @property
    def id(self) -> str:
        """A readable id: ``GET rooms.info: by-id``."""
        return f"{self.key}: {self.name}"

    @property
    def needs(self) -> str:
        """What the item needs of the settings, to put like to like."""
        return (self.case and _changed(self.case.needs.settings)) or self.changes


def _changed(settings: Mapping[str, Json]) -> str:
    return repr(sorted(settings.items())) if settings else ""


def _accepted(session: Session) -> Iterator[_Item]:
    for case in session.selection.accepted():
        act = partial(Accepted, case=case)
        yield _Item(suite="shapes", key=case.operation, name=case.name, title=case.title, act=act, case=case)


def _refused(session: Session) -> Iterator[_Item]:
    for case in session.selection.refused():
        act = partial(Refused, case=case)
        yield _Item(suite="refusals", key=case.operation, name=case.name, title=case.title, act=act, case=case)


def _intrusions(session: Session) -> Iterator[_Item]:
    for key in session.selection.operations:
        case = session.selection.first_accepted(key)
        if case is None:
            continue
        for manner in manners_of(key):
            act = partial(Intrusion, case=case, manner=manner)
            yield _Item(suite="authentication", key=key, name=manner.id, title=manner.title, act=act, case=case)


def _other_methods(session: Session) -> Iterator[_Item]:
    for key in session.selection.operations:
        title = "asked with another method"
        if key.method != REALTIME:
            yield _Item(suite="routes", key=key, name="other-method", title=title, act=OtherMethod)


_ITEMS: dict[str, Callable[[Session], Iterator[_Item]]] = {
    "accepted": _accepted,
    "refused": _refused,
    "intrusion": _intrusions,
    "other_method": _other_methods,
}


def promised(suite: Callable[..., None], act: str, session: Session) -> Iterator[_Item]:
    """Make an item for each operation that promises what a suite is about; `act` is what the suite asks for."""
    if act == "story":
        yield from _told_once(suite, session)
        return
    wanted = [(operation, rest) for operation, _, rest in map(_parted, promised_by(suite))]
    name = suite.__module__.rpartition(".")[2].removeprefix("test_")
    for key in session.selection.operations:
        claims = tuple(
            claim
            for pattern, rest in wanted
            if key.matches(pattern) and (claim := ClaimId.parse(f"{key}#{rest}")) in session.selection.claims
        )
        if claims:
            yield _promised_item(session, name, claims, act)


def _told_once(suite: Callable[..., None], session: Session) -> Iterator[_Item]:
    """Make one item of all operations that promise what a story is about: what one does, the others show."""
    wanted = [(operation, rest) for operation, _, rest in map(_parted, promised_by(suite))]
    known = session.selection.claims
    claims = tuple(
        claim
        for pattern, rest in wanted
        for claim in known
        if rest == f"{claim.kind}:{claim.subject}" and claim.operation.matches(pattern)
    )
    # The first operation that a suite names for a promise is the one whose effect is told.
    named = [ClaimId.parse(text) for text in reversed(promised_by(suite)) if "*" not in text]
    causes = {**{str(one.operation): one for one in named}, **{one.subject: one for one in named}}
    if claims:
        yield _Item(
            suite=suite.__module__.rpartition(".")[2].removeprefix("test_"),
            key=claims[0].operation,
            name=named[-1].subject,
            title=" and ".join(dict.fromkeys(known[claim].promise for claim in claims)),
            act=partial(Story, claims=claims, causes=causes, needs=needed_by(suite)),
            changes=_changed(needed_by(suite).settings),
        )


def _parted(claim: str) -> tuple[str, str, str]:
    return claim.partition("#")


def _promised_item(session: Session, suite: str, claims: tuple[ClaimId, ...], act: str) -> _Item:
    key = claims[0].operation
    case = session.selection.first_accepted(key) if act == "conversation" else None
    words = " and ".join(session.selection.claims[claim].promise for claim in claims)
    made = _PROMISED[act]
    known = session.selection.catalog.lists.get(key) if act == "listing" else None
    more = {**({"case": case} if case else {}), **({"known": known} if known else {})}
    return _Item(
        suite=suite,
        key=key,
        name=claims[0].subject,
        title=words,
        act=partial(made, claims=claims, **more),
        case=case,
        changes=_changes(session, claims, act, known),
    )


def _changes(session: Session, claims: tuple[ClaimId, ...], act: str, known: List | None) -> str:
    """Name what an item changes of what all share."""
    if act == "answers":
        return "~"  # looks at all that was answered, and so comes last
    if act in {"trespassing", "withdrawal"}:
        return changes(session.selection.catalog, claims)
    if known is not None and known.whole:
        return "everybody's"  # what any other worker makes meanwhile would change it
    return _changed(known.settings) if known else ""


_PROMISED: Mapping[str, Callable[..., Act]] = {
    "conversation": Conversation,
    "audience": Audience,
    "comparison": Comparison,
    "trespassing": Trespassing,
    "story": Story,
    "listing": Listing,
    "withdrawal": Withdrawal,
    "former": Former,
    "eavesdropping": Eavesdropping,
    "answers": Answers,
}


def probed(suite: Callable[..., None], session: Session) -> Iterator[_Item]:
    """Make an item for each operation that may be called with the generated requests which a suite is about."""
    name = group_of(suite)
    group, selection = GROUPS[name], session.selection
    for key in selection.operations if group.most.get(session.plan.depth) else ():
        case = selection.first_accepted(key)
        if key.method == REALTIME or case is None or not selection.catalog.allowance.allows(key):
            continue
        if group.is_about(key, selection.claims):
            act = partial(Probing, case=case, group=name)
            yield _Item(suite="properties", key=key, name=name, title=group.title, act=act, case=case)


_PROBED = "probing"
_FIXTURES = {*_ITEMS, *_PROMISED, _PROBED}


def items_of(suite: Callable[..., None], act: str, file: Path, session: Session) -> list[_Item]:
    """Make the items of a suite, a function in a file, that asks for an act; raises KeyError where there is no such."""
    if act == _PROBED:
        return list(probed(suite, session))
    if act not in _ITEMS:
        return list(promised(suite, _named(act), session))
    about = _is_about(file)
    return [item for item in _ITEMS[act](session) if about(item.key)]


def _named(act: str) -> str:
    if act not in _PROMISED:
        raise KeyError(act)
    return act


def pytest_sessionstart(session: pytest.Session) -> None:
    """Let a request to terminate clean up, from now to the end of this pytest run."""
    session.config.stash[SIGNALS] = signals = ExitStack()
    signals.enter_context(terminated_like_interrupted())
    session.config.add_cleanup(signals.close)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make an item of each case of the catalog for the suites that ask for one."""
    for name, items in _ITEMS.items():
        if name in metafunc.fixturenames:
            session = _session(metafunc.config)
            about = _is_about(metafunc.definition.path)
            found = [item for item in items(session) if about(item.key)] if session else []
            metafunc.parametrize(name, found, ids=[item.id for item in found], indirect=True)
    for name in _PROMISED:
        if name in metafunc.fixturenames and promised_by(metafunc.function):
            session = _session(metafunc.config)
            found = list(promised(metafunc.function, name, session)) if session else []
            metafunc.parametrize(name, found, ids=[item.id for item in found], indirect=True)
    if _PROBED in metafunc.fixturenames:
        session = _session(metafunc.config)
        found = list(probed(metafunc.function, session)) if session else []
        metafunc.parametrize(_PROBED, found, ids=[item.id for item in found], indirect=True)


def _is_about(suite: Path) -> Callable[[OperationKey], bool]:
    """Tell which operations a suite is about by its folder: suites/realtime speaks of methods, others of routes."""
    wants_methods = suite.parent.name == "realtime"
    return lambda key: (key.method == REALTIME) == wants_methods


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the cases that need the same settings side by side, so that settings change seldom."""
    problem = config.stash.get(PROBLEM, None)
    if problem is not None:
        pytest.exit(str(problem), returncode=problem.exit_code)
    items[:] = sorted((item for item in items if not _is_empty(item)), key=needs_of)


def _is_empty(item: pytest.Item) -> bool:
    """Whether an item stands for a suite that has no case in this run."""
    return bool(_FIXTURES & set(getattr(item, "fixturenames", ()))) and _item_of(item) is None


def needs_of(item: pytest.Item) -> str:
    """Name what a pytest item changes of what all share; nothing for most."""
    found = _item_of(item)
    return found.needs if found else ""


def _item_of(item: pytest.Item) -> _Item | None:
    callspec = getattr(item, "callspec", None)
    params = callspec.params.values() if callspec else ()
    return next((each for each in params if isinstance(each, _Item)), None)


def suite_of(item: pytest.Item) -> str:
    """Name the suite that a pytest item belongs to."""
    found = _item_of(item)
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
    item = _item_of(node)
    if item is None:
        raise KeyError(node.name)
    if ACT not in node.stash:
        session = judging_of(node.config).open()
        part = Part(suite=item.suite, name=item.name, title=item.title, actor=item.case.actor if item.case else "alice")
        node.stash[PERFORMANCE] = performance = session.perform(item.key, part)
        node.stash[ACT] = item.act(performance=performance)
    return node.stash[ACT]


def _perform(request: pytest.FixtureRequest) -> Iterator[Act]:
    item: _Item = request.param
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


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """Note our own trouble after a case."""
    with _noting_our_trouble(item):
        return (yield)


@contextmanager
def _noting_our_trouble(item: pytest.Item) -> Iterator[None]:
    if _item_of(item) is None:
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
