"""Allure's pages of a run, made by the real tool and looked at in a real browser."""

import functools
import http.server
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from preflight.model.run import Run
from preflight.model.verdict import Verdict
from preflight.reporting.allure.pages import generate
from preflight.reporting.allure.tool import Tool, find_tool
from tests.browser import CHROMIUM, NO_CHROMIUM, Page, browser
from tests.reporting.sample import sample_run

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
    pytest.mark.skipif(shutil.which("allure") is None, reason="no allure is on the PATH to make pages with"),
]
RUN = replace(sample_run(), environment={**sample_run().environment, "alias": "staging"})
FAILING = next(case for case in RUN.cases if case.title == "neither id nor name is given")


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *words: object) -> None:  # noqa: A002 (the name that the class has)
        """Say nothing."""


# The innermost thing that shows exactly these words.
_SHOWING = (
    "((words) => [...document.querySelectorAll('body *')].filter((one) => one.offsetHeight"
    " && one.innerText.trim() === words).at(-1))"
)


@dataclass
class Site:
    """Pages of Allure, open in a browser."""

    page: Page
    address: str
    tool: Tool

    def show(self, part: str = "") -> None:
        """Open a part of the pages, and wait until the name of the report is there."""
        self.page.open("about:blank")  # another part of the same page would not be loaded anew
        self.page.open(f"{self.address}/index.html{part}")
        self.page.until("document.body.innerText.includes('Preflight stumbled: staging')" if not part else "true")

    def follow(self, *way: str) -> None:
        """Click on what shows these words, one after the other."""
        for words in way:
            self.page.until(f"{_SHOWING}({words!r})")
            self.page.tell(f"{_SHOWING}({words!r}).click()")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    place, tool = tmp_path_factory.mktemp("allure"), find_tool()
    for run in (replace(RUN, id="before"), RUN):
        generate(run, tool, place / "pages", place / "history")
    serve = functools.partial(_Quiet, directory=str(place / "pages"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server, browser() as page:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Site(page, f"http://127.0.0.1:{server.server_port}", tool)
        server.shutdown()


def count(run: Run, *verdicts: Verdict) -> int:
    return sum(case.verdict in verdicts for case in run.cases)


def test_the_counts_are_those_of_the_run(site: Site) -> None:
    site.show()
    wanted = {
        "passed": count(RUN, Verdict.PASS),
        "failed": count(RUN, Verdict.FAIL),
        "broken": count(RUN, Verdict.ERROR),
        "skipped": count(RUN, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE),
    }
    words = " ".join(site.page.tell("document.body.innerText").split()).lower()
    if site.tool.is_second:
        assert f"{len(RUN.cases)} test cases" in words
        told = site.page.tell("fetch('widgets/summary.json').then((one) => one.json())")["statistic"]
        assert {name: told[name] for name in wanted} == wanted
    else:
        assert f"total {len(RUN.cases)} " in words
        assert {name for name, number in wanted.items() if f"{name} {number} " not in words} == set()


def test_the_pages_ask_nobody_else(site: Site) -> None:
    site.page.asked.clear()
    site.show()
    assert [address for address in site.page.asked if not address.startswith((site.address, "data:"))] == []


def test_a_failing_test_shows_its_evidence(site: Site) -> None:
    title = f"{FAILING.operation}: {FAILING.title}"
    if site.tool.is_second:
        site.show("#suites")
        site.follow("preflight", "rooms", str(FAILING.operation))
    else:
        site.show()
    site.follow(title)
    site.page.until("document.body.innerText.includes('undocumented error: /errorType: promised')")
    promise = "Without id and name: 400 with errorType error-roomid-param-not-provided."
    if promise not in site.page.tell("document.body.innerText"):  # Allure 3 unfolds what failed by itself
        site.follow("judge")
    site.page.until(f"document.body.innerText.includes({promise!r})")
    shown = site.page.tell("document.body.innerText")
    assert "error-room-param-not-provided" in shown
    assert "documentation" in shown
