"""A document is copied whole: what is done to the copy is not done to the original."""

from hypothesis import given
from hypothesis import strategies as st

from preflight.mock.clock import at_milliseconds
from preflight.mock.document import copied

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(value=JSON)
def test_a_copy_is_equal(value: object) -> None:
    assert copied(value) == value


def test_a_change_of_a_copy_leaves_the_original_alone() -> None:
    document = {"reactions": {":ok:": {"usernames": ["alice"]}}, "ts": at_milliseconds(0)}
    copy = copied(document)
    copy["reactions"][":ok:"]["usernames"].append("bob")
    copy["reactions"][":no:"] = {}
    assert document == {"reactions": {":ok:": {"usernames": ["alice"]}}, "ts": at_milliseconds(0)}
