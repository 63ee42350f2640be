"""What changed, as JSON for programs: everything that was found, in an order that stays."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Final

from preflight.model.change import Change, Comparison, DocumentationChanges, Effect, Obstacle, Side, Standing
from preflight.model.json import JsonObject

COMPARISON: Final = "preflight-comparison/1"
DOCUMENTATION: Final = "preflight-docs-diff/1"


def of_runs(comparison: Comparison) -> JsonObject:
    """Give a comparison of two runs; its schema is comparison.schema.json."""
    obstacles = Counter(one.obstacle for one in comparison.not_compared)
    return {
        "format": COMPARISON,
        "safe": str(comparison.safety.answer),
        "because": comparison.safety.because,
        "profile": comparison.profile,
        "before": _side(comparison.before),
        "after": _side(comparison.after),
        "figures": {
            **_figures(comparison.changes),
            "cases": comparison.cases,
            "exchanges": comparison.exchanges,
            "not_compared": {str(obstacle): obstacles[obstacle] for obstacle in Obstacle},
        },
        "changes": [_change(change) for change in comparison.changes],
        "not_compared": [
            {"case": one.case, "obstacle": str(one.obstacle), "reason": one.reason} for one in comparison.not_compared
        ],
        "notes": list(comparison.notes),
    }


def of_documentation(changes: DocumentationChanges) -> JsonObject:
    """Give the changes of documentation; its schema is docs-diff.schema.json."""
    return {
        "format": DOCUMENTATION,
        "before": {"sources": list(changes.before), "operations": changes.operations[0]},
        "after": {"sources": list(changes.after), "operations": changes.operations[1]},
        "figures": {
            "changes": len(changes.changes),
            "breaking": sum(change.effect is Effect.BREAKING for change in changes.changes),
            "compatible": sum(change.effect is Effect.COMPATIBLE for change in changes.changes),
        },
        "changes": [
            {
                "operation": str(change.operations[0]),
                "aspect": str(change.aspect),
                "where": change.where,
                "before": change.before,
                "after": change.after,
                "effect": str(change.effect),
                "page": change.page,
            }
            for change in changes.changes
        ],
    }


def text(data: JsonObject) -> str:
    """Print it: sorted keys, one space of indent, a newline at the end; half characters stay escaped."""
    return json.dumps(data, indent=1, sort_keys=True) + "\n"


def _figures(changes: Sequence[Change]) -> dict[str, int]:
    return {
        "changes": len(changes),
        **{str(effect): sum(change.effect is effect for change in changes) for effect in Effect},
        **{str(standing): sum(change.standing is standing for change in changes) for standing in Standing},
    }


def _side(side: Side) -> JsonObject:
    return {
        "run": side.run,
        "target": side.target,
        "release": side.release,
        "started": side.started,
        "seed": side.seed,
    }


def _change(change: Change) -> JsonObject:
    return {
        "operations": [str(key) for key in change.operations],
        "aspect": str(change.aspect),
        "where": change.where,
        "before": change.before,
        "after": change.after,
        "effect": str(change.effect),
        "standing": str(change.standing),
        "questions": list(change.questions),
        "cases": list(change.cases),
        "because": change.because,
        "page": change.page,
        "erratum": change.erratum,
    }
