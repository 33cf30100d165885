"""Sums over comments from which figures of merit follow. Resamples nothing and names no figure.

A bootstrap resample is a weighted sum of the comments' tables, so that a thousand of them are one
product of matrices; every figure here works on all of them at once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.labels import Stance
from stance.reliability import N_BINS, bin_of

UNKNOWN = -1
"""Gold index of a pair that has no label; it counts nowhere."""

Labels = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tallies:
    """Sums over comments from which figures follow; any leading shape, such as (resamples,).

    Shapes: `sides` (…, k, 3, 3) and `moods` (…, 3, 3): labelled pairs by gold and predicted
    label; `side_bins` and `mood_bins` (…, bins, 3): per bin of confidence the number of labels,
    their summed confidence and how many are right.
    """

    sides: Floats
    moods: Floats
    side_bins: Floats
    mood_bins: Floats


def tables(
    sentiment: Labels, stance: Labels, sentiment_probabilities: Floats, stance_probabilities: Floats
) -> Floats:
    """The tallies of each comment, flat, shape (n, columns); arrays as in `metrics.Predictions`."""
    n = len(sentiment)
    moods, mood_bins = _tables_of(sentiment[:, None], sentiment_probabilities[:, None])
    sides, side_bins = _tables_of(stance, stance_probabilities)
    parts = (sides, moods, side_bins.sum(axis=1), mood_bins.sum(axis=1))
    return np.concatenate([part.reshape(n, -1) for part in parts], axis=1)


def _tables_of(gold: Labels, probabilities: Floats) -> tuple[Floats, Floats]:
    """Per comment and question: gold × predicted (n, k, 3, 3), and bins (n, k, bins, 3)."""
    known = (gold != UNKNOWN)[..., None]
    predicted = probabilities.argmax(axis=-1)
    confidence = probabilities.max(axis=-1)
    labels = np.eye(probabilities.shape[-1])
    truth = labels[np.maximum(gold, 0)] * known
    summed = np.stack([np.ones_like(confidence), confidence, predicted == gold], axis=-1)
    bins = np.eye(N_BINS)[bin_of(confidence)] * known
    return (
        truth[..., :, None] * labels[predicted][..., None, :],
        bins[..., :, None] * summed[..., None, :],
    )


def tallies_of(flat: Floats, k: int) -> Tallies:
    """Summed tables, shape (…, columns), as tallies of k targets."""
    lead, sides, moods, bins = flat.shape[:-1], 9 * k, 9, 3 * N_BINS
    ends = np.cumsum([sides, moods, bins])
    one, two, three, four = np.split(flat, ends, axis=-1)
    return Tallies(
        one.reshape(*lead, k, 3, 3),
        two.reshape(*lead, 3, 3),
        three.reshape(*lead, N_BINS, 3),
        four.reshape(*lead, N_BINS, 3),
    )


def _f1(table: Floats) -> Floats:
    """F1 of each label from gold × predicted, shape (…, 3, 3) to (…, 3).

    0 for a label that is nowhere, as by scikit-learn's `zero_division=0`; NaN without any pair.
    """
    right = np.diagonal(table, axis1=-2, axis2=-1)
    both = table.sum(axis=-1) + table.sum(axis=-2)
    found = np.divide(2 * right, both, out=np.zeros_like(both), where=both > 0)
    return np.where(table.sum(axis=(-2, -1))[..., None] > 0, found, np.nan)


def pooled_f1(tallies: Tallies) -> Floats:
    """Macro F1 over against, none and favor, all targets together."""
    return np.asarray(_f1(tallies.sides.sum(axis=-3)).mean(axis=-1))


def floor_f1(tallies: Tallies) -> Floats:
    """What `pooled_f1` would be for the answer "none" to everything."""
    gold = tallies.sides.sum(axis=(-3, -1))
    table = np.zeros((*gold.shape, len(Stance)))
    table[..., list(Stance).index(Stance.NONE)] = gold
    return np.asarray(_f1(table).mean(axis=-1))


def label_f1(tallies: Tallies, label: int) -> Floats:
    """F1 of one stance label, all targets together."""
    return _f1(tallies.sides.sum(axis=-3))[..., label]


def target_f1(tallies: Tallies, target: int) -> Floats:
    """Macro F1 of the stance toward one target."""
    return np.asarray(_f1(tallies.sides[..., target, :, :]).mean(axis=-1))


def mood_f1(tallies: Tallies) -> Floats:
    """Macro F1 over the sentiments."""
    return np.asarray(_f1(tallies.moods).mean(axis=-1))


def share_error(tallies: Tallies) -> Floats:
    """Mean absolute difference of true and predicted share, over labels and targets with a label."""
    gold, predicted = tallies.sides.sum(axis=-1), tallies.sides.sum(axis=-2)
    n = gold.sum(axis=-1, keepdims=True)
    errors = np.abs(gold - predicted) / np.maximum(n, 1)
    return _ratio(errors.mean(axis=-1).sum(axis=-1), (n[..., 0] > 0).sum(axis=-1))


def binned_error(bins: Floats) -> Floats:
    """Expected calibration error (Guo et al. 2017) from bins, shape (…, bins, 3)."""
    gaps = np.abs(bins[..., 2] - bins[..., 1]).sum(axis=-1)
    return _ratio(gaps, bins[..., 0].sum(axis=-1))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Part by whole; NaN where the whole is 0."""
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)
