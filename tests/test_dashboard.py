"""The page's logic, run without a browser."""

import json
import re
import tomllib
from dataclasses import replace
from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from stance import load_classifier, read_comments, score_comments
from stance.aggregate import rows_of, sentiment_shares
from stance.amounts import share_text
from stance.answers.camps import find_camps
from stance.explaining import explain
from stance.model.mistakes import read_mistakes
from stance.page import reading_room
from stance.page.plain import FAILED
from stance.page.sample import sample_set
from stance.page.state import CommentSet
from stance.records import SENTIMENT, stance_label
from stance.targets import load_targets
from stance.wording.camps import camps_sentence
from stance.wording.shares import CHANCE_NOTE, corrected_note, restored_note
from stance.wording.titles import target_titles
from tests.conftest import ROOT, open_view

CSV = "id,name,comment\n01,Ann,Thank you America for standing with Ukraine.\n02,Bob,\n03,Cy,NA\n"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()


def fine(page):
    """Nothing failed that no rule foresaw."""
    assert not page.exception
    assert FAILED not in [error.value for error in page.error]


def showing(page: AppTest) -> str:
    return next(m.value for m in page.markdown if m.value.startswith("Showing"))


def test_it_opens_on_the_scored_sample(page):
    fine(page)
    assert page.selectbox(key="set").value == "Sample: troops for Ukraine"
    assert showing(page) == "Showing **68** of 68 comments"
    assert len(page.get("plotly_chart")) == 2
    assert any("1 unscored (no words)" in caption.value for caption in page.caption)


def test_filters_count_what_the_scores_say_and_clearing_shows_all(page):
    scored = sample_set().scored
    page.selectbox(key="target").set_value("ua")
    page.selectbox(key="stance").set_value("favor").run()
    expected = int((scored[stance_label("ua")] == "favor").sum())
    assert showing(page) == f"Showing **{expected}** of 68 comments"
    page.text_input(key="text").set_value("no comment says this").run()
    assert page.info[0].value.startswith("None of 68 comments fits these filters")
    next(b for b in page.button if b.label == "Clear filters").click().run()
    assert showing(page) == "Showing **68** of 68 comments"


def test_filters_come_from_the_address():
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    page.query_params["sentiment"] = "Positive"
    page.run()
    expected = int((sample_set().scored[SENTIMENT] == "positive").sum())
    assert showing(page) == f"Showing **{expected}** of 68 comments"


def test_an_uploaded_csv_is_scored_like_the_api_and_can_be_removed(page):
    next(b for b in page.button if b.label == "Add comments").click().run()
    page.file_uploader[0].set_value(("mine.csv", CSV.encode(), "text/csv")).run()
    fine(page)
    next(b for b in page.button if b.label == "Score 3 comments").click().run()
    fine(page)
    assert page.selectbox(key="set").value == "mine.csv"
    assert showing(page) == "Showing **3** of 3 comments"
    shown = page.session_state["comment_sets"]["mine.csv"].scored
    result = read_comments(CSV.encode(), name="mine.csv")
    expected = score_comments(result.comments, load_classifier())
    assert shown[SENTIMENT].tolist() == expected[SENTIMENT].tolist()
    assert shown["unscored"].tolist() == ["", "empty", ""]
    next(b for b in page.button if b.label == "Remove this set").click().run()
    fine(page)
    assert "mine.csv" not in page.session_state["comment_sets"]
    assert page.selectbox(key="set").value == "Sample: troops for Ukraine"
    assert not any("does not hold" in info.value for info in page.info)
    assert any(b.label == "Add comments" for b in page.button)


def held(page):
    """All that a session holds, keys and values, as text."""
    return {key: repr(value) for key, value in page.session_state._state.filtered_state.items()}


@pytest.mark.parametrize("path", ["", "voices", "compare", "time", "corrections", "report"])
def test_nothing_in_the_session_names_a_set_that_was_removed(path, fake, monkeypatch):
    monkeypatch.setattr(reading_room, "PAGE_ROWS", 20)
    rows = "".join(f"2025-0{3 + n // 40}-0{1 + n % 9},Xylem{n % 2},bad zebra {n}\n" for n in range(80))
    result = read_comments(f"date,kingfisher,comment\n{rows}".encode(), name="quagga.csv")
    one = CommentSet("quagga.csv", result, score_comments(result.comments, fake), load_targets())
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    page.session_state["comment_sets"] = {one.name: one}
    asked = {"set": one.name, "text": "zebra", "by": "Column “kingfisher”", "group": "Xylem1"}
    asked |= {"reference": "Xylem1", "quote": "zebra", "period": "Mar 2025", "step": "Month"}
    page.query_params.update(asked)
    open_view(page.run(), path)
    page.query_params.update(asked)  # AppTest's link has no address
    page.run().run()
    fine(page)
    words = ("quagga", "zebra", "Xylem", "kingfisher", "Mar 2025")
    assert any(word in key + text for key, text in held(page).items() for word in words)
    next(b for b in page.button if b.label == "Remove this set").click().run()
    fine(page)
    left = {key: text for key, text in held(page).items() if any(word in key + text for word in words)}
    assert left == {}


def test_p13_a_bad_file_gives_a_message_and_a_good_one_is_accepted_afterwards(page):
    next(b for b in page.button if b.label == "Add comments").click().run()
    page.file_uploader[0].set_value(("bad.csv", b"PK\x03\x04\x00", "text/csv")).run()
    fine(page)
    assert page.error[0].value == "This could not be read as comments."
    page.file_uploader[0].set_value(("good.csv", CSV.encode(), "text/csv")).run()
    assert not page.error
    assert any(b.label == "Score 3 comments" for b in page.button)


def test_json_with_replies_is_read_and_its_broken_entry_is_told(page):
    next(b for b in page.button if b.label == "Add comments").click().run()
    data = b'[{"id": 1, "text": "Putin lies.", "replies": [{"id": 2, "text": "He does."}]}, 7]'
    page.file_uploader[0].set_value(("talk.json", data, "application/json")).run()
    fine(page)
    assert any(b.label == "Score 2 comments" for b in page.button)
    notes = next(t.value for t in page.text if "JSON" in t.value)
    assert "Replies inside other comments became rows of their own: 1." in notes
    assert any(e.label == "1 row not used, with the reason" for e in page.expander)


def test_an_empty_file_is_told(page):
    next(b for b in page.button if b.label == "Add comments").click().run()
    page.file_uploader[0].set_value(("empty.csv", b"", "text/csv")).run()
    fine(page)
    assert page.error[0].value == "This could not be read as comments."
    assert any("found an empty file (0 bytes)" in text.value for text in page.text)


def test_the_card_is_a_page_of_the_dashboard():
    def about() -> None:
        from stance.page.about import show_about

        show_about()

    page = AppTest.from_function(about, default_timeout=60).run()
    fine(page)
    assert not page.warning
    assert len(page.get("plotly_chart")) == 4
    assert any("# Model card: minilm-l6-stance" in m.value for m in page.markdown)


def test_a_pasted_page_shows_what_was_understood(page):
    next(b for b in page.button if b.label == "Add comments").click().run()
    text = (ROOT / "tests" / "pages" / "press_review.txt").read_text()
    page.text_area[0].set_value(text).run()
    fine(page)
    assert any("Author on one line" in element.value for element in page.text)
    assert any(b.label == "Score 5 comments" for b in page.button)


def test_a_table_without_a_text_column_can_be_mended_on_the_page(page):
    next(b for b in page.button if b.label == "Add comments").click().run()
    csv = "a,b\n1,4\n2,5\n3,6\n"
    page.file_uploader[0].set_value(("odd.csv", csv.encode(), "text/csv")).run()
    assert page.error[0].value == "This could not be read as comments."
    next(s for s in page.selectbox if s.label == "Comment text").set_value("b").run()
    assert not page.error
    assert any(b.label == "Score 3 comments" for b in page.button)


def test_a_page_pasted_after_an_upload_is_the_one_that_is_read(page):
    next(b for b in page.button if b.label == "Add comments").click().run()
    page.file_uploader[0].set_value(("bad.csv", b"PK\x03\x04\x00", "text/csv")).run()
    assert page.error
    text = (ROOT / "tests" / "pages" / "press_review.txt").read_text()
    page.text_area[0].set_value(text).run()
    assert not page.error
    assert any(b.label == "Score 5 comments" for b in page.button)


def test_a_set_named_like_an_entry_of_the_picker_gets_a_number(page):
    next(b for b in page.button if b.label == "Add comments").click().run()
    next(t for t in page.text_input if t.label == "Name of this set").set_value(
        "Sample: troops for Ukraine"
    )
    text = (ROOT / "tests" / "pages" / "press_review.txt").read_text()
    page.text_area[0].set_value(text).run()
    next(b for b in page.button if b.label == "Score 5 comments").click().run()
    assert page.selectbox(key="set").value == "Sample: troops for Ukraine (2)"
    assert showing(page) == "Showing **5** of 5 comments"


def test_an_opened_comment_is_explained_when_a_target_is_chosen():
    def opened() -> None:
        from stance.page.explained import show_explanation
        from stance.targets import load_targets, typed_target

        asked_of = (*load_targets(), typed_target("NATO"))
        show_explanation("Thank you <b>America</b>, at last someone helps.", asked_of)

    page = AppTest.from_function(opened, default_timeout=120).run()
    box = page.selectbox(key="explain")
    assert (box.value, len(page.get("html"))) == (None, 0)
    assert box.options == [
        "Sentiment", "United States", "United Kingdom", "Russia", "Ukraine", "NATO (untested target)",
    ]  # fmt: skip
    box.set_value("United States").run()
    fine(page)
    text = "Thank you <b>America</b>, at last someone helps."
    found = explain(text, load_targets()[0], load_classifier())
    table = page.dataframe[0].value
    assert table["Words"].tolist() == [text[s.start : s.end] for s in found.strongest()]
    assert table["Weight"].tolist() == pytest.approx([s.weight for s in found.strongest()])
    (marks,) = page.get("html")
    shown = re.sub(r"</?mark[^>]*>", "", marks.proto.body)
    assert "Thank you &lt;b&gt;America&lt;/b&gt;, at last someone helps." in shown
    assert "speak in favor (United States), unbroken line" in marks.proto.body
    assert any("P(in favor) − P(against)" in caption.value for caption in page.caption)
    page.selectbox(key="explain").set_value("Sentiment").run()
    assert "make it more positive, unbroken line" in page.get("html")[0].proto.body


def uploaded(page, *files):
    next(b for b in page.button if b.label == "Add comments").click().run()
    page.file_uploader[0].set_value([(name, data, "text/csv") for name, data in files]).run()
    fine(page)


def test_several_files_become_a_set_each_and_a_bad_one_is_left_out(page):
    uploaded(page, ("one.csv", CSV.encode()), ("two.csv", b"id,comment\n1,So it is.\n"), ("no.csv", b""))
    assert page.error[0].value == "This could not be read as comments."
    assert page.warning[0].value.startswith("Left out: 1 of 3 files, for they could not be read or hold")
    label = "Score 4 comments of 2 files, each a set of its own"
    next(b for b in page.button if b.label == label).click().run()
    fine(page)
    sets = page.session_state["comment_sets"]
    assert {name: len(kept.scored) for name, kept in sets.items()} == {"one.csv": 3, "two.csv": 1}
    assert page.selectbox(key="set").value == "one.csv"
    alone = score_comments(read_comments(CSV.encode(), name="one.csv").comments, load_classifier())
    assert sets["one.csv"].scored.equals(alone)


def test_a_choice_of_columns_holds_for_the_next_file_with_these_columns(page):
    def chosen(label="Comment text"):
        return [s for s in page.selectbox if s.label == label]

    first, other = b"a,b\n1,4 x\n2,5 y\n", b"a,c\n1,4 x\n2,5 y\n"
    uploaded(page, ("one.csv", first))
    chosen()[0].set_value("a").run()
    assert any("column \"a\" (chosen)" in t.value for t in page.text)
    page.file_uploader[0].set_value([("two.csv", first + b"3,6 z\n", "text/csv")]).run()
    assert any(t.value == "As you chose for another file with these columns: Comment text: a"
               for t in page.text)  # fmt: skip
    assert any("column \"a\" (chosen)" in t.value for t in page.text)
    next(t for t in page.toggle if t.label == "Use that here too").set_value(False).run()
    assert any('column "b" (by its long' in t.value for t in page.text)
    page.file_uploader[0].set_value([("three.csv", other, "text/csv")]).run()
    assert any("column \"c\" (by its long" in t.value for t in page.text)


def test_repeated_comments_are_counted_and_marked(page):
    data = "id,comment\n1,Well said!\n2,No.\n3,well said\n4,Well said!\n"
    uploaded(page, ("repeats.csv", data.encode()))
    next(b for b in page.button if b.label == "Score 4 comments").click().run()
    assert any(c.value.startswith("2 comments repeat an earlier one (1 word for word).")
               for c in page.caption)  # fmt: skip
    (table,) = (d.value for d in page.dataframe if "Comment" in d.value)
    assert table["Repeats"].tolist() == ["", "", "same words", "word for word"]


def test_p12_more_files_than_the_limit_are_refused_with_how_to_raise_it(page, monkeypatch):
    monkeypatch.setenv("STANCE_MAX_UPLOADS", "1")
    uploaded(page, ("one.csv", CSV.encode()), ("two.csv", CSV.encode()))
    assert page.error[0].value == "These files were not taken."
    assert any("at most 1 files, found 2" in t.value and "STANCE_MAX_UPLOADS" in t.value
               for t in page.text)  # fmt: skip


def test_p30_what_nobody_foresaw_is_told_without_its_content(page, monkeypatch, caplog):
    def broken(*arguments):
        raise ValueError("CANARY: what a reader wrote")

    monkeypatch.setattr("stance.page.reading_room.matching", broken)
    page.run()
    assert not page.exception
    assert page.error[0].value == FAILED
    assert any("report this: ValueError at test_dashboard.py:" in t.value for t in page.text)
    ours = [r for r in caplog.records if r.name.startswith("stance")]
    assert [r.levelname for r in ours] == ["ERROR"]
    assert "CANARY" not in caplog.text
    assert not any("CANARY" in str(element) for element in page.main)


def test_an_export_opens_with_its_scores_and_without_the_model(page, monkeypatch):
    stored = (ROOT / "data" / "sample_scores.csv").read_bytes()

    def unwanted(*arguments, **options):
        raise AssertionError("nothing is to be scored")

    monkeypatch.setattr("stance.page.adding.score_comments", unwanted)
    uploaded(page, ("mine.csv", stored))
    assert page.success[0].value.startswith("An export of this desk")
    next(b for b in page.button if b.label == "Open 68 scored comments").click().run()
    fine(page)
    kept = page.session_state["comment_sets"]["mine.csv"]
    assert kept.result.columns == ("author", "time", "likes", "reply_to", "text")
    assert kept.scored.equals(sample_set().scored)
    # Whose mistakes these would be is not known.
    assert any(note.value.replace("\\", "").endswith(restored_note()) for note in page.markdown)
    assert CHANCE_NOTE in " ".join(caption.value for caption in page.caption)
    assert not [group for group in page.get("button_group") if group.proto.label == "Shares"]


def test_a_new_file_and_an_export_are_told_apart_on_the_button(page):
    stored = (ROOT / "data" / "sample_scores.csv").read_bytes()
    uploaded(page, ("new.csv", CSV.encode()), ("mine.csv", stored))
    label = "Score 3 comments and open 68 scored comments of 2 files, each a set of its own"
    assert any(b.label == label for b in page.button)


def test_an_edited_export_is_scored_anew_and_says_why(page):
    stored = (ROOT / "data" / "sample_scores.csv").read_bytes()
    uploaded(page, ("mine.csv", stored.replace(b'"positive"', b'"negative"', 1)))
    assert page.warning[0].value.startswith("This looks like an export of this desk, but its scores")
    assert any("has a label in 'sentiment' that its probabilities do not give" in t.value
               for t in page.text)  # fmt: skip
    assert any(b.label == "Score 68 comments" for b in page.button)


def test_p12_a_file_over_the_limit_is_refused_in_our_own_code_too(page, monkeypatch):
    monkeypatch.setattr("stance.page.adding.upload_limit", lambda: 40)
    uploaded(page, ("large.csv", CSV.encode()), ("small.csv", b"id,comment\n1,So it is.\n"))
    assert page.error[0].value == "A file was not taken."
    assert any(f"at most 40 bytes, found {len(CSV)} in 'large.csv'" in t.value for t in page.text)
    assert any(b.label == "Score 1 comment" for b in page.button)


def test_a_page_of_which_nothing_is_left_says_so(page, monkeypatch):
    def without_comments(result, rows):
        return replace(result, comments=())

    monkeypatch.setattr("stance.page.checking.with_edits", without_comments)
    next(b for b in page.button if b.label == "Add comments").click().run()
    page.text_area[0].set_value((ROOT / "tests" / "pages" / "press_review.txt").read_text()).run()
    fine(page)
    assert page.info[0].value.startswith("No comment is left to be scored.")
    assert not any(b.label.startswith("Score") for b in page.button)


def test_garbage_is_collected_when_a_session_begins_and_not_after_every_run(monkeypatch):
    """A collection halts every session."""
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    assert settings["runner"]["postScriptGC"] is False
    begun = []
    monkeypatch.setattr("stance.page.state.gc", SimpleNamespace(collect=lambda: begun.append(1)))
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    n_begun = len(begun)
    page.run()
    page.run()
    AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    assert len(begun) - n_begun == n_begun, "none by more runs, as many again by a second session"
    assert n_begun >= 1


def test_corrected_shares_are_shown_on_request():
    shown = {}
    for choice in ("As counted", "Corrected"):
        page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
        page.query_params["shares"] = choice
        page.run()
        fine(page)
        sentiment, *_ = (json.loads(chart.proto.spec) for chart in page.get("plotly_chart"))
        shown[choice] = [trace["name"] for trace in sentiment["data"] if trace.get("name")][:3]
        assert any(caption.value == corrected_note() for caption in page.caption) == (choice == "Corrected")
        assert any("as counted on 500 other comments" in caption.value for caption in page.caption)
    shares = sentiment_shares(sample_set().scored, mistakes=read_mistakes())
    # `page` is the corrected one: what is pointed at and what is read aloud says so.
    sentiment, sides = page.get("plotly_chart")
    (hover, *_) = json.loads(sentiment.proto.spec)["data"][0]["hovertext"]
    first = rows_of(shares)[0]
    assert hover.startswith(f"Negative: {first.count} of 67 counted; corrected ")
    assert sentiment.proto.alt.startswith("Sentiment of 67 comments, corrected: negative ")
    assert "of 67 comments (corrected)." in sides.proto.alt
    assert json.loads(sides.proto.spec)["layout"]["xaxis"]["title"]["text"] == "corrected share of comments"
    assert any("67 comments · corrected" in m.value for m in page.markdown)
    for row, counted, corrected in zip(rows_of(shares), *shown.values(), strict=True):
        assert counted.endswith(share_text(row.share, row.low, row.high))
        assert corrected.endswith(share_text(row.corrected, row.low, row.high))
    assert shown["As counted"] != shown["Corrected"]


def test_other_ways_of_counting_say_what_a_set_is_not_counted_by():
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    page.query_params["counted"] = "Russia"
    open_view(page.run(), "voices")
    fine(page)
    assert page.selectbox(key="counted").value == "ru"
    assert any("In both ways of counting" in m.value and "Russia" in m.value for m in page.markdown)
    left_out = "Not shown: with likes (no comment has likes), no replies (no comment is known to be"
    assert any(left_out in caption.value.replace("\\", "") for caption in page.caption)
    charts = page.get("plotly_chart")
    names = {name for trace in json.loads(charts[0].proto.spec)["data"] for name in trace.get("y") or ()}
    assert {name.replace("<br>", " ") for name in names} >= {
        "Every comment (67 comments)",
        "Every author once (62 authors)",
    }


def test_camps_are_listed_with_what_is_in_none(page):
    open_view(page, "camps")
    fine(page)
    camps = find_camps(sample_set().scored, load_targets())
    sentence = next(m.value for m in page.markdown if "toward nobody else" in m.value)
    assert sentence.replace("\\", "") == camps_sentence(camps, target_titles(load_targets()))
    table = next(table.value for table in page.dataframe if "Camp" in table.value)
    assert table["Comments"].tolist() == [f"{camp.n} of 67" for camp in camps.largest]
