"""Learning from labels by hand: a light head on the frozen states of the encoder. Runs no encoder.

The head moves the model's logits by a linear layer on the states that its own last layer reads, held
near zero by a penalty (ridge): without labels nothing moves, with a few labels little. What it is worth
is measured on labels that it has not seen, by cross-validation over groups of equal texts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from scipy.stats import norm

from stance.model.learned import moved_probabilities

PENALTY = 30.0
"""Of squared weights, against the summed log loss of the labels: of those tried, the one that harms least
where the model is right anyway and still moves it where it is not (scripts/learning_gain.py)."""

FEWEST = 15
"""Labels of one head from which on it learns; fewer did harm as often as good."""

N_FOLDS = 5

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Taught:
    """Labels that people gave of n texts, with what the model says of these.

    Shapes: `probabilities` (n, 3), `states` (n, width), `labels` (n,) as places in label order,
    `groups` (n,): texts of one number say the same and are never on both sides of a fold.
    """

    probabilities: Floats
    states: Floats
    labels: Labels
    groups: Labels


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned for one head.

    `weights` are for `moved_probabilities`. Of `n` labels the model has `right_before` right, and
    `right_after` when each is answered by a head that has not seen it; `loss_before` and
    `loss_after` are the mean log loss of the same, and `change_low` to `change_high` the 95 %
    interval of their difference (paired, normal).
    """

    weights: Floats
    n: int
    right_before: int
    right_after: int
    loss_before: float
    loss_after: float
    change_low: float
    change_high: float


def why_not(taught: Taught) -> str:
    """Why nothing can be learned from these labels, in words; "" if something can."""
    n_groups = len(set(taught.groups.tolist()))
    if n_groups < FEWEST:
        return f"{FEWEST} labels of different comments are needed, {n_groups} are there"
    if len(set(taught.labels.tolist())) < 2:
        return "all labels are the same, so there is nothing to tell apart"
    return ""


def learn(taught: Taught, *, penalty: float = PENALTY) -> Lesson:
    """Fit the head, and measure it on labels that it has not seen.

    Raises:
        ValueError: `why_not` has a reason.
    """
    if reason := why_not(taught):
        raise ValueError(reason)
    after = np.empty_like(taught.probabilities)
    for held_out in _folds(taught.groups):
        weights = _fitted(taught, ~held_out, penalty)
        after[held_out] = moved_probabilities(
            taught.probabilities[held_out], taught.states[held_out], weights
        )
    n, before = len(taught.labels), taught.probabilities
    loss_before, loss_after = _losses(before, taught.labels), _losses(after, taught.labels)
    change = loss_after - loss_before
    reach = float(norm.isf(0.025) * change.std(ddof=1) / np.sqrt(n))
    return Lesson(
        weights=_fitted(taught, np.ones(n, dtype=bool), penalty),
        n=n,
        right_before=int((before.argmax(axis=1) == taught.labels).sum()),
        right_after=int((after.argmax(axis=1) == taught.labels).sum()),
        loss_before=float(loss_before.mean()),
        loss_after=float(loss_after.mean()),
        change_low=float(change.mean()) - reach,
        change_high=float(change.mean()) + reach,
    )


def _folds(groups: Labels) -> list[NDArray[np.bool_]]:
    """Which labels each fold holds out: groups in an order drawn once, dealt out in turn."""
    names = np.unique(groups)
    dealt = np.random.default_rng(0).permutation(len(names)) % N_FOLDS
    fold = dealt[np.searchsorted(names, groups)]
    return [fold == number for number in range(N_FOLDS)]


def _fitted(taught: Taught, rows: NDArray[np.bool_], penalty: float) -> Floats:
    """Weights of the least penalised log loss, by L-BFGS (SciPy); multinomial with an offset.

    scikit-learn's LogisticRegression has no offset: it would learn the model's own answer anew.
    """
    states = np.column_stack([taught.states[rows], np.ones(int(rows.sum()))])
    offset = np.log(np.maximum(taught.probabilities[rows], np.finfo(np.float32).tiny))
    truth = np.eye(offset.shape[1])[taught.labels[rows]]

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(states.shape[1], -1)
        logits = offset + states @ weights
        log_p = logits - logsumexp(logits, axis=1, keepdims=True)
        gradient = states.T @ (np.exp(log_p) - truth) + penalty * weights
        value = -(truth * log_p).sum() + penalty / 2 * (weights**2).sum()
        return float(value), gradient.ravel()

    start = np.zeros(states.shape[1] * offset.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    return np.asarray(found.x.reshape(states.shape[1], -1))


def _losses(probabilities: Floats, labels: Labels) -> Floats:
    given = probabilities[np.arange(len(labels)), labels]
    return np.asarray(-np.log(np.maximum(given, np.finfo(np.float32).tiny)))
