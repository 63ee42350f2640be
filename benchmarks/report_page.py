"""How long a browser takes to open report.html of a run of 5,000 outcomes, and how large the page is.

``python -m benchmarks.report_page`` renders two such runs, one finding in ten outcomes and nothing but findings, opens
each five times in Chromium without a window, and prints medians.
"""

import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from preflight.reporting import html
from tests.browser import browser
from tests.reporting.big import big_run

OUTCOMES = 5000
TIMES = 5
_LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"


def main() -> None:
    """Print a line for each run."""
    with tempfile.TemporaryDirectory() as folder, browser() as page:
        for every in (10, 1):
            started = perf_counter()
            text = html.render(big_run(OUTCOMES, every=every))
            rendered = perf_counter() - started
            file = Path(folder) / f"every-{every}.html"
            file.write_text(text, encoding="utf-8")
            opened = []
            for _ in range(TIMES):
                page.open(file.as_uri())
                opened.append(page.tell(_LOADED) / 1000)
            print(
                f"{OUTCOMES:,} outcomes, {OUTCOMES // every:,} findings: rendered in {rendered:.2f} s, "
                f"{len(text.encode()) / 1e6:.1f} MB, opened in {median(opened):.2f} s (longest {max(opened):.2f} s)"
            )


if __name__ == "__main__":
    main()
