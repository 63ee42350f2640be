"""A drill: which of the planted faults were found, by which checks, and what was found where there is none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from preflight.model.json import JsonObject
from preflight.model.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A fault as it is told: its name, what it does in words, the operation it touches, the check that names it."""

    name: str
    sentence: str
    operation: str
    check: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one check found on one operation: the first of its findings, and how many there are.

    `touched` tells that the planted fault is about this operation; `advisory` that the promise is a SHOULD; `known`
    that an erratum tells of the release that it breaks this promise.
    """

    operation: str
    check: str
    promised: str
    received: str
    where: str
    count: int
    touched: bool = True
    advisory: bool = False
    known: bool = False

    @property
    def counts(self) -> bool:
        """Whether it accuses the target of something that is not known of its release."""
        return not self.known

    def __str__(self) -> str:
        place = f" {self.where}" if self.where else ""
        return f"{self.check} on {self.operation}{place}: promised {self.promised}, received {self.received}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One fault, played and judged; `seconds` counts the run alone.

    `verdict` is None where no run came of it; `trouble` says in words what of ours went wrong.
    """

    planted: Planted
    release: str
    verdict: Verdict | None = None
    sightings: tuple[Sighting, ...] = ()
    seconds: float = 0.0
    trouble: str = ""

    @property
    def found_by(self) -> tuple[str, ...]:
        """The checks that accuse the operations which the fault touches, by name.

        A promise that is merely advisory counts where the fault names its check.
        """
        mine = self.planted.check
        return tuple(
            sorted(
                {
                    seen.check
                    for seen in self.sightings
                    if seen.touched and seen.counts and (not seen.advisory or seen.check == mine)
                }
            )
        )

    @property
    def is_found(self) -> bool:
        """Whether any check found it."""
        return bool(self.found_by)

    @property
    def is_named(self) -> bool:
        """Whether the check that names it found it."""
        return self.planted.check in self.found_by


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanRun:
    """One run against a mock workspace without any fault; whatever it finds is a false alarm."""

    release: str
    seed: int
    sightings: tuple[Sighting, ...] = ()
    seconds: float = 0.0
    trouble: str = ""

    @property
    def alarms(self) -> tuple[Sighting, ...]:
        """What it found and should not have."""
        return tuple(seen for seen in self.sightings if seen.counts)

    @property
    def findings(self) -> int:
        """How many findings those are."""
        return sum(seen.count for seen in self.alarms)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drill:
    """All trials and clean runs; `seconds` is the time that passed, however many were played side by side."""

    trials: tuple[Trial, ...]
    clean: tuple[CleanRun, ...]
    seconds: float

    @property
    def found(self) -> tuple[Trial, ...]:
        """The trials whose fault any check found."""
        return tuple(trial for trial in self.trials if trial.is_found)

    @property
    def named(self) -> tuple[Trial, ...]:
        """The trials whose fault was found by the check that names it."""
        return tuple(trial for trial in self.trials if trial.is_named)

    @property
    def misses(self) -> tuple[Trial, ...]:
        """The trials whose fault was not found by the check that names it, though we did our part."""
        return tuple(trial for trial in self.trials if not trial.is_named and not trial.trouble)

    @property
    def findings(self) -> int:
        """The false alarms of all clean runs."""
        return sum(run.findings for run in self.clean)

    @property
    def troubles(self) -> tuple[str, ...]:
        """What of ours went wrong, each with the fault or the clean run in which it did."""
        return (
            *(f"{trial.planted.name}: {trial.trouble}" for trial in self.trials if trial.trouble),
            *(f"clean run of {run.release}, seed {run.seed}: {run.trouble}" for run in self.clean if run.trouble),
        )

    @property
    def is_passed(self) -> bool:
        """Whether every fault was found by the check that names it, and nothing where there is none."""
        return len(self.named) == len(self.trials) and not self.findings


def to_json(drill: Drill) -> JsonObject:
    """Give a drill as JSON, in the order in which it was asked for."""
    return {
        "faults": [
            {
                "name": trial.planted.name,
                "sentence": trial.planted.sentence,
                "operation": trial.planted.operation,
                "check": trial.planted.check,
                "found": trial.is_found,
                "found_by": list(trial.found_by),
                "seconds": trial.seconds,
            }
            for trial in drill.trials
        ],
        "clean": {"runs": len(drill.clean), "findings": drill.findings},
    }


def checks_of(trials: Iterable[Trial]) -> Sequence[str]:
    """Name every check that found something or was to, by name."""
    return sorted({check for trial in trials for check in (*trial.found_by, trial.planted.check)})
