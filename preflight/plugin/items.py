"""Items: what becomes a case of a run: each case of the catalog, each operation that promises what a suite is about."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from preflight.catalog.cases import Case
from preflight.catalog.lists import List
from preflight.catalog.steps import REALTIME
from preflight.model.claim import ClaimId
from preflight.model.json import Json
from preflight.model.operation import OperationKey
from preflight.session.acts import Accepted, Intrusion, OtherMethod, Refused, manners_of
from preflight.session.answers import Answers
from preflight.session.eavesdropping import Eavesdropping
from preflight.session.groups import GROUPS, group_of
from preflight.session.listing import Listing
from preflight.session.probing import Probing
from preflight.session.promised import needed_by, promised_by
from preflight.session.realtime_acts import Audience, Comparison, Conversation
from preflight.session.session import Session
from preflight.session.story import Story
from preflight.session.trespass import Former, Trespassing, Withdrawal, changes

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
class Item:
    """What an item is about: the performance to open, and the act to make of it."""

    suite: str
    key: OperationKey
    name: str
    title: str
    act: Callable[..., Act]
    case: Case | None = None
    tells: Callable[..., None] | None = None  # the function of the suite, where it tells a story
    changes: str = ""  # what it changes of what all share, to put like to like

    @property
    def id(self) -> str:
        """A readable id: ``GET rooms.info: by-id``."""
        return f"{self.key}: {self.name}"


def _changed(session: Session, settings: Mapping[str, Json]) -> str:
    """Name the settings that are otherwise than needed: where they are so already, nothing is changed."""
    changed = session.ground.keeper.changing(settings)
    return repr(sorted(changed.items())) if changed else ""


def _accepted(session: Session) -> Iterator[Item]:
    for case in session.selection.accepted():
        act = partial(Accepted, case=case)
        yield Item(suite="shapes", key=case.operation, name=case.name, title=case.title, act=act, case=case)


def _refused(session: Session) -> Iterator[Item]:
    for case in session.selection.refused():
        act = partial(Refused, case=case)
        yield Item(suite="refusals", key=case.operation, name=case.name, title=case.title, act=act, case=case)


def _intrusions(session: Session) -> Iterator[Item]:
    for key in session.selection.operations:
        case = session.selection.first_accepted(key)
        if case is None:
            continue
        for manner in manners_of(key):
            act = partial(Intrusion, case=case, manner=manner)
            yield Item(suite="authentication", key=key, name=manner.id, title=manner.title, act=act, case=case)


def _other_methods(session: Session) -> Iterator[Item]:
    for key in session.selection.operations:
        title = "asked with another method"
        if key.method != REALTIME:
            yield Item(suite="routes", key=key, name="other-method", title=title, act=OtherMethod)


_ITEMS: dict[str, Callable[[Session], Iterator[Item]]] = {
    "accepted": _accepted,
    "refused": _refused,
    "intrusion": _intrusions,
    "other_method": _other_methods,
}


def promised(suite: Callable[..., None], act: str, session: Session) -> Iterator[Item]:
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


def _told_once(suite: Callable[..., None], session: Session) -> Iterator[Item]:
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
        yield Item(
            suite=suite.__module__.rpartition(".")[2].removeprefix("test_"),
            key=claims[0].operation,
            name=named[-1].subject,
            title=" and ".join(dict.fromkeys(known[claim].promise for claim in claims)),
            act=partial(Story, claims=claims, causes=causes, needs=needed_by(suite)),
            tells=suite,
            changes=_changed(session, needed_by(suite).settings),
        )


def _parted(claim: str) -> tuple[str, str, str]:
    return claim.partition("#")


def _promised_item(session: Session, suite: str, claims: tuple[ClaimId, ...], act: str) -> Item:
    key = claims[0].operation
    case = session.selection.first_accepted(key) if act == "conversation" else None
    words = " and ".join(session.selection.claims[claim].promise for claim in claims)
    made = _PROMISED[act]
    known = session.selection.catalog.lists.get(key) if act == "listing" else None
    more = {**({"case": case} if case else {}), **({"known": known} if known else {})}
    return Item(
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
    return _changed(session, known.settings) if known else ""


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


def probed(suite: Callable[..., None], session: Session) -> Iterator[Item]:
    """Make an item for each operation that may be called with the generated requests which a suite is about."""
    name = group_of(suite)
    group, selection = GROUPS[name], session.selection
    for key in selection.operations if group.most.get(session.plan.depth) else ():
        case = selection.first_accepted(key)
        if key.method == REALTIME or case is None or not selection.catalog.allowance.allows(key):
            continue
        if group.is_about(key, selection.claims):
            act = partial(Probing, case=case, group=name)
            yield Item(suite="properties", key=key, name=name, title=group.title, act=act, case=case)


_PROBED = "probing"
FIXTURES: Final = frozenset({*_ITEMS, *_PROMISED, _PROBED})


def is_asked_for(suite: Callable[..., None], act: str) -> bool:
    """Tell whether a suite that asks for an act is to get items: what is about promises must name some."""
    return act not in _PROMISED or bool(promised_by(suite))


def items_of(suite: Callable[..., None], act: str, file: Path, session: Session) -> list[Item]:
    """Make the items of a suite, a function in a file, that asks for an act; raises KeyError where there is no such."""
    return [_placed(item, session) for item in _made(suite, act, file, session)]


def _made(suite: Callable[..., None], act: str, file: Path, session: Session) -> Iterator[Item]:
    if act == _PROBED:
        return probed(suite, session)
    if act not in _ITEMS:
        return promised(suite, _named(act), session)
    about = _is_about(file)
    return (item for item in _ITEMS[act](session) if about(item.key))


def _placed(item: Item, session: Session) -> Item:
    needed = item.case.needs.settings if item.case else {}
    return replace(item, changes=_changed(session, needed) or item.changes)


def _named(act: str) -> str:
    if act not in _PROMISED:
        raise KeyError(act)
    return act


def _is_about(suite: Path) -> Callable[[OperationKey], bool]:
    """Tell which operations a suite is about by its folder: suites/realtime speaks of methods, others of routes."""
    wants_methods = suite.parent.name == "realtime"
    return lambda key: (key.method == REALTIME) == wants_methods
