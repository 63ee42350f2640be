"""Changes: what a page says was added or removed in which release, and an operation as one release has it."""

from collections.abc import Mapping
from dataclasses import dataclass

from preflight.catalog.documents import Document, Pointer
from preflight.model.json import Json, JsonObject, as_list, as_object
from preflight.model.release import Release

CHANGES = "x-changes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One documented change; without `parameter` it is about the operation itself."""

    release: Release
    change: str
    parameter: str | None = None

    def hides(self, release: Release) -> bool:
        """Tell whether it leaves its subject out of `release`."""
        if self.change == "added":
            return release < self.release
        return self.change == "removed" and release >= self.release

    def __str__(self) -> str:
        return f"{self.change} in {self.release}"


def changes_of(operation: JsonObject, document: Document, pointer: Pointer) -> tuple[Change, ...]:
    """Read the changes of an operation.

    Raises:
        FileError: where a release is spelled wrongly.
    """
    changes = []
    for index, item in enumerate(as_list(operation.get(CHANGES))):
        entry = as_object(item)
        try:
            release = Release.parse(str(entry.get("release", "")))
        except ValueError as problem:
            raise document.error(
                (*pointer, CHANGES, index), str(problem), hint="write a release such as 6.4.1"
            ) from problem
        parameter = entry.get("parameter")
        changes.append(
            Change(
                release=release,
                change=str(entry.get("change")),
                parameter=parameter if isinstance(parameter, str) else None,
            )
        )
    return tuple(changes)


def hidden(changes: tuple[Change, ...], release: Release, parameter: str | None = None) -> Change | None:
    """Give the latest change that leaves a parameter (the operation without one) out of a release, if one does."""
    own = sorted((c for c in changes if c.parameter == parameter), key=lambda c: c.release)
    before = [c for c in own if c.release <= release and c.change in {"added", "removed"}]
    if before:
        return before[-1] if before[-1].hides(release) else None
    return next((c for c in own if c.change == "added"), None)


def at_release(operation: JsonObject, changes: tuple[Change, ...], release: Release) -> JsonObject:
    """Give the operation without the parameters that `release` does not have."""
    gone = {c.parameter for c in changes if c.parameter is not None and hidden(changes, release, c.parameter)}
    if not gone:
        return operation
    result = dict(operation)
    if "parameters" in operation:
        listed = as_list(operation["parameters"])
        result["parameters"] = [item for item in listed if as_object(item).get("name") not in gone]
    if "requestBody" in operation:
        result["requestBody"] = _without(operation["requestBody"], gone)
    return result


def _without(node: Json, gone: set[str]) -> Json:
    """Drop body fields at the top of a schema and in its branches."""
    if isinstance(node, list):
        return [_without(item, gone) for item in node]
    if not isinstance(node, Mapping):
        return node
    result: dict[str, Json] = {}
    for key, value in node.items():
        if key == "properties" and isinstance(value, Mapping):
            result[key] = {name: schema for name, schema in value.items() if name not in gone}
        elif key == "required" and isinstance(value, list):
            result[key] = [name for name in value if name not in gone]
        else:
            result[key] = _without(value, gone)
    return result
