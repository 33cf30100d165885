"""The reactions in real Chromium: read the comments of a paragraph, by mouse and by keyboard."""

import shutil

import pytest

from stance.answers.reactions import link_comments, linked_counts
from stance.page.sample import sample_set
from tests.browser import CHROMIUM_FLAGS, running_dashboard

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]


def test_a_paragraph_is_picked_by_click_and_by_key_and_a_comment_shows_it():
    from playwright.sync_api import sync_playwright

    result = sample_set().result
    links = link_comments(result.article, result.comments)
    counts = linked_counts(links)
    with running_dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{address}/reactions")
        button = page.get_by_role("button", name=f"Read {counts[6]} comments on ¶ 7")
        button.click(timeout=60_000)
        page.get_by_text(f"On paragraph 7 · {counts[6]} comments").wait_for(timeout=60_000)
        assert "paragraph=7" in page.url
        items = page.locator("li[title]")
        assert items.count() == counts[6]
        assert items.first.get_attribute("title") == result.article.paragraphs[6]
        rest = page.get_by_role("button", name=f"Read {counts[None]} comments on no paragraph")
        rest.focus()
        page.keyboard.press("Enter")
        page.get_by_text(f"No paragraph · {counts[None]} comments").wait_for(timeout=60_000)
        assert items.count() == 0
        # The address alone brings the same paragraph back.
        page.goto(f"{address}/reactions?paragraph=7")
        page.get_by_text(f"On paragraph 7 · {counts[6]} comments").wait_for(timeout=60_000)
        browser.close()
