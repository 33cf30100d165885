"""A large export is read as a table: the same rows as record by record, or a reason."""

import json

import numpy as np
import pandas as pd
import pytest

from stance import records
from stance.aggregate import sentiment_shares, stance_shares
from stance.browsing import COMMENT_COLUMNS, Filters, browsing_table, matching
from stance.cli import main
from stance.errors import ReadingError
from stance.exported import SaidBeside, open_exported, with_comments
from stance.model.manifest import model_name, read_manifest
from stance.page.sample import PAGE, sample_set
from stance.reading import read_comments
from stance.records import ReadResult
from stance.targets import load_targets
from stance.writing import FORMS, write_scores
from stance.writing.manifests import manifest_path

LIMITS = {"sentiment": 0.5, "stance": 0.6}


def table_of(path):
    return with_comments(path, open_exported(path))


def changed(path, **columns):
    """The file with a column changed by a function."""
    table = pd.read_parquet(path)
    for name, change in columns.items():
        table[name] = change(table[name])
    table.to_parquet(path, index=False)
    return path


def test_it_is_the_table_that_the_page_makes_of_the_records(sample_file):
    sample = sample_set()
    expected = browsing_table(sample.result, sample.scored)
    found = table_of(sample_file)
    assert open_exported(sample_file).targets == load_targets()
    assert list(found.columns) == list(expected.columns)
    for name in expected.columns:
        assert list(found[name].astype(object).fillna("")) == list(
            expected[name].astype(object).fillna("")
        ), name


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(sentiment="positive"),
        Filters(stance="against"),
        Filters(stance="favor", target="ua", confidence=0.5),
        Filters(text="KYIV"),
        Filters(author="a", unsure_below=0.6),
    ],
)
def test_filters_find_the_rows_that_they_find_among_the_records(sample_file, filters):
    sample = sample_set()
    expected = matching(browsing_table(sample.result, sample.scored), filters)
    found = matching(table_of(sample_file), filters)
    assert list(found.index) == list(expected.index)
    assert len(found) > 0
    assert np.allclose(found["confidence"], expected["confidence"], equal_nan=True)


def test_the_shares_are_those_of_the_records(sample_file):
    sample, found = sample_set(), open_exported(sample_file)
    pd.testing.assert_frame_equal(
        sentiment_shares(found.scored, unsure_below=0.5),
        sentiment_shares(sample.scored, unsure_below=0.5),
    )
    pd.testing.assert_frame_equal(
        stance_shares(found.scored, found.targets, unsure_below=0.6),
        stance_shares(sample.scored, sample.targets, unsure_below=0.6),
    )


def test_the_manifest_beside_it_names_the_model_if_it_is_of_this_file(tmp_path):
    path = tmp_path / "scores.parquet"
    typed = ["--target", "NATO=NATO,the alliance"]
    assert main(["score", str(PAGE), "-o", str(path), "--any-language", *typed]) == 0
    found = open_exported(path)
    names = {target.key: list(target.names()) for target in found.targets}
    model = str(model_name(read_manifest()))
    assert found.said == SaidBeside(model, any_language=True, n_rejected=1, names=names)
    assert (found.targets[-1].name, names["nato"]) == ("NATO", ["NATO", "the alliance"])
    assert found.targets[:-1] == load_targets()
    manifest = json.loads(manifest_path(path).read_bytes())
    manifest_path(path).write_text(json.dumps(manifest | {"text_cleaning": 1}))
    assert open_exported(path).said.model == "", "what it reads is not what we give it"
    manifest["rows"] |= {"rejected": {"too many cells": 3, "odd": 2}, "copies": {"exact": 4, "near": 1}}
    manifest_path(path).write_text(json.dumps(manifest))
    said = open_exported(path).said
    assert (said.n_rejected, said.n_copies) == (5, 5)
    manifest["rows"]["copies"] = {"exact": "![x](http://evil)"}
    manifest_path(path).write_text(json.dumps(manifest))
    assert open_exported(path).said == SaidBeside()
    table = pd.read_parquet(path)
    table.iloc[:-1].to_parquet(path, index=False)
    assert open_exported(path).said == SaidBeside()
    manifest_path(path).write_text(json.dumps(manifest | {"targets": {"nato": 3}}))
    assert open_exported(path).said == SaidBeside()
    for said in (b"", b"[1]", b'{"output": 1}', b"\xff"):
        manifest_path(path).write_bytes(said)
        assert open_exported(path).said == SaidBeside()


def test_the_texts_are_of_the_column_that_was_scored(tmp_path):
    """Not of the one that we would have chosen: "comment" holds a moderator's notes here."""
    texts = ["Russia must pay", "Kyiv is right", "no words of note", "?!", "London again"]
    frame = pd.DataFrame({"comment": ["ok", "see note", "fine", "ok", "ok"], "body": texts})
    frame.to_csv(tmp_path / "in.csv", index=False)
    path = tmp_path / "out.parquet"
    assert main(["score", str(tmp_path / "in.csv"), "--text-column", "body", "-o", str(path)]) == 0
    assert list(table_of(path)["text"]) == texts
    table = pd.read_parquet(path).drop(columns="body")
    table.to_parquet(path, index=False)
    with pytest.raises(ReadingError, match="None of its columns has the texts that these scores"):
        table_of(path)


def test_words_of_strangers_are_no_reason(sample_file):
    def reason(column):
        return column.replace("no words", "![x](http://evil/x.png)")

    assert "no words" in set(pd.read_parquet(sample_file)["unscored"])
    with pytest.raises(ReadingError, match="Column 'unscored' holds something else"):
        open_exported(changed(sample_file, unscored=reason))


def test_probabilities_are_between_0_and_1(sample_file):
    table = pd.read_parquet(sample_file)
    row = int((table["sentiment"] == "negative").to_numpy().argmax())
    names = ["sentiment_negative", "sentiment_neutral", "sentiment_positive"]
    table.loc[row, names] = [7.0, -3.0, -3.0]
    table.to_parquet(sample_file, index=False)
    with pytest.raises(ReadingError, match=f"Row {row + 1} has a label in 'sentiment' that its prob"):
        open_exported(sample_file)


def test_rows_beyond_the_limit_are_not_read(sample_file, monkeypatch):
    monkeypatch.setenv("STANCE_MAX_ROWS", "67")
    with pytest.raises(ReadingError, match="Expected a file of at most 67 rows, found 68"):
        open_exported(sample_file)


def test_own_columns_are_known_by_name_or_cells_and_ours_by_their_numbers(tmp_path, sample_file):
    sample = sample_set()
    frame = pd.DataFrame(
        {
            "sentiment": [c.author for c in sample.result.comments],
            "what was said": [c.text for c in sample.result.comments],
            "like count": range(len(sample.result.comments)),
        }
    )
    result = read_comments(frame.to_csv(index=False).encode(), name="other")
    path = tmp_path / "other.parquet"
    ids = [comment.comment_id for comment in result.comments]
    write_scores(result, sample.scored.assign(comment_id=ids), path)
    assert "sentiment_2" in pd.read_parquet(path).columns
    found = table_of(path)
    assert list(found["text"]) == [c.text for c in sample.result.comments]
    assert list(found["likes"]) == [str(n) for n in range(len(found))]
    assert not found["author"].any()
    assert list(found[records.SENTIMENT]) == list(sample.scored[records.SENTIMENT])


def test_an_export_without_rows_is_an_empty_table(tmp_path):
    columns = ("id", "text")
    path = tmp_path / "none.parquet"
    path.write_bytes(FORMS[".parquet"](ReadResult("none", columns, ()), sample_set().scored.iloc[:0]))
    found = table_of(path)
    assert len(found) == 0
    assert list(found.columns)[: len(COMMENT_COLUMNS)] == list(COMMENT_COLUMNS)


def test_what_is_no_export_is_told(tmp_path, sample_file):
    with pytest.raises(ReadingError, match=r"found none that can be read \(No such file"):
        open_exported(tmp_path / "missing.parquet")
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(sample_file.read_bytes()[:-100])
    with pytest.raises(ReadingError, match="found one of another form or a broken one"):
        open_exported(broken)
    other = tmp_path / "other.parquet"
    pd.DataFrame({"text": ["a"]}).to_parquet(other)
    with pytest.raises(ReadingError, match=r"found 'text'\. Score the file first"):
        open_exported(other)


def test_labels_that_were_changed_are_told_with_their_row(sample_file):
    def wrong(column):
        return ["positive" if row == 3 else label for row, label in enumerate(column)]

    assert open_exported(sample_file).scored[records.SENTIMENT][3] != "positive"
    with pytest.raises(ReadingError, match="Row 4 has a label in 'sentiment' that its prob"):
        open_exported(changed(sample_file, sentiment=wrong))


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("sentiment_negative", lambda column: column.astype(str)),
        ("truncated", lambda column: column.astype(int)),
        ("stance_us", lambda column: column.where(column.index > 0)),
        ("unscored", lambda column: range(len(column))),
    ],
)
def test_columns_of_another_kind_are_told(sample_file, column, change):
    with pytest.raises(ReadingError, match=f"Column '{column}' holds something else"):
        open_exported(changed(sample_file, **{column: change}))


@pytest.mark.parametrize("rows", [slice(1, None), slice(None, None, -1)])
def test_a_file_that_changed_between_scores_and_comments_is_told(sample_file, rows):
    scores = open_exported(sample_file)
    pd.read_parquet(sample_file).iloc[rows].to_parquet(sample_file, index=False)
    with pytest.raises(ReadingError, match="It was written anew while it was read"):
        with_comments(sample_file, scores)


def test_labels_by_hand_are_for_the_page(sample_file):
    table = pd.read_parquet(sample_file)
    for name in records.HAND_COLUMNS:
        table[name] = ""
    table.to_parquet(sample_file, index=False)
    with pytest.raises(ReadingError, match="found by_hand, .*Open the file on the page"):
        open_exported(sample_file)
