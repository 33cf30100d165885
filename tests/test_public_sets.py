"""Figures on public sets: the papers' metrics, on files made here."""

import gzip
import json

import pytest

from stance.errors import ReadingError
from stance.public_sets import evaluate_public, measured_texts, read_public


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_each_set_is_measured_as_its_paper_does(tmp_path, fake):
    write(tmp_path / "sentiment" / "tweeteval_valtest.jsonl.gz", [
        {"text": "good", "sentiment": "positive", "split": "test"},
        {"text": "bad", "sentiment": "negative", "split": "test"},
        {"text": "so so", "sentiment": "neutral", "split": "test"},
        {"text": "well", "sentiment": "positive", "split": "test"},
        {"text": "good", "sentiment": "negative", "split": "val"},
    ])  # fmt: skip
    write(tmp_path / "stance" / "pstance.jsonl.gz", [
        {"text": "good", "target": "Joe Biden", "stance": "favor", "split": "test"},
        {"text": "bad", "target": "Joe Biden", "stance": "against", "split": "test"},
        {"text": "good", "target": "Trump", "stance": "against", "split": "test"},
    ])  # fmt: skip
    tweets, pstance = evaluate_public(read_public(tmp_path), fake)
    # Recall: negative 1, neutral 1, positive 1 of 2.
    assert (tweets.name, tweets.n) == ("TweetEval sentiment", 4)
    assert tweets.value == pytest.approx((1 + 1 + 0.5) / 3)
    assert tweets.majority == pytest.approx(1 / 3)
    # F1 of against 2/3 (one of two found), of favor 2/3 (one of two right).
    assert (pstance.n, pstance.value) == (3, pytest.approx(2 / 3))
    assert pstance.low <= pstance.value <= pstance.high


def test_polarity_counts_as_stance_and_task_b_is_left_out(tmp_path, fake):
    write(tmp_path / "tds" / "newsmtsc.jsonl.gz", [
        {"text": "good", "target": "Mr. Trump", "polarity": "positive", "split": "test"},
        {"text": "bad", "target": "Mr. Trump", "polarity": "negative", "split": "test"},
        {"text": "fine", "target": "Mr. Trump", "polarity": "neutral", "split": "test"},
    ])  # fmt: skip
    write(tmp_path / "evaluation_only" / "semeval2016.jsonl.gz", [
        {"text": "good", "target": "Atheism", "stance": "favor", "split": "test"},
        {"text": "bad", "target": "Atheism", "stance": "against", "split": "test"},
        {"text": "good", "target": "Donald Trump", "stance": "against", "split": "test"},
    ])  # fmt: skip
    news, semeval = evaluate_public(read_public(tmp_path), fake)
    assert news.value == 1.0
    assert (semeval.n, semeval.value) == (2, 1.0)


def test_a_folder_without_sets_is_refused(tmp_path):
    with pytest.raises(ReadingError, match="Expected at least one of sentiment/tweeteval"):
        read_public(tmp_path)


def test_a_file_of_another_form_is_refused(tmp_path):
    path = tmp_path / "stance" / "vast.jsonl.gz"
    write(path, [{"text": "good", "target": "x", "stance": "favor", "split": "train"}])
    with pytest.raises(ReadingError, match="rows of the split test in .*vast.jsonl.gz, found none"):
        read_public(tmp_path)
    write(path, [{"text": "good"}])
    with pytest.raises(ReadingError, match="vast.jsonl.gz, line 1: expected .* found no target"):
        read_public(tmp_path)
    write(path, [{"text": None, "target": "x", "stance": "favor", "split": "test"}])
    with pytest.raises(ReadingError, match="vast.jsonl.gz, line 1: expected .* found other values"):
        measured_texts(tmp_path)
    path.write_bytes(b"no gzip")
    with pytest.raises(ReadingError, match="Expected a gzip file in .*vast.jsonl.gz"):
        measured_texts(tmp_path)


def test_texts_that_are_measured_on_are_those_of_the_measured_parts(tmp_path):
    write(tmp_path / "stance" / "ruw.jsonl.gz", [
        {"text": "learned", "target": "Russia", "stance": "favor", "split": "train"},
        {"text": "measured", "target": "Russia", "stance": "favor", "split": "val"},
    ])  # fmt: skip
    assert measured_texts(tmp_path) == ["measured"]
