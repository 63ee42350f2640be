"""Effects: which requests change something, and which of their parameters say whose."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

from preflight import paths
from preflight.catalog.documents import load
from preflight.catalog.schema_check import check
from preflight.catalog.steps import REALTIME
from preflight.model.json import as_list, as_object


class Effect(StrEnum):
    """What a request may change."""

    OBJECTS = "objects"
    CREATES = "creates"
    PERSON = "person"
    LASTING = "lasting"
    CALLER = "caller"
    SESSION = "session"
    WORKSPACE = "workspace"
    READS = "reads"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What one operation may change; `names` are the positions of arguments that mean an object."""

    effect: Effect
    names: frozenset[int] = frozenset()


READING = Action(effect=Effect.READS)


@dataclass(frozen=True, kw_only=True)
class Effects:
    """The table.

    `naming` are names of parameters that mean an object, whichever the operation; `welcoming` are operations, or globs
    of such, that change no more of the people whom they name than their place in a room.
    """

    naming: frozenset[str]
    welcoming: tuple[str, ...]
    rest: Mapping[str, Action]
    realtime: Mapping[str, Action]

    def action(self, method: str, name: str) -> Action | None:
        """Say what an operation may change; None where the table does not know one that is no GET."""
        if method == REALTIME:
            return self.realtime.get(name)
        found = self.rest.get(f"{method} {name}") or self._patterned(method, name)
        return found or (READING if method in {"GET", "HEAD", "OPTIONS"} else None)

    def welcomes(self, method: str, name: str) -> bool:
        """Tell whether an operation changes no more of those whom it names than their place in a room."""
        operation = f"ddp:{name}" if method == REALTIME else f"{method} {name}"
        return any(fnmatchcase(operation, pattern) for pattern in self.welcoming)

    def knows_route(self, name: str) -> bool:
        """Tell whether the table has a route with any method."""
        return any(key.partition(" ")[2] == name for key in self.rest)

    def _patterned(self, method: str, name: str) -> Action | None:
        parts = name.split("/")
        return self._patterns.get((method, parts[0], len(parts))) if len(parts) > 1 else None

    @cached_property
    def _patterns(self) -> Mapping[tuple[str, str, int], Action]:
        keys = ((key, action, key.partition(" ")) for key, action in self.rest.items() if "*" in key)
        return {(method, name.split("/")[0], name.count("/") + 1): action for _, action, (method, _, name) in keys}


def load_effects(root: Path = paths.CONTRACTS) -> Effects:
    """Read effects.yaml of a folder of contracts, or that of Preflight where the folder has none.

    Raises:
        FileError: where the file is wrong.
    """
    own = root / "effects.yaml"
    document = load(own if own.is_file() else paths.CONTRACTS / "effects.yaml")
    check(document, paths.CONTRACTS / "schemas" / "effects.schema.json")
    data = as_object(document.data)
    return Effects(
        naming=frozenset(str(name) for name in as_list(data["naming"])),
        welcoming=tuple(str(pattern) for pattern in as_list(data.get("welcoming"))),
        rest={key: Action(effect=Effect(str(effect))) for key, effect in as_object(data["rest"]).items()},
        realtime={
            name: Action(
                effect=Effect(str(as_object(told)["effect"])),
                names=frozenset(each for each in as_list(as_object(told).get("names")) if isinstance(each, int)),
            )
            for name, told in as_object(data["realtime"]).items()
        },
    )
