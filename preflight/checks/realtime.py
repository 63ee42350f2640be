"""Checks of the Realtime API beside calls and results: frames that must come, or must not, and what both APIs say.

Frames are judged where they stand in the exchange; `where` of a finding points into the frame.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from preflight.checks.check import check
from preflight.checks.evidence import Deviation, Due, Evidence, Hidden, Judgements, Twin, judged
from preflight.checks.show import show
from preflight.model.claim import ClaimKind
from preflight.model.exchange import Direction, Exchange
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.pointer import NothingThereError, look_up, pointer

Place = tuple[str | int, ...]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Stars are shown to those who gave them: what both APIs tell of them may differ by design.
_PERSONAL = frozenset({"starred"})


@check("protocol.answered", "A frame MUST be answered as the protocol promises.")
def protocol_answered(evidence: Evidence) -> Judgements:
    """Judge the frames that must have come in answer to what was sent."""
    return _came(evidence, _not_come)


@check("stream.delivered", "Who listens to a stream MUST be told of each of its events, and once.")
def stream_delivered(evidence: Evidence) -> Judgements:
    """Judge the events that must have come to a listener; two that are alike in all are one that came twice."""
    return _came(evidence, _not_once)


@check("stream.private", "A stream MUST tell nothing to who may not hear it.")
def stream_private(evidence: Evidence) -> Judgements:
    """Judge that a subscription was refused, and that none of its events came all the same."""
    for hidden in evidence.hidden:
        claim = evidence.claim(ClaimKind.BEHAVIOUR, hidden.subject)
        yield from judged(claim, _told(received(evidence.exchange), hidden))


@check("agreement.same", "The same question MUST have the same answer over REST and over the Realtime API.")
def agreement_same(evidence: Evidence) -> Judgements:
    """Judge what both answers say; keys that one of them alone has are no deviation."""
    for twin in evidence.twins:
        claim = evidence.claim(ClaimKind.BEHAVIOUR, twin.subject)
        yield from judged(claim, _parted(twin))


def has_come(exchange: Exchange, due: Due) -> bool:
    """Tell whether a frame that must come is among those of an exchange."""
    return any(is_due(frame, due) for frame in received(exchange))


def is_due(frame: JsonObject, due: Due) -> bool:
    """Tell whether a frame is the one that must come."""
    return not any(_missing(frame, due))


def received(exchange: Exchange) -> list[JsonObject]:
    """Give the frames that came, as JSON; what is none is left out."""
    found = []
    for frame in exchange.frames:
        if frame.direction is Direction.RECEIVED:
            try:
                found.append(as_object(json.loads(frame.text)))
            except (ValueError, RecursionError):
                continue
    return found


def _came(evidence: Evidence, wrong_of: Callable[[list[JsonObject], Due], Iterator[Deviation]]) -> Judgements:
    frames = received(evidence.exchange)
    by_subject: dict[str, list[Due]] = {}
    for due in evidence.dues:
        by_subject.setdefault(due.subject, []).append(due)
    for subject, dues in by_subject.items():
        claim = evidence.claim(ClaimKind.BEHAVIOUR, subject)
        yield from judged(claim, [wrong for due in dues for wrong in wrong_of(frames, due)])


def _not_come(frames: list[JsonObject], due: Due) -> Iterator[Deviation]:
    departures = [tuple(_missing(frame, due)) for frame in frames]
    if () in departures:
        return
    near = [found for found in departures if len(found) == 1]
    if near:
        yield near[-1][0]
        return
    alike = sum(frame.get("msg") == due.frame.get("msg") for frame in frames)
    yield Deviation(
        promised=show(due.frame),
        received=f"no such frame among {alike} of its kind, {len(frames)} altogether",
        where="",
    )


def _not_once(frames: list[JsonObject], due: Due) -> Iterator[Deviation]:
    yield from _not_come(frames, due)
    came = [frame for frame in frames if is_due(frame, due)]
    for place, frame in enumerate(came):
        if frame in came[:place]:
            yield Deviation(promised="the event once", received=f"once more {show(frame)}", where="")
            return


def _missing(frame: JsonObject, due: Due) -> Iterator[Deviation]:
    """Give each place in which a frame is not what must come."""
    yield from _unlike(frame, due.frame, ())
    for where in due.named:
        try:
            found = look_up(frame, where)
        except NothingThereError:
            yield Deviation(promised="a text that names it", received="nothing", where=where)
            continue
        if not isinstance(found, str) or not found:
            yield Deviation(promised="a text that names it", received=show(found), where=where)


def _unlike(found: Json, promised: Json, where: Place) -> Iterator[Deviation]:
    if isinstance(promised, Mapping) and isinstance(found, Mapping):
        for key, value in promised.items():
            if key in found:
                yield from _unlike(found[key], value, (*where, key))
            else:
                yield Deviation(promised=show(value), received="nothing", where=pointer((*where, key)))
    elif isinstance(promised, list) and isinstance(found, list) and len(found) >= len(promised):
        for index, value in enumerate(promised):
            yield from _unlike(found[index], value, (*where, index))
    elif found != promised:
        yield Deviation(promised=show(promised), received=show(found), where=pointer(where))


def _told(frames: Iterable[JsonObject], hidden: Hidden) -> Iterator[Deviation]:
    is_answered = False
    for frame in frames:
        fields = as_object(frame.get("fields"))
        if frame.get("msg") == "ready" and hidden.id in as_list(frame.get("subs")):
            is_answered = True
            yield Deviation(promised=f"nosub of {hidden.stream}", received="ready", where="/msg")
        if frame.get("collection") == hidden.stream and fields.get("eventName") == hidden.event:
            yield Deviation(
                promised=f"no event of {hidden.stream}", received=show(fields), where=pointer(("fields", "args"))
            )
        elif frame.get("msg") == "changed" and hidden.owner in json.dumps(fields.get("args")):
            yield Deviation(
                promised=f"nothing of {hidden.owner} in other events",
                received=show(fields),
                where=pointer(("fields", "args")),
            )
        if frame.get("msg") == "nosub" and frame.get("id") == hidden.id:
            is_answered = True
            if not as_object(frame.get("error")):
                yield Deviation(promised="nosub with an error", received=show(frame), where="/error")
    if not is_answered:
        yield Deviation(promised=f"nosub of {hidden.stream}", received="no such frame", where="")


def _parted(twin: Twin) -> Iterator[Deviation]:
    mine, theirs = _dated(twin.mine), _dated(twin.theirs)
    if isinstance(mine, list) and isinstance(theirs, list) and _have_ids([*mine, *theirs]):
        yield from _parted_lists(_by_id(mine), _by_id(theirs), twin)
    else:
        yield from _apart(mine, theirs, ("result",), twin)


def _parted_lists(mine: Mapping[str, Json], theirs: Mapping[str, Json], twin: Twin) -> Iterator[Deviation]:
    for id_, other in theirs.items():
        if id_ not in mine:
            yield Deviation(promised=f"{show(id_)}, as {twin.source} has it", received="missing", where="/result")
        else:
            yield from _apart(mine[id_], other, ("result", id_), twin)
    for id_ in mine:
        if id_ not in theirs:
            yield Deviation(promised=f"no {show(id_)}, as in {twin.source}", received=show(id_), where="/result")


def _apart(mine: Json, theirs: Json, where: Place, twin: Twin) -> Iterator[Deviation]:
    """Compare what both have: the keys of objects, the items of lists."""
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        for key in sorted({*mine} & {*theirs} - _PERSONAL):
            yield from _apart(mine[key], theirs[key], (*where, key), twin)
    elif isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        for index, (one, other) in enumerate(zip(mine, theirs, strict=True)):
            yield from _apart(one, other, (*where, index), twin)
    elif mine != theirs:
        yield Deviation(promised=f"{show(theirs)}, as {twin.source} has it", received=show(mine), where=pointer(where))


def _have_ids(items: list[Json]) -> bool:
    return all(isinstance(as_object(item).get("_id"), str) for item in items)


def _by_id(items: list[Json]) -> dict[str, Json]:
    return {str(as_object(item)["_id"]): item for item in items}


def _dated(value: Json) -> Json:
    """Write EJSON dates as REST does."""
    if isinstance(value, Mapping):
        moment = value.get("$date")
        if len(value) == 1 and isinstance(moment, int):
            return _iso(moment)
        return {key: _dated(child) for key, child in value.items()}
    return [_dated(item) for item in value] if isinstance(value, list) else value


def _iso(milliseconds: int) -> Json:
    try:
        moment = _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return milliseconds
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"
