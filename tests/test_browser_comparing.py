"""Compare and Over time in real Chromium: choices in the address, and a click on a period."""

import shutil

import pytest

from tests.browser import CHROMIUM_FLAGS, running_dashboard

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]

TEXTS = {
    "Post ![x](http://beacon.example/x.png)": "Putin is a war criminal and Russia must pay.",
    "Globe": "Is there a map of the region?",
}
CSV = "outlet,date,comment\n" + "".join(
    f"{outlet},2025-04-{day:02d},{text} {n}\n"
    for outlet, text in TEXTS.items()
    for day in (12, 13, 15)
    for n in range(day - 7)
)


@pytest.fixture(scope="module")
def page():
    from playwright.sync_api import sync_playwright

    with running_dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1200})
        page.requests = []
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(address)
        page.get_by_role("button", name="Add comments").click(timeout=60_000)
        page.locator("input[type=file]").set_input_files(
            {"name": "mine.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
        )
        page.get_by_role("button", name="Score 38 comments").click(timeout=60_000)
        page.get_by_text("Showing 38 of 38 comments").wait_for(timeout=120_000)
        yield page
        browser.close()


def choose(page, label, option):
    # A run of the page that ends while the box is open closes it.
    page.locator("[data-test-script-state=notRunning]").first.wait_for(timeout=60_000)
    page.get_by_label(label, exact=True).click()
    page.get_by_role("option", name=option, exact=True).click()


def test_groups_of_a_column_are_compared_and_the_address_holds_the_choice(page):
    page.get_by_role("link", name="Compare", exact=True).click()
    page.get_by_role("heading", name="Is it different elsewhere?").wait_for(timeout=60_000)
    choose(page, "Compare", "Column “outlet”")
    choose(page, "About", "Russia")
    page.get_by_text("is more against Russia than “Globe”: 100 points more").wait_for(timeout=60_000)
    assert "compared=Russia" in page.url and "by=Column" in page.url
    page.locator(".js-plotly-plot").nth(1).wait_for(timeout=60_000)
    choose(page, "Read the comments of", "Globe")
    page.wait_for_url("**group=Globe**", timeout=60_000)


def test_a_click_on_a_period_lists_its_comments(page):
    page.get_by_role("link", name="Over time", exact=True).click()
    page.get_by_text("38 scored comments, from week of").wait_for(timeout=60_000)
    choose(page, "By", "Day")
    page.get_by_text("38 scored comments, from Sat 12 Apr 2025 to Tue 15 Apr 2025").wait_for(timeout=60_000)
    bars = page.locator(".js-plotly-plot .trace.bars .point path")
    bars.first.wait_for(timeout=60_000)
    page.wait_for_timeout(1_500)
    tallest = max(range(bars.count()), key=lambda at: bars.nth(at).bounding_box()["height"])
    bars.nth(tallest).click(force=True)
    page.wait_for_url("**period=Tue+15+Apr+2025**", timeout=60_000)
    choose(page, "By", "Week")
    page.get_by_text("Weeks begin on Monday.").wait_for(timeout=60_000)
    assert "step=Week" in page.url


def test_nothing_was_asked_of_another_host(page):
    hosts = {url.split("/")[2].split(":")[0] for url in page.requests if url.startswith("http")}
    assert hosts == {"127.0.0.1"}
