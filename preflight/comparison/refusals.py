"""Refusals: whether requests are refused, with which status, and in which words."""

from collections.abc import Iterable, Iterator

from preflight.comparison.answers import ERROR_TYPE, TEXTS, Told, told
from preflight.comparison.correspondence import Pair
from preflight.comparison.difference import Difference
from preflight.model.change import NOTHING, Aspect


def of_refusals(pairs: Iterable[Pair]) -> Iterator[Difference]:
    """Tell where status, content type, codes and texts of answers differ."""
    for pair in pairs:
        for old, new in pair.exchanges:
            operation, said, says = pair.about(old), told(old.response), told(new.response)
            if operation is None:
                continue
            found = _acceptance(said, says) if pair.is_generated else _differences(said, says)
            for aspect, where, before, after in found:
                yield Difference(
                    operation=operation,
                    aspect=aspect,
                    where=where,
                    before=before,
                    after=after,
                    pair=pair,
                    coded=ERROR_TYPE in said.words,
                )


def _acceptance(old: Told, new: Told) -> Iterator[tuple[Aspect, str, str, str]]:
    """Tell whether an odd request is accepted; nobody goes by the words in which it is refused."""
    if old.refused is not new.refused:
        yield Aspect.STATUS, "", _in_short(old), _in_short(new)


def _differences(old: Told, new: Told) -> Iterator[tuple[Aspect, str, str, str]]:
    if old.refused is not new.refused:
        yield Aspect.STATUS, "", _whole(old), _whole(new)
        return
    if old.status != new.status:
        yield Aspect.STATUS, "", str(old.status), str(new.status)
    if old.media_type != new.media_type:
        yield Aspect.CONTENT_TYPE, "", old.media_type or NOTHING, new.media_type or NOTHING
    if not old.refused:
        return
    yield from _word(Aspect.ERROR_TYPE, old, new, ERROR_TYPE)
    if old.is_json is new.is_json:
        for key in (*TEXTS, ""):
            yield from _word(Aspect.ERROR_TEXT, old, new, key)
    elif old.text != new.text:
        yield Aspect.ERROR_TEXT, "", old.text or NOTHING, new.text or NOTHING


def _word(aspect: Aspect, old: Told, new: Told, key: str) -> Iterator[tuple[Aspect, str, str, str]]:
    said, says = old.words.get(key), new.words.get(key)
    if said != says:
        # A code stands in one place; what is said in words may stand in several.
        where = f"/{key}" if key and aspect is Aspect.ERROR_TEXT else ""
        yield aspect, where, NOTHING if said is None else said, NOTHING if says is None else says


def _in_short(answer: Told) -> str:
    """Say how a request was answered, without a text that may repeat what was generated."""
    return " ".join(filter(None, (str(answer.status), answer.words.get(ERROR_TYPE, ""))))


def _whole(answer: Told) -> str:
    """Say how a request was answered where one run refuses what the other accepts."""
    words = answer.words.get(ERROR_TYPE), answer.text
    return " ".join([str(answer.status), *(word for word in words if word)]) if answer.refused else str(answer.status)
