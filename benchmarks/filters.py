"""How long the page takes to open and to filter: `python -m benchmarks.filters [ROWS]`. Needs Chromium.

Opens the sample, then a set of 100,000 scored comments that the session holds, and measures in the browser
from the choice of a filter to the count of the list that follows from it; each filter five times, the
middle one counts. The baseline is the same on the sample's 68 comments, in the same run: what a filter
costs whatever the set.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from tests.browser import CHROMIUM_FLAGS, ROOT, Served, served_dashboard

ROWS = 100_000
REPEATS = 5
FILTERS = (("Sentiment", "Positive"), ("is", "Against"))
SEARCHED = "troops"

# Our page, in a session that holds a large set: the sample's comments again and again.
_SCRIPT = """
import runpy, sys
from dataclasses import replace
sys.path.insert(0, {root!r})
import pandas as pd
from stance.page.sample import sample_set
from stance.page.state import comment_sets

if "many" not in comment_sets():
    one, n = sample_set(), {n}
    times = range(n // len(one.scored) + 1)
    comments = [
        replace(c, comment_id=f"{{c.comment_id}}-{{k}}", text=f"{{c.text}} {{k}}")
        for k in times
        for c in one.result.comments
    ][:n]
    scored = pd.concat([one.scored] * len(times), ignore_index=True).iloc[:n]
    scored = scored.assign(comment_id=[c.comment_id for c in comments])
    result = replace(one.result, comments=tuple(comments))
    comment_sets()["many"] = replace(one, name="many", result=result, scored=scored)
runpy.run_path({page!r}, run_name="__main__")
"""

COUNTED = """n => [...document.querySelectorAll("p")].some(
    p => p.innerText.startsWith("Showing ") && p.innerText.endsWith(`of ${n} comments`))"""
_OTHER_COUNT = """before => [...document.querySelectorAll("p")].some(
    p => p.innerText.startsWith("Showing ") && p.innerText !== before)"""


def filtering(page: Page, n: int) -> dict[str, float]:
    """Seconds from a choice to the count that follows from it, by filter."""
    found: dict[str, list[float]] = {}
    everything = f"Showing {n:,} of {n:,} comments"
    for _ in range(REPEATS):
        for box, option in FILTERS:
            choice = page.get_by_role("combobox", name=box, exact=True)
            choice.scroll_into_view_if_needed()
            page.wait_for_timeout(700)  # scrolling closes a list of options
            choice.click()
            picked = page.get_by_role("option", name=option, exact=True)
            picked.wait_for()
            started = time.perf_counter()
            picked.click()
            page.wait_for_function(_OTHER_COUNT, arg=everything)
            found.setdefault(f"{box} {option}", []).append(time.perf_counter() - started)
            _clear(page, everything)
        searched = page.get_by_role("textbox", name="Text contains")
        searched.fill(SEARCHED)
        started = time.perf_counter()
        searched.press("Enter")
        page.wait_for_function(_OTHER_COUNT, arg=everything)
        found.setdefault(f"Text {SEARCHED}", []).append(time.perf_counter() - started)
        _clear(page, everything)
    return {name: statistics.median(times) for name, times in found.items()}


def _clear(page: Page, everything: str) -> None:
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_text(everything).wait_for()
    page.wait_for_timeout(1_500)


def print_filters(page: Page, n: int, small: dict[str, float]) -> None:
    """Filter what is on the page, and print the times beside those of the sample."""
    page.wait_for_timeout(3_000)
    for name, seconds in filtering(page, n).items():
        ratio = seconds / small[name]
        print(f"{name:20} {seconds:6.2f} s of {n:,}, {small[name]:.2f} s of 68: {ratio:.1f} times")


@contextlib.contextmanager
def dashboard_in_chromium(**options: Any) -> Iterator[tuple[Page, Served]]:
    """A page of Chromium, and the dashboard to open in it; `options` are those of `served_dashboard`."""
    with served_dashboard(ROOT, **options) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        yield page, served
        browser.close()


def main() -> None:
    """Print the times, and their ratios to those of the sample."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "page.py"
        page_of = str(ROOT / "dashboard.py")
        script.write_text(_SCRIPT.format(root=str(ROOT), page=page_of, n=n), encoding="utf-8")
        with dashboard_in_chromium(script=script) as (page, served):
            measure(page, served.address, n)


def measure(page: Page, address: str, n: int) -> None:
    """Open, filter the sample, filter the large set."""
    page.goto(address)  # the server loads its modules with the first visit
    page.wait_for_function(COUNTED, arg="68")
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_function(COUNTED, arg="68")
    print(f"opening the sample: {time.perf_counter() - started:.2f} s")
    small = filtering(page, 68)
    started = time.perf_counter()
    page.goto(f"{address}/?set=many")
    page.wait_for_function(COUNTED, arg=f"{n:,}")
    print(f"opening {n:,} comments: {time.perf_counter() - started:.2f} s")
    print_filters(page, n, small)


if __name__ == "__main__":
    main()
