"""How far probabilities can be relied on: calibration, proper scores, error by confidence.

Arrays in, numbers out: gold label indices, shape (n,), none of them unknown, and probabilities,
shape (n, n_labels). Knows no comments, no targets and no bootstrap (see `stance.metrics`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.errors import StanceError

Labels = NDArray[np.int64]
Floats = NDArray[np.float64]

N_BINS = 10


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """One point of a calibration plot: `n` labels with a confidence from `low` to `high`.

    `confidence` is the mean probability of the label that was given, `accuracy` the share of
    those labels that are right; the two are equal where the model is calibrated.
    """

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """Error among the labels that are kept, by how many are kept, the surest first.

    Three arrays of one length, one entry per distinct confidence, from the highest down:
    `threshold`, the least confidence kept; `coverage`, the share of labels kept; `risk`, the
    share of the kept ones that is wrong.
    """

    threshold: Floats
    coverage: Floats
    risk: Floats


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left when labels below `threshold` are called unsure.

    `coverage` is the share of labels kept, `error` their error, `full_error` that of all labels;
    `ratio` is the first error by the second, NaN where nothing is wrong.
    """

    threshold: float
    coverage: float
    error: float
    full_error: float

    @property
    def ratio(self) -> float:
        """The error that is left, as a part of the full error."""
        return self.error / self.full_error if self.full_error else float("nan")


def bin_of(confidence: Floats, n_bins: int = N_BINS) -> Labels:
    """Number of the equal-width bin of each confidence; 1.0 is in the last."""
    return np.minimum((confidence * n_bins).astype(np.int64), n_bins - 1)


def calibration_bins(
    gold: Labels, probabilities: Floats, *, n_bins: int = N_BINS
) -> list[CalibrationBin]:
    """The points of a calibration plot (reliability diagram); empty bins are left out."""
    confidence, correct = _confidence(gold, probabilities)
    bins = bin_of(confidence, n_bins)
    return [
        CalibrationBin(
            b / n_bins,
            (b + 1) / n_bins,
            int(np.sum(bins == b)),
            float(confidence[bins == b].mean()),
            float(correct[bins == b].mean()),
        )
        for b in np.unique(bins).tolist()
    ]


def calibration_error(gold: Labels, probabilities: Floats, *, n_bins: int = N_BINS) -> float:
    """Expected calibration error of the most probable label (Guo et al. 2017), equal-width bins."""
    points = calibration_bins(gold, probabilities, n_bins=n_bins)
    return sum(point.n * abs(point.accuracy - point.confidence) for point in points) / len(gold)


def log_losses(gold: Labels, probabilities: Floats) -> Floats:
    """Negative log-likelihood of each gold label, in nats, shape (n,); their mean is the NLL."""
    right = np.take_along_axis(probabilities, gold[:, None], axis=1)[:, 0]
    return -np.log(np.maximum(right, 1e-12))


def brier_scores(gold: Labels, probabilities: Floats) -> Floats:
    """Squared distance to the gold label, summed over labels (Brier 1950), shape (n,), 0 to 2."""
    truth = np.eye(probabilities.shape[1])[gold]
    return np.asarray(((probabilities - truth) ** 2).sum(axis=1))


def risk_coverage(gold: Labels, probabilities: Floats) -> RiskCoverage:
    """The risk–coverage curve of the highest probability (El-Yaniv & Wiener 2010).

    Labels of equal confidence are kept or left together.
    """
    confidence, correct = _confidence(gold, probabilities)
    order = np.argsort(-confidence, kind="stable")
    confidence, wrong = confidence[order], 1.0 - correct[order]
    # The last of each run of equal confidences.
    ends = np.flatnonzero(np.append(np.diff(confidence) != 0, True))
    kept = ends + 1.0
    return RiskCoverage(confidence[ends], kept / len(gold), np.cumsum(wrong)[ends] / kept)


def kept_at(gold: Labels, probabilities: Floats, coverage: float = 0.8) -> Kept:
    """The highest confidence threshold that keeps at least `coverage` of the labels.

    Raises:
        StanceError: `coverage` is not above 0 and at most 1, or there are no labels.
    """
    if not 0 < coverage <= 1 or len(gold) == 0:
        raise StanceError(
            f"Expected a coverage above 0 and at most 1, and labels, found {coverage} and "
            f"{len(gold)} labels."
        )
    curve = risk_coverage(gold, probabilities)
    # A hair of slack, for 0.8 * n is seldom a whole number in binary.
    at = int(np.argmax(curve.coverage >= coverage - 1e-12))
    return Kept(
        float(curve.threshold[at]),
        float(curve.coverage[at]),
        float(curve.risk[at]),
        float(curve.risk[-1]),
    )


def kept_above(gold: Labels, probabilities: Floats, threshold: float) -> Kept:
    """What is left when labels below a threshold that was chosen elsewhere are called unsure."""
    confidence, correct = _confidence(gold, probabilities)
    kept = confidence >= threshold
    error = 1.0 - float(correct[kept].mean()) if kept.any() else float("nan")
    return Kept(threshold, float(kept.mean()), error, 1.0 - float(correct.mean()))


def _confidence(gold: Labels, probabilities: Floats) -> tuple[Floats, Floats]:
    """Highest probability of each row, and 1.0 where its label is right, else 0.0."""
    correct = (probabilities.argmax(axis=1) == gold).astype(np.float64)
    return probabilities.max(axis=1), correct
