"""Learning from labels by hand: a light head on the frozen states of the encoder. Runs no encoder.

The head moves the model's logits by a linear layer on the states that its own last layer reads. Two
things hold it back, since people put right what is wrong and seldom say what is right: a penalty on its
weights (ridge), and the other comments of the set, on which it is to answer as the model does
(self-distillation; Li & Hoiem 2016, "Learning without forgetting"). What it is worth is measured by
cross-validation over groups of equal texts, and judged on labels of comments that were drawn at random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from stance.model.learned import moved_probabilities
from stance.translation import _

PENALTY = 30.0
"""Of squared weights, against the summed log loss of the labels."""

ANCHORS, HOLD = 300, 3.0
"""How many other comments hold the head back, and how much all of them count for each label. Of the
values tried, what harms little where only mistakes are labelled, and still helps where the model is far off
(scripts/learning_gain.py)."""

FEWEST = 15
"""Comments with labels from which on a head learns, and with random ones from which on it is judged."""

N_FOLDS = 5

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Taught:
    """Labels that people gave of n texts, what the model says of these, and m texts without labels.

    Shapes: `probabilities` (n, 3), `states` (n, width), `labels` (n,) as places in label order,
    `groups` (n,): texts of one number say the same and are never on both sides of a fold;
    `at_random` (n,): whether the text was drawn, and not picked, to be labelled;
    `other_probabilities` (m, 3) and `other_states` (m, width).
    """

    probabilities: Floats
    states: Floats
    labels: Labels
    groups: Labels
    at_random: Flags
    other_probabilities: Floats
    other_states: Floats


@dataclass(frozen=True, slots=True)
class Lesson:
    """What was learned for one head.

    `weights` are for `moved_probabilities`. Of `n` labels the model has `right_before` right, and
    `right_after` when each is answered by a head that has not seen it. `n_random` of them are of
    texts drawn at random; on these the mean log loss changes by `change` (below zero is better),
    with its 95 % interval `change_low` to `change_high`, all NaN where they are too few to judge by.
    """

    weights: Floats
    n: int
    right_before: int
    right_after: int
    n_random: int
    change: float = math.nan
    change_low: float = math.nan
    change_high: float = math.nan

    @property
    def judged(self) -> bool:
        """Whether there are random labels enough."""
        return not math.isnan(self.change)


def why_not(taught: Taught) -> str:
    """Why nothing can be learned from these labels, in words; "" if something can."""
    n_groups = len(set(taught.groups.tolist()))
    if n_groups < FEWEST:
        said = _("{fewest} labels of different comments are needed, {n} are there")
        return said.format(fewest=FEWEST, n=n_groups)
    if len(set(taught.labels.tolist())) < 2:
        return _("all labels are the same, so there is nothing to tell apart")
    return ""


def learn(taught: Taught) -> Lesson:
    """Fit the head, and measure it on labels that it has not seen.

    Raises:
        ValueError: `why_not` has a reason.
    """
    if reason := why_not(taught):
        raise ValueError(reason)
    before, after = taught.probabilities, np.empty_like(taught.probabilities)
    for held_out in _folds(taught.groups):
        weights = fitted(taught, ~held_out)
        after[held_out] = moved_probabilities(before[held_out], taught.states[held_out], weights)
    random = taught.at_random
    change = log_losses(after, taught.labels) - log_losses(before, taught.labels)
    return Lesson(
        fitted(taught, np.ones(len(taught.labels), dtype=bool)),
        len(taught.labels),
        int((before.argmax(axis=1) == taught.labels).sum()),
        int((after.argmax(axis=1) == taught.labels).sum()),
        int(random.sum()),
        *_mean_by_group(change[random], taught.groups[random]),
    )


def _folds(groups: Labels) -> list[Flags]:
    """Which labels each fold holds out: groups in an order drawn once, dealt out in turn."""
    names = np.unique(groups)
    dealt = np.random.default_rng(0).permutation(len(names)) % N_FOLDS
    fold = dealt[np.searchsorted(names, groups)]
    return [fold == number for number in range(N_FOLDS)]


def fitted(
    taught: Taught, rows: Flags, *, penalty: float = PENALTY, hold: float = HOLD
) -> Floats:
    """Weights of the least penalised log loss on some of the labels, by L-BFGS (SciPy).

    Multinomial with an offset, which scikit-learn's LogisticRegression has not: it would learn the
    model's own answer anew.
    """
    # Here and below, as SciPy takes a second to load and the first screen does without.
    from scipy.optimize import minimize
    from scipy.special import logsumexp

    n_labels, n_others = int(rows.sum()), len(taught.other_probabilities)
    states = np.concatenate([taught.states[rows], taught.other_states])
    states = np.column_stack([states, np.ones(len(states))])
    offset = np.concatenate([taught.probabilities[rows], taught.other_probabilities])
    truth = np.concatenate([np.eye(offset.shape[1])[taught.labels[rows]], taught.other_probabilities])
    held = np.full(n_others, hold * n_labels / max(n_others, 1))
    counts = np.concatenate([np.ones(n_labels), held])[:, None]
    offset = np.log(np.maximum(offset, np.finfo(np.float32).tiny))

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(states.shape[1], -1)
        logits = offset + states @ weights
        log_p = logits - logsumexp(logits, axis=1, keepdims=True)
        gradient = states.T @ (counts * (np.exp(log_p) - truth)) + penalty * weights
        value = -(counts * truth * log_p).sum() + penalty / 2 * (weights**2).sum()
        return float(value), gradient.ravel()

    start = np.zeros(states.shape[1] * offset.shape[1])
    found = minimize(loss, start, jac=True, method="L-BFGS-B")
    return np.asarray(found.x.reshape(states.shape[1], -1))


def log_losses(probabilities: Floats, labels: Labels) -> Floats:
    """Of each label, shape (n,)."""
    given = probabilities[np.arange(len(labels)), labels]
    return np.asarray(-np.log(np.maximum(given, np.finfo(np.float32).tiny)))


def _mean_by_group(change: Floats, groups: Labels) -> tuple[float, float, float]:
    """The mean and its 95 % interval; what belongs to one group is no evidence of its own.

    A ratio estimator over groups with Student's t (Cochran 1977, cluster sampling).
    """
    from scipy.stats import t

    names, place = np.unique(groups, return_inverse=True)
    if len(names) < FEWEST:
        return math.nan, math.nan, math.nan
    mean = float(change.mean())
    rest = np.bincount(place, change - mean)
    spread = math.sqrt(len(names) / (len(names) - 1) * float((rest**2).sum())) / len(change)
    reach = float(t.isf(0.025, len(names) - 1)) * spread
    return mean, mean - reach, mean + reach
