"""Prediction sets: their coverage on exchangeable rows, and what the table of them says."""

from dataclasses import replace

import numpy as np
import pytest

from stance.conformal import label_sets, least_probabilities, prediction_sets
from stance.errors import CheckpointError
from stance.model.manifest import read_manifest
from stance.scoring import score_comments
from tests.conftest import comments


def drawn(n, shares, rng):
    """Labels with these shares, and probabilities that are too sure of themselves and often wrong."""
    gold = rng.choice(3, n, p=shares)
    weights = rng.gamma(0.5, size=(n, 3)) + 1e-9
    weights[np.arange(n), gold] += rng.gamma(1.0, size=n)
    return gold, weights / weights.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_every_label_is_covered_also_where_the_shares_are_others(coverage):
    rng = np.random.default_rng(3)
    gold, probabilities = drawn(30_000, [0.2, 0.7, 0.1], rng)
    least = least_probabilities(gold, probabilities, coverage)
    gold, probabilities = drawn(30_000, [0.4, 0.2, 0.4], rng)
    sets = label_sets(probabilities, least)
    for label in range(3):
        mine = gold == label
        # Three standard errors of the draw that is tested and of the one that was fitted on.
        slack = 3 * np.sqrt(coverage * (1 - coverage) * (1 / mine.sum() + 1 / 3_000))
        assert sets[mine, label].mean() >= coverage - slack
        # A set of everything would do, too: the bound is near, but for labels always given.
        alone = label_sets(probabilities[mine], [2.0, 2.0, 2.0])[:, label].mean()
        assert sets[mine, label].mean() <= max(coverage, alone) + slack


def test_few_rows_cover_on_average_what_was_asked():
    rng = np.random.default_rng(0)
    hits = []
    for _ in range(2_000):
        own = rng.random((19, 1))
        least = least_probabilities(np.zeros(19, dtype=int), np.hstack([own, 1 - own]), 0.9)
        hits.append(1 - least[0])  # the share of uniform draws at or above the threshold
    # Exactly 1 − 2 / 20, by the count of rows plus the new one; 0.95 or 0.905 by other quantiles.
    assert np.mean(hits) == pytest.approx(0.9, abs=0.005)


def test_a_threshold_is_the_kth_lowest_and_0_for_too_few_rows():
    own = np.arange(1, 20) / 20
    probabilities = np.stack([own, 1 - own], axis=1)
    gold = np.array([0] * 19)
    assert least_probabilities(gold, probabilities, 0.9) == [pytest.approx(0.1), 0.0]
    assert least_probabilities(gold, probabilities, 0.8) == [pytest.approx(0.2), 0.0]
    assert least_probabilities(gold[:18], probabilities[:18], 0.95)[0] == 0.0


def test_sets_are_never_empty_but_without_a_score():
    probabilities = np.array([[0.4, 0.3, 0.3], [0.1, 0.2, 0.7], [np.nan, np.nan, np.nan]])
    assert label_sets(probabilities, [0.9, 0.25, 0.9]).tolist() == [
        [True, True, False],
        [False, False, True],
        [False, False, False],
    ]


def test_the_table_holds_labels_in_label_order(fake):
    scored = score_comments(comments("good", "bad", "meh", "!!"), fake)
    thresholds = {"0.9": [0.15, 0.18, 0.5]}
    manifest = replace(read_manifest(), conformal={"sentiment": thresholds, "stance": thresholds})
    table = prediction_sets(scored, manifest=manifest)
    assert list(table.columns) == [
        "comment_id", "sentiment", "stance_us", "stance_uk", "stance_ru", "stance_ua",
    ]  # fmt: skip
    assert table["comment_id"].tolist() == ["c1", "c2", "c3", "c4"]
    assert table["stance_ru"].tolist() == [
        ("none", "favor"),
        ("against",),
        ("against", "none"),
        (),
    ]
    assert table["sentiment"].tolist()[0] == ("neutral", "positive")


def test_a_coverage_that_was_not_fitted_is_refused_with_those_that_were(fake):
    scored = score_comments(comments("good"), fake)
    manifest = replace(read_manifest(), conformal={"sentiment": {"0.8": [0.1] * 3}})
    with pytest.raises(CheckpointError, match=r"coverage of 0\.9 .* found 0\.8\."):
        prediction_sets(scored, manifest=manifest)
    with pytest.raises(CheckpointError, match="found none"):
        prediction_sets(scored, manifest=replace(manifest, conformal={}))
