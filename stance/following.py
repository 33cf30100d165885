"""Whether labels follow exchanged names: scores of texts, their comparison, means with intervals.

The arithmetic of `evenness`; knows nothing of swap sets and files.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance import records
from stance.labels import Sentiment, Stance
from stance.metrics import N_RESAMPLES, Figure
from stance.records import Comment
from stance.scoring import Classifier, Progress, score_comments
from stance.targets import load_targets

FOLLOWED = ("exchanged", "others", "sentiment", "all three")
"""What must follow the names: the two targets' labels change places, the other targets' labels
stay, the sentiment stays; and all of these at once."""

CHANGES = ("stance", "sentiment")
"""What probabilities may change with the names."""

Array = NDArray[np.float64]
OnProgress = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class Probabilities:
    """Shapes: `sentiment` (..., 3), `stance` (..., k, 3), in label order; `...` as in the texts."""

    sentiment: Array
    stance: Array

    def take(self, rows: Any) -> Probabilities:
        """The same for some of the texts; `rows` is a NumPy index of the leading axes."""
        return Probabilities(self.sentiment[rows], self.stance[rows])


def score_texts(
    texts: Sequence[str], classifier: Classifier, on_progress: OnProgress | None
) -> Probabilities:
    """By the path that scoring takes, which scores equal texts once."""
    comments = [Comment(f"t{number}", text, number) for number, text in enumerate(texts, start=1)]
    scored = score_comments(comments, classifier, any_language=True, on_progress=on_progress)
    sides = [
        _columns(scored, [records.stance_probability(target.key, side) for side in Stance])
        for target in load_targets()
    ]
    moods = _columns(scored, [records.sentiment_probability(mood) for mood in Sentiment])
    return Probabilities(moods, np.stack(sides, axis=1))


def _columns(scored: pd.DataFrame, names: Sequence[str]) -> Array:
    return scored[list(names)].to_numpy(dtype=np.float64)


def follows(before: Probabilities, after: Probabilities, pair: tuple[int, int]) -> Array:
    """What follows the exchange of two targets' names, for n texts.

    Returns:
        Shape (n, 6): 1 or 0 for each of `FOLLOWED`, then the mean absolute difference of the
        stance and of the sentiment probabilities.
    """
    k = before.stance.shape[1]
    moved = list(range(k))
    moved[pair[0]], moved[pair[1]] = pair[1], pair[0]
    expected = after.stance[:, moved]
    same = before.stance.argmax(axis=2) == expected.argmax(axis=2)
    others = [target for target in range(k) if target not in pair]
    followed = [
        same[:, list(pair)].all(axis=1),
        same[:, others].all(axis=1),
        before.sentiment.argmax(axis=1) == after.sentiment.argmax(axis=1),
    ]
    return np.column_stack([
        *followed,
        np.all(followed, axis=0),
        np.abs(before.stance - expected).mean(axis=(1, 2)),
        np.abs(before.sentiment - after.sentiment).mean(axis=1),
    ]).astype(np.float64)


def mean_figures(names: Sequence[str], values: Array) -> tuple[Figure, ...]:
    """Means of the columns of `values`, shape (n, len(names)), with their intervals."""
    low, high = np.percentile(resampled_means(values), [2.5, 97.5], axis=0)
    means = values.mean(axis=0)
    return tuple(
        Figure(name, float(means[i]), float(low[i]), float(high[i])) for i, name in enumerate(names)
    )


def resampled_means(values: Array) -> Array:
    """Column means of resampled rows, shape (`N_RESAMPLES`, columns): the percentile bootstrap."""
    rng = np.random.default_rng(0)
    n = len(values)
    return np.stack([values[rng.integers(0, n, n)].mean(axis=0) for _ in range(N_RESAMPLES)])
