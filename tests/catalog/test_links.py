"""What answers name, and where it leads."""

import pytest

from preflight.catalog.catalog import load_catalog
from preflight.errors import FileError
from preflight.model.claim import ClaimId, ClaimKind
from preflight.model.release import Release
from tests.catalog.miniature import Miniature

LINKS = """\
links:
  - from: GET rooms.info
    feeds: {query.roomId: /room/_id}
    to: [GET rooms.info]
"""


def test_a_link_feeds_parameters_from_an_answer(miniature: Miniature) -> None:
    miniature.write("links.yaml", LINKS)
    (link,) = miniature.load().links
    assert (str(link.source), str(link.target)) == ("GET rooms.info", "GET rooms.info")
    assert link.feeds == {"query.roomId": "/room/_id"}


def test_without_the_file_nothing_leads_anywhere(miniature: Miniature) -> None:
    assert miniature.load().links == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("to: [GET rooms.info]", "to: [GET rooms.inf]", "unknown operation 'GET rooms.inf'"),
        ("query.roomId", "cookie.roomId", "cookie.roomId"),
        ("/room/_id", "room/_id", "room/_id"),
    ],
)
def test_a_mistake_is_told_with_its_line(miniature: Miniature, old: str, new: str, told: str) -> None:
    miniature.write("links.yaml", LINKS.replace(old, new))
    with pytest.raises(FileError, match=r"links\.yaml:\d+: ") as refused:
        miniature.load()
    assert told in str(refused.value)


@pytest.mark.parametrize("release", ["6.14", "8.0", "8.8"])
def test_whoever_is_led_to_promises_to_accept_it(release: str) -> None:
    catalog = load_catalog(Release.parse(release))
    led_to = {link.target for link in catalog.links}
    promising = {claim.operation for claim in catalog.claims if claim.subject == "links-lead"}
    assert led_to == promising
    assert ClaimId(next(iter(led_to)), ClaimKind.ROBUSTNESS, "links-lead") in catalog.claims
