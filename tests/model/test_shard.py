import pytest
from hypothesis import given
from hypothesis import strategies as st

from preflight.model.operation import OperationKey
from preflight.model.shard import Shard
from tests.model.strategies import OPERATION_KEYS

SHARDS = st.integers(min_value=1, max_value=9999).flatmap(
    lambda count: st.builds(Shard, st.integers(min_value=1, max_value=count), st.just(count))
)
WEIGHTS = st.dictionaries(OPERATION_KEYS, st.integers(min_value=0, max_value=500), max_size=30)


@given(SHARDS)
def test_what_a_shard_prints_is_read_back(shard: Shard) -> None:
    assert Shard.parse(str(shard)) == shard


@pytest.mark.parametrize(
    "text", ["", "1", "0/2", "3/2", "1/0", "-1/2", "1/2/3", " 1/2", "1/2\n", "a/b", "01/2", "1/99999"]
)
def test_a_text_that_names_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no shard"):
        Shard.parse(text)


@given(WEIGHTS, st.integers(min_value=1, max_value=8))
def test_each_operation_is_in_exactly_one_shard(weights: dict[OperationKey, int], count: int) -> None:
    shares = [Shard(index, count).share(weights) for index in range(1, count + 1)]
    assert sorted(key for share in shares for key in share) == sorted(weights)


@given(WEIGHTS, st.integers(min_value=1, max_value=8))
def test_no_shard_is_heavier_than_another_by_more_than_one_operation(
    weights: dict[OperationKey, int], count: int
) -> None:
    loads = [sum(weights[key] for key in Shard(index, count).share(weights)) for index in range(1, count + 1)]
    assert max(loads) - min(loads) <= max(weights.values(), default=0)


@given(WEIGHTS, st.randoms())
def test_the_order_in_which_operations_are_known_does_not_matter(
    weights: dict[OperationKey, int], random: st.DataObject
) -> None:
    keys = list(weights)
    random.shuffle(keys)  # type: ignore[attr-defined] # a Random, for which Hypothesis names no type
    assert Shard(1, 3).share({key: weights[key] for key in keys}) == Shard(1, 3).share(weights)
