"""Exports with labels by hand or of a model that was taught come back as what they were made of."""

import json

import numpy as np
import pandas as pd
import pytest

from stance import records
from stance.answers.audit import audit_result, draw_sample
from stance.answers.corrections import corrections, how_sure, n_changed, put_right
from stance.hand_labels import HandLabel
from stance.reading import read_comments
from stance.restoring import Restored, restore
from stance.scoring import score_comments
from stance.writing import FORMS
from tests.conftest import FakeClassifier

TEXTS = ["good America", "bad Russia", "a map of Ukraine", "bad London", "…", "good good"]
TAIL = (*records.HAND_COLUMNS, records.LEARNED_FROM)


def hand(comment_id, label, question="sentiment", annotator="AB", second=0):
    return HandLabel(comment_id, question, label, annotator, f"2026-11-27T03:00:{second:02}Z", False)


def exported(form=".csv", own=None, learned_from="12 labels"):
    """A set, the model's table, the labels that were given, and the export of all that."""
    rows = [{"id": str(n), "comment": text} | (own or {}) for n, text in enumerate(TEXTS)]
    result = read_comments(json.dumps(rows).encode(), name="mine.json", text_column="comment")
    scored = score_comments(result.comments, FakeClassifier())
    labels = (
        hand("1", "neutral"),
        hand("1", "none", "ru", "", 1),
        hand("0", "positive", annotator="=A", second=2),
        hand("3", "favor", "uk", "", 3),
        hand("4", "neutral", second=4),  # has no words, so the model gave it no label
    )
    table = put_right(scored, corrections(labels))
    table = table.assign(**{records.LEARNED_FROM: learned_from}) if learned_from else table
    return result, scored, labels, FORMS[form](result, table)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("own", [None, {"by_hand": "x", "learned_from": "y"}])
@pytest.mark.parametrize("learned_from", ["", "1 label", "1,234 labels"])
def test_labels_by_hand_and_what_taught_the_model_come_back(form, own, learned_from):
    result, scored, labels, data = exported(form, own, learned_from)
    again = read_comments(data, name=f"x{form}", text_column="comment")
    found = restore(again)
    assert isinstance(found, Restored), found
    assert found.result.columns == result.columns
    assert found.labels == labels
    assert found.learned_from == {"": 0, "1 label": 1, "1,234 labels": 1234}[learned_from]
    assert tuple(found.scored.columns) == tuple(scored.columns), "no column of labels by hand is left"
    assert n_changed(found.scored, corrections(found.labels)) == 4
    table = put_right(found.scored, corrections(found.labels))
    if learned_from:
        table = table.assign(**{records.LEARNED_FROM: learned_from})
    assert FORMS[form](found.result, table) == data, "the views and exports are as before"


def test_the_models_label_is_known_and_how_sure_it_was_is_not():
    _, scored, _, data = exported()
    found = restore(read_comments(data))
    labels = [records.SENTIMENT, *(records.stance_label(key) for key in ("us", "uk", "ru", "ua"))]
    pd.testing.assert_frame_equal(found.scored[labels], scored[labels])
    row = found.scored.iloc[1]
    assert how_sure(row, "sentiment") is how_sure(row, "ru") is None
    assert how_sure(row, "us") == pytest.approx(0.75)
    without_words = found.scored.iloc[4]
    assert without_words["sentiment"] == "" and np.isnan(without_words["sentiment_neutral"])
    # A label that is taken back leaves an export that opens, and still says that it is not known.
    data = FORMS[".csv"](found.result, found.scored)
    twice = restore(read_comments(data))
    assert isinstance(twice, Restored), twice
    assert twice.labels == () and how_sure(twice.scored.iloc[1], "sentiment") is None


def test_an_audit_never_counts_a_persons_label_as_the_models():
    _, _, _, data = exported()
    found = restore(read_comments(data))
    sample = draw_sample(found.scored, "sentiment")
    assert {stratum.given: stratum.size for stratum in sample.strata} == {
        "negative": 2, "neutral": 1, "positive": 2
    }  # fmt: skip
    blind = [HandLabel("1", "sentiment", "neutral", "C", "2026-11-27T04:00:00Z", True)]
    assert audit_result(sample, [*found.labels, *blind], "C").pairs == {("negative", "neutral"): ("1",)}


@pytest.mark.parametrize("form", FORMS)
def test_a_restored_set_that_is_put_right_once_more_opens_again(form):
    _, _, labels, data = exported(form)
    found = restore(read_comments(data, name=f"x{form}"))
    more = (*found.labels, hand("5", "negative", second=9))
    # The order in which the columns come to be does not matter.
    table = found.scored.assign(**{records.LEARNED_FROM: "12 labels"})
    table = put_right(table, corrections(more))
    assert tuple(table.columns[-5:]) == TAIL
    again = restore(read_comments(FORMS[form](found.result, table), name=f"x{form}"))
    assert isinstance(again, Restored), again
    assert again.labels == (*labels, more[-1]) and again.learned_from == 12


@pytest.mark.parametrize(
    ("row", "column", "value", "words"),
    [
        (1, "by_hand", "mood; ru", "Line 2 has something else in 'by_hand'."),
        (1, "by_hand", "sentiment; sentiment", "Line 2 has something else in 'by_hand'."),
        (1, "by_hand", "sentiment; nato", "Line 2 has something else in 'by_hand'."),
        (1, "by_hand", "sentiment", "Line 2 has something else in 'model_labels'."),
        (1, "by_hand", "", "Line 2 has something else in 'model_labels'."),
        (2, "by_hand", "sentiment", "Line 3 has something else in 'sentiment_neutral'."),
        (1, "model_labels", "negative", "Line 2 has something else in 'model_labels'."),
        (1, "model_labels", "negative; sunny", "Line 2 has something else in 'model_labels'."),
        (1, "model_labels", "negative; ", "Line 2 has something else in 'model_labels'."),
        (4, "model_labels", "neutral", "Line 5 has something else in 'model_labels'."),
        (1, "annotator", "A; B; C", "Line 2 has something else in 'annotator'."),
        (2, "annotator", "A", "Line 3 has something else in 'annotator'."),
        (1, "annotated_at", "today; today", "Line 2 has something else in 'annotated_at'."),
        (1, "annotated_at", "", "Line 2 has something else in 'annotated_at'."),
        (1, "sentiment", "unclear", "Line 2 has something else in 'sentiment'."),
        (1, "sentiment", "", "Line 2 has something else in 'sentiment'."),
        (1, "sentiment", "positive", "Line 2 has something else in 'sentiment_positive'."),
        (1, "sentiment_neutral", None, "Line 2 has something else in 'sentiment_neutral'."),
        (1, "stance_ru_none", 0.4, "Line 2 has something else in 'stance_ru_none'."),
        (0, "learned_from", "many labels", "Line 1 has something else in 'learned_from'."),
        (0, "learned_from", "0 labels", "Line 1 has something else in 'learned_from'."),
        (0, "learned_from", "9" * 5000 + " labels", "Line 1 has something else in 'learned_from'."),
        (3, "learned_from", "13 labels", "Line 4 has another number in 'learned_from'."),
    ],
)  # fmt: skip
def test_a_cell_that_does_not_fit_is_told_with_its_line(row, column, value, words):
    rows = [json.loads(line) for line in exported(".jsonl")[-1].decode().splitlines()]
    assert isinstance(restore(read_comments("\n".join(map(json.dumps, rows)).encode())), Restored)
    rows[row][column] = value
    if (column, value) == ("by_hand", "sentiment") and row == 2:
        rows[row] |= {"model_labels": "neutral", "annotator": "A", "annotated_at": "2026-11-27T03:00:00Z"}
    assert restore(read_comments("\n".join(map(json.dumps, rows)).encode())) == words
