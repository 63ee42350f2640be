import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings

from preflight.model.exchange import Direction, Frame
from preflight.model.run import Run
from preflight.reporting import html
from tests.model.strategies import RUNS
from tests.reporting.sample import failing_run, passing_run, sample_run, unreachable_run

VOID = {"meta", "link", "br"}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Outline(HTMLParser):
    """Reads a page strictly: every element is closed where it was opened."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def all(self, name: str) -> list[str]:
        return [value for _, attribute, value in self.attributes if attribute == name]


def _text(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<style>.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL))


@given(RUNS)
@settings(max_examples=25)
def test_every_run_gives_a_page_that_is_well_formed(run: Run) -> None:
    Outline(html.render(run))


def test_the_verdict_comes_first() -> None:
    text = _text(html.render(failing_run()).partition("<body>")[2])
    assert (
        text.index("Does not conform") < text.index("4 documented promises are broken") < text.index("Broken promises")
    )


def test_promised_and_received_stand_side_by_side_with_where_page_curl_and_evidence() -> None:
    page = html.render(failing_run())
    for told in ("error-roomid-param-not-provided", "error-room-param-not-provided", "curl -X GET", "Evidence x003"):
        assert told in page
    assert 'href="https://docs.example.org/api/rooms-info"' in page


def test_what_a_server_answers_is_never_markup() -> None:
    page = html.render(failing_run())
    assert "<b>" not in page
    assert "&lt;b&gt;yes&lt;/b&gt;" in page


def test_an_address_that_is_no_web_page_is_no_link() -> None:
    run = failing_run()
    sly = {key: replace(one, claim=replace(one.claim, page="javascript:alert(1)")) for key, one in run.claims.items()}
    assert "javascript:" not in "".join(Outline(html.render(replace(run, claims=sly))).all("href"))


def test_the_page_needs_no_network_and_no_script() -> None:
    outline = Outline(html.render(sample_run()))
    assert not {"script", "img", "iframe"} & set(outline.tags)
    assert outline.all("src") == []
    assert [value for tag, name, value in outline.attributes if tag == "link" and name == "href"] == ["data:,"]
    assert "url(" not in html.render(sample_run())


def test_every_link_within_the_page_leads_somewhere() -> None:
    for run in (sample_run(), failing_run(), passing_run(), unreachable_run()):
        outline = Outline(html.render(run))
        ids = outline.all("id")
        assert len(ids) == len(set(ids))
        assert {target[1:] for target in outline.all("href") if target.startswith("#")} <= set(ids)


def test_the_page_has_landmarks_one_heading_and_table_headers() -> None:
    outline = Outline(html.render(sample_run()))
    for landmark in ("header", "nav", "main", "footer"):
        assert outline.tags.count(landmark) == 1
    assert outline.tags.count("h1") == 1
    assert ("html", "lang", "en") in outline.attributes
    assert outline.tags.count("th") == len([1 for tag, name, _ in outline.attributes if (tag, name) == ("th", "scope")])


def test_a_long_body_is_cut_and_the_page_says_where_the_rest_is() -> None:
    run = failing_run()
    long = {key: replace(one, response=replace(one.response, body="x" * 100_000)) for key, one in run.exchanges.items()}
    page = html.render(replace(run, exchanges=long))
    assert "run.json holds the rest" in page
    assert len(page) < 120_000


def test_the_frames_of_a_realtime_conversation_are_shown_as_they_are_and_cut_when_long() -> None:
    run = failing_run()
    frames = (
        Frame(direction=Direction.SENT, text='{"msg": "method", "method": "<b>"}'),
        Frame(direction=Direction.RECEIVED, text='{"msg": "updated"}' * 1000),
    )
    page = html.render(replace(run, exchanges={key: replace(one, frames=frames) for key, one in run.exchanges.items()}))
    Outline(page)
    assert "sent: {&#34;msg&#34;: &#34;method&#34;, &#34;method&#34;: &#34;&lt;b&gt;&#34;}\nreceived: {" in page
    assert "DDP 200" in page
    assert "HTTP 200" not in page
    assert "run.json holds the rest" in page


def _luminance(colour: str) -> float:
    digits = colour if len(colour) == 6 else "".join(digit * 2 for digit in colour)
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1, 2])
def test_text_stands_out_from_its_ground_in_light_dark_and_print(scheme: int) -> None:
    style = html.render(passing_run()).partition("<style>")[2]
    colours = dict(re.findall(r"--([a-z-]+): #([0-9a-f]+)", re.findall(r":root \{(.*?)\}", style, re.DOTALL)[scheme]))
    for ink in ("ink", "muted", "link"):
        assert _contrast(colours[ink], colours["paper"]) >= 4.5
        assert _contrast(colours[ink], colours["soft"]) >= 4.5
    for tone in ("good", "bad", "open", "ours", "off"):
        assert _contrast(colours[tone], colours[f"{tone}-soft"]) >= 4.5
        assert _contrast(colours["muted"], colours[f"{tone}-soft"]) >= 4.5


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed to open the page with")
@pytest.mark.parametrize("width", [1200, 500])
def test_a_browser_shows_the_page_without_scrolling_sideways(tmp_path: Path, width: int) -> None:
    probe = "<script>document.title = document.documentElement.scrollWidth + '/' + innerWidth</script>"
    page = html.render(sample_run())
    page = re.sub(r"<meta http-equiv=.Content-Security-Policy.[^>]*>", "", page).replace("</body>", f"{probe}</body>")
    (tmp_path / "report.html").write_text(page, encoding="utf-8")
    shown = subprocess.run(
        [
            str(CHROMIUM),
            *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
            *("--disable-component-update", "--disable-sync", f"--user-data-dir={tmp_path / 'profile'}"),
            *(f"--window-size={width},900", "--dump-dom", (tmp_path / "report.html").as_uri()),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=120,
    ).stdout
    wide, window = re.findall(r"<title>(\d+)/(\d+)</title>", shown)[0]
    assert int(wide) <= int(window)
    assert "Preflight stumbled" in shown
