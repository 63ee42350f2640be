"""Groups of probes: of what each is made, what it is about, and how many of an operation each depth allows."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from random import Random
from typing import TypeVar

from preflight.catalog.contract import Contract
from preflight.model.claim import Claim, ClaimId, ClaimKind
from preflight.model.operation import OperationKey
from preflight.probes import own
from preflight.probes.names import Names
from preflight.probes.probe import Parameters, Probe
from preflight.settings import Depth

_PROBES = "preflight_probes"
F = TypeVar("F", bound=Callable[..., None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What probes are made of: a contract, an accepted request, what may be named, a seed, and how many are wanted.

    `writes` tells that the operation may change something; `linked` gives requests with what other answers named.
    """

    contract: Contract
    base: Parameters
    names: Names
    seed: int
    most: int
    writes: bool
    linked: Callable[[], Iterator[Probe]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Probes of one kind: their title, what makes them, and how many of an operation each depth allows.

    `usual` is how many requests they usually are, what is asked again included. `promises` are what they are made for;
    they stay open where none can be sent.
    """

    title: str
    make: Callable[[Material], Iterator[Probe]]
    most: Mapping[Depth, int]
    usual: int
    promises: tuple[tuple[ClaimKind, str], ...] = ()

    def is_about(self, operation: OperationKey, claims: Mapping[ClaimId, Claim]) -> bool:
        """Tell whether an operation promises what the probes are made for."""
        return not self.promises or any(ClaimId(operation, kind, subject) in claims for kind, subject in self.promises)

    def probes(self, material: Material) -> tuple[Probe, ...]:
        """Make so many probes as are wanted: where there are more, the seed chooses, and their order stays."""
        made = tuple(self.make(material))
        if len(made) <= material.most:
            return made
        random = Random(f"{material.seed} {material.contract.key}")  # noqa: S311 (repeatable on purpose)
        return tuple(made[index] for index in sorted(random.sample(range(len(made)), material.most)))


def probes(group: str) -> Callable[[F], F]:
    """Say which group of probes a suite is about."""

    def mark(suite: F) -> F:
        setattr(suite, _PROBES, group)
        return suite

    return mark


def group_of(suite: object) -> str:
    """Name the group of probes that a suite is about; empty where it is about none."""
    found: str = getattr(suite, _PROBES, "")
    return found


def _missing(material: Material) -> Iterator[Probe]:
    return own.without_required(material.contract, material.base, material.names)


def _unknown(material: Material) -> Iterator[Probe]:
    return own.with_unknown(material.base, material.names)


def _operators(material: Material) -> Iterator[Probe]:
    yield from own.with_operators(material.base, material.names, bounded=material.writes)
    yield from own.with_patterns(material.base, material.names)


def _types(material: Material) -> Iterator[Probe]:
    yield from own.with_shapes(material.contract, material.base, material.names)
    yield from own.with_spellings(material.contract, material.base)


def _values(material: Material) -> Iterator[Probe]:
    yield from own.with_texts(material.contract, material.base, material.names)
    yield from own.with_rough_values(material.contract, material.base)


def _linked(material: Material) -> Iterator[Probe]:
    return material.linked()


def _covering(material: Material) -> Iterator[Probe]:
    # The generator takes a while to be imported, and a quick run does without.
    yield from import_module("preflight.probes.generator").covering(material.contract, material.base)


def _drawing(material: Material) -> Iterator[Probe]:
    generator = import_module("preflight.probes.generator")
    yield from generator.drawing(material.contract, material.base, material.seed, material.most)


def _few(quick: int) -> Mapping[Depth, int]:
    return {Depth.QUICK: quick, Depth.STANDARD: 100, Depth.DEEP: 1000}


GROUPS: Mapping[str, Group] = {
    "missing": Group(
        title="asked without what is required",
        make=_missing,
        most=_few(4),
        usual=3,
        promises=((ClaimKind.ROBUSTNESS, "required-demanded"),),
    ),
    "unknown": Group(
        title="asked for what there is not",
        make=_unknown,
        most=_few(4),
        usual=3,
        promises=((ClaimKind.ROBUSTNESS, "unknown-refused"),),
    ),
    "operators": Group(
        title="asked with operators and patterns in the place of ids",
        make=_operators,
        most=_few(3),
        usual=10,
        promises=((ClaimKind.SECURITY, "operators-refused"), (ClaimKind.SECURITY, "patterns-refused")),
    ),
    "types": Group(title="asked with values of other types", make=_types, most=_few(2), usual=9),
    "values": Group(title="asked with odd texts and numbers", make=_values, most=_few(4), usual=20),
    "links": Group(
        title="asked with what other answers named",
        make=_linked,
        most=_few(1),
        usual=2,
        promises=((ClaimKind.ROBUSTNESS, "links-lead"),),
    ),
    "boundaries": Group(
        title="asked at the bounds of its contract, and just beyond",
        make=_covering,
        most={Depth.STANDARD: 60, Depth.DEEP: 1000},
        usual=36,
    ),
    "drawn": Group(
        title="asked with requests drawn at random", make=_drawing, most={Depth.STANDARD: 6, Depth.DEEP: 100}, usual=8
    ),
}
