"""The catalog: everything under contracts/ as it holds for one release, loaded once and checked as a whole."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from preflight import paths
from preflight.catalog.allowance import Allowance, load_allowance
from preflight.catalog.behaviours import load_behaviours
from preflight.catalog.cases import Case, load_cases
from preflight.catalog.cast import Cast, load_cast
from preflight.catalog.contract import Contract, Source, key_of, operations_of, pointer_of
from preflight.catalog.documents import load
from preflight.catalog.effective import check_operations, histories, judge, promising
from preflight.catalog.effects import Effects, load_effects
from preflight.catalog.errata import Erratum, family_of, load_errata
from preflight.catalog.links import Link, load_links
from preflight.catalog.lists import List, load_lists
from preflight.catalog.profile import Profile, load_profile
from preflight.catalog.promises import Promises
from preflight.catalog.realtime import INDEX, check_index
from preflight.catalog.references import References
from preflight.catalog.schema_check import check
from preflight.catalog.trespasses import Trespass, load_trespasses
from preflight.model.claim import Claim, ClaimId
from preflight.model.json import Json
from preflight.model.operation import OperationKey
from preflight.model.release import Release

KEPT = "kept"
SUITE_SUFFIXES = (".ini", ".py")


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A case that does not apply to the release, and why."""

    case: Case
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """What is promised for one release, and how it is asked for.

    `lists` say for operations that give lists how one is asked of which everything is known; `errata` are those that
    hold for the release; `cases` those that apply to it, `set_aside` the others; `documented` are the claims of the
    pages before errata; `digest` is a SHA-256 over all files.
    """

    release: Release
    contracts: Mapping[OperationKey, Contract]
    claims: Mapping[ClaimId, Claim]
    documented: Mapping[ClaimId, Claim]
    errata: Mapping[str, Erratum]
    cases: tuple[Case, ...]
    set_aside: tuple[SetAside, ...]
    cast: Cast
    lists: Mapping[OperationKey, List]
    profiles: Mapping[str, Profile]
    allowance: Allowance
    effects: Effects
    links: tuple[Link, ...]
    digest: str
    _removed: Mapping[ClaimId, str] = field(repr=False)
    trespasses: tuple[Trespass, ...] = ()

    def select(self, globs: Iterable[str]) -> tuple[Contract, ...]:
        """Give the contracts of the operations that any of the globs selects."""
        patterns = tuple(globs)
        return tuple(
            contract for key, contract in self.contracts.items() if any(key.matches(pattern) for pattern in patterns)
        )

    def claims_of(self, operation: OperationKey) -> tuple[Claim, ...]:
        """Give the claims of one operation."""
        return tuple(claim for id_, claim in self.claims.items() if id_.operation == operation)

    def cases_of(self, operation: OperationKey) -> tuple[Case, ...]:
        """Give the cases of one operation."""
        return tuple(case for case in self.cases if case.operation == operation)

    def trespasses_of(self, operation: OperationKey, about: str) -> tuple[Trespass, ...]:
        """Give the trespasses of one operation that begin the names of their claims so."""
        return tuple(each for each in self.trespasses if each.operation == operation and each.about == about)

    def accounting(self) -> Mapping[ClaimId, str]:
        """Say for each documented claim what became of it: ``kept``, an erratum's id, or ``not in RELEASE``."""
        return {id_: self._account(id_) for id_ in self.documented}

    def _account(self, id_: ClaimId) -> str:
        claim = self.claims.get(id_)
        if claim is None:
            return self._removed[id_]
        return claim.erratum or KEPT


def load_catalog(release: Release, *, root: Path = paths.CONTRACTS) -> Catalog:
    """Load everything under contracts/ for a release.

    Raises:
        FileError: where any file is wrong, or files do not agree with each other.
    """
    schemas = paths.CONTRACTS / "schemas"
    sources = _sources(root)
    errata = load_errata(_files(root / "errata"), schemas / "errata.schema.json")
    pages = tuple(key_of(*place[:2]) for source in sources for place in operations_of(source.document.data))
    check_operations(errata.by_id, pages)
    past = histories(sources, errata, release)
    references = References(read=cache(_read))
    behaviours = load_behaviours(_files(root / "behaviour"), schemas / "behaviour.schema.json", errata, pages)
    judged = [promising(judge(history, references, release), behaviours, release) for history in past]
    cast = load_cast(root / "cast.yaml", schemas / "cast.schema.json")
    cases = load_cases(_files(root / "cases"), schemas / "cases.schema.json", cast, pages)
    promises = Promises(
        release=release,
        contracts={one.contract.key: one.contract for one in judged if one.contract is not None},
        claims={claim.id: claim for one in judged for claim in one.claims},
        documented={claim.id: claim for one in judged for claim in one.documented},
        sources=sources,
        errata=errata,
    )
    reasons = [promises.set_aside(case) for case in cases]
    trespasses = load_trespasses(_files(root / "trespasses"), schemas / "trespasses.schema.json", cast, pages)
    return Catalog(
        release=release,
        contracts=promises.contracts,
        claims=promises.claims,
        documented=promises.documented,
        errata=errata.applicable(release),
        cases=tuple(case for case, reason in zip(cases, reasons, strict=True) if reason is None),
        set_aside=tuple(
            SetAside(case=case, reason=reason)
            for case, reason in zip(cases, reasons, strict=True)
            if reason is not None
        ),
        cast=cast,
        lists=load_lists(root / "lists.yaml", schemas / "lists.schema.json", cast, pages),
        profiles=_profiles(root, pages),
        effects=load_effects(root),
        links=load_links(root / "links.yaml", schemas / "links.schema.json", pages),
        allowance=load_allowance(root / "probes.yaml", schemas / "probes.schema.json", cast, pages),
        digest=digest(root),
        trespasses=tuple(found for trespass in trespasses if (found := trespass.at(promises)) is not None),
        _removed={id_: why for one in judged for id_, why in one.removed.items()},
    )


def digest(root: Path, suffixes: Collection[str] = (".yaml", ".json")) -> str:
    """Give the SHA-256 over the names and contents of all files below `root`, by default of YAML and JSON."""
    total = sha256()
    for path in sorted(p for p in root.rglob("*") if p.suffix in suffixes):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(sha256(path.read_bytes()).digest())
    return total.hexdigest()


def _sources(root: Path) -> tuple[Source, ...]:
    schemas = paths.CONTRACTS / "schemas"
    sources: list[Source] = []
    seen: dict[tuple[str, str], Path] = {}
    for path in [*_files(root / "rest"), *_realtime_files(root)]:
        document = load(path)
        form = "contract" if path.parent.name == "rest" else "realtime"
        check(document, schemas / f"{form}.schema.json")
        for place in ((route, method) for route, method, _ in operations_of(document.data)):
            if place in seen:
                raise document.error(
                    pointer_of(*place),
                    f"{key_of(*place)} stands in {seen[place].name} already",
                    hint="keep one of the two",
                )
            seen[place] = path
        sources.append(Source(family=family_of(path), document=document))
    if (root / INDEX).exists():
        check_index(load(root / INDEX), [one.document for one in sources])
    return tuple(sources)


def _realtime_files(root: Path) -> list[Path]:
    return [path for path in _files(root / "realtime") if path != root / INDEX]


def _profiles(root: Path, known: tuple[OperationKey, ...]) -> dict[str, Profile]:
    schema = paths.CONTRACTS / "schemas" / "profile.schema.json"
    return {path.stem: load_profile(path, schema, known) for path in _files(root / "profiles")}


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _read(path: Path) -> Json:
    return load(path, positions=False).data
