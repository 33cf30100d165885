"""The page on a million scored comments: `python -m benchmarks.large [ROWS]`. Needs Chromium.

Writes the sample's comments and scores again and again, each with a number behind and some noise, to a
Parquet file with a manifest, starts the page with it, and measures in the browser: from the address to both
charts, and to the count of the list, when the file has to be read and when it was, and from the choice of a
filter to the count that follows from it (each five times, the middle one counts). The baseline is the same
on the sample's 68 comments, in the same run: what a view costs whatever the set. Memory is the server's.
"""

from __future__ import annotations

import hashlib
import os
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Page

from benchmarks.filters import COUNTED, REPEATS, dashboard_in_chromium, filtering, print_filters
from stance.labels import Sentiment, Stance
from stance.model.manifest import model_name, read_manifest
from stance.page.sample import SCORES
from stance.records import SENTIMENT, sentiment_probability, stance_label, stance_probability
from stance.targets import load_targets
from stance.writing.manifests import RowCounts, manifest_bytes, manifest_path, output_manifest
from tests.browser import Served

ROWS = 1_000_000
_CHARTS = "() => document.querySelectorAll('.js-plotly-plot .barlayer .point').length >= 11"


def large_file(path: Path, n: int) -> None:
    """Write so many scored comments, each with id, text and probabilities of its own, and a manifest."""
    sample = pd.read_csv(SCORES, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    sample["truncated"] = sample["truncated"] == "true"
    table = sample.loc[sample.index.repeat(n // len(sample) + 1)].iloc[:n].reset_index(drop=True)
    numbers = pd.Series(range(n)).astype(str)
    table["comment_id"], table["text"] = "c" + numbers, table["text"] + " " + numbers
    generator = np.random.default_rng(1)
    for label, names in _heads().items():
        given = table[list(names)].apply(pd.to_numeric).to_numpy()
        noisy = given * np.exp(generator.normal(0, 0.01, given.shape))
        noisy /= noisy.sum(axis=1, keepdims=True)
        table[list(names)] = noisy
        scored = ~np.isnan(noisy).any(axis=1)
        table.loc[scored, label] = np.array(list(names.values()))[noisy[scored].argmax(axis=1)]
    table.to_parquet(path, index=False)
    manifest = output_manifest(
        RowCounts(n_comments=n),
        name="comments.csv",
        source_sha256="",
        way_of_reading="",
        output_sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        model={"name": str(model_name(read_manifest()))},
        targets=load_targets(),
        any_language=False,
    )
    manifest_path(path).write_bytes(manifest_bytes(manifest))


def _heads() -> dict[str, dict[str, str]]:
    """Of each label's column, those of its probabilities, and the labels that these are of."""
    heads = {SENTIMENT: {sentiment_probability(mood): str(mood) for mood in Sentiment}}
    for target in load_targets():
        sides = {stance_probability(target.key, side): str(side) for side in Stance}
        heads[stance_label(target.key)] = sides
    return heads


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
            measure(page, served, path, n)


def measure(page: Page, served: Served, path: Path, n: int) -> None:
    """Open and filter the sample, then the file."""
    sample = f"{served.address}/?lang=en"  # an address that asks for nothing shows the file
    opening(page, sample, 68)  # the server loads its modules with the first visit
    small, before = _middle(lambda: opening(page, sample, 68)), megabytes(served)
    of_sample = filtering(page, 68)
    file = f"{served.address}/file"

    def read_anew() -> tuple[float, float]:
        os.utime(path)  # to the page it is another file now
        return opening(page, file, n)

    for how, opened in (("read", read_anew), ("shown again", lambda: opening(page, file, n))):
        for what, seconds, other in zip(("charts", "list"), _middle(opened), small, strict=True):
            times = f"{seconds:6.2f} s of {n:,}, {other:.2f} s of 68: {seconds / other:.1f} times"
            print(f"{what}, file {how:12} {times}")
    print(f"memory of the server: {before} MB, with the file {megabytes(served)} MB")
    print_filters(page, n, of_sample)


def _middle(opened: Callable[[], tuple[float, float]]) -> tuple[float, float]:
    charts, lists = zip(*(opened() for _ in range(REPEATS)), strict=True)
    return statistics.median(charts), statistics.median(lists)


if __name__ == "__main__":
    main()
