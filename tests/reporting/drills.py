"""A small drill: found, found otherwise, missed, lost, and a false alarm."""

from preflight.model.drill import CleanRun, Drill, Planted, Sighting, Trial
from preflight.model.verdict import Verdict


def planted(name: str, check: str = "field.type") -> Planted:
    return Planted(name=name, sentence=f"is {name}", operation="GET rooms.info", check=check)


def seen(check: str = "field.type", **how: object) -> Sighting:
    facts: dict[str, object] = {
        "operation": "GET rooms.info",
        "check": check,
        "promised": "type integer",
        "received": 'string "1|2"',
        "where": "/room/msgs",
        "count": 1,
    }
    return Sighting(**{**facts, **how})  # type: ignore[arg-type] # the fields of a sighting


def trial(name: str, *sightings: Sighting, check: str = "field.type", trouble: str = "") -> Trial:
    verdict = None if trouble else Verdict.FAIL if sightings else Verdict.PASS
    return Trial(
        planted=planted(name, check), release="8.0", verdict=verdict, sightings=sightings, seconds=0.5, trouble=trouble
    )


FOUND = trial("found", seen(), seen("field.value"))
OTHERWISE = trial("found-otherwise", seen("field.value"))
ELSEWHERE = trial("elsewhere", seen(operation="GET rooms.get", touched=False))
MISSED = trial("missed")
LOST = trial("lost", trouble="its process died by signal 9")
CLEAN = CleanRun(release="8.0", seed=1, sightings=(seen(known=True, advisory=True),), seconds=2.0)
ALARMING = CleanRun(release="8.8", seed=2, sightings=(seen(count=3),), seconds=2.0)


def drill(*trials: Trial, clean: tuple[CleanRun, ...] = (CLEAN,)) -> Drill:
    return Drill(trials=trials, clean=clean, seconds=61.0)


WHOLE = drill(FOUND, OTHERWISE, ELSEWHERE, MISSED, LOST, clean=(CLEAN, ALARMING))
