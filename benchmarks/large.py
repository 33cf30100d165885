"""The page on a million scored comments: `python -m benchmarks.large [ROWS]`. Needs Chromium.

Writes the sample's comments and scores again and again to a Parquet file, starts the page with it, and
measures in the browser: from the address to both charts, and to the count of the list, when the file has to
be read and when it was, and from the choice of a filter to the count that follows from it (each five times,
the middle one counts). The baseline is the same on the sample's 68 comments, in the same run: what a view
costs whatever the set. Memory is the server's.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path

import pandas as pd
from playwright.sync_api import Page

from benchmarks.filters import COUNTED, dashboard_in_chromium, filtering, print_filters
from stance.page.sample import SCORES
from tests.browser import Served

ROWS = 1_000_000
_CHARTS = "() => document.querySelectorAll('.js-plotly-plot .barlayer .point').length >= 11"


def large_file(path: Path, n: int) -> None:
    """Write so many scored comments with an id and a text of their own."""
    sample = pd.read_csv(SCORES, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    for name in sample.columns:
        if re.fullmatch(r"(sentiment|stance_[a-z]+)_[a-z]+", name):
            sample[name] = pd.to_numeric(sample[name])
    sample["truncated"] = sample["truncated"] == "true"
    table = sample.loc[sample.index.repeat(n // len(sample) + 1)].iloc[:n].reset_index(drop=True)
    numbers = pd.Series(range(n)).astype(str)
    table["comment_id"], table["text"] = "c" + numbers, table["text"] + " " + numbers
    table.to_parquet(path, index=False)


def opening(page: Page, address: str, n: int) -> tuple[float, float]:
    """Seconds from the address to both charts, and to the count of the list."""
    started = time.perf_counter()
    page.goto(address)
    page.wait_for_function(_CHARTS)
    charts = time.perf_counter() - started
    page.wait_for_function(COUNTED, arg=f"{n:,}")
    return charts, time.perf_counter() - started


def megabytes(served: Served) -> int:
    """What the server's process has in memory."""
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    return int(re.findall(r"VmRSS:\s*(\d+)", status)[0]) // 1000


def main() -> None:
    """Print the times, their ratios to those of the sample, and the memory."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scores.parquet"
        large_file(path, n)
        print(f"file: {path.stat().st_size / 1e6:.0f} MB")
        with dashboard_in_chromium(options=["--", str(path)]) as (page, served):
            measure(page, served, n)


def measure(page: Page, served: Served, n: int) -> None:
    """Open and filter the sample, then the file."""
    sample = f"{served.address}/?lang=en"  # an address that asks for nothing shows the file
    opening(page, sample, 68)  # the server loads its modules with the first visit
    small, before = opening(page, sample, 68), megabytes(served)
    of_sample = filtering(page, 68)
    for how in ("read", "shown again"):
        large = opening(page, f"{served.address}/file", n)
        for what, seconds, other in zip(("charts", "list"), large, small, strict=True):
            times = f"{seconds:6.2f} s of {n:,}, {other:.2f} s of 68: {seconds / other:.1f} times"
            print(f"{what}, file {how:12} {times}")
    print(f"memory of the server: {before} MB, with the file {megabytes(served)} MB")
    print_filters(page, n, of_sample)


if __name__ == "__main__":
    main()
