"""Changes: where two readings of the same thing differ, place by place."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from preflight.model.json import Json

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One place in which two readings differ; what is missing is None."""

    where: Place
    before: Json
    after: Json


def changes(before: Json, after: Json, *, but: Collection[str] = (), where: Place = ()) -> Iterator[Change]:
    """Give each place in which two readings differ; keys among `but` are passed over everywhere."""
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted({*before, *after} - {*but}):
            if key not in before or key not in after:
                yield Change(where=(*where, key), before=before.get(key), after=after.get(key))
            else:
                yield from changes(before[key], after[key], but=but, where=(*where, key))
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from changes(one, other, but=but, where=(*where, index))
    else:
        yield Change(where=where, before=before, after=after)
