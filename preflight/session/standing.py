"""Standing settings: what the target's administrator has set, read as it was found and never changed."""

from collections.abc import Mapping

from preflight.model.json import Json
from preflight.session.circumstances import (
    CircumstanceError,
    NotApplicableError,
    refuse_others,
    succeeded,
    told,
)
from preflight.session.company import ADMIN, Company
from preflight.wire.rest import API, Ask, RestClient


class StandingSettings:
    """Reads each setting once."""

    def __init__(self, client: RestClient, company: Company) -> None:
        self._client = client
        self._company = company
        self._known: dict[str, Json] = {}

    def must_be(self, name: str, wanted: Json) -> None:
        """Accept a setting that is as a case needs it.

        Raises:
            NotApplicableError: when it is otherwise; what was read is the evidence.
            CircumstanceError: when the target does not say what it is.
        """
        if name not in self._known:
            self._known[name] = self._read(name)
        found = self._known[name]
        if found != wanted:
            raise NotApplicableError(f"the setting {name} was found to be {found!r}, the case is about {wanted!r}")

    def _read(self, name: str) -> Json:
        ask = Ask(
            actor=ADMIN,
            purpose=f"setting {name}",
            method="GET",
            path=f"{API}settings/{name}",
            headers=self._company.login(ADMIN).headers,
        )
        answer = refuse_others(self._client.send(ask))
        if not succeeded(answer) or not isinstance(answer.body, Mapping):
            raise CircumstanceError(f"the setting {name} could not be read: {told(answer)}")
        return answer.body.get("value")
