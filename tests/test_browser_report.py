"""The report in real Chromium: made, downloaded, opened without a request, printed; a chart as an image."""

import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from stance.model.manifest import read_manifest
from tests.browser import CHROMIUM_FLAGS, running_dashboard

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address():
    with running_dashboard() as address:
        yield address


@pytest.fixture(scope="module")
def report(browser, address, tmp_path_factory):
    """The file that the page gives."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/report")
    page.get_by_role("button", name="Make the report").click(timeout=60_000)
    button = page.get_by_role("button", name="Download the report")
    button.wait_for(timeout=60_000)
    with page.expect_download() as download:
        button.click()
    assert re.fullmatch(r"report-[0-9a-f]{16}\.html", download.value.suggested_filename)
    path = tmp_path_factory.mktemp("report") / "report.html"
    download.value.save_as(path)
    page.close()
    return path


@pytest.mark.parametrize("width", [1280, 768, 400])
def test_it_opens_without_a_request_and_fits(browser, report, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    asked, told = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: told.append(message.text))
    page.goto(report.as_uri())
    assert asked == [report.as_uri()] and not told
    assert page.evaluate("document.documentElement.scrollWidth") == width
    tables = "[...document.querySelectorAll('.scroll')].map(x => x.scrollWidth - x.clientWidth)"
    assert set(page.evaluate(tables)) == {0}
    bars = page.locator("svg.bar rect")
    assert bars.count() > 12 and all(
        bars.nth(n).bounding_box()["x"] + bars.nth(n).bounding_box()["width"] <= width
        for n in range(bars.count())
    )
    page.close()


def test_it_prints_on_a4_with_the_whole_hash(browser, report, tmp_path):
    page = browser.new_page()
    page.goto(report.as_uri())
    page.emulate_media(media="print")
    assert page.get_by_text(read_manifest().sha256).count() == 1
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    page.set_viewport_size({"width": 670, "height": 900})  # the width of an A4 page's text
    assert page.evaluate(wide)
    data = page.pdf(path=str(tmp_path / "report.pdf"), prefer_css_page_size=True)
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    assert data.startswith(b"%PDF") and 3 <= pages <= 8
    assert re.search(rb"/MediaBox\s*\[0 0 59[45][.\d]* 84[12][.\d]*\]", data)
    page.close()


def test_a_chart_of_the_page_is_downloaded_as_an_image_of_its_own(browser, address):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    chart = page.locator(".js-plotly-plot").first
    chart.wait_for(timeout=60_000)
    page.wait_for_timeout(1_000)
    chart.hover()
    buttons = chart.locator(".modebar-btn")
    assert buttons.count() == 1
    with page.expect_download() as download:
        buttons.first.click()
    assert download.value.suggested_filename == "sentiment.svg"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    root = ET.fromstring(text)
    words = "".join(root.itertext())
    assert "Negative 51 % (8–62)" in words and "Positive 22 % (14–72)" in words
    assert not re.search(r"https?://", re.sub(r'xmlns(:\w+)?="[^"]*"', "", text))
    # Its ground is the page's: on paper of another colour its letters would be lost.
    ground = root.find(".//{http://www.w3.org/2000/svg}rect").attrib["style"]
    assert "fill: rgb(255, 255, 255)" in ground and "fill-opacity: 1" in ground
    page.close()
