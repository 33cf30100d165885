"""The page asks about typed targets and other languages, and marks what is untested or unsure."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from stance import cli, read_comments
from stance.model.manifest import read_manifest
from stance.page.adding import _Job
from stance.targets import load_targets
from tests.conftest import ROOT

CSV = (
    "id,name,comment\n1,Ann,The alliance did good\n2,Bob,a bad idea\n3,Cy,who knows\n"
    "4,Di,Und wer bezahlt das alles am Ende?\n"
)
TITLE = "NATO (untested target)"


@pytest.fixture
def page(monkeypatch, fake):
    for module in ("explained", "adding"):
        monkeypatch.setattr(f"stance.page.{module}.shared_classifier", lambda: fake)
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    button(page, "Add comments").click().run()
    page.file_uploader[0].set_value(("mine.csv", CSV.encode(), "text/csv")).run()
    return page


def button(page, label):
    return next(b for b in page.button if b.label == label)


def score(page, typed="", *, any_language=False):
    page.text_area(key="typed targets").set_value(typed)
    page.toggle(key="any language").set_value(any_language).run()
    button(page, "Score 4 comments").click().run()
    assert not page.exception
    return page


def tables(page):
    return {tuple(d.value.columns)[:2]: d.value for d in page.dataframe}


def test_a_typed_target_is_said_back_then_drawn_listed_and_marked(page):
    page.text_area(key="typed targets").set_value("NATO=NATO, the alliance").run()
    assert "NATO, found by: NATO; the alliance" in [text.value for text in page.text]
    score(page, "NATO=NATO, the alliance")
    (held,) = page.session_state["comment_sets"].values()
    assert [target.key for target in held.targets] == ["us", "uk", "ru", "ua", "nato"]
    chart = page.get("plotly_chart")[1].proto
    assert "NATO\\u003cbr\\u003e(untested target)" in chart.spec
    comments = tables(page)[("Author", "Comment")]
    labels = [label.removesuffix(" (unsure)") for label in comments[TITLE]]
    assert labels == ["In favor", "Against", "·", "–"]
    assert list(comments["Mentions"]) == ["The alliance", "", "", ""]
    twin = tables(page)[("About", "Label")]
    assert list(twin.loc[twin["About"] == TITLE, "Comments"]) == ["1 of 3"] * 3
    page.selectbox(key="target").set_value("nato")
    page.selectbox(key="stance").set_value("favor").run()
    assert list(tables(page)[("Author", "Comment")]["Author"]) == ["Ann"]


def test_the_sample_knows_nothing_of_another_sets_targets(page):
    score(page, "NATO")
    page.selectbox(key="target").set_value("nato").run()
    page.selectbox(key="set").set_value("Sample: troops for Ukraine").run()
    assert not page.exception
    assert page.selectbox(key="target").options == [
        "Any", "United States", "United Kingdom", "Russia", "Ukraine",
    ]  # fmt: skip
    assert TITLE not in tables(page)[("Author", "Comment")]


def test_a_target_that_cannot_be_is_refused_in_words_and_nothing_is_scored(page):
    page.text_area(key="typed targets").set_value("NATO\nthe bear = Putin").run()
    assert [error.value for error in page.error] == ["This cannot be asked about."]
    assert (
        "Line 2: Expected a target of its own, found 'Putin', which stands for Russia (ru) already."
        in [text.value for text in page.text]
    )
    assert button(page, "Score 4 comments").disabled
    page.text_area(key="typed targets").set_value("NATO").run()
    assert not page.error
    assert not button(page, "Score 4 comments").disabled


def test_other_languages_are_scored_only_when_asked_for(page):
    assert page.toggle(key="any language").value is False
    score(page, any_language=True)
    held = page.session_state["comment_sets"]["mine.csv"]
    assert list(held.scored["unscored"]) == [""] * 4
    page.selectbox(key="set").set_value("+ Add comments…").run()
    page.file_uploader[0].set_value(("again.csv", CSV.encode(), "text/csv")).run()
    assert page.toggle(key="any language").value is False
    score(page)
    assert any("1 unscored (other language)" in caption.value for caption in page.caption)


def test_the_download_is_the_command_lines_file(page, monkeypatch, tmp_path, fake):
    typed = ["NATO=NATO, the alliance", "sanctions"]
    score(page, "\n".join(typed), any_language=True)
    data = page.session_state["made mine.csv"][""]["export all"]["data"]
    monkeypatch.setattr("stance.model.loading.load", lambda *_, **__: fake)
    monkeypatch.setattr("stance.model.loading.describe", lambda _: "fake")
    (tmp_path / "mine.csv").write_text(CSV)
    out = tmp_path / "out.csv"
    options = [part for target in typed for part in ("--target", target)]
    assert cli.main(["score", str(tmp_path / "mine.csv"), "-o", str(out), "--any-language", *options]) == 0
    assert data == out.read_bytes()
    header = data.decode("utf-8-sig").splitlines()[0]
    assert '"stance_nato","stance_nato_against","stance_nato_none","stance_nato_favor"' in header
    assert '"mentions_sanctions"' in header


def test_single_labels_below_the_threshold_are_marked_in_the_table(page, monkeypatch):
    manifest = replace(read_manifest(), unsure_below={"sentiment": 0.65, "stance": 0.72})
    for module in ("overview", "filtering", "reading_room"):
        monkeypatch.setattr(f"stance.page.{module}.read_manifest", lambda: manifest)
    score(page, "NATO")
    table = tables(page)[("Author", "Comment")]
    # The fake says 0.7 of "good", 0.75 of "bad", 0.6 of the rest.
    assert list(table["Sentiment"]) == ["Positive", "Negative", "Neutral (unsure)", "–"]
    assert list(table[TITLE]) == ["In favor (unsure)", "Against", "· (unsure)", "–"]
    assert list(table["Russia"]) == list(table[TITLE])


def test_the_opened_comment_marks_unsure_labels_and_names_untested_targets(monkeypatch, fake):
    def opened() -> None:
        from stance.aggregate import unsure_labels
        from stance.page.reading_room import _show_opened
        from stance.page.state import CommentSet
        from stance.reading import read_comments
        from stance.records import Comment
        from stance.scoring import score_comments
        from stance.targets import load_targets, typed_target
        from tests.conftest import FakeClassifier

        targets = (*load_targets(), typed_target("NATO", ["the alliance"]))
        comment = Comment("1", "The alliance did <i>good</i>", 1)
        scored = score_comments([comment], FakeClassifier(), targets=targets)
        table = scored.assign(author="Ann", time="", text=comment.text)
        marks = unsure_labels(table, targets, {"sentiment": 0.5, "stance": 0.72})
        result = read_comments(b"id,comment\n1,x\n", name="x.csv")
        _show_opened(table.iloc[0], marks.iloc[0], CommentSet("x.csv", result, scored, targets))

    page = AppTest.from_function(opened, default_timeout=120).run()
    assert not page.exception
    shown = page.dataframe[0].value
    assert list(shown["Label"]) == ["Positive", *["In favor (unsure)"] * 5]
    assert shown["About"].iloc[-1] == TITLE
    assert f'title="{TITLE}"' in page.get("html")[0].proto.body
    assert page.selectbox(key="explain").options[-1] == TITLE


def test_scoring_that_is_left_says_so_when_the_person_comes_back(page):
    page.session_state["job"] = _Job((read_comments(b"comment\nSo it is.\n"),), load_targets(), False)
    page.selectbox(key="set").set_value("Sample: troops for Ukraine").run()
    assert "job" not in page.session_state
    page.selectbox(key="set").set_value("+ Add comments…").run()
    assert [warning.value for warning in page.warning] == [
        "Scoring stopped when you left this view; nothing was kept."
    ]
