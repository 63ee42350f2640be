"""Lists: what holds of every list, whatever stands in it: its pages, its order, what filters and windows keep of it.

https://developer.rocket.chat/apidocs/query-parameters
"""

from preflight.session.listing import Listing
from preflight.session.promised import promises


@promises("GET *#behaviour:pages.join", "GET *#behaviour:pages.count", "GET *#behaviour:pages.total")
def test_pages_of_any_size_join_to_the_whole(listing: Listing) -> None:
    """Pages MUST join to the whole list, hold no more than was asked for, and tell the same total."""
    listing.asks_for_everything()
    listing.asks_for_pages_of(2).asks_for_pages_of(3)
    listing.asks_for_what_is_behind_the_end().asks_for_a_count_of_zero()
    listing.keeps("relation.pages-join", "relation.count", "relation.total")


@promises("GET *#behaviour:pages.join.cursor")
def test_pages_from_cursor_to_cursor_join_to_the_whole(listing: Listing) -> None:
    """Pages, each from where the one before it ended, MUST join to the whole list."""
    listing.asks_from_cursor_to_cursor().keeps("relation.pages-join")


@promises("GET *#behaviour:sorted")
def test_a_list_is_in_the_order_that_is_asked_for(listing: Listing) -> None:
    """A list MUST rise or fall by the field that is asked for, and lose nothing by it."""
    listing.asks_for_everything().asks_in_every_order().keeps("relation.sorted")


@promises("GET *#behaviour:filtered", "GET *#behaviour:filtered.files", "GET *#behaviour:filtered.messages")
def test_a_filter_keeps_what_fits(listing: Listing) -> None:
    """A filter MUST keep all that fits and nothing else."""
    listing.asks_for_everything().asks_with_every_filter().keeps("relation.subset")


@promises("GET *#behaviour:window")
def test_a_window_in_time_loses_nothing(listing: Listing) -> None:
    """What is asked for by its time MUST be told once, and nothing else MUST be."""
    listing.asks_for_all_times().asks_for_some_times().keeps("relation.window")
