"""Facts: what one page says about one operation, whatever form the page has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from preflight.model.json import Json
from preflight.model.operation import OperationKey

# Any: a JSON Schema is JSON of any shape, and each place that reads one looks at what is there.
Schema: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example of a page; `name` is the label it carries there."""

    name: str
    value: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a body holds: a schema in JSON Schema 2020-12 and the examples of it."""

    media_type: str = "application/json"
    schema: Schema | None = None
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One documented parameter in query, header or path; `examples` are values of it."""

    name: str
    location: str
    required: bool = False
    schema: Schema = field(default_factory=dict)
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The documented request body."""

    content: tuple[Content, ...]
    required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The documented answer of one status."""

    status: str
    content: tuple[Content, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Change:
    """One line of a change log; `change` is added, changed, deprecated or removed."""

    release: str
    parameter: str = ""
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """Something in a page that cannot be meant as it stands, found while it was read."""

    where: str
    pointer: str = ""
    says: str
    shows: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFacts:
    """What one page says about one operation.

    `page` is its address; `permissions` are demanded, `some_permissions` depend on the case.
    """

    key: OperationKey
    path: str
    page: str
    parameters: tuple[Parameter, ...] = ()
    body: Body | None = None
    answers: tuple[Answer, ...] = ()
    changes: tuple[Change, ...] = ()
    permissions: tuple[str, ...] = ()
    some_permissions: tuple[str, ...] = ()
    deprecated: bool = False
    oddities: tuple[Oddity, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodFacts:
    """What a category index says about one realtime method.

    `named` tells that the page shows the name in full; else the title is spelled as methods are named.
    `removal` is the release that a deprecation names, `replacement` the REST operation to use instead.
    """

    name: str
    title: str
    page: str
    named: bool = True
    deprecated: bool = False
    removal: str = ""
    replacement: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unkept:
    """An operation that a source names and no contract can hold, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one source gave; `subject` names it among the sources, `dated` is the date it gives itself."""

    subject: str
    dated: str = ""
    operations: tuple[OperationFacts, ...] = ()
    methods: tuple[MethodFacts, ...] = ()
    unkept: tuple[Unkept, ...] = ()


def mapping(value: Any) -> Mapping[str, Any]:  # Any: JSON of a source, of whatever shape it came
    """Give `value` where it is a mapping, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def sequence(value: Any) -> list[Any]:  # Any: as above
    """Give `value` where it is a list, else an empty one."""
    return value if isinstance(value, list) else []
