"""Evidence: what a check sees, and the judgements that it gives."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from preflight.catalog.contract import Contract, Refusal
from preflight.catalog.steps import REALTIME
from preflight.model.claim import Claim, ClaimId, ClaimKind
from preflight.model.exchange import Exchange
from preflight.model.json import Json, JsonObject
from preflight.model.oddity import Oddity


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """What a check saw to be otherwise than promised; becomes a finding together with page and curl line.

    `exchange` is where it was seen, None for the judged one.
    """

    promised: str
    received: str
    where: str
    exchange: Exchange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A claim that a check has judged: kept where there are no deviations."""

    claim: ClaimId
    deviations: tuple[Deviation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was read afterwards, and what must stand there: values by JSON pointer, and places that must not exist."""

    exchange: Exchange
    values: Mapping[str, Json] = field(default_factory=dict)
    absent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A realtime frame that must have come; `subject` is that of the claim which it proves.

    `frame` holds the keys and values that it has, nested ones alike; `named` points to texts that must not be empty.
    """

    subject: str
    frame: JsonObject
    named: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hidden:
    """Events that somebody must not hear, and the subscription by which they asked for them."""

    subject: str
    id: str
    stream: str
    event: str

    @property
    def owner(self) -> str:
        """The id of the room or user that the events are about, by which their names begin."""
        return self.event.partition("/")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """What the Realtime API says (`mine`) and what another way to ask, called `source`, says of the same."""

    subject: str
    source: str
    mine: Json
    theirs: Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A text that must not be told: of whom or what it is, and what it is there, in words."""

    owner: str
    what: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """What somebody tried without the right to, or to see whether they have it; `about` begins the names of its claims.

    `refusals` are those of which one must come, `denied` says that some must and `allowed` that none may; with none of
    them it is judged by what it tells (`secrets`, that may not be told) and does (`before` and `after`, the private
    things as their members see them; None where nothing was looked at). `values` must stand in a success. `call` is the
    id of the call that is judged, where it was made over a connection on which more was said; `own` is who asked, by id
    and username.
    """

    about: str
    title: str
    exchange: Exchange
    refusals: tuple[Refusal, ...] = ()
    denied: bool = False
    allowed: bool = False
    call: str = ""
    own: tuple[str, ...] = ()
    values: Mapping[str, Json] = field(default_factory=dict)
    secrets: tuple[Secret, ...] = ()
    before: Json = None
    after: Json = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What somebody read, and what must stand there, or must not where it is `hidden`.

    `like` holds the keys and values that it has, nested ones alike, at a place, or as one of the items of a list where
    it is `among` them; `named` points to what must have a value, `absent` to what must not be there. `cause` is the
    claim of the operation whose effect is looked for, `reader` that of the operation that was read, None where the
    latter promises nothing of it.
    """

    cause: ClaimId
    reader: ClaimId | None
    exchange: Exchange
    at: str
    like: Json
    among: bool = False
    named: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """The same thing read twice, which must be the same both times but for some keys."""

    claim: ClaimId
    before: Exchange
    after: Exchange
    at: str
    but: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Items of a list, and what was asked for: `count` None asks for all of them.

    They must be in order by the field `by`, rising or falling as `direction` is 1 or -1. `holds` are the ids that alone
    must be among them, None where nothing is known of that; `within` tells that they must be part of the whole. With a
    `stamp`, the field that tells when each item was, they must be those after `since` and before `until`; whether these
    moments themselves count is for `inclusive` to say, None where nothing is promised of that.
    """

    exchange: Exchange
    at: str
    offset: int = 0
    count: int | None = None
    by: str = ""
    direction: int = 1
    holds: frozenset[str] | None = None
    within: bool = False
    stamp: str = ""
    since: str = ""
    until: str = ""
    inclusive: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One exchange, and all that is promised about it.

    For an accepted case: `status` is the success status, `values` maps JSON pointers to what must stand there, `absent`
    names those that must not exist. For a refused one: `refusal` is what is promised, `error` its text where that of
    the contract holds an example's value, `omits` the required parameters left out on purpose, `lacks` the permission
    that the caller does not have, `before` and `after` the workspace as the people of the case see it. `sent` are the
    parameters that the request carries, `novel` those that the simplest accepted case of the operation does without.
    `looks` are what was read afterwards. Of realtime behaviour: `dues` are the frames that must have come, `hidden` the
    events that must not, `twins` the answers that must be the same. Of authorization: `tries` are what somebody did.
    Of a story: `sights` are what people saw of it, `pairs` what must be the same as it was. Of a list: the `whole`, and
    `pages` that must agree with it.
    Of a generated request `oddity` is what is odd
    about it; `usual` are the headers that every answer of the workspace has.
    """

    contract: Contract
    claims: Mapping[ClaimId, Claim]
    exchange: Exchange
    status: int = 200
    values: Mapping[str, Json] = field(default_factory=dict)
    absent: tuple[str, ...] = ()
    refusal: Refusal | None = None
    error: str | None = None
    sent: frozenset[str] = frozenset()
    novel: frozenset[str] = frozenset()
    omits: tuple[str, ...] = ()
    lacks: str | None = None
    before: Json = None
    after: Json = None
    looks: tuple[Look, ...] = ()
    dues: tuple[Due, ...] = ()
    hidden: tuple[Hidden, ...] = ()
    twins: tuple[Twin, ...] = ()
    tries: tuple[Try, ...] = ()
    sights: tuple[Sight, ...] = ()
    pairs: tuple[Pair, ...] = ()
    whole: Page | None = None
    pages: tuple[Page, ...] = ()
    oddity: Oddity | None = None
    usual: Mapping[str, str] = field(default_factory=dict)
    times: tuple[tuple[float, float], ...] = ()

    def claim(self, kind: ClaimKind, subject: str = "") -> ClaimId | None:
        """Give the id of a claim of this operation, None where nothing of the kind is promised."""
        wanted = ClaimId(self.contract.key, kind, subject)
        return wanted if wanted in self.claims else None

    @property
    def is_realtime(self) -> bool:
        """Whether a realtime method was called, and not a route."""
        return self.contract.key.method == REALTIME

    @property
    def body(self) -> Json:
        """The body of the answer as JSON, None where it is no JSON."""
        try:
            return self.exchange.response.json()
        except (ValueError, RecursionError):
            return None

    @property
    def succeeded(self) -> bool:
        """Whether the answer is a success: status below 300 and a JSON object that does not deny it."""
        return self.exchange.response.status < MULTIPLE_CHOICES and (
            isinstance(self.body, Mapping) and self.body.get("success") is not False
        )


MULTIPLE_CHOICES = 300

Judgements = Iterator[Judgement]


def judged(claim: ClaimId | None, deviations: Iterable[Deviation]) -> Judgements:
    """Judge one claim, or nothing where it is not promised."""
    if claim is not None:
        yield Judgement(claim=claim, deviations=tuple(deviations))
