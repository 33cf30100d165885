"""The page in real Chromium: upload, click a bar, download what is shown."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from tests.browser import CHROMIUM_FLAGS, running_dashboard

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]

CSV = (
    "id,name,comment\n"
    "01,Ann,Thank you America for standing with Ukraine. We are so grateful.\n"
    "02,Bob,Putin is a war criminal and Russia must pay.\n"
    "03,Cy,Is there a map of the region?\n"
    "04,<b>Dee</b>,Shame on the Russian army ![x](http://beacon.example/x.png)\n"
)


@pytest.fixture(scope="module")
def page():
    from playwright.sync_api import sync_playwright

    with running_dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.requests = []
        page.on("request", lambda request: page.requests.append(request.url))
        page.goto(address)
        page.get_by_text("Read the comments").wait_for(timeout=60_000)
        yield page
        browser.close()


def test_upload_click_filter_and_download(page):
    page.get_by_role("button", name="Add comments").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.csv", "mimeType": "text/csv", "buffer": CSV.encode()}
    )
    page.get_by_role("button", name="Score 4 comments").click(timeout=60_000)
    page.get_by_text("Showing 4 of 4 comments").wait_for(timeout=120_000)
    # The bar of Russia, against: the first trace; the rows stand in order of net stance.
    bars = page.locator(".js-plotly-plot").nth(1).locator(".trace.bars").nth(0).locator(".point path")
    page.wait_for_timeout(1_500)
    widths = [box["width"] for box in (bars.nth(i).bounding_box() for i in range(bars.count()))]
    bars.nth(widths.index(max(widths))).click(force=True)
    page.get_by_role("button", name="Clear filters").wait_for(timeout=60_000)
    # The buttons come last: those of the run before would give the rows of before.
    page.get_by_role("button", name="Download 4 shown rows").wait_for(state="hidden", timeout=60_000)
    assert "stance=Against" in page.url
    assert "target=Russia" in page.url
    button = page.get_by_role("button", name="shown row")
    with page.expect_download() as download:
        button.click()
    name = download.value.suggested_filename
    assert name.startswith("scores-")
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(io.StringIO(file.read())))
    assert f"Download {len(rows)} shown row" in button.inner_text()
    assert {row["stance_ru"] for row in rows} == {"against"}
    assert {row["id"] for row in rows} >= {"02"}
    page.get_by_role("radio", name="JSON Lines").or_(
        page.get_by_role("button", name="JSON Lines", exact=True)
    ).click()
    page.get_by_role("button", name="shown rows (JSON Lines)").or_(
        page.get_by_role("button", name="shown row (JSON Lines)")
    ).wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.get_by_role("button", name="(JSON Lines)").first.click()
    assert download.value.suggested_filename.endswith(".jsonl")
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["comment"] for line in lines] == [row["comment"] for row in rows]


def test_the_set_and_its_filters_are_there_after_a_look_at_the_model(page):
    page.get_by_label("Text contains").fill("Putin")
    page.get_by_label("Text contains").press("Enter")
    page.get_by_text("Download 1 shown row").wait_for(timeout=60_000)
    before = sorted(page.url.split("?")[1].split("&"))
    page.get_by_role("link", name="About the model").click()
    page.wait_for_url("**/model", timeout=60_000)
    page.get_by_text("Read the comments").wait_for(state="hidden", timeout=60_000)
    page.get_by_role("link", name="Overview").click()
    page.get_by_text("Download 1 shown row").wait_for(timeout=60_000)
    assert page.get_by_label("Text contains").input_value() == "Putin"
    assert sorted(page.url.split("?")[1].split("&")) == before
    assert "set=mine.csv" in before
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_text("Download 4 shown rows").wait_for(timeout=60_000)


def test_scoring_can_be_cancelled_and_says_so(page):
    many = "id,comment\n" + "".join(f"{i},The Kremlin said {i} things today.\n" for i in range(4_000))
    page.get_by_role("button", name="Remove this set").click()
    page.get_by_role("button", name="Add comments").click(timeout=60_000)
    page.locator("input[type=file]").set_input_files(
        {"name": "many.csv", "mimeType": "text/csv", "buffer": many.encode()}
    )
    page.get_by_role("button", name="Score 4,000 comments").click(timeout=60_000)
    page.get_by_text("of 4,000 comments, ").wait_for(timeout=60_000)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Scoring was cancelled; nothing was kept").wait_for(timeout=60_000)
    page.get_by_role("button", name="Score 4,000 comments").wait_for(timeout=60_000)


def test_p28_nothing_was_asked_of_another_host(page):
    assert {url.split("/")[2].split(":")[0] for url in page.requests if "://" in url and not
            url.startswith(("data:", "blob:"))} == {"127.0.0.1"}  # fmt: skip
