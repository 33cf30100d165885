"""Readings of labelled comments: how far two agree. The figures of merit are in test_metrics.py."""

import json

import pytest

from stance.errors import ReadingError
from stance.evaluation import agreement_of_readings, evaluate


def write(path, votes):
    path.write_text("\n".join(json.dumps({"text": "a"} | ({"votes": v} if v else {})) for v in votes))
    return path


def test_two_readings_are_compared_letter_by_letter(tmp_path):
    votes = [["-annf", "-annf"], ["0nnnn", "+nnnn"], ["+nfnn", "+nnnn"], ["0annn", "0annn"], None]
    found = agreement_of_readings(write(tmp_path / "rows.jsonl", votes))
    assert found.n == 4
    # Sentiment: negative 1; neutral and positive each once right, once taken for the other.
    assert found.sentiment == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    # Stance, 16 pairs: against 2 of 2; favor right once, missed once; none right in 12 of 13.
    assert found.stance == pytest.approx((1 + 24 / 25 + 2 / 3) / 3)


def test_labels_that_nobody_gave_are_named_by_question(tmp_path, fake):
    path, none = tmp_path / "rows.jsonl", {"us": "none", "uk": "none", "ru": "none", "ua": "none"}
    rows = [
        {"text": "good", "sentiment": "positive", **none},
        {"text": "bad", "sentiment": "negative", **none, "ru": "against"},
        {"text": "so", "sentiment": "neutral", **none, "ru": "favor", "ua": None},
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    sides = {f"stance toward {name}": ["against", "favor"] for name in ("United States", "United Kingdom")}
    assert evaluate(path, fake).absent() == {**sides, "stance toward Ukraine": ["against", "favor"]}


def test_without_readings_nothing_is_said(tmp_path):
    assert agreement_of_readings(write(tmp_path / "rows.jsonl", [None])) is None


@pytest.mark.parametrize("votes", [["-nnnn"], ["-nnnn", "xnnnn"], [1, 2]])
def test_other_votes_are_told(tmp_path, votes):
    with pytest.raises(ReadingError, match="line 1: expected .* votes of two readings"):
        agreement_of_readings(write(tmp_path / "rows.jsonl", [votes]))
