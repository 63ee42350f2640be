"""report.html as a browser shows it: on a phone, in the dark, without a script, to people who cannot see it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from preflight.model.run import Run
from preflight.reporting import html
from tests.browser import CHROMIUM, NO_CHROMIUM, Page, browser
from tests.reporting.sample import failing_run, passing_run, sample_run, unreachable_run

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM)

RUNS = {"every verdict": sample_run, "failing": failing_run, "passing": passing_run, "unreachable": unreachable_run}
PHONE, DESKTOP = 390, 1280


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with browser() as opened:
        yield opened


def show(page: Page, run: Run, folder: Path, *, width: int = DESKTOP, dark: bool = False) -> None:
    (folder / "report.html").write_text(html.render(run), encoding="utf-8")
    page.asked.clear()
    page.complaints.clear()
    page.open((folder / "report.html").as_uri(), width=width, dark=dark)


@pytest.mark.parametrize(("run", "dark"), [*((run, False) for run in RUNS), ("failing", True)])
def test_axe_finds_no_barrier(page: Page, tmp_path: Path, run: str, *, dark: bool) -> None:
    show(page, RUNS[run](), tmp_path, dark=dark)
    assert page.barriers() == []
    page.tell("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.barriers() == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("run", RUNS)
def test_nobody_scrolls_sideways(page: Page, tmp_path: Path, run: str, width: int) -> None:
    show(page, RUNS[run](), tmp_path, width=width)
    page.tell("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert (page.tell("innerWidth"), page.tell(too_wide)) == (width, 0)


def test_the_page_asks_the_network_for_nothing_and_the_console_is_silent(page: Page, tmp_path: Path) -> None:
    show(page, sample_run(), tmp_path)
    assert {address.partition(":")[0] for address in page.asked} == {"file"}
    assert page.complaints == []


def test_the_filter_leaves_what_holds_all_the_words(page: Page, tmp_path: Path) -> None:
    show(page, failing_run(), tmp_path)
    type_words(page, "users.list 401")
    page.until("document.getElementById('told').textContent")
    shown = page.tell("[...document.querySelectorAll('.cause:not([hidden]) h3')].map((one) => one.innerText)")
    assert shown == ["GET users.list\nA request without login is answered with 401."]
    type_words(page, "")
    page.until("!document.getElementById('told').textContent")
    assert page.tell("document.querySelectorAll('.entry[hidden]').length") == 0


def type_words(page: Page, words: str) -> None:
    page.tell(f"words.value = {words!r}; words.dispatchEvent(new Event('input'))")


def test_operations_that_pass_can_be_hidden_without_a_script(page: Page, tmp_path: Path) -> None:
    show(page, failing_run(), tmp_path)
    rows = "[...document.querySelectorAll('.matrix tbody tr')].filter((row) => row.offsetHeight).length"
    before = page.tell(rows)
    page.tell("document.getElementById('only-trouble').checked = true")
    passing = sum(one.verdict == "pass" for one in failing_run().operations.values())
    assert (before, page.tell(rows)) == (len(failing_run().operations), before - passing)


def test_a_link_into_a_folded_part_unfolds_it(page: Page, tmp_path: Path) -> None:
    show(page, failing_run(), tmp_path)
    page.tell("location.hash = '#exchange-x003'")
    page.until("document.getElementById('exchange-x003').open")


def test_without_a_script_there_is_no_filter_and_all_else(page: Page, tmp_path: Path) -> None:
    page.say("Emulation.setScriptExecutionDisabled", value=True)
    try:
        show(page, failing_run(), tmp_path)
    finally:
        page.say("Emulation.setScriptExecutionDisabled", value=False)
    assert page.tell("document.getElementById('filter').offsetHeight") == 0
    assert page.tell("document.querySelectorAll('.cause').length") == 5
