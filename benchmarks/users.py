"""Many people at once: `python -m benchmarks.users [--users 20] [--comments 2000]`; needs Chromium.

All upload and score in the same moment. Printed are how long that takes against one person alone times
the number of people (the baseline, in the same run), the slowest answer of the health endpoint, and the
server's memory. Fails where someone does not get all of his own comments and no others, or gets an error.
"""

from __future__ import annotations

import argparse
import re
import shutil
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM_FLAGS, ROOT, Served, served_dashboard

BAR_RATIO, BAR_HEALTH_S, BAR_MEMORY_GB = 2.0, 1.0, 3.0


def main() -> None:
    """Print the figures beside their bars."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--comments", type=int, default=2_000)
    options = parser.parse_args()
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with served_dashboard(ROOT) as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        _score([_opened(browser, served)], options.comments)  # loads the model
        alone = _score([_opened(browser, served)], options.comments)
        pages = [_opened(browser, served) for _ in range(options.users)]
        slowest: list[float] = []
        done = threading.Event()
        watching = threading.Thread(target=_watch, args=(served, slowest, done))
        watching.start()
        together = _score(pages, options.comments)
        done.set()
        watching.join()
        memory = _peak_memory_gb(served)
        browser.close()
    ratio = together / (alone * options.users)
    print(f"{options.users} people, {options.comments:,} comments each: {together:.0f} s")
    print(f"{ratio:.2f} × one alone ({alone:.1f} s) times {options.users} (bar {BAR_RATIO})")
    print(f"health endpoint: slowest answer {max(slowest):.2f} s (bar {BAR_HEALTH_S})")
    print(f"server: peak {memory:.1f} GB (bar {BAR_MEMORY_GB})")


def _opened(browser: Any, served: Served) -> Any:
    page = browser.new_context().new_page()
    page.set_default_timeout(3_600_000)
    page.goto(served.address)
    page.get_by_text("Read the comments").wait_for()
    return page


def _score(pages: list[Any], n_comments: int) -> float:
    """Seconds from the first click to the last result."""
    for number, page in enumerate(pages):
        lines = [f"{n},Person {number} says {n} times: Moscow lies." for n in range(n_comments)]
        page.get_by_role("button", name="Add comments").click()
        data = ("id,comment\n" + "\n".join(lines)).encode()
        page.locator("input[type=file]").set_input_files(
            {"name": f"{number}.csv", "mimeType": "text/csv", "buffer": data}
        )
        page.get_by_role("button", name=f"Score {n_comments:,} comments").wait_for()
    started = time.monotonic()
    for page in pages:
        page.get_by_role("button", name=f"Score {n_comments:,} comments").click()
    for page in pages:
        page.get_by_text(f"Showing {n_comments:,} of {n_comments:,} comments").wait_for()
        page.get_by_role("button", name=f"Download all {n_comments:,} rows (CSV)").wait_for()
    seconds = time.monotonic() - started
    for number, page in enumerate(pages):
        people = _people(page, n_comments)
        if people != {str(number)}:
            raise SystemExit(f"Expected the comments of person {number} only, found {sorted(people)}.")
        page.context.close()
    return seconds


def _people(page: Any, n_comments: int) -> set[str]:
    """Whose comments a page's download holds."""
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download all {n_comments:,} rows (CSV)").click()
    texts = Path(download.value.path()).read_text(encoding="utf-8")
    whose = re.findall(r"Person ([0-9]+) says [0-9]+ times", texts)
    if len(whose) != n_comments:
        raise SystemExit(f"Expected {n_comments:,} comments, found {len(whose):,}.")
    return set(whose)


def _watch(served: Served, slowest: list[float], done: threading.Event) -> None:
    while not done.is_set():
        started = time.monotonic()
        urllib.request.urlopen(f"{served.address}/_stcore/health", timeout=60).close()
        slowest.append(time.monotonic() - started)
        time.sleep(0.2)


def _peak_memory_gb(served: Served) -> float:
    status = Path(f"/proc/{served.process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s*([0-9]+)", status)
    return int(found[1]) / 1e6 if found else float("nan")


if __name__ == "__main__":
    main()
