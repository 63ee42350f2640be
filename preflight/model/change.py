"""Changes: what is otherwise than before, whether it can break a client, and what documentation says of it."""

from dataclasses import dataclass, field
from enum import StrEnum

from preflight.model.operation import OperationKey

NOTHING = "nothing"


class Aspect(StrEnum):
    """What sort of thing changed; the last five are told of documentation only."""

    OPERATION = "operation"
    PROMISE = "promise"
    STATUS = "status"
    CONTENT_TYPE = "content type"
    ERROR_TYPE = "errorType"
    ERROR_TEXT = "error text"
    FIELD = "field"
    TYPE = "type"
    TIMING = "timing"
    PARAMETER = "parameter"
    REQUIRED = "required"
    VALUES = "values"
    REFUSAL = "refusal"
    PERMISSION = "permission"


class Effect(StrEnum):
    """What a change does to a client that was right before it."""

    BREAKING = "breaking"
    COMPATIBLE = "compatible"


class Standing(StrEnum):
    """What the documentation of the new release says of a change."""

    PROMISED = "promised"
    AGAINST = "against"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is otherwise: `before` and `after` in words, NOTHING where there was or is none.

    `operations` show it; none means every operation. `where` is a place such as ``200.room._id``, a JSON pointer, or
    empty for the answer as a whole; `questions` say in words what was asked, `cases` are those that show it. `because`
    is the promise that it keeps or breaks, on `page`; `erratum` made that promise where a page does not.
    """

    operations: tuple[OperationKey, ...]
    aspect: Aspect
    before: str
    after: str
    effect: Effect
    where: str = ""
    standing: Standing = Standing.SILENT
    questions: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    because: str = ""
    page: str = ""
    erratum: str | None = None


class Obstacle(StrEnum):
    """Why a case of one run cannot be compared with the other run."""

    ONLY_BEFORE = "only in the run before"
    ONLY_AFTER = "only in the run after"
    CIRCUMSTANCES = "could not be judged in one of the runs"
    NEITHER = "could not be judged in either run"
    OTHERWISE = "asked otherwise in the two runs"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotCompared:
    """A case that says nothing about changes, and why."""

    case: str
    obstacle: Obstacle
    reason: str = ""


class Answer(StrEnum):
    """Whether an upgrade is safe."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "cannot be told"


@dataclass(frozen=True, slots=True, kw_only=True)
class Safety:
    """Whether an upgrade is safe, and why in one clause."""

    answer: Answer
    because: str

    @property
    def sentence(self) -> str:
        """The one line that is told first."""
        return f"Safe to upgrade: {self.answer}, because {self.because}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two runs: `started` is ISO-8601 UTC, `seed` empty where the run has none."""

    run: str
    target: str
    release: str
    started: str
    seed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed between two runs of one profile; `notes` are circumstances in which the runs differ."""

    before: Side
    after: Side
    profile: str
    safety: Safety
    changes: tuple[Change, ...]
    not_compared: tuple[NotCompared, ...]
    cases: int
    exchanges: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentationChanges:
    """What changed between two captures of documentation: `before` and `after` name their sources."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    operations: tuple[int, int]
    changes: tuple[Change, ...] = field(default=())
