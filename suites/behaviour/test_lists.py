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
