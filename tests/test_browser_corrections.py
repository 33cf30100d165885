"""Corrections in real Chromium: by the keyboard, in an opened comment, undone, and in the download."""

import csv
import io
import shutil

import pytest

from tests.browser import CHROMIUM_FLAGS, running_dashboard

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def page():
    from playwright.sync_api import sync_playwright

    with running_dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/corrections?asked=Russia")
        page.get_by_text("Labels by hand: 0").wait_for(timeout=60_000)
        yield page
        browser.close()


def test_keys_label_skip_and_undo(page):
    page.get_by_text("Russia: the model says").wait_for(timeout=60_000)
    page.get_by_role("textbox", name="Your name or initials").fill("AB")
    page.get_by_role("textbox", name="Your name or initials").press("Enter")
    page.wait_for_timeout(800)
    page.get_by_text("The comments whose label would teach most").click()  # keys are no text here
    for n, key in enumerate("132", start=1):
        page.keyboard.press(key)
        page.get_by_text(f"Labels by hand: {n}").wait_for(timeout=60_000)
    page.keyboard.press("u")
    page.get_by_text("Labels by hand: 2").wait_for(timeout=60_000)
    asked = page.get_by_text("Russia: the model says").inner_text
    comment = page.locator(".st-key-next").inner_text
    before = comment()
    page.keyboard.press("0")
    page.wait_for_function(
        "before => document.querySelector('.st-key-next').innerText !== before", arg=before, timeout=60_000
    )
    assert page.get_by_text("Labels by hand: 2").is_visible()
    assert asked().endswith("% sure.")


def test_an_opened_comment_is_put_right_and_the_download_says_by_whom(page):
    page.get_by_role("link", name="Overview").click()
    page.get_by_text("2 comments have labels by hand").wait_for(timeout=60_000)
    page.get_by_label("Text contains").fill("Reasonable!!!")
    page.get_by_label("Text contains").press("Enter")
    page.get_by_text("Showing 1 of 68 comments").wait_for(timeout=60_000)
    page.wait_for_timeout(1_000)
    page.locator("[data-testid=stDataFrame]:visible").last.click(position={"x": 16, "y": 55})
    page.get_by_role("button", name="Correct a label").click(timeout=60_000)
    page.get_by_role("button", name="Neutral", exact=True).click()
    page.get_by_text("3 comments have labels by hand").wait_for(timeout=60_000)
    page.get_by_text("By hand: Sentiment (the model said positive; AB,").wait_for(timeout=60_000)
    with page.expect_download(timeout=60_000) as download:
        page.get_by_role("button", name="Download all 68 rows (CSV)").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read())))
    by_hand = [row for row in rows if row["by_hand"]]
    assert sorted(row["by_hand"] for row in by_hand) == ["ru", "ru", "sentiment"]
    assert {row["annotator"] for row in by_hand} == {"AB"}
    assert all(row["annotated_at"].endswith("Z") for row in by_hand)
    (mine,) = [row for row in by_hand if row["by_hand"] == "sentiment"]
    assert (mine["sentiment"], mine["model_labels"]) == ("neutral", "positive")
    assert float(mine["sentiment_neutral"]) == 1
