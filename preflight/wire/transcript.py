"""Transcripts: the frames of a conversation as an exchange, redacted before it exists."""

import itertools
from collections.abc import Iterable, Iterator

from preflight.model.exchange import Exchange, Frame, Request, Response
from preflight.model.json import Json
from preflight.wire.frames import spelled
from preflight.wire.redaction import Redactor

METHOD = "ddp"


def exchange_ids() -> Iterator[str]:
    """Count the realtime exchanges of a run: d00001, d00002, …; clients of one run must share what this gives."""
    return (f"d{number:05d}" for number in itertools.count(1))


class Transcriber:
    """Makes exchanges of what crossed one address."""

    def __init__(self, url: str, redactor: Redactor, ids: Iterator[str]) -> None:
        self._url = url
        self._redactor = redactor
        self._ids = ids

    def exchange(  # noqa: PLR0913 (each argument is one part of the exchange)
        self, *, actor: str, purpose: str, sent: str, status: int, body: Json, frames: Iterable[Frame], elapsed_s: float
    ) -> Exchange:
        """Make an exchange; secrets that a frame shows must be learnt before."""
        clean = self._redactor.clean_body
        asked = clean(sent)
        return Exchange(
            id=next(self._ids),
            actor=actor,
            purpose=purpose,
            request=Request(method=METHOD, url=clean(self._url), body=asked),
            response=Response(status=status, body=clean(spelled(body))),
            elapsed_s=round(elapsed_s, 4),
            frames=tuple(
                Frame(direction=frame.direction, text=asked if frame.text is sent else clean(frame.text))
                for frame in frames
            ),
        )
