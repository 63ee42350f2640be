"""Steps: single requests of a case or of a thing, with their placeholders left in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from preflight.catalog import placeholders
from preflight.model.json import Json, JsonObject, as_list, as_object

ADMIN = "admin"
REALTIME = "ddp"

_REALTIME_MARK = f"{REALTIME}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file sent as the field ``file`` of a multipart form."""

    name: str
    type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request played to prepare or to undo something.

    `operation` is a method and a route, which may hold placeholders, or ``ddp:NAME``; `body` counts only if
    `has_body`, `params` (the arguments of a realtime call) only if `has_params`; `take` maps names to JSON pointers
    into the answer, for a realtime call into ``{"result": …}``; `gone` (undo only) tolerates that its object is gone.
    """

    actor: str
    operation: str
    query: JsonObject = field(default_factory=dict)
    body: Json = None
    has_body: bool = False
    params: Sequence[Json] = ()
    has_params: bool = False
    file: File | None = None
    take: Mapping[str, str] = field(default_factory=dict)
    gone: bool = False

    @property
    def method(self) -> str:
        """The HTTP method; ``ddp`` for a realtime call."""
        return REALTIME if self.is_realtime else self.operation.partition(" ")[0]

    @property
    def route(self) -> str:
        """The route below ``/api/v1/``, with its placeholders; for a realtime call the name of its method."""
        return self.operation.removeprefix(_REALTIME_MARK) if self.is_realtime else self.operation.partition(" ")[2]

    @property
    def is_realtime(self) -> bool:
        """Whether it is a call of the Realtime API."""
        return self.operation.startswith(_REALTIME_MARK)

    @property
    def template(self) -> JsonObject:
        """Everything that may hold placeholders."""
        file = {"name": self.file.name, "type": self.file.type, "text": self.file.text} if self.file else None
        return {
            "operation": self.operation,
            "query": self.query,
            "body": self.body,
            "params": self.params,
            "file": file,
        }

    @property
    def names(self) -> tuple[str, ...]:
        """The placeholders it holds."""
        return placeholders.names(self.template)


def read_step(data: JsonObject) -> Step:
    """Read a step that its schema has accepted."""
    file = as_object(data.get("file"))
    return Step(
        actor=str(data["as"]),
        operation=str(data["operation"]),
        query=as_object(data.get("query")),
        body=data.get("body"),
        has_body="body" in data,
        params=as_list(data.get("params")),
        has_params="params" in data,
        file=File(name=str(file["name"]), type=str(file["type"]), text=str(file["text"])) if file else None,
        take={name: str(pointer) for name, pointer in as_object(data.get("take")).items()},
        gone=data.get("gone") is True,
    )
