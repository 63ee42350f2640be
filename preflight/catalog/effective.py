"""Effective contracts: what pages promise, corrected by the errata of a release, and which erratum each claim owes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from preflight.catalog import overlay
from preflight.catalog.behaviours import Behaviours
from preflight.catalog.changes import hidden
from preflight.catalog.claims import claims_of, of_behaviours
from preflight.catalog.contract import Contract, Reader, Source, key_of, operations_of
from preflight.catalog.errata import Errata, Erratum
from preflight.catalog.nearest import nearest
from preflight.catalog.overlay import Action
from preflight.catalog.realtime import RealtimeReader
from preflight.catalog.references import References, plain
from preflight.catalog.steps import REALTIME
from preflight.model.claim import Claim, ClaimId, Origin
from preflight.model.json import Json, JsonObject, as_object
from preflight.model.operation import OperationKey
from preflight.model.release import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An operation as it stands after an erratum; None for the erratum: as its page has it.

    `operation` is None where the erratum removed it; `document` is what its references are resolved against.
    """

    erratum: str | None
    operation: JsonObject | None
    document: Json = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """How the errata of a release changed one operation: its stages in order, the first of them the page's."""

    source: Source
    path: str
    method: str
    stages: tuple[Stage, ...]

    @property
    def key(self) -> OperationKey:
        """The operation."""
        return key_of(self.path, self.method)

    @property
    def errata(self) -> tuple[str, ...]:
        """The errata that changed it, in the order in which they first apply."""
        return tuple(dict.fromkeys(stage.erratum for stage in self.stages if stage.erratum is not None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An operation at a release: what its page promises, what holds, and what became of the difference.

    `contract` is None where the release does not have the operation; `removed` says for each documented claim
    that no longer holds which erratum took it away, or that the release does not have it.
    """

    contract: Contract | None
    documented: tuple[Claim, ...]
    claims: tuple[Claim, ...]
    removed: Mapping[ClaimId, str]


def histories(sources: tuple[Source, ...], errata: Errata, release: Release) -> tuple[History, ...]:
    """Apply the errata of a release to every document.

    Raises:
        FileError: where an action matches nothing, or an erratum and the operations that it names do not agree.
    """
    applicable = errata.applicable(release)
    actions = [action for action in errata.actions if action.erratum in applicable]
    matched: set[int] = set()
    found: list[History] = []
    for source in sources:
        found += _Replay(source=source, errata=applicable).play(actions, matched)
    for index, action in enumerate(actions):
        if index not in matched and not action.optional:
            raise action.matches_nothing()
    return tuple(found)


def judge(history: History, references: References, release: Release) -> Judged:
    """Read an operation's contract at a release, and attribute each of its claims.

    Raises:
        FileError: where a reference names nothing or a release is spelled wrongly.
    """
    page = _read(history, history.stages[0], references, release=None)
    documented = {claim.id: claim for claim in claims_of(page)} if page is not None else {}
    contract, before = page, documented
    owner: dict[ClaimId, str] = {}
    removed: dict[ClaimId, str] = {}
    for stage in history.stages:
        cut = _read(history, stage, references, release=release)
        if cut == contract:
            continue
        contract = cut
        after = {claim.id: claim for claim in claims_of(cut)} if cut is not None else {}
        removed |= dict.fromkeys((id_ for id_ in before if id_ not in after), stage.erratum or f"not in {release}")
        changed = (id_ for id_, claim in after.items() if id_ not in before or claim.promise != before[id_].promise)
        owner |= dict.fromkeys(changed, stage.erratum or "")
        before = after
    return Judged(
        contract=None if contract is None else replace(contract, errata=history.errata),
        documented=tuple(documented.values()),
        claims=tuple(_owed(claim, documented.get(claim.id), owner.get(claim.id)) for claim in before.values()),
        removed={id_: why for id_, why in removed.items() if id_ not in before and id_ in documented},
    )


def promising(judged: Judged, behaviours: Behaviours, release: Release) -> Judged:
    """Add what an operation promises beside the shape of its answers; nothing where the release does not have it."""
    contract = judged.contract
    if contract is None or contract.removed:
        return judged
    more = behaviours.of(contract.key, release, by_name=contract.protocol)
    return replace(
        judged,
        contract=replace(contract, behaviours=(*contract.behaviours, *more)),
        claims=(*judged.claims, *of_behaviours(contract, more)),
    )


def _owed(claim: Claim, documented: Claim | None, erratum: str | None) -> Claim:
    """Give a claim back to its page where errata left it as it was, else to the erratum that changed it last."""
    if documented is not None and documented.promise == claim.promise:
        return documented
    if not erratum:
        return claim
    return replace(claim, origin=Origin.ERRATUM, erratum=erratum)


def _read(history: History, stage: Stage, references: References, *, release: Release | None) -> Contract | None:
    if stage.operation is None:
        return None
    known = references.within({plain(history.source.path): stage.document})
    if history.method == REALTIME:
        reader = RealtimeReader(source=history.source, references=known)
        return reader.read(history.path, stage.operation, release=release)
    item = as_object(as_object(as_object(stage.document)["paths"])[history.path])
    contract = Reader(source=history.source, references=known).read(
        history.path, history.method, stage.operation, shared=item.get("parameters"), release=release
    )
    return None if release is not None and hidden(contract.changes, release) else contract


@dataclass(slots=True, kw_only=True)
class _Replay:
    """Plays actions on one document and remembers the stages of its operations."""

    source: Source
    errata: Mapping[str, Erratum]
    stages: dict[tuple[str, str], list[Stage]] = field(default_factory=dict)

    def play(self, actions: list[Action], matched: set[int]) -> Iterator[History]:
        data = self.source.document.data
        self._note(None, data)
        for index, action in enumerate(actions):
            if self.errata[action.erratum].family not in {None, self.source.family}:
                continue
            data, count = overlay.apply(action, data)
            if count:
                matched.add(index)
                self._note(action, data)
        for (path, method), stages in self.stages.items():
            yield History(source=self.source, path=path, method=method, stages=tuple(stages))

    def _note(self, action: Action | None, data: Json) -> None:
        current = {(path, method): operation for path, method, operation in operations_of(data)}
        for place in {**self.stages, **current}:
            self._note_one(place, action, current.get(place), data)

    def _note_one(
        self, place: tuple[str, str], action: Action | None, operation: JsonObject | None, data: Json
    ) -> None:
        stages = self.stages.setdefault(place, [])
        last = stages[-1] if stages else None
        if last is not None and operation is last.operation and _shared(data) is _shared(last.document):
            return
        if action is not None and operation is not (last and last.operation):
            self._allowed(key_of(*place), action)
        stage = Stage(erratum=action.erratum if action else None, operation=operation, document=data)
        if last is not None and last.erratum == stage.erratum:
            stages[-1] = stage
        else:
            stages.append(stage)

    def _allowed(self, key: OperationKey, action: Action) -> None:
        erratum = self.errata[action.erratum]
        if not erratum.is_about(key):
            raise action.document.error(
                (*action.pointer, "target"),
                f"the action changes {key}, which erratum {erratum.id} does not name",
                hint=f"narrow the target, or add {key} to the erratum's operations",
            )


def _shared(data: Json) -> Json:
    return as_object(data).get("components")


def check_operations(errata: Mapping[str, Erratum], known: tuple[OperationKey, ...]) -> None:
    """Accept errata that name operations which exist.

    Raises:
        FileError: for the first pattern that selects none.
    """
    for erratum in errata.values():
        for pattern in erratum.operations:
            if not any(key.matches(pattern) for key in known):
                raise erratum.error(
                    "operations",
                    f"{pattern!r} selects no operation",
                    hint=nearest(pattern, (str(key) for key in known), what="operations"),
                )
