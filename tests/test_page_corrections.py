"""Corrections on the page, run without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

from stance import records
from stance.aggregate import sentiment_shares, unsure_labels
from stance.answers.corrections import put_right, review_queue
from stance.browsing import Filters, browsing_table, matching
from stance.hand_label_files import hand_labels_csv
from stance.hand_labels import HandLabel
from stance.page.explained import AS_IT_CAME
from stance.page.reading_room import _display_table
from stance.page.sample import sample_set
from stance.page.state import SAMPLE, CommentSet
from stance.records import ReadResult
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.shares import PICKED_NOTE, corrected_note
from tests.conftest import ROOT, comments, open_view
from tests.test_dashboard import fine, showing

LABELS = f"hand labels {SAMPLE}"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()


def pressed(page: AppTest, label: str) -> AppTest:
    return next(b for b in page.button if b.label == label).click().run()


def shares_switch(page: AppTest) -> bool:
    return any(group.proto.label == "Shares" for group in page.get("button_group"))


def test_the_queue_is_labelled_and_every_view_counts_it(page):
    sample = sample_set()
    queue = review_queue(
        sample.result.comments, sample.scored, "sentiment", sample.copies, ()
    )
    open_view(page, "corrections")
    fine(page)
    page.text_input(key="annotator in corrections").set_value("AB").run()
    for _ in range(3):
        pressed(page, "Positive")
    fine(page)
    labels = page.session_state[LABELS]
    assert [label.comment_id for label in labels][0] == queue[0]
    assert [(label.question, label.label, label.annotator, label.blind) for label in labels] == [
        ("sentiment", "positive", "AB", False)
    ] * 3
    ids = [label.comment_id for label in labels]
    assert len(set(ids)) == 3
    given = sample.scored.set_index(records.COMMENT_ID)[records.SENTIMENT]
    changed = sum(given[comment_id] != "positive" for comment_id in ids)
    assert any(m.value.startswith(f"3 labels are by hand: {changed} ") for m in page.markdown)
    open_view(page, "")
    fine(page)
    assert any("3 comments have labels by hand" in caption.value for caption in page.caption)
    n_positive = int((given == "positive").sum()) + changed
    legend = page.get("plotly_chart")[0].proto.alt
    share = sentiment_shares(sample.scored)["n"].iloc[0]
    assert f"positive {n_positive / share:.0%}".replace("%", " %") in legend
    table = next(t.value for t in page.dataframe if "By hand" in t.value)
    assert (table["By hand"] == "Sentiment").sum() == 3
    assert table.loc[table["By hand"] == "Sentiment", "Confidence"].isna().all()
    by_model = table[(table["By hand"] == "") & (table["Sentiment"] != "–")]
    assert len(by_model) == 64 and by_model["Confidence"].notna().all()
    assert not any(PICKED_NOTE in caption.value for caption in page.caption)
    page.get("button_group")[0].set_value("corrected").run()
    assert any(caption.value == f"{corrected_note()} {PICKED_NOTE}" for caption in page.caption)
    open_view(page, "camps")
    told = "Labels are as the model gave them, but for those by hand in 3 comments; in brackets"
    assert any(told in caption.value for caption in page.caption)
    # Another session sees none of it.
    other = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    assert not any("By hand" in t.value for t in other.dataframe)


def test_labels_are_undone_skipped_and_gone_with_their_set(page):
    open_view(page, "corrections")
    before = [t.value for t in page.text]
    pressed(page, "Negative")
    undo = next(b for b in page.button if b.label.startswith("Undo the last label: Negative for “"))
    undo.click().run()
    assert page.session_state[LABELS] == []
    assert [t.value for t in page.text] == before
    pressed(page, "Skip")
    fine(page)
    assert [t.value for t in page.text] != before
    assert page.session_state[LABELS] == []
    assert any(c.value == "1 comment was skipped for this question." for c in page.caption)
    pressed(page, "Show them again")
    assert [t.value for t in page.text] == before
    open_view(page, "")
    assert showing(page) == "Showing **68** of 68 comments"


def test_teaching_asks_for_labels_then_tells_what_it_is_worth_and_can_be_undone(page):
    open_view(page, "corrections")
    learn = next(b for b in page.button if b.label.startswith("Learn from"))
    assert learn.disabled
    for number in range(15):
        pressed(page, ("Positive", "Negative", "Neutral")[number % 3])
    pressed(page, "Learn from 15 labels")
    fine(page)
    told = next(m.value for m in page.markdown if m.value.startswith("Sentiment: of 15 labels by hand "))
    assert "can’t be told by comments that were picked" in told
    worth = next(t.value for t in page.dataframe if "Right before" in t.value)
    assert worth["Labels"].tolist() == [15]
    (toggle,) = page.toggle
    assert toggle.value is False, "off until it is asked for"
    toggle.set_value(True).run()
    fine(page)
    open_view(page, "")
    fine(page)
    assert any("The model was taught by labels of yours" in note.value for note in page.markdown)
    assert not shares_switch(page), "how a taught model errs is not known: it would change nothing"
    open_view(page, "corrections")
    fine(page)
    assert page.toggle[0].value is True, "it stays on from view to view"
    pressed(page, "Forget what was learned")
    open_view(page, "")
    fine(page)
    assert not any("The model was taught" in note.value for note in page.markdown)
    assert shares_switch(page)


def test_a_set_without_scores_says_so():
    def view() -> None:
        from stance.page.corrections import show_corrections
        from stance.page.state import CommentSet
        from stance.reading import read_comments
        from stance.scoring import score_comments
        from stance.targets import load_targets
        from tests.conftest import FakeClassifier

        result = read_comments(b"id,comment\n1,...\n2,!\n", name="x.csv")
        scored = score_comments(result.comments, FakeClassifier())
        show_corrections(CommentSet("x", result, scored, load_targets()))

    page = AppTest.from_function(view, default_timeout=60).run()
    assert not page.exception
    assert page.info[0].value.startswith("No comment of this set has words that can be scored")


def test_labels_go_out_as_a_file_and_come_back_once(page):
    sample = sample_set()
    ids = [comment.comment_id for comment in sample.result.comments[:2]]
    labels = [HandLabel(i, "ru", "favor", "CD", "2026-11-27T03:00:00Z", False) for i in ids]
    data = hand_labels_csv(labels, sample.result.comments)
    open_view(page, "corrections")
    pressed(page, "Negative")
    page.file_uploader[0].set_value(("labels.csv", data, "text/csv")).run()
    fine(page)
    assert page.session_state[LABELS][1:] == labels
    assert any(e.label == "Labels by hand: 3" for e in page.expander)
    assert any(d.label == "Download 3 labels (CSV)" for d in page.get("download_button"))
    page.run()
    assert len(page.session_state[LABELS]) == 3
    page.file_uploader[0].set_value(("other.csv", b"a,b\n1,2\n", "text/csv")).run()
    fine(page)
    assert page.error[0].value == "These labels were not taken."


@pytest.mark.parametrize(
    ("filters", "empty"),
    [({}, [0]), ({"target": "ru"}, [1]), ({"stance": "favor"}, [1]), ({"target": "us"}, [])],
)
def test_the_list_has_no_confidence_of_a_label_by_hand(fake, filters, empty):
    found = comments("good", "bad", "good too")
    at = "2026-11-27T03:00:00Z"
    held = {
        ("c1", "sentiment"): HandLabel("c1", "sentiment", "neutral", "AB", at, False),
        ("c2", "ru"): HandLabel("c2", "ru", "favor", "AB", at, False),
    }
    scored = put_right(score_comments(found, fake), held)
    result = ReadResult("a", (), tuple(found))
    shown = matching(browsing_table(result, scored), Filters(**filters))
    targets = load_targets()
    unsure = unsure_labels(shown, targets, {"sentiment": 0.0, "stance": 0.0})
    listed = _display_table(shown, unsure, CommentSet("a", result, scored, targets), Filters(**filters))
    assert listed.index[listed["Confidence"].isna()].tolist() == empty


@pytest.mark.parametrize("other", [True, False])
def test_an_explanation_beside_other_labels_says_that_it_is_of_the_model_as_it_came(other):
    def opened(other: bool) -> None:
        from stance.page.explained import show_explanation
        from stance.targets import load_targets

        show_explanation("Thank you America.", load_targets(), other_labels=other)

    page = AppTest.from_function(opened, kwargs={"other": other}, default_timeout=120).run()
    page.selectbox(key="explain").set_value("Sentiment").run()
    fine(page)
    assert any(caption.value == AS_IT_CAME for caption in page.caption) == other
