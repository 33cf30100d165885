"""Several people at once, and texts from strangers, in real Chromium: whose data goes where."""

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stance.reading import read_comments
from stance.scoring import score_comments
from stance.writing import scores_csv
from tests.browser import CHROMIUM_FLAGS, served_dashboard
from tests.conftest import ROOT, FakeClassifier
from tests.test_promises import naughty, needs_mounts

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium"),
]
ROWS = 4_000


@pytest.fixture(scope="module")
def served():
    with served_dashboard(ROOT) as served:
        yield served


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


def opened(browser, served):
    """A new person's page, which notes what it asks for, is sent and fails at."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.requests, page.frames_got, page.failures = [], [], []
    page.on("request", lambda request: page.requests.append(request.url))
    page.on("pageerror", lambda error: page.failures.append(str(error)))
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: page.frames_got.append(frame)),
    )
    page.goto(served.address)
    page.get_by_text("Read the comments").wait_for(timeout=60_000)
    return page


def upload(page, name, data, button):
    page.get_by_role("button", name="Add comments").click()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_role("button", name=button).click(timeout=60_000)


def hosts(page):
    urls = [url for url in page.requests if not url.startswith(("data:", "blob:"))]
    return {url.split("/")[2].split(":")[0] for url in urls}


def twin(canary):
    """An export of some megabytes that differs from its twin in the middle only."""
    texts = [f"It is number {n} and it is good" for n in range(ROWS)]
    texts[ROWS // 2] = f"It is {canary} and it is bad"
    data = json.dumps([{"id": str(n), "text": text} for n, text in enumerate(texts)]).encode()
    result = read_comments(data, name="twins.csv")
    return scores_csv(result, score_comments(result.comments, FakeClassifier()))


def test_p32_p33_two_people_with_twin_files_get_their_own(browser, served):
    twins = {canary: twin(canary) for canary in ("canary-a", "canary-b")}
    assert len({len(data) for data in twins.values()}) == 1
    assert all(len(data) > 1 << 20 for data in twins.values())  # where Streamlit looks at parts only
    pages = {}
    for canary, data in twins.items():
        pages[canary] = opened(browser, served)
        upload(pages[canary], "twins.csv", data, "Open 4,000 scored comments")
    for canary, page in pages.items():
        button = page.get_by_role("button", name="Download all 4,000 rows (CSV)")
        button.wait_for(timeout=120_000)
        with page.expect_download(timeout=60_000) as download:
            button.click()
        assert Path(download.value.path()).read_bytes() == twins[canary]
        # The list sends a part of a long set: the row that the twins differ in is asked for.
        page.get_by_label("Text contains").fill("canary")
        page.get_by_label("Text contains").press("Enter")
        page.get_by_text("Showing 1 of 4,000 comments").wait_for(timeout=60_000)
    for canary, page in pages.items():
        (other,) = set(twins) - {canary}
        sent = [f if isinstance(f, bytes) else f.encode() for f in page.frames_got]
        # Long tables come compressed or as Arrow, in which texts stand as they are.
        assert any(canary.encode() in frame for frame in sent)
        assert not any(other.encode() in frame for frame in sent)
        page.close()


@needs_mounts
def test_p4_p31_the_desk_writes_nothing_anywhere(browser, tmp_path):
    """Every disk read-only but an empty folder for temporary files, as docs/deploy.md says."""
    places = [ROOT, "/tmp", "/"]  # /tmp stays in sight: Python itself may lie there
    mounts = "".join(f"mount --bind {at} {at} && mount -o remount,ro,bind {at} && " for at in places[:2])
    mounts += f"mount -o remount,ro,bind / && mount -t tmpfs none {tmp_path} && cd /"
    closed = " && ".join(f"! touch {at}/x 2>/dev/null" for at in places)
    started = f'{mounts} && {closed} && TMPDIR={tmp_path} exec "$@"'
    before = ["unshare", "-m", "sh", "-c", started, "sh"]
    with served_dashboard(Path("/"), before=before) as served:
        page = opened(browser, served)
        upload(page, "mine.csv", b"id,comment\n1,Shame on Moscow.\n2,So what?\n", "Score 2 comments")
        button = page.get_by_role("button", name="Download all 2 rows (CSV)")
        button.wait_for(timeout=120_000)
        with page.expect_download(timeout=60_000) as download:
            button.click()
        assert b"Shame on Moscow." in Path(download.value.path()).read_bytes()
        # torch makes an empty folder.
        written = Path(f"/proc/{served.process.pid}/root{tmp_path}").rglob("*")
        assert not [path for path in written if path.is_file()]


def test_p14_p28_texts_of_strangers_ask_for_nothing_and_break_nothing(browser, served):
    page = opened(browser, served)
    data = json.dumps([{"author": t, "time": t[:30], "text": t} for t in naughty()]).encode()
    upload(page, "![x](http://beacon.example/name.png).json", data, f"Score {len(naughty())} comments")
    n = len(naughty())
    page.get_by_text(f"Showing {n} of {n} comments").wait_for(timeout=120_000)
    # The downloads are drawn last: the rows of the view before are gone then.
    page.get_by_role("button", name=f"Download all {len(naughty())} rows").wait_for(timeout=60_000)
    page.wait_for_timeout(1_500)
    middles = page.evaluate(
        "[...document.querySelectorAll('.point path')].map(e => e.getBoundingClientRect())"
        ".map(box => [box.x + box.width / 2, box.y + box.height / 2])"
    )
    assert len(middles) > 5
    for x, y in middles:
        page.mouse.move(x, y)
        page.wait_for_timeout(50)
    page.locator("[data-testid=stDataFrame]:visible").last.click(position={"x": 12, "y": 55})
    page.wait_for_timeout(1_000)
    assert hosts(page) == {"127.0.0.1"}
    assert page.failures == []
    page.close()


def cpu_seconds(pid):
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_p34_people_who_score_at_once_all_get_their_own():
    """The benchmark in a short form; it fails where someone does not get his own comments."""
    users, comments = os.environ.get("STANCE_USERS", "4"), os.environ.get("STANCE_USERS_COMMENTS", "60")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.users", "--users", users, "--comments", comments],
        cwd=ROOT, check=False, capture_output=True, text=True, timeout=1_800,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2_000:]
    assert f"{users} people, {int(comments):,} comments each" in done.stdout


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc: Linux only")
def test_p35_a_closed_tab_stops_its_job(browser, served):
    page = opened(browser, served)
    many = "id,comment\n" + "".join(f"{i},The Kremlin said {i} things today.\n" for i in range(20_000))
    upload(page, "many.csv", many.encode(), "Score 20,000 comments")
    page.get_by_text("of 20,000 comments, ").wait_for(timeout=120_000)
    before = cpu_seconds(served.process.pid)
    time.sleep(2)
    assert cpu_seconds(served.process.pid) - before > 0.5, "it was scoring"
    page.context.close()
    time.sleep(5)
    after = cpu_seconds(served.process.pid)
    time.sleep(3)
    assert cpu_seconds(served.process.pid) - after < 0.3
