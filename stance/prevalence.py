"""True shares from given labels, with intervals that cover chance and the model's mistakes.

A share that a classifier counts is not the true one: labels that it misses or makes up do not cancel
out once a comment section's mix differs from that of the comments it was tuned on (Forman 2008;
González et al. 2017, "A review on quantification learning"). Here the counts are put right by the
confusion counts of held-out comments, by expectation maximisation, and all that is not known stays
in the interval: which readers wrote, and how the model errs (both drawn at random, many times).
Knows no comments and no files; QuaPy has the point estimates, but no strata, no discount and no
prior, and brings a dozen packages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from stance.model.mistakes import Mistakes

OWN_WEIGHT = 0.5
OTHER_WEIGHT = 0.1
"""What a held-out label of this question counts, and one of another target: comments of another source
are not errors of the same kind one by one. Of the values tried, these make the intervals cover as often
as they claim (`python -m stance coverage`)."""

PRIOR_WEIGHT = 1.0
"""Comments that the held-out shares count for; more, and sets with another mix are missed more often."""

_POOLED_WEIGHT = 1.0
"""Comments that all targets' held-out shares count for in those of one target."""

_RARE = 0.5
"""Comments that a label counts for at least where chance is drawn: that it was not seen is no proof."""

LEVEL = 0.95

SMALLEST_MEASURED = 12
"""Comments of the smallest sets for which coverage is measured."""
_DRAWS, _STEPS = 400, 100
_SMOOTHING = 0.5
_SURELY = 1e9
"""Held-out comments that stand for certainty: what a person says of a comment is what it is."""

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TrueShares:
    """Per label, in label order: the corrected share and the bounds of its 95 % interval, shape (3,)."""

    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class TrueMeasures:
    """Weighted sums of true shares, or their differences: values and interval bounds, shape (k,)."""

    value: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True)
class Question:
    """Labels that were given in a comment set, and what is known of how they are given.

    A question is answered in strata, which are put right one by one and then added. Shapes, for s
    strata: `given` (s, 3) counts by label, which may be weighted, `confusion` (s, 3, 3) weighted
    held-out counts by true (rows) and given label, `prior` (s, 3) expected shares, each row adding
    to 1.
    """

    given: Counts | Floats
    confusion: Floats
    prior: Floats


def sentiment_question(given: Counts | Floats, mistakes: Mistakes) -> Question:
    """The sentiment of a set; `given` are its label counts, shape (3,)."""
    counts = mistakes.sentiment[None].astype(float)
    return Question(given[None], OWN_WEIGHT * counts, _normalised(counts.sum(-1) + _SMOOTHING))


def with_known(question: Question, known: Counts | Floats) -> Question:
    """The question with labels that people gave, shape (3,), maybe weighted: a stratum without mistakes."""
    if not known.sum():
        return question
    exact = np.eye(len(known))[None] * _SURELY
    prior = _normalised(known[None].astype(float) + _SMOOTHING)
    return Question(
        np.concatenate([question.given, known[None]]),
        np.concatenate([question.confusion, exact]),
        np.concatenate([question.prior, prior]),
    )


def stance_question(target: str, given: Counts | Floats, mistakes: Mistakes) -> Question:
    """The stance toward a target, which need not be one that was held out.

    Args:
        target: its key.
        given: label counts, shape (2, 3): comments that do not name the target, then those that do.
        mistakes: of the checkpoint that gave the labels.
    """
    pooled = np.sum(list(mistakes.stance.values()), axis=0).astype(float)
    own = mistakes.stance.get(target, np.zeros_like(pooled)).astype(float)
    everywhere = _normalised(pooled.sum(-1) + _SMOOTHING)
    prior = _normalised(own.sum(-1) + _POOLED_WEIGHT * everywhere)
    return Question(given, OWN_WEIGHT * own + OTHER_WEIGHT * (pooled - own), prior)


def true_shares(questions: Sequence[Question]) -> list[TrueShares]:
    """Corrected shares with intervals; a question has the same answer whatever else is asked.

    For each draw the model's error rates are drawn (Dirichlet, from the weighted counts) and the
    given shares (Dirichlet, from the counts). From the held-out shares on, a hundred steps of
    expectation maximisation go toward the true shares that explain both: what the counts cannot tell
    apart stays near the held-out shares. Around that the draw is made, without which intervals of
    few comments are too narrow. The share is the mean of the draws, the interval their middle 95 %.
    """
    drawn = _true_draws(questions, [None] * len(questions))
    return [TrueShares(each.mean(axis=0), *_middle(each)) for each in drawn]


def true_measures(questions: Sequence[Question], weights: Floats) -> list[TrueMeasures]:
    """Weighted sums of the true shares of each question, from the very draws of `true_shares`.

    Args:
        questions: that are asked.
        weights: of the labels in each of k sums, shape (k, 3).
    """
    drawn = _true_draws(questions, [None] * len(questions))
    sums = [each @ weights.T for each in drawn]
    return [TrueMeasures(each.mean(axis=0), *_middle(each)) for each in sums]


def true_differences(
    pairs: Sequence[tuple[Question, Question]], weights: Floats, *, level: float = LEVEL
) -> list[TrueMeasures]:
    """What the first question of each pair has more than the second, in weighted sums of true shares.

    Both are read by one model: what the held-out counts leave open of its error rates is the same for
    both in each draw, and what makes errors on comments of one source others than on those of the next
    is drawn for each side, as is who happened to write. `OWN_WEIGHT` allows for both kinds alike. Another
    level than 95 % moves the bounds away from the value by the ratio of the normal distribution's
    quantiles: 400 draws say nothing of the quantiles that many comparisons need, and the thousands of
    draws that do would take seconds.

    Args:
        pairs: of questions about the same, with the same held-out counts; labels that people gave
            may stand behind either.
        weights: of the labels in each of k sums, shape (k, 3).
        level: of the intervals.

    Raises:
        ValueError: the held-out counts of a pair differ.
    """
    if not all(_read_alike(*pair) for pair in pairs):
        raise ValueError("Expected pairs of questions with the same held-out counts, found others.")
    sides = [question for pair in pairs for question in pair]
    drawn = _true_draws(sides, [1, 2] * len(pairs))
    z = NormalDist().inv_cdf
    further = z((1 + level) / 2) / z((1 + LEVEL) / 2)
    answers = []
    for first, second in zip(drawn[::2], drawn[1::2], strict=True):
        more = (first - second) @ weights.T
        value, (low, high) = more.mean(axis=0), _middle(more)
        answers.append(
            TrueMeasures(value, value - further * (value - low), value + further * (high - value))
        )
    return answers


def _read_alike(one: Question, other: Question) -> bool:
    shared = min(len(one.confusion), len(other.confusion))
    return np.array_equal(one.confusion[:shared], other.confusion[:shared])


def _true_draws(questions: Sequence[Question], sides: Sequence[int | None]) -> list[Floats]:
    """Draws of the true shares of each question, shape (draws, 3); the sides as in `_chances`."""
    if not questions:
        return []
    drawn = list(map(_chances, questions, sides))
    generators, rates, seen = zip(*drawn, strict=True)
    n = np.concatenate([question.given.sum(-1) for question in questions]).astype(float)
    prior = PRIOR_WEIGHT * np.concatenate([question.prior for question in questions])
    weights = _explained(np.concatenate(seen), np.concatenate(rates), n, prior)
    answers, start = [], 0
    for question, generator in zip(questions, generators, strict=True):
        end = start + len(question.given)
        (strata,) = _dirichlet(weights[start:end], generator, 1)
        # How common the strata are is drawn too: it is chance who names a country.
        parts = _dirichlet(question.given.sum(-1) + 0.5, generator, _DRAWS)
        answers.append(np.asarray((parts.T[..., None] * strata).sum(axis=0)))
        start = end
    return answers


def _middle(drawn: Floats) -> Floats:
    """Bounds of the middle 95 % of draws, shape (2, …)."""
    return np.quantile(drawn, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)


def _chances(
    question: Question, side: int | None
) -> tuple[np.random.Generator, Floats, Floats]:
    """Draws of error rates, shape (s, draws, 3, 3), and of given shares, shape (s, draws, 3).

    Args:
        question: that is asked.
        side: a number that tells the sides of a difference apart, None for a question of its own.

    Returns:
        What draws the rest as well, then the draws.
    """
    confusion = question.confusion + _SMOOTHING
    generator = np.random.default_rng(side or 0)
    if side is None:
        rates = _dirichlet(confusion, generator, _DRAWS)
    else:
        # Around rates that both sides share, each has its own, with the same spread again. Strata draw
        # apart, for labels by hand are one more on the side that has any.
        known = confusion / OWN_WEIGHT
        streams = [np.random.default_rng((0, stratum)) for stratum in range(len(known))]
        draws = [_dirichlet(*each, _DRAWS) for each in zip(known, streams, strict=True)]
        shared = np.stack(draws, axis=1)
        (rates,) = _dirichlet(shared * known.sum(-1, keepdims=True), generator, 1)
    expected = (question.prior[:, None] @ _normalised(confusion))[:, 0]
    seen = _dirichlet(question.given + np.maximum(expected, _RARE), generator, _DRAWS)
    return generator, rates.swapaxes(0, 1), seen.swapaxes(0, 1)


def _explained(seen: Floats, rates: Floats, n: Floats, prior: Floats) -> Floats:
    """Weights of the true labels that explain the given shares, shape (m, draws, 3), by EM.

    They add up to the `n` comments of each of m strata and the weight of its `prior`, shape (m, 3).
    """
    total, prior = n[:, None, None] + PRIOR_WEIGHT, prior[:, None]
    shares = np.broadcast_to(_normalised(prior), seen.shape)
    for _ in range(_STEPS):
        joint = shares[..., None] * rates
        explained = (joint * (seen / joint.sum(axis=-2))[..., None, :]).sum(axis=-1)
        shares = (n[:, None, None] * explained + prior) / total
    return shares * total


def _dirichlet(weights: Counts | Floats, generator: np.random.Generator, draws: int) -> Floats:
    """Draws along the last axis of weights of any shape, shape (draws, *weights.shape)."""
    gammas = generator.standard_gamma(weights, size=(draws, *weights.shape))
    return _normalised(np.maximum(gammas, np.finfo(float).tiny))


def _normalised(weights: Floats) -> Floats:
    return np.asarray(weights / weights.sum(axis=-1, keepdims=True))
