"""The scored file that the page is started with, in real Chromium: a bar filters, the list has parts."""

import shutil

import pytest

from tests.browser import CHROMIUM_FLAGS, ROOT, served_dashboard

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]


def test_a_click_on_a_bar_lists_its_rows_of_the_file(tmp_path):
    from playwright.sync_api import sync_playwright

    from benchmarks.large import large_file, opening

    n = 2_500
    path = tmp_path / "many scores.parquet"
    large_file(path, n)
    with (
        served_dashboard(ROOT, options=["--", str(path)]) as served,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1200})
        page.set_default_timeout(120_000)
        opening(page, f"{served.address}/file", n)
        page.get_by_text("many scores.parquet · 2,500 comments").wait_for()
        page.locator("[data-test-script-state=notRunning]").first.wait_for()
        first = page.locator(".js-plotly-plot").nth(0).locator(".trace.bars").nth(0)
        first.locator(".point path").first.click(force=True)
        page.get_by_text("of 2,500 comments").and_(
            page.locator("p:has-text('Showing'):not(:has-text('2,500 of'))")
        ).wait_for()
        assert "sentiment=Negative" in page.url
        browser.close()
