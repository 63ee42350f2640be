"""Parameters: what is required is demanded, what there is not is not found, and values of other types are not taken.

Texts of every script are texts, and what nobody would send gets a whole answer all the same.
"""

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


@probes("missing")
def test_a_request_without_a_required_parameter_is_refused(probing: Probing) -> None:
    """Each required parameter left out alone, or all alternatives together, MUST be refused."""
    probing.ask().keeps("robustness.required", *EVERY_ANSWER)


@probes("unknown")
def test_a_request_for_what_there_is_not_is_refused(probing: Probing) -> None:
    """An id or a name that nothing has MUST be refused."""
    probing.ask().keeps("robustness.unknown", *EVERY_ANSWER)


@probes("operators")
def test_an_operator_or_a_pattern_is_not_taken_for_an_id(probing: Probing) -> None:
    """What a database would read as a question MUST be refused, and MUST answer nothing."""
    probing.ask().keeps("robustness.operator", "robustness.pattern", *EVERY_ANSWER)


@probes("types")
def test_a_value_of_another_type_is_refused_or_read_as_the_release_reads_it(probing: Probing) -> None:
    """Objects and lists MUST be refused where a single value is expected; truth values as texts MUST be read."""
    probing.ask().keeps("robustness.shape", "robustness.spelling", *EVERY_ANSWER)


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
