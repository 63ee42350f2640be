import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings

from preflight.model.claim import ClaimId, Level
from preflight.model.exchange import Direction, Frame
from preflight.model.run import Run, Waits, WaiverResult, WaiverState
from preflight.reporting import html
from tests.model.strategies import RUNS
from tests.reporting.big import big_run
from tests.reporting.sample import failing_run, passing_run, sample_run, unreachable_run

VOID = {"meta", "link", "br", "input"}


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
    return re.sub(r"\s+", " ", re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL))


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


def test_the_page_asks_for_nothing_and_runs_no_script_but_its_own() -> None:
    page = html.render(sample_run())
    outline = Outline(page)
    assert not {"img", "iframe", "object"} & set(outline.tags)
    assert outline.all("src") == []
    assert [value for tag, name, value in outline.attributes if tag == "link" and name == "href"] == ["data:,"]
    assert "url(" not in page
    (script,) = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in page


def test_what_is_broken_alike_is_one_entry_that_counts() -> None:
    run = failing_run()
    key = ClaimId.parse("GET users.list#authentication")
    other = ClaimId.parse("GET users.info#authentication")
    outcome = next(one for one in run.outcomes if one.claim == key)
    twice = replace(
        run,
        claims={**run.claims, other: replace(run.claims[key], claim=replace(run.claims[key].claim, id=other))},
        outcomes=(*run.outcomes, replace(outcome, claim=other)),
    )
    assert "2 promises in 2 operations, one cause" in _text(html.render(twice))
    assert html.render(twice).count('<article class="cause') == html.render(run).count('<article class="cause')


def test_a_warning_stands_apart_from_what_is_broken() -> None:
    page = html.render(failing_run())
    broken, warned = page.partition('<section id="broken"')[2].partition('<section id="warnings"')[::2]
    assert "message.parseUrls is a boolean" not in broken
    assert "message.parseUrls is a boolean" in warned
    assert "parseUrls is a boolean" not in html.render(passing_run())


def test_a_weakness_stands_apart_from_drift_and_each_erratum_stands_once() -> None:
    run = sample_run()
    (drift,) = run.drift
    keys = tuple(run.operations)[:3]
    weak = tuple(replace(drift, operation=key, security=True, erratum="open-to-all") for key in keys)
    page = html.render(replace(run, drift=(*weak, *(replace(drift, operation=key) for key in keys))))
    security, drifted = page.partition('<section id="security"')[2].partition('<section id="drift"')[::2]
    assert security.count("<code>open-to-all</code>") == 1
    assert "open-to-all" not in drifted
    assert drifted.count("<code>post-message-id-is-a-string</code>") == 1
    assert "in 3 operations" in _text(drifted)


def test_a_weakness_that_was_seen_is_told_with_what_was_seen() -> None:
    run = sample_run()
    key = ClaimId.parse("GET users.list#security:told-nothing")
    seen = ClaimId.parse("GET users.list#authentication")
    claim = replace(run.claims[seen].claim, id=key, level=Level.SHOULD, erratum="open-to-all")
    outcome = replace(next(one for one in run.outcomes if one.claim == seen), claim=key)
    page = html.render(
        replace(
            run,
            claims={**run.claims, key: replace(run.claims[seen], claim=claim)},
            outcomes=(*run.outcomes, outcome),
            drift=(replace(run.drift[0], erratum="open-to-all", security=True),),
        )
    )
    security = page.partition('<section id="security"')[2].partition('<section id="matrix"')[0]
    assert "seen in this run" in security
    assert "GET users.list#security:told-nothing" in security


def test_a_waived_promise_stands_with_the_waivers_and_not_with_the_broken_ones() -> None:
    run = failing_run()
    key = ClaimId.parse("GET rooms.info#field:200.room.msgs")
    waiver = WaiverResult(
        id="msgs-is-null",
        claim=key,
        check="rest.field",
        where="/room/msgs",
        owner="ops",
        reason="fixed in the next release",
        link="https://tracker.example.org/7",
        expires="2027-01-31",
        state=WaiverState.USED,
    )
    page = html.render(
        replace(run, claims={**run.claims, key: replace(run.claims[key], waiver=waiver.id)}, waivers=(waiver,))
    )
    broken, rest = page.partition('<section id="broken"')[2].partition("</section>")[::2]
    assert "room.msgs is an integer" not in broken
    waived = rest.partition('<section id="waivers"')[2].partition("</section>")[0]
    assert "room.msgs is an integer" in waived
    assert "fixed in the next release" in waived


def test_a_cell_of_the_matrix_leads_to_what_is_broken_there() -> None:
    matrix = html.render(failing_run()).partition('<table class="matrix">')[2]
    row = matrix.partition("<code>GET users.list</code>")[2].partition("</tr>")[0]
    (number,) = re.findall(r'href="#cause-(\d+)"', row)
    entry = html.render(failing_run()).partition(f'id="cause-{number}"')[2].partition("</article>")[0]
    assert "GET users.list#authentication" in entry


def test_waits_for_the_rate_limiter_are_told_where_there_were_any() -> None:
    assert "Preflight never had to wait for it." in html.render(sample_run())
    waits = tuple(Waits(what=f"GET rooms.route{n}", times=n, seconds=100.0 - n) for n in range(1, 18))
    told = html.render(replace(sample_run(), waits=waits))
    assert "Preflight waited 25 min 47 s for it, in 153 pauses." in told
    assert "GET rooms.route15" in told
    assert "GET rooms.route16" not in told
    assert "2 more lines in run.json." in told
    assert ".Preflight" not in told


def test_the_refusals_of_the_rate_limiter_are_counted() -> None:
    assert "The rate limiter refused 1 request (429): 1 of GET channels.list" in _text(html.render(sample_run()))


@pytest.mark.parametrize("every", [10, 1])
def test_a_run_of_5000_outcomes_gives_a_page_of_less_than_10_megabytes(every: int) -> None:
    run = big_run(5000, every=every)
    page = html.render(run)
    assert len(run.outcomes) == 5000
    assert len(page.encode("utf-8")) < 10_000_000
    assert page.count("<article") == min(5000 // every, 200)
    assert page.count('id="cause-') == 5000 // every


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
    for tone in ("good", "bad", "open", "warn", "ours", "off"):
        assert _contrast(colours[tone], colours[f"{tone}-soft"]) >= 4.5
        assert _contrast(colours["muted"], colours[f"{tone}-soft"]) >= 4.5


def test_the_alias_of_a_target_is_told_where_its_address_does_not_hold_it() -> None:
    named = replace(passing_run(), environment={"alias": "the old cluster"})
    assert "Alias the old cluster Target https://staging.example.org" in _text(html.render(named))
    assert "Alias" not in _text(html.render(replace(named, environment={"alias": "staging.example.org"})))
