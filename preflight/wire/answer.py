"""Answers: what came back, for the one who asked and for everybody else."""

from dataclasses import dataclass

from preflight.model.exchange import Exchange
from preflight.model.json import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer with its secrets still in it, for those who must use them, and the exchange for everybody else."""

    status: int
    body: Json
    exchange: Exchange
