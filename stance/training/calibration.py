"""Fits on held-out labels what a checkpoint adds to its logits, and what it says of its doubt.

Probabilities are softmax((logits + bias) / temperature): temperature scaling (Guo et al. 2017)
with one bias per label (bias-corrected temperature scaling, Alexandari, Kundaje & Shrikumar 2020).
Both are the same for every target: a bias per target would score "Russia" and "Ukraine"
differently in the same sentence. Logits may be log-probabilities: a softmax does not tell them
apart. Trains nothing and saves nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypedDict

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax

from stance.conformal import COVERAGES, least_probabilities
from stance.errors import StanceError
from stance.metrics import KEPT, UNKNOWN, Predictions
from stance.reliability import kept_at

Labels = NDArray[np.int64]
Floats = NDArray[np.float64]

_TEMPERATURES = (0.25, 4.0)
_SWEEPS = 200


class ManifestFields(TypedDict):
    """Fields of `Manifest` that calibration gives: `Manifest(…, **calibrate(held_out))`."""

    temperature: dict[str, float]
    bias: dict[str, list[float]]
    unsure_below: dict[str, float]
    conformal: dict[str, dict[str, list[float]]]


@dataclass(frozen=True, slots=True)
class Scaling:
    """What makes probabilities of logits: one bias per label (their mean is 0) and a temperature."""

    bias: Floats
    temperature: float

    def probabilities(self, logits: Floats) -> Floats:
        """Calibrated probabilities, shape (…, n_labels) to the same."""
        return np.asarray(softmax((logits + self.bias) / self.temperature, axis=-1))


Method = Literal["temperature", "shares", "likelihood"]


def calibrate(held_out: Predictions, *, method: Method) -> ManifestFields:
    """Everything that a manifest says of calibration, from held-out comments.

    The thresholds are taken on the rows on which the three numbers of each scaling were fitted;
    measure what they promise on other rows.

    Args:
        held_out: comments that were not trained on, with the probabilities of the network's plain
            softmax (no bias, no temperature).
        method: `fit_temperature`, `fit_shares` or `fit_likelihood`.

    Raises:
        StanceError: one of the heads has no label.
    """
    heads = {
        "sentiment": (held_out.sentiment[:, None], held_out.sentiment_probabilities[:, None]),
        "stance": (held_out.stance, held_out.stance_probabilities),
    }
    fields = ManifestFields(temperature={}, bias={}, unsure_below={}, conformal={})
    for head, (gold, probabilities) in heads.items():
        logits = np.log(np.clip(probabilities, 1e-9, 1.0))
        scaling = _FITS[method](gold, logits)
        known = gold != UNKNOWN
        right, calibrated = gold[known], scaling.probabilities(logits[known])
        fields["temperature"][head] = scaling.temperature
        fields["bias"][head] = scaling.bias.tolist()
        fields["unsure_below"][head] = kept_at(right, calibrated, KEPT).threshold
        fields["conformal"][head] = {
            str(coverage): least_probabilities(right, calibrated, coverage)
            for coverage in COVERAGES
        }
    return fields


def fit_likelihood(gold: Labels, logits: Floats) -> Scaling:
    """Biases and temperature that give the held-out labels the highest likelihood.

    Args:
        gold: label indices, shape (n,) or (n, k targets); `UNKNOWN` ones are left out.
        logits: shape (n, n_labels) or (n, k targets, n_labels).

    Raises:
        StanceError: no label is known.
    """
    right, known = _known(gold, logits)
    truth = np.eye(known.shape[1])[right]

    # In the slope 1 / temperature and the offset bias / temperature the loss is convex.
    def loss(parameters: Floats) -> tuple[float, Floats]:
        scaled = parameters[0] * known + parameters[1:]
        gap = (softmax(scaled, axis=1) - truth) / len(right)
        gradient = np.array([(gap * known).sum(), *gap.sum(axis=0)])
        return float(-(log_softmax(scaled, axis=1) * truth).sum() / len(right)), gradient

    low, high = 1 / _TEMPERATURES[1], 1 / _TEMPERATURES[0]
    bounds = [(low, high)] + [(-20.0, 20.0)] * known.shape[1]
    start = np.array([1.0] + [0.0] * known.shape[1])
    found = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    return Scaling(_centred(found[1:] / found[0]), float(1 / found[0]))


def fit_shares(gold: Labels, logits: Floats) -> Scaling:
    """Biases with which the shares of the most probable labels are those of the gold labels.

    People read the shares of the labels, so those have to be right, also where single labels are
    wrong. Over all known pairs the shares are met as nearly as single rows allow; with several
    targets the biases then move to where the mean error of each target's shares is least. The
    temperature is the one of the highest likelihood given the biases.

    Args:
        gold: label indices, shape (n,) or (n, k targets); `UNKNOWN` ones are left out.
        logits: shape (n, n_labels) or (n, k targets, n_labels).

    Raises:
        StanceError: no label is known.
    """
    right, known = _known(gold, logits)
    bias = _matching(np.bincount(right, minlength=known.shape[1]), known)
    if gold.ndim == 2 and gold.shape[1] > 1:
        bias = _matching_by_target(gold, logits, bias)
    return Scaling(_centred(bias), _best_temperature(right, known + bias))


def fit_temperature(gold: Labels, logits: Floats) -> Scaling:
    """The temperature that gives the held-out labels the highest likelihood, and no biases.

    The labels stay those of the network. Where the held-out comments were drawn toward rare labels,
    biases learn those shares, which other comments do not have.

    Args:
        gold: label indices, shape (n,) or (n, k targets); `UNKNOWN` ones are left out.
        logits: shape (n, n_labels) or (n, k targets, n_labels).

    Raises:
        StanceError: no label is known.
    """
    return Scaling(np.zeros(logits.shape[-1]), _best_temperature(*_known(gold, logits)))


_FITS: dict[Method, Callable[[Labels, Floats], Scaling]] = {
    "temperature": fit_temperature,
    "shares": fit_shares,
    "likelihood": fit_likelihood,
}


def _best_temperature(right: Labels, logits: Floats) -> float:
    rows = np.arange(len(right))

    def loss(temperature: float) -> float:
        return float(-log_softmax(logits / temperature, axis=1)[rows, right].mean())

    return float(minimize_scalar(loss, bounds=_TEMPERATURES, method="bounded").x)


def _matching(wanted: Labels, logits: Floats) -> Floats:
    """Biases with which label l is the most probable of `wanted[l]` rows.

    They minimise the convex function sum over rows of max(logits + bias) − wanted · bias, whose
    slope is the difference of the counts (the dual of an assignment problem); one bias after the
    other is put in the middle of where it is lowest.
    """
    bias, best, least = np.zeros(len(wanted)), np.zeros(len(wanted)), np.inf
    for _ in range(_SWEEPS):
        counts = np.bincount((logits + bias).argmax(axis=1), minlength=len(wanted))
        error = np.abs(counts - wanted).sum()
        if error < least:
            best, least = bias.copy(), error
        if error == 0:
            break
        for label, count in enumerate(wanted):
            others = np.delete(logits + bias, label, axis=1).max(axis=1)
            needed = np.sort(others - logits[:, label])
            # Ends of their own, for a label that no row or every row is to have.
            needed = np.concatenate([[needed[0] - 1], needed, [needed[-1] + 1]])
            bias[label] = (needed[count] + needed[count + 1]) / 2
    return best


def _matching_by_target(gold: Labels, logits: Floats, start: Floats) -> Floats:
    known = (gold != UNKNOWN)[..., None]
    labels = np.eye(logits.shape[-1])
    n = np.maximum(known.sum(axis=0), 1)
    shares = (labels[np.maximum(gold, 0)] * known).sum(axis=0) / n

    def error(bias: Floats) -> float:
        predicted = labels[(logits + np.append(bias, 0.0)).argmax(axis=-1)] * known
        return float(np.abs(predicted.sum(axis=0) / n - shares).mean())

    first = start[:-1] - start[-1]
    # Steps of a tenth of a logit: the error is flat between two rows, so small steps see nothing.
    simplex = np.vstack([first, first + 0.1 * np.eye(len(first))])
    found = minimize(error, first, method="Nelder-Mead", options={"initial_simplex": simplex})
    return np.append(found.x, 0.0)


def _known(gold: Labels, logits: Floats) -> tuple[Labels, Floats]:
    known = gold != UNKNOWN
    if not known.any():
        raise StanceError(
            f"Expected held-out labels to calibrate on, found {gold.size} of which none is known. "
            "Hold out comments that have labels."
        )
    return gold[known], logits[known].astype(np.float64)


def _centred(bias: Floats) -> Floats:
    return np.asarray(bias - bias.mean())
