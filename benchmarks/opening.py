"""How long the page takes to show itself: `python -m benchmarks.opening [ROUNDS]`. Needs Chromium.

Measured in the browser, from the start of the navigation, at 1280 × 900: the first paint, the heading of
our page, its first chart, and the list of comments. Each round starts a server of our page and one of an
empty Streamlit page (`st.write("x")`), the baseline, and opens each as a first visitor (who waits for the
modules too), as a second one with another browser (nothing is in its cache), and once more with that
browser. The middle of the rounds counts.
"""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser import CHROMIUM_FLAGS, ROOT, served_dashboard

ROUNDS = 7
BAR_S = 2.0
VISITS = ("first visitor", "second visitor", "second again")
OURS = ("first paint", "heading", "chart", "list")
EMPTY = ("first paint", "heading")

# What there is to see, by name; the only words of the empty page stand for its heading.
_WATCH = """
window.seen = {};
const there = {
    heading: () => [...document.querySelectorAll("h5, [data-testid=stMarkdownContainer] p")][0],
    chart: () => document.querySelector(".js-plotly-plot .trace.bars path"),
    list: () => [...document.querySelectorAll("[data-testid=stDataFrame] canvas")][0],
};
const look = () => {
    for (const [name, find] of Object.entries(there)) {
        const found = name in window.seen ? null : find();
        if (found && found.getBoundingClientRect().height > 0) window.seen[name] = performance.now();
    }
    const paint = performance.getEntriesByName("first-contentful-paint")[0];
    if (paint) window.seen["first paint"] = paint.startTime;
    requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def visit(browser: Browser, address: str, names: Sequence[str], times: int) -> list[dict[str, float]]:
    """Seconds until each name is seen, of `times` visits by one new browser."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    found = []
    for _ in range(times):
        page = context.new_page()
        page.add_init_script(_WATCH)
        page.goto(address, wait_until="commit")
        page.wait_for_function("names => names.every(name => name in window.seen)", arg=list(names))
        seen = page.evaluate("window.seen")
        found.append({name: seen[name] / 1_000 for name in names})
        page.wait_for_timeout(2_000)  # what still loads would slow the next visit
        page.close()
    context.close()
    return found


def round_of(browser: Browser, script: Path, names: Sequence[str]) -> list[dict[str, float]]:
    """The three visits to a server that just started."""
    with served_dashboard(ROOT, script=script) as served:
        return visit(browser, served.address, names, 1) + visit(browser, served.address, names, 2)


def main() -> None:
    """Print the middle times beside those of the empty page."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    ours: list[list[dict[str, float]]] = []
    empty: list[list[dict[str, float]]] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "empty.py"
        script.write_text('import streamlit as st\n\nst.write("x")\n', encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        for _ in range(rounds):
            ours.append(round_of(browser, ROOT / "dashboard.py", OURS))
            empty.append(round_of(browser, script, EMPTY))
        browser.close()
    print(f"{rounds} rounds; the bar is {BAR_S} s for the heading and the chart")
    for at, kind in enumerate(VISITS):
        _print_visit(kind, [each[at] for each in ours], [each[at] for each in empty])


def _print_visit(
    kind: str, ours: Sequence[Mapping[str, float]], empty: Sequence[Mapping[str, float]]
) -> None:
    # The empty page has all that it has to show with its words.
    whole = statistics.median(each["heading"] for each in empty)
    paint = statistics.median(each["first paint"] for each in empty)
    print(f"{kind}; empty page: first paint {paint:.2f} s, words {whole:.2f} s")
    for name in OURS:
        times = sorted(each[name] for each in ours)
        middle = statistics.median(times)
        against = paint if name == "first paint" else whole
        print(
            f"    {name:12} {middle:5.2f} s ({times[0]:.2f} to {times[-1]:.2f}), "
            f"{middle / against:.2f} × the empty page"
        )


if __name__ == "__main__":
    main()
