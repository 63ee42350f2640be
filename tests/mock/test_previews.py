"""What an address is about is told only where somebody answers who may be asked."""

import pytest

from tests.mock.world import World, world


def preview(here: World, url: str) -> dict[str, object]:
    answer: dict[str, object] = here.alice.reads("chat.getURLPreview", roomId="GENERAL", url=url)["urlPreview"]
    return answer


def test_by_default_the_workspace_does_not_ask_its_own_machine() -> None:
    with world() as here:
        url = f"{here.server.url}/"
        assert preview(here, url) == {"url": url, "meta": {}, "ignoreParse": True}


def test_a_page_of_its_own_is_described() -> None:
    with world() as here, here.setting("API_EmbedIgnoredHosts", ""):
        url = f"{here.server.url}/home"
        page = here.nobody.get("/home")
        assert preview(here, url) == {
            "url": url,
            "meta": {"pageTitle": "Rocket.Chat"},
            "headers": {"contentType": page.headers["content-type"], "contentLength": page.headers["content-length"]},
            "ignoreParse": True,
        }


@pytest.mark.parametrize(
    ("ignored", "seen"),
    [("localhost", True), ("127.0.0.1", False), ("127.0.0.0/8", False), ("10.0.0.0/8", True), ("x/y, nonsense", True)],
)
def test_hosts_are_ignored_by_name_address_and_range(ignored: str, seen: bool) -> None:  # noqa: FBT001 (of the test)
    with world() as here, here.setting("API_EmbedIgnoredHosts", ignored):
        assert ("headers" in preview(here, here.server.url)) is seen


@pytest.mark.parametrize("url", ["", "not a url", "http://[", "http://h:99999999/", "https://127.0.0.1/", "//x", "\0"])
def test_what_nobody_answers_has_no_description(url: str) -> None:
    with world() as here, here.setting("API_EmbedIgnoredHosts", ""):
        assert preview(here, url) == {"url": url, "meta": {}, "ignoreParse": True}
