"""A classifier with what people taught it laid on top; it never changes itself. Fits nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from stance.records import HeadStates, Scores
from stance.targets import Target

HEADS = (SENTIMENT_HEAD, STANCE_HEAD) = ("sentiment", "stance")

Floats = NDArray[np.float64]


class Reads(Protocol):
    """What gives probabilities and the states behind them."""

    def predict_with_states(
        self, texts: Sequence[str], targets: Sequence[Target]
    ) -> tuple[Scores, HeadStates]:
        """See `StanceClassifier`."""


class LearnedClassifier:
    """Scores as another classifier does, then moves its answers by a linear layer on its states."""

    def __init__(self, classifier: Reads, weights: Mapping[str, Floats]) -> None:
        """`weights` are by head, shape (width + 1, 3); a head without them answers as before."""
        self._classifier = classifier
        self._weights = dict(weights)

    def predict(self, texts: Sequence[str], targets: Sequence[Target]) -> Scores:
        """As `StanceClassifier.predict`."""
        scores, states = self._classifier.predict_with_states(texts, targets)
        return replace(
            scores,
            sentiment=self._moved(SENTIMENT_HEAD, scores.sentiment, states.sentiment),
            stance=self._moved(STANCE_HEAD, scores.stance, states.stance),
        )

    def _moved(
        self, head: str, probabilities: NDArray[np.float32], states: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        if head not in self._weights:
            return probabilities
        return moved_probabilities(probabilities, states, self._weights[head]).astype(np.float32)


def moved_probabilities(
    probabilities: NDArray[np.floating], states: NDArray[np.floating], weights: Floats
) -> Floats:
    """Probabilities, shape (…, 3), after a linear layer on their states, (…, width), moved the logits.

    `weights` has shape (width + 1, 3): the last row is added whatever the state.
    """
    logits = np.log(np.maximum(probabilities.astype(np.float64), np.finfo(np.float32).tiny))
    logits += states.astype(np.float64) @ weights[:-1] + weights[-1]
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))
