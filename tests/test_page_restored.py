"""A download with labels by hand, or of a model that was taught, opened on the page without a browser."""

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from stance import records
from stance.answers.corrections import corrections, put_right
from stance.hand_labels import HandLabel
from stance.learning import Lesson
from stance.page import reopening
from stance.page.sample import sample_set
from stance.page.state import Learned
from stance.writing import FORMS
from tests.conftest import ROOT, open_view
from tests.test_dashboard import fine, uploaded

NAME = "mine.csv"


@pytest.fixture
def page() -> AppTest:
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()


@pytest.fixture
def labels():
    """Three comments of the sample that the model calls negative."""
    scored = sample_set().scored
    ids = scored.loc[scored[records.SENTIMENT] == "negative", records.COMMENT_ID][:3]
    return [HandLabel(i, "sentiment", "positive", "AB", "2026-11-27T03:00:00Z", False) for i in ids]


def opened(page, labels, learned_from=""):
    table = put_right(sample_set().scored, corrections(labels))
    table = table.assign(**{records.LEARNED_FROM: learned_from}) if learned_from else table
    uploaded(page, (NAME, FORMS[".csv"](sample_set().result, table)))
    told = [caption.value for caption in page.caption]
    next(b for b in page.button if b.label == "Open 68 scored comments").click().run()
    fine(page)
    return told


def captions(page):
    return " ".join(note.value for note in [*page.caption, *page.markdown]).replace("\\", "")


def n_by_hand(page):
    """How many sentiments by hand the list of the Overview shows."""
    table = next(t.value for t in page.dataframe if "By hand" in t.value)
    return int((table["By hand"] == "Sentiment").sum())


def test_corrections_and_audit_know_the_labels_that_a_download_came_with(page, labels):
    told = opened(page, labels)
    assert "It holds 3 labels by hand." in told
    assert "3 comments have labels by hand" in captions(page)
    assert n_by_hand(page) == 3
    open_view(page, "corrections")
    fine(page)
    assert any(
        m.value == "3 labels are by hand: 3 differ from the model’s, 0 confirm it." for m in page.markdown
    )
    given = next(t.value for t in page.dataframe if "Model" in t.value)
    assert given["Label"].tolist() == ["Positive"] * 3 and given["Model"].tolist() == ["Negative"] * 3
    open_view(page, "audit")
    fine(page)
    drawn = page.session_state[f"made {NAME}"][""]["samples"]
    (sample,) = drawn.values()
    counts = sample_set().scored[records.SENTIMENT].value_counts()
    assert {s.given: s.size for s in sample.strata} == {k: n for k, n in counts.items() if k}


def test_a_label_that_is_taken_back_leaves_the_models_and_how_sure_is_not_known(page, labels):
    opened(page, labels)
    open_view(page, "corrections")
    for _ in labels:
        next(b for b in page.button if b.label.startswith("Undo the last label")).click().run()
    fine(page)
    assert any(
        t.value == "Sentiment: the model says negative, how sure it was is not known." for t in page.text
    )
    open_view(page, "")
    fine(page)
    assert "labels by hand" not in captions(page)


def test_what_is_learned_on_a_download_keeps_its_labels_by_hand(page, labels):
    opened(page, labels, "7 labels")
    assert "It was taught by 7 labels, as the download says." in captions(page)
    assert "labels of yours" not in captions(page)
    open_view(page, "report")
    fine(page)
    next(b for b in page.button if b.label == "Make the report").click().run()
    assert b"not known: the set was opened from a download, and its labels came" in newest_report(page)
    page.session_state[f"learned {NAME}"] = Learned(
        {"sentiment": Lesson(np.zeros((385, 3)), 15, 9, 9, 0)}, (), sample_set().scored, used=True
    )
    open_view(page, "")
    fine(page)
    assert n_by_hand(page) == 3
    assert "3 comments have labels by hand" in captions(page)
    assert "The model was taught by labels of yours" in captions(page)
    assert "Opened from a download" not in captions(page)
    open_view(page, "report")
    next(b for b in page.button if b.label == "Make the report").click().run()
    fine(page)
    assert b"with heads that 15 labels of this set taught" in newest_report(page)


def newest_report(page):
    made = page.session_state[f"made {NAME}"]
    (data,) = [parts["report"]["file"][1] for parts in made.values() if "file" in parts.get("report", {})]
    return data


def test_a_large_export_can_be_scored_again_instead_and_taken_over_after_all(page, monkeypatch):
    def halted(_result, *, on_progress):
        on_progress(0.25)
        st.stop()

    monkeypatch.setattr(reopening, "_AT_ONCE", 10)
    with monkeypatch.context() as at_work:
        at_work.setattr(reopening, "restore", halted)
        uploaded(page, (NAME, FORMS[".csv"](sample_set().result, sample_set().scored)))
        (bar,) = page.get("progress")
        assert (bar.proto.value, bar.proto.text[-4:]) == (25, "25 %")
        next(b for b in page.button if b.label == "Score again instead").click().run()
    fine(page)
    assert "Opening it was stopped. All comments will be scored anew." in [t.value for t in page.text]
    assert not [each.value for each in page.warning], "they could be taken over"
    assert any(b.label == "Score 68 comments" for b in page.button)
    next(b for b in page.button if b.label == "Open it with its scores after all").click().run()
    fine(page)
    assert any(b.label == "Open 68 scored comments" for b in page.button)
    assert not page.get("progress")
