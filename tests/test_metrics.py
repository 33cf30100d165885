"""Figures of merit against values worked out by hand, and against scikit-learn."""

import time

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, f1_score, log_loss

from stance.errors import StanceError
from stance.labels import Stance
from stance.metrics import (
    UNKNOWN,
    Predictions,
    always_none_f1,
    calibration_error,
    figures,
    pooled_stance_f1,
    reliability_figures,
    sentiment_f1,
    share_error,
    slice_figures,
    stance_label_f1,
    target_stance_f1,
)
from stance.reliability import (
    brier_scores,
    calibration_bins,
    kept_above,
    kept_at,
    log_losses,
    risk_coverage,
)


def one_hot(labels):
    return np.eye(3)[np.array(labels)]


GOLD = np.array([[0, 1], [2, 1], [1, UNKNOWN], [2, 0]])
GUESS = one_hot([[0, 1], [1, 1], [1, 2], [2, 1]])
MADE = Predictions(np.array([0, 1, 2, UNKNOWN]), GOLD, one_hot([0, 1, 1, 2]), GUESS)


def test_pooled_f1_counts_labelled_pairs_of_all_targets():
    # against: 1 of 2 found, 1 right; none: 3 found, 3 of 5 right; favor: 1 of 2 found, 1 right.
    assert stance_label_f1(MADE, Stance.AGAINST) == pytest.approx(2 / 3)
    assert stance_label_f1(MADE, Stance.NONE) == pytest.approx(3 / 4)
    assert stance_label_f1(MADE, Stance.FAVOR) == pytest.approx(2 / 3)
    assert pooled_stance_f1(MADE) == pytest.approx((2 / 3 + 3 / 4 + 2 / 3) / 3)


def test_f1_of_one_target_and_of_sentiment():
    assert target_stance_f1(MADE, 0) == pytest.approx((1 + 2 / 3 + 2 / 3) / 3)
    assert sentiment_f1(MADE) == pytest.approx((1 + 2 / 3 + 0) / 3)


def test_always_none_is_the_floor():
    assert always_none_f1(MADE) == pytest.approx((2 * 3 / 10) / 3)


def test_share_error_is_the_mean_over_targets_and_labels():
    # Target 0: favor 2/4 predicted 1/4, none 1/4 predicted 2/4; target 1: against 1/3, none 2/3.
    assert share_error(MADE) == pytest.approx((0 + 1 / 4 + 1 / 4 + 1 / 3 + 1 / 3 + 0) / 6)


def test_calibration_error_of_one_bin():
    gold = np.array([0, 0, 1, 1])
    probabilities = np.array([[0.75, 0.25, 0.0]] * 4)
    assert calibration_error(gold, probabilities) == pytest.approx(0.25)


NAMES = ["United States", "United Kingdom", "Russia", "Ukraine"]


def drawn(n=400, seed=0):
    rng = np.random.default_rng(seed)
    return Predictions(
        rng.integers(UNKNOWN, 3, n),
        rng.choice([UNKNOWN, 0, 1, 2], (n, 4), p=[0.1, 0.2, 0.6, 0.1]),
        rng.dirichlet([0.5, 1, 0.5], n),
        rng.dirichlet([0.5, 2, 0.5], (n, 4)),
    )


def by_scikit_learn(predictions):
    """The figures of the pooled stance and of Russia, as scikit-learn computes them."""
    known = predictions.stance != UNKNOWN
    gold, guess = predictions.stance[known], predictions.stance_probabilities.argmax(2)[known]
    russia = known[:, 2]
    given = {"labels": [0, 1, 2], "zero_division": 0.0}
    return (
        f1_score(gold, guess, average="macro", **given),
        f1_score(
            predictions.stance[russia, 2],
            predictions.stance_probabilities[russia, 2].argmax(1),
            average="macro",
            **given,
        ),
        f1_score(gold, guess, average=None, **given)[2],
    )


def test_figures_and_their_intervals_are_those_of_resampled_rows_by_scikit_learn(monkeypatch):
    monkeypatch.setattr("stance.metrics.N_RESAMPLES", 40)
    made = drawn()
    found = {figure.name: figure for figure in figures(made, NAMES)}
    rng = np.random.default_rng(0)
    samples = np.array([by_scikit_learn(made.take(rng.integers(0, 400, 400))) for _ in range(40)])
    for number, name in enumerate(
        ("pooled stance macro-F1", "stance macro-F1, Russia", "F1 of favor")
    ):
        low, high = np.percentile(samples[:, number], [2.5, 97.5])
        assert found[name].value == pytest.approx(by_scikit_learn(made)[number], abs=1e-12)
        assert (found[name].low, found[name].high) == pytest.approx((low, high), abs=1e-12)
    known = made.stance != UNKNOWN
    assert found["stance calibration error"].value == pytest.approx(
        calibration_error(made.stance[known], made.stance_probabilities[known]), abs=1e-12
    )


def test_a_thousand_resamples_of_all_figures_take_no_time_to_speak_of():
    started = time.perf_counter()
    assert len(figures(drawn(500), NAMES)) == 13
    assert time.perf_counter() - started < 5  # 0.07 s here; half a minute before


# Sorted by confidence: right, right, wrong, right, wrong.
SURE = np.array([[0.9, 0.1], [0.2, 0.8], [0.7, 0.3], [0.4, 0.6], [0.45, 0.55]])
TRUTH = np.array([0, 1, 1, 1, 0])


def test_risk_coverage_by_hand():
    curve = risk_coverage(TRUTH, SURE)
    assert list(curve.threshold) == [0.9, 0.8, 0.7, 0.6, 0.55]
    assert list(curve.coverage) == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])
    assert list(curve.risk) == pytest.approx([0, 0, 1 / 3, 1 / 4, 2 / 5])


def test_equal_confidences_are_kept_together():
    curve = risk_coverage(np.array([0, 1, 0]), np.array([[0.8, 0.2], [0.8, 0.2], [0.6, 0.4]]))
    assert list(curve.coverage) == pytest.approx([2 / 3, 1])
    assert list(curve.risk) == pytest.approx([1 / 2, 1 / 3])


def test_the_threshold_keeps_at_least_the_coverage():
    kept = kept_at(TRUTH, SURE, 0.8)
    assert (kept.threshold, kept.coverage) == (0.6, 0.8)
    assert (kept.error, kept.full_error) == pytest.approx((0.25, 0.4))
    assert kept.ratio == pytest.approx(0.625)
    assert np.isnan(kept_at(TRUTH[:2], SURE[:2], 0.8).ratio)
    assert kept_at(TRUTH, SURE, 0.7).threshold == 0.6
    with pytest.raises(StanceError, match="at most 1"):
        kept_at(TRUTH, SURE, 1.2)


def test_a_threshold_of_other_comments_keeps_what_reaches_it():
    kept = kept_above(TRUTH, SURE, 0.7)
    assert (kept.threshold, kept.coverage) == (0.7, 0.6)
    assert (kept.error, kept.full_error) == pytest.approx((1 / 3, 0.4))
    assert kept.ratio == pytest.approx(1 / 3 / 0.4)
    assert np.isnan(kept_above(TRUTH, SURE, 0.95).error)


def test_proper_scores_are_scikit_learns():
    gold, table = drawn().stance_pairs()
    assert log_losses(gold, table).mean() == pytest.approx(log_loss(gold, table), abs=1e-9)
    binary = brier_scores(TRUTH, SURE).mean() / 2
    assert binary == pytest.approx(brier_score_loss(TRUTH, SURE[:, 1]))


def test_calibration_bins_by_hand():
    first, *_, last = calibration_bins(TRUTH, SURE)
    assert (first.low, first.high, first.n) == (0.5, 0.6, 1)
    assert (last.n, last.confidence, last.accuracy) == (1, 0.9, 1.0)
    assert sum(point.n for point in calibration_bins(TRUTH, SURE)) == 5


def test_reliability_figures_name_both_heads_and_the_ratio(monkeypatch):
    monkeypatch.setattr("stance.metrics.N_RESAMPLES", 50)
    made = drawn()
    found = {figure.name: figure for figure in reliability_figures(made)}
    gold, table = made.stance_pairs()
    assert len(found) == 10
    assert found["stance error at 80 % coverage"].value == kept_at(gold, table, 0.8).error
    ratio = found["stance ratio of errors"]
    assert ratio.value == pytest.approx(
        found["stance error at 80 % coverage"].value / found["stance error"].value
    )
    assert ratio.low <= ratio.value <= ratio.high


def test_slices_of_comments_and_of_stances(monkeypatch):
    monkeypatch.setattr("stance.metrics.N_RESAMPLES", 20)
    made = drawn()
    rows = np.arange(400) < 100
    pairs = np.zeros((400, 4), dtype=bool)
    pairs[50:80, 3] = True
    nothing = np.zeros(400, dtype=bool)
    found = slice_figures(made, NAMES, {"first": rows, "some of Ukraine": pairs, "none": nothing})
    first, some, none = found
    assert (first.name, first.n_comments) == ("first", 100)
    assert first.figures[0].value == pooled_stance_f1(made.take(np.arange(100)))
    assert (some.n_comments, some.n_stances) == (30, int((made.stance[50:80, 3] >= 0).sum()))
    fewest = min(int((made.stance[50:80, 3] == label).sum()) for label in range(3))
    assert some.rarest == {"sentiment": 0, "stance": fewest} and fewest > 0
    values = {figure.name: figure.value for figure in some.figures}
    assert values["pooled stance macro-F1"] == values["stance macro-F1, Ukraine"]
    assert np.isnan(values["stance macro-F1, Russia"])
    assert np.isnan(values["sentiment macro-F1"])
    assert (none.n_comments, none.figures) == (0, [])
    with pytest.raises(StanceError, match="mask of shape"):
        made.where(np.zeros(3, dtype=bool))
