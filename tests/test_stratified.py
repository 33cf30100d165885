import numpy as np
import pytest
from scipy.stats import hypergeom

from stance.answers.stratified import share_intervals


def interval(sizes, n_known, n_open, yes):
    """Bounds of one question."""
    low, high = share_intervals(*map(np.array, (sizes, n_known, n_open)), np.array(yes)[:, None])
    return float(low[0]), float(high[0])


def test_what_is_known_in_full_leaves_no_doubt():
    assert interval([3], [3], [0], [2]) == (2 / 3, 2 / 3)
    assert interval([3, 7], [3, 7], [0, 0], [2, 0]) == (0.2, 0.2)


def test_what_is_not_known_may_be_anything():
    assert interval([40], [0], [0], [0]) == (0.0, 1.0)
    assert interval([3, 1], [3, 0], [0, 0], [2, 0]) == (0.5, 0.75)
    # Of three that were looked at one is left open.
    assert interval([3], [2], [1], [1]) == pytest.approx((1 / 3, 2 / 3))
    assert share_intervals(*map(np.array, ([], [], [])), np.zeros((0, 2), int))[1].tolist() == [
        1,
        1,
    ]


def test_no_error_in_a_few_is_no_proof():
    # Of one stratum: Clopper and Pearson's interval of a finite set, here by the hypergeometric tails.
    low, high = interval([1000], [20], [0], [0])
    most = max(k for k in range(1000) if hypergeom.cdf(0, 1000, k, 20) >= 0.025)
    assert low == 0 and high == pytest.approx(most / 1000, abs=0.006)
    low, high = interval([1000], [20], [0], [20])
    assert high == 1 and low == pytest.approx(1 - most / 1000, abs=0.006)
    low, high = interval([200], [30], [0], [6])
    least = min(k for k in range(200) if hypergeom.sf(5, 200, k, 30) >= 0.025)
    most = max(k for k in range(200) if hypergeom.cdf(6, 200, k, 30) >= 0.025)
    assert (low, high) == pytest.approx((least / 200, most / 200), abs=0.011)
    # Nearly all were seen: what is left to chance are two comments.
    assert interval([30], [28], [0], [7]) == pytest.approx((7 / 30, 9 / 30))


def test_open_answers_and_smaller_samples_widen():
    low, high = interval([500, 100], [25, 25], [0, 0], [5, 20])
    wider = interval([500, 100], [20, 25], [5, 0], [5, 20])
    smaller = interval([500, 100], [10, 10], [0, 0], [2, 8])
    assert wider[0] == low and wider[1] > high
    assert smaller[0] < low and smaller[1] > high
    assert (low, high) == interval([500, 100], [25, 25], [0, 0], [5, 20]), "the same every time"


# Comments by stratum (the label that the model gave) and true label: how a model may err.
MODELS = {
    "good": [[110, 10, 4], [12, 130, 12], [2, 4, 16]],
    "biased: misses two of three in favor": [[80, 5, 6], [20, 100, 60], [0, 2, 27]],
    "useless": [[27, 45, 18], [45, 75, 30], [18, 30, 12]],
    "without mistakes": [[90, 0, 0], [0, 180, 0], [0, 0, 30]],
    "one label is rare": [[2, 5, 0], [3, 270, 1], [0, 18, 1]],
    "one label is hidden": [[4, 1, 0], [9, 280, 6], [0, 0, 0]],
    "large, very rare": [[30, 90, 5], [40, 9_700, 20], [0, 90, 25]],
    "small": [[8, 2, 0], [3, 12, 1], [0, 2, 2]],
}
REPEATS = 150


@pytest.mark.parametrize("name", MODELS)
def test_intervals_hold_however_the_model_errs(name):
    """Coverage of the labels' shares and of the accuracy in samples of 24 of one set."""
    generator = np.random.default_rng(list(MODELS).index(name))
    table = np.array([row for row in MODELS[name] if sum(row)])
    sizes = table.sum(axis=1)
    n = np.minimum(sizes, [8, 12, 4][: len(sizes)])
    drawn = np.stack(
        [
            generator.multivariate_hypergeometric(row, size, size=REPEATS)
            for row, size in zip(table, n, strict=True)
        ]
    )
    right = np.stack([drawn[i, :, i] for i in range(len(sizes))])
    yes = np.concatenate([drawn, right[..., None]], axis=2)
    low, high = share_intervals(sizes, n, np.zeros_like(n), yes.reshape(len(sizes), -1))
    truth = np.append(table.sum(axis=0), np.trace(table)) / table.sum()
    inside = (low.reshape(REPEATS, 4) <= truth + 1e-12) & (
        truth - 1e-12 <= high.reshape(REPEATS, 4)
    )
    assert inside.mean() >= 0.95
    assert inside.mean(axis=0).min() >= 0.93
