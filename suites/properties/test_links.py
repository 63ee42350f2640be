"""Links: what one answer names, another request accepts."""

from preflight.session.groups import probes
from preflight.session.probing import Probing


@probes("links")
def test_what_an_answer_names_can_be_asked_for(probing: Probing) -> None:
    """An id that an answer has just given MUST be accepted where it leads."""
    probing.ask().keeps("robustness.link", "robustness.no-server-error", "field.type", "field.required")
