"""An export comes back with its texts and scores, whatever its form, and a stranger's file is none."""

import json

import pandas as pd
import pytest

from stance.errors import ReadingError
from stance.reading import read_comments
from stance.restoring import restore
from stance.scoring import score_comments
from stance.targets import load_targets, typed_target
from stance.writing import FORMS

TEXTS = ["=1+1 good", "'tis bad", "two\nlines of it", "NA", "", "ünï \U0001f600 _x0041_", "007 fine"]
TARGETS = (*load_targets(), typed_target("NATO"))


def exported(fake, form, targets=TARGETS):
    rows = [{"id": f"={n}", "text": text, "sentiment": "mine"} for n, text in enumerate(TEXTS)]
    result = read_comments("\n".join(map(json.dumps, rows)).encode(), name="mine")
    scored = score_comments(result.comments, fake, targets=targets)
    return result, scored, FORMS[form](result, scored)


@pytest.mark.parametrize("form", FORMS)
def test_text_and_scores_come_back(form, fake):
    result, scored, data = exported(fake, form)
    found = restore(data, name="again")
    assert [c.text for c in found.result.comments] == TEXTS
    assert [c.comment_id for c in found.result.comments] == [c.comment_id for c in result.comments]
    assert found.result.columns == result.columns
    assert [c.cells for c in found.result.comments] == [c.cells for c in result.comments]
    assert [t.key for t in found.targets] == ["us", "uk", "ru", "ua", "nato"]
    pd.testing.assert_frame_equal(found.scored, scored, atol=1e-6, check_dtype=False)


@pytest.mark.parametrize("form", FORMS)
def test_an_export_of_what_came_back_is_the_export(form, fake):
    _, _, data = exported(fake, form)
    found = restore(data, name="again")
    if form in (".csv", ".jsonl"):
        assert FORMS[form](found.result, found.scored) == data
    else:
        again = restore(FORMS[form](found.result, found.scored), name="again")
        pd.testing.assert_frame_equal(again.scored, found.scored)


def test_a_pasted_page_comes_back(fake):
    page = "Headline\n\nComments\n\nAnna\nWell done, all of you.\n\nBob\nThis is bad news.\n"
    result = read_comments(page.encode(), name="page")
    scored = score_comments(result.comments, fake)
    found = restore(FORMS[".csv"](result, scored), name="page.csv")
    assert [(c.author, c.text) for c in found.result.comments] == [
        (c.author, c.text) for c in result.comments
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"id,text\n1,good\n",
        b"text,comment_id,sentiment\ngood,1,positive\n",
        b'[{"text": "good", "stance_us": "favor"}]',
        b"",
        b"PAR1",
    ],
)
def test_other_files_are_no_exports(data):
    assert restore(data, name="x") is None


def test_an_export_with_a_column_taken_out_is_none(fake):
    _, _, data = exported(fake, ".jsonl")
    rows = [json.loads(line) for line in data.decode().splitlines()]
    for row in rows:
        del row["unscored"]
    assert restore("\n".join(map(json.dumps, rows)).encode(), name="x") is None


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("sentiment_positive", "7", "a number from 0 to 1 in the column sentiment_positive"),
        ("sentiment_positive", "much", "a number from 0 to 1"),
        ("stance_us", "maybe", "one of against, favor, none in the column stance_us"),
    ],
)
def test_a_changed_score_is_refused_with_its_line(fake, column, value, words):
    _, _, data = exported(fake, ".jsonl")
    rows = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    rows[2][column] = value
    with pytest.raises(ReadingError, match=f"{words}.* at line 3"):
        restore("\n".join(map(json.dumps, rows)).encode(), name="x")
