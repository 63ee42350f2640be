"""Document: what the workspace stores, made of objects, lists and plain values, and how one is copied."""

from typing import Any


def copied(value: Any) -> Any:
    """Gives a value of its own: objects and lists are copied, and what cannot change is shared."""
    if isinstance(value, dict):
        return {key: copied(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [copied(inner) for inner in value]
    return value
