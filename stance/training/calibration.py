"""Fits one temperature per head on held-out labels (temperature scaling, Guo et al. 2017)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

from stance.metrics import UNKNOWN


def fit_temperature(gold: NDArray[np.int64], probabilities: NDArray[np.float64]) -> float:
    """The temperature that gives the held-out labels the highest likelihood.

    Args:
        gold: label indices, shape (n,); `UNKNOWN` ones are left out.
        probabilities: of the network without a temperature, shape (n, n_labels).
    """
    known = gold != UNKNOWN
    logits = np.log(np.clip(probabilities[known], 1e-9, 1.0))
    rows = np.arange(len(logits))

    def loss(temperature: float) -> float:
        return float(-log_softmax(logits / temperature, axis=1)[rows, gold[known]].mean())

    return float(minimize_scalar(loss, bounds=(0.25, 4.0), method="bounded").x)
