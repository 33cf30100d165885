"""The report's view of the page: what it shows before, and that its file is that of the command line."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from stance.cli import main
from stance.page.sample import sample_set
from stance.report import Subject, Wishes, headlines_of, known_model, make_report
from stance.writing import content_file_name
from tests.conftest import ROOT, open_view
from tests.test_dashboard import fine
from tests.test_report import WISHES

CSV = (
    "id,name,comment\n"
    "01,Ann,Thank you America for standing with Ukraine. We are so grateful.\n"
    "02,Bob,Putin is a war criminal and Russia must pay.\n"
    "03,Cy,Is there a map of the region?\n"
    "04,<b>Dee</b>,Shame on the Russian army ![x](http://beacon.example/x.png)\n"
    "05,Ed,\n"
)


@pytest.fixture
def page():
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()


def make(page):
    next(b for b in page.button if b.label == "Make the report").click().run()
    fine(page)


def file_of(page, name):
    """The report that waits to be downloaded."""
    return page.session_state[f"made {name}"][""]["report"]["file"][1]


def downloads(page):
    return [button.proto.label for button in page.get("download_button")]


def add(page, name, data):
    next(b for b in page.button if b.label == "Add comments").click().run()
    page.file_uploader[0].set_value((name, data, "text/csv")).run()
    next(b for b in page.button if b.label.startswith(("Score", "Open"))).click().run()
    fine(page)


def subject():
    chosen = sample_set()
    return Subject(
        chosen.name, chosen.result, chosen.scored, chosen.targets, copies=chosen.copies
    )


def test_the_view_begins_with_the_headlines_and_makes_the_file_on_demand(page):
    open_view(page, "report")
    fine(page)
    shown = next(m.value for m in page.markdown if m.value.startswith("- ")).replace("\\", "")
    assert shown.split("\n") == [f"- {line}" for line in headlines_of(subject(), known_model())]
    assert not downloads(page)
    make(page)
    expected = make_report(subject(), known_model(), Wishes(date.today(), WISHES.version))
    assert file_of(page, sample_set().name) == expected
    assert downloads(page) == [f"Download the report (HTML, {len(expected) / 1000:,.0f} kB)"]


def test_another_wish_makes_another_file(page):
    open_view(page, "report")
    make(page)
    page.toggle(key="authors").set_value(True).run()
    assert not downloads(page)
    assert any("make it anew" in caption.value for caption in page.caption)
    make(page)
    assert b"Graham Tillotson" in file_of(page, sample_set().name)


def test_comments_are_looked_for_by_their_words_and_quoted(page):
    open_view(page, "report")
    chosen = page.multiselect(key=f"quoted {sample_set().name}")
    assert chosen.options == []
    page.text_input(key="quote").set_value("POSTCARD").run()
    chosen = page.multiselect(key=f"quoted {sample_set().name}")
    (comment,) = [c for c in sample_set().result.comments if "postcard" in c.text]
    assert chosen.options == [f"{comment.text[:80]} · {comment.comment_id}"]
    chosen.set_value([comment.comment_id]).run()
    page.text_input(key="quote").set_value("").run()  # what was chosen stays
    assert page.multiselect(key=f"quoted {sample_set().name}").value == [comment.comment_id]
    make(page)
    wishes = Wishes(date.today(), WISHES.version, quoted=(comment.comment_id,))
    assert file_of(page, sample_set().name) == make_report(subject(), known_model(), wishes)


def test_page_and_command_line_make_the_same_bytes_of_a_file_and_of_its_export(page, tmp_path):
    (tmp_path / "mine.csv").write_text(CSV)
    add(page, "mine.csv", CSV.encode())
    open_view(page, "report")
    make(page)
    day = date.today().isoformat()
    out = tmp_path / "out.html"
    assert main(["report", str(tmp_path / "mine.csv"), "-o", str(out), "--date", day]) == 0
    assert file_of(page, "mine.csv") == out.read_bytes()

    assert main(["score", str(tmp_path / "mine.csv"), "-o", str(tmp_path / "scores.csv")]) == 0
    (tmp_path / "scores.csv.manifest.json").unlink()  # which no upload has
    open_view(page, "")
    add(page, "scores.csv", (tmp_path / "scores.csv").read_bytes())
    open_view(page, "report")
    make(page)
    arguments = ["report", str(tmp_path / "scores.csv"), "-o", str(out), "--date", day, "--force"]
    assert main(arguments) == 0
    assert file_of(page, "scores.csv") == out.read_bytes()
    assert b"the set was opened from a download" in out.read_bytes()


@pytest.mark.parametrize("texts", [("!!", "?"), ("So it is.",) * 3])
def test_sets_that_say_little_have_a_report_too(page, texts):
    data = "id,comment\n" + "".join(f"{i},{text}\n" for i, text in enumerate(texts))
    add(page, "little.csv", data.encode())
    open_view(page, "report")
    make(page)
    assert b"<h2 id=\"checks\">" in file_of(page, "little.csv")


def test_the_file_s_name_is_that_of_its_content():
    assert content_file_name(b"x", ".html", kind="report").startswith("report-2d711642b726b044")
    assert content_file_name(b"x") == "scores-2d711642b726b044.csv"
