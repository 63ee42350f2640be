"""Values: texts of every script are texts, and what nobody would send gets a whole answer all the same."""

from preflight.session.groups import probes
from preflight.session.probing import Probing

EVERY_ANSWER = (
    "robustness.no-server-error",
    "robustness.no-internals",
    "robustness.envelope",
    "robustness.json",
    "robustness.error-documented",
    "robustness.headers",
    "robustness.no-effect",
    "robustness.time",
    "field.type",
    "field.required",
)


@probes("values")
def test_odd_texts_and_numbers_get_whole_answers(probing: Probing) -> None:
    """A text of any script MUST pass where a plain one does; what is rough MUST break nothing."""
    probing.ask().keeps("robustness.script", *EVERY_ANSWER)


@probes("boundaries")
def test_a_request_at_the_bounds_gets_a_whole_answer(probing: Probing) -> None:
    """At the bounds of a contract, and just beyond, every answer MUST be whole."""
    probing.ask().keeps(*EVERY_ANSWER)


@probes("drawn")
def test_a_request_drawn_at_random_gets_a_whole_answer(probing: Probing) -> None:
    """Whatever is asked, every answer MUST be whole."""
    probing.ask().keeps(*EVERY_ANSWER)
