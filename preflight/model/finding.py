"""Findings: broken promises, each with what was promised, received, where, the page and a curl line."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A broken promise: theirs, never ours.

    `where` is ``status``, ``header content-type`` or a JSON pointer into the body; `reproduce` is a line
    of curl, or of websocat, whose secrets are shell variables. `waiver` names the waiver that accepts it, if one does.
    `count` is how many exchanges of the run showed the same; `again` is the command that generates the same requests,
    where they were generated.
    """

    promised: str
    received: str
    where: str
    page: str
    reproduce: str
    waiver: str | None = None
    count: int = 1
    again: str = ""
