"""The names that cases of the catalog have in a run."""

from typing import Final

from preflight.catalog.cases import Case, CaseKind

_SUITE_OF: Final = {CaseKind.ACCEPTED: "shapes", CaseKind.REFUSED: "refusals"}


def id_of(case: Case) -> str:
    """Give the id that the result of a case has in a run."""
    return f"{_SUITE_OF[case.kind]}/{case.operation}/{case.name}"
