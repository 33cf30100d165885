"""Takes the screenshots of the docs: `python scripts/screenshots.py`. Needs Chromium and Playwright."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, sync_playwright

from stance.answers.audit import draw_sample
from stance.hand_label_files import hand_labels_csv
from stance.hand_labels import HandLabel
from stance.page.sample import DATA, sample_set
from tests.browser import CHROMIUM_FLAGS, running_dashboard

OUT = Path(__file__).resolve().parents[1] / "docs" / "images"
FRAMES = {
    "desk-light.png": (1280, 860, "light"),
    "desk-dark.png": (1280, 860, "dark"),
    "desk-narrow.png": (400, 860, "light"),
}
VIEWS = {
    "reactions": "/reactions?paragraph=7",
    "voices": "/voices?counted=Russia",
    "camps": "/camps",
    "compare": "/compare?by=Naming+Russia&compared=Sentiment",
    "corrections": "/corrections?asked=Sentiment",
    "report": "/report",
}
"""The views that docs/questions.md shows as the address gives them; others need files."""


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    with running_dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=CHROMIUM_FLAGS
        )
        for name, (width, height, scheme) in FRAMES.items():
            take_frames(browser, address, name, width, height, scheme)
        for name, path in VIEWS.items():
            page = opened(browser, address + path)
            take(page, f"view-{name}.png")
        take_over_time(opened(browser, f"{address}/time"))
        take_audit(opened(browser, f"{address}/audit?audited=Stance+toward+Russia"))
        browser.close()


def opened(browser: Browser, url: str, width: int = 1280, height: int = 900, scheme: str = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(url)
    page.get_by_text("Add comments").wait_for()
    return page


def take(page: Page, name: str, *, close: bool = True) -> None:
    page.wait_for_timeout(3_500)
    page.screenshot(path=OUT / name)
    if close:
        page.close()


def take_frames(
    browser: Browser, address: str, name: str, width: int, height: int, scheme: str
) -> None:
    page = opened(browser, address, width, height, scheme)
    page.get_by_text("Read the comments").wait_for()
    take(page, name, close=False)
    page.locator("[data-testid=stMain]").evaluate("e => e.scrollTo(0, 800)")
    page.wait_for_timeout(800)
    page.screenshot(path=OUT / name.replace("desk", "reading"))
    page.goto(f"{address}/model")
    page.get_by_text("What it is for, and what not").wait_for()
    take(page, name.replace("desk", "about"))


def take_over_time(page: Page) -> None:
    """The sample's comments with invented times."""
    page.get_by_role("button", name="Add comments").click()
    page.locator("input[type=file]").set_input_files(DATA / "sample_times.csv")
    page.get_by_role("button", name="Score 68 comments").click()
    page.get_by_text("67 scored comments, from").wait_for(timeout=120_000)
    take(page, "view-time.png")


def take_audit(page: Page) -> None:
    """All of the sample of 50 labelled, by the labels that the sample comes with."""
    sample = sample_set()
    with (DATA / "sample_labels.jsonl").open(encoding="utf-8") as file:
        truth = {row["text"]: row["ru"] for row in map(json.loads, file)}
    texts = {comment.comment_id: comment.text for comment in sample.result.comments}
    drawn = draw_sample(sample.scored, "ru", 50, draw=1).order
    labels = [
        HandLabel(i, "ru", truth[texts[i]], "Sample", "2026-11-27T03:00:00Z", blind=True) for i in drawn
    ]
    name = page.get_by_role("textbox", name="Your name or initials")
    name.fill("Sample")
    name.press("Enter")
    page.get_by_text("Which comments, and files of labels").click()
    data = hand_labels_csv(labels, sample.result.comments)
    page.locator("input[type=file]").set_input_files(
        {"name": "labels.csv", "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_text("the model is right about").wait_for(timeout=60_000)
    page.get_by_text("Which comments, and files of labels").click()
    take(page, "view-audit.png")


if __name__ == "__main__":
    main()
