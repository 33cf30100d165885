"""How long the page takes to show itself: `python -m benchmarks.opening [ROUNDS]`. Needs Chromium.

Measured in the browser, from the start of the navigation, at 1280 × 900: the first paint, the heading of
our page, its first chart, and the list of comments. The baseline is a Streamlit page with a word and one
bar by Plotly, which is as little as Streamlit can show. Each round starts a server of our page and one of
the baseline, and opens each as a first visitor (who waits for the modules too), as a second one with
another browser (nothing is in its cache), and once more with that browser. The middle of the rounds counts.
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
LEAST = ("first paint", "heading", "chart")
OURS = (*LEAST, "list")

_LEAST_PAGE = """
import streamlit as st

st.write("x")
import plotly.graph_objects as go

st.plotly_chart(go.Figure(go.Bar(x=[1], y=[1])))
"""

# What there is to see, by name; the only word of the baseline stands for its heading.
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
    """Print the middle times beside those of the baseline."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    ours: list[list[dict[str, float]]] = []
    least: list[list[dict[str, float]]] = []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "least.py"
        script.write_text(_LEAST_PAGE, encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        for _ in range(rounds):
            ours.append(round_of(browser, ROOT / "dashboard.py", OURS))
            least.append(round_of(browser, script, LEAST))
        browser.close()
    print(f"{rounds} rounds; the bar is {BAR_S} s for the heading")
    for at, kind in enumerate(VISITS):
        _print_visit(kind, [each[at] for each in ours], [each[at] for each in least])


def _print_visit(
    kind: str, ours: Sequence[Mapping[str, float]], least: Sequence[Mapping[str, float]]
) -> None:
    print(kind)
    for name in OURS:
        times = sorted(each[name] for each in ours)
        middle = statistics.median(times)
        said = f"    {name:12} {middle:5.2f} s ({times[0]:.2f} to {times[-1]:.2f})"
        if name in LEAST:
            base = statistics.median(each[name] for each in least)
            said += f", {middle / base:.2f} × the baseline ({base:.2f} s)"
        print(said)


if __name__ == "__main__":
    main()
