"""Takes the screenshots of the docs: `python scripts/screenshots.py`. Needs Chromium and Playwright."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import sync_playwright

from tests.browser import CHROMIUM_FLAGS, running_dashboard

OUT = Path(__file__).resolve().parents[1] / "docs" / "images"
SHOTS = {
    "desk-light.png": (1280, 860, "light"),
    "desk-dark.png": (1280, 860, "dark"),
    "desk-narrow.png": (400, 860, "light"),
}


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with running_dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        for name, (width, height, scheme) in SHOTS.items():
            page = browser.new_page(
                viewport={"width": width, "height": height}, color_scheme=scheme
            )
            page.goto(address)
            page.get_by_text("Read the comments").wait_for()
            page.wait_for_timeout(2_500)
            page.screenshot(path=OUT / name)
            page.locator("[data-testid=stMain]").evaluate("e => e.scrollTo(0, 800)")
            page.wait_for_timeout(800)
            page.screenshot(path=OUT / name.replace("desk", "reading"))
            page.goto(f"{address}/model")
            page.get_by_text("What it is for, and what not").wait_for()
            page.wait_for_timeout(1_500)
            page.screenshot(path=OUT / name.replace("desk", "about"))
            page.close()
        browser.close()


main()
