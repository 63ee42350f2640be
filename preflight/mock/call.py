"""Call: one request as a handler sees it, with the parameters that many routes share read in one place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from preflight.mock.refusals import Failure, Forbidden
from preflight.mock.release import Regime
from preflight.mock.selection import Selection, parse_fields, parse_query, parse_sort
from preflight.mock.workspace import Workspace

Document = dict[str, Any]  # a stored document


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came in a form."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Which part of a list is wanted: how many to leave out, how many to give; a count of 0 gives all."""

    offset: int
    count: int

    def cut(self, documents: list[Document]) -> list[Document]:
        """Gives the part of a list that was asked for."""
        rest = documents[self.offset :]
        return rest[: abs(self.count)] if self.count else rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request. Query and body are as validation left them: changed to the types the route wants."""

    workspace: Workspace
    method: str
    name: str
    user: Document | None = None
    token: str | None = None
    query: Mapping[str, Any] = field(default_factory=dict)
    payload: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    path: Mapping[str, str] = field(default_factory=dict)
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    address: str = "127.0.0.1"
    notes: dict[str, str] = field(default_factory=dict)  # headers that the answer shall carry beside the usual ones

    @property
    def regime(self) -> Regime:
        """The behaviour of the release that the workspace plays."""
        return self.workspace.regime

    @property
    def caller(self) -> Document:
        """The user who asks; raises Forbidden where nobody is logged in."""
        if self.user is None:
            raise Forbidden
        return self.user

    @property
    def body(self) -> Mapping[str, Any]:
        """The body where it is an object, else nothing."""
        return self.payload if isinstance(self.payload, dict) else {}

    @property
    def operation(self) -> str:
        """The key of the operation, ``GET dm.list``, whichever of the twins dm and im was called."""
        return f"{self.method} {canonical(self.name)}"

    def page(self) -> Page:
        """Reads offset and count; raises Failure with a text of the database where they are no numbers."""
        settings = self.workspace.settings
        offset, count = self._number("offset", 0), self._number("count", settings["API_Default_Count"])
        if offset < 0:
            raise Failure(f"BSON field 'skip' value must be >= 0, actual value '{offset}'")
        if count > settings["API_Upper_Count_Limit"] or (count == 0 and not settings["API_Allow_Infinite_Count"]):
            count = settings["API_Upper_Count_Limit"] if count else settings["API_Default_Count"]
        return Page(offset=offset, count=count)

    def _number(self, name: str, default: int) -> int:
        raw = self.query.get(name)
        if raw is None or raw == "":
            return default
        try:
            return int(float(raw))
        except (TypeError, ValueError, OverflowError):
            raise Failure(f"Failed to parse: {name} must be a number") from None

    def sort(self) -> Mapping[str, int]:
        """Reads sort alone; raises MeteorError error-invalid-sort."""
        return parse_sort(self.query.get("sort"))

    def selection(self) -> Selection:
        """Reads sort, fields and query, the latter two where the release knows them; raises MeteorError."""
        sort = self.sort()
        if not self.regime.fields_and_query:
            return Selection(sort=sort)
        for name in ("fields", "query"):
            if name in self.query:
                told = f'The parameter "{name}" in the endpoint "/api/v1/{self.name}"'
                self.announce_removal("parameter-deprecation", told, "7.0.0")
        return Selection(
            sort=sort, fields=parse_fields(self.query.get("fields")), query=parse_query(self.query.get("query"))
        )

    def announce_removal(self, kind: str, what: str, version: str) -> None:
        """Says in the headers of the answer that something will be gone with a version."""
        self.notes["x-deprecation-type"] = kind
        self.notes["x-deprecation-message"] = f"{what} is deprecated and will be removed on version {version}"
        self.notes["x-deprecation-version"] = version

    def paged(
        self, key: str, documents: list[Document], show: Callable[[Document], Document] | None = None
    ) -> Document:
        """Gives the part of a list that was asked for under a key, with count, offset and total."""
        page = self.page()
        part = page.cut(documents)
        shown = [show(document) for document in part] if show else part
        return {key: shown, "count": len(shown), "offset": page.offset, "total": len(documents)}


def canonical(name: str) -> str:
    """Gives the name by which an operation is known: ``im.list`` is ``dm.list``."""
    return f"dm.{name[3:]}" if name.startswith("im.") else name
