"""The same comments through the command line, the API, one by one, and as stored for the page."""

import csv
import subprocess
import sys

import numpy as np
import pandas as pd

from stance import score_comments
from stance.labels import Sentiment, Stance
from stance.page.sample import sample_set
from stance.records import sentiment_probability, stance_label, stance_probability
from tests.conftest import ROOT

TOLERANCE = 1e-5
KEYS = ("us", "uk", "ru", "ua")
PROBABILITIES = [sentiment_probability(label) for label in Sentiment] + [
    stance_probability(key, label) for key in KEYS for label in Stance
]
LABELS = ["sentiment", *(stance_label(key) for key in KEYS)]


def test_p20_stored_sample_api_and_one_by_one_agree(sample, classifier):
    together = score_comments(sample.comments, classifier)
    stored = sample_set().scored
    single = [score_comments([comment], classifier) for comment in sample.comments]
    for other in (stored, pd.concat(single, ignore_index=True)):
        assert list(other["comment_id"]) == list(together["comment_id"])
        assert other[LABELS].equals(together[LABELS])
        np.testing.assert_allclose(
            other[PROBABILITIES], together[PROBABILITIES], rtol=0, atol=TOLERANCE, equal_nan=True
        )


def test_p20_the_command_line_agrees_with_the_api_on_a_thousand_rows(tmp_path, sample, classifier):
    texts = [comment.text for comment in sample.comments]
    rows = [(f"{i:04d}", f"{texts[i % len(texts)]} {i // len(texts)}") for i in range(1_000)]
    source = tmp_path / "thousand.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("id", "comment"), *rows])
    done = subprocess.run(
        [sys.executable, "-m", "stance", "score", str(source), "-o", str(tmp_path / "out.csv")],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "read 1000 rows: 1000 scored, 0 unscored, 0 rejected" in done.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        written = list(csv.DictReader(file))
    from stance import read_comments

    result = read_comments(source)
    scored = score_comments(result.comments, classifier, batch_size=7)
    assert [row["id"] for row in written] == [row[0] for row in rows]
    for name in LABELS:
        assert [row[name] for row in written] == scored[name].tolist()
    found = np.array([[float(row[name]) for name in PROBABILITIES] for row in written])
    assert np.abs(found - scored[PROBABILITIES].to_numpy()).max() <= TOLERANCE
