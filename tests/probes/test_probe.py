from hypothesis import given
from hypothesis import strategies as st

from preflight.model.json import Json
from preflight.probes.probe import Parameters

NAMES = st.sampled_from(["a", "b", "c"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4), lambda inner: st.lists(inner, max_size=2)
)
PARAMETERS = st.builds(
    Parameters,
    query=st.dictionaries(NAMES, VALUES, max_size=3),
    body=st.dictionaries(NAMES, VALUES | st.dictionaries(NAMES, VALUES, max_size=2), max_size=3),
    has_body=st.just(value=True),
)
PATHS = (
    st.tuples(st.just("query"), NAMES) | st.tuples(st.just("body"), NAMES) | st.tuples(st.just("body"), NAMES, NAMES)
)


@given(parameters=PARAMETERS, path=PATHS, value=VALUES)
def test_what_is_put_somewhere_stands_there_and_can_be_taken_away(
    parameters: Parameters, path: tuple[str, ...], value: Json
) -> None:
    put = parameters.with_value(path, value)
    assert put.at(path) == value
    assert path in set(put.paths())
    assert path not in set(put.without(path).paths())


@given(PARAMETERS)
def test_every_path_leads_somewhere(parameters: Parameters) -> None:
    for path in parameters.paths():
        parameters.at(path)
