"""Figures of merit against values worked out by hand."""

import numpy as np
import pytest

from stance.labels import Stance
from stance.metrics import (
    UNKNOWN,
    Predictions,
    always_none_f1,
    calibration_error,
    pooled_stance_f1,
    sentiment_f1,
    share_error,
    stance_label_f1,
    target_stance_f1,
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
