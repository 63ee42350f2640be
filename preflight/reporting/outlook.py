"""The outlook: the circumstances as a table, how long the run will take, and what is left out; or all that as JSON."""

import json
from collections.abc import Iterator, Mapping
from typing import Final

from rich.console import Console

from preflight.model.json import JsonObject
from preflight.model.outlook import Outlook
from preflight.reporting.account import counted, lasting

PLAN: Final = "preflight-plan/1"
_CIRCUMSTANCES = ("edition", "server", "mode", "roles", "second factor")


def show(outlook: Outlook, console: Console, uses: Mapping[str, str]) -> None:
    """Print an outlook; `uses` says what a run uses each right of its account for."""
    rows = list(_rows(outlook, uses))
    width = max(len(name) for name, _ in rows)
    for name, told in rows:
        console.print(f"  {name:<{width}}  {told}", highlight=False, markup=False, soft_wrap=True)


def text(outlook: Outlook) -> str:
    """Give an outlook as JSON text, sorted, with a newline at the end."""
    return json.dumps(of_plan(outlook), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def of_plan(outlook: Outlook) -> JsonObject:
    """Give an outlook as JSON; its schema is plan.schema.json."""
    return {
        "format": PLAN,
        "target": outlook.target,
        "release": outlook.release,
        "account": outlook.account,
        "environment": dict(outlook.environment),
        "rights": dict(outlook.rights),
        "limiter": {"state": outlook.limiter, "window": outlook.window},
        "cases": outlook.cases,
        "requests": outlook.requests,
        "seconds": round(outlook.seconds, 1),
        "seconds_of_all": round(outlook.whole_seconds, 1),
        "busiest": {"route": outlook.busiest, "calls": outlook.busiest_calls} if outlook.busiest else None,
        "max_minutes": outlook.max_minutes,
        "left_out": outlook.left_out,
        "open_claims": dict(outlook.open_claims),
    }


def _rows(outlook: Outlook, uses: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield "target", outlook.target
    yield "release", outlook.release
    yield "account", outlook.account
    for name in _CIRCUMSTANCES:
        if name in outlook.environment:
            yield name, outlook.environment[name]
    for right, held in outlook.rights.items():
        word = {True: "yes", False: "no", None: "unknown"}[held]
        yield f"may {uses.get(right, right)}", f"{word} ({right})"
    yield "rate limiter", outlook.limiter if outlook.limiter == "off" else f"{outlook.limiter}, {outlook.window}"
    yield "cases", f"{outlook.cases:,}, about {counted(outlook.requests, 'request')}"
    yield "duration", f"about {lasting(outlook.seconds)}{_because(outlook)}"
    if outlook.max_minutes is not None:
        yield from _left_out(outlook)


def _because(outlook: Outlook) -> str:
    calls = f"{outlook.busiest}, {counted(outlook.busiest_calls, 'call')}"
    return f"; the busiest is {calls}" if outlook.busiest else ""


def _left_out(outlook: Outlook) -> Iterator[tuple[str, str]]:
    cases = counted(outlook.left_out, "case")
    yield (
        "left out",
        f"{cases} by --max-minutes {outlook.max_minutes:g}; all would take {lasting(outlook.whole_seconds)}",
    )
    if outlook.open_claims:
        kinds = ", ".join(f"{kind} {number}" for kind, number in outlook.open_claims.items())
        yield "not judged then", f"{counted(sum(outlook.open_claims.values()), 'promise')}: {kinds}"
