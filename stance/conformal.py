"""Prediction sets: for each question all labels that cannot be ruled out. Fits and applies; draws nothing.

The sets are the least ambiguous ones with a bounded error for every label (Sadinle, Lei &
Wasserman 2019, section 2.2), by split-conformal calibration within each label (Vovk 2012,
"Conditional validity of inductive conformal predictors"): of comments like the held-out ones
whose true label is X, at least the share `coverage` has X in its set, whichever label X is. So the
promise does not depend on how many comments of a set are for or against, which differs from
article to article; it does depend on their kind being that of the held-out ones. The thresholds
are fitted on the rows on which three numbers of the scaling were fitted too, so the promise is a
hair optimistic; what it comes to on other comments stands in the model card. Of typed targets no
comment was held out, so there nothing is promised.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance import records
from stance.errors import CheckpointError
from stance.labels import Sentiment, Stance
from stance.model.manifest import Manifest, read_manifest
from stance.targets import Target, load_targets

COVERAGES = (0.8, 0.9, 0.95)
"""What thresholds are fitted for."""


def prediction_sets(
    scored: pd.DataFrame,
    coverage: float = 0.9,
    *,
    targets: Sequence[Target] | None = None,
    manifest: Manifest | None = None,
) -> pd.DataFrame:
    """All labels that the classifier cannot rule out, for every comment and question.

    Args:
        scored: a scored table, see `stance.score_comments`.
        coverage: how often at least the true label is to be in its set: 0.8, 0.9 or 0.95.
        targets: those that were scored; the built-in four if None.
        manifest: of the checkpoint that scored; the shipped one's if None.

    Returns:
        A row per comment, with the index of `scored`: `comment_id`, `sentiment`, and
        `stance_<target>` for each target. A cell is a tuple of labels in label order with the
        given label always in it, so that one label means a sure answer; it is empty for
        comments that have no score.

    Raises:
        CheckpointError: the checkpoint has no thresholds for that coverage.
    """
    manifest = manifest or read_manifest()
    moods = [records.sentiment_probability(label) for label in Sentiment]
    columns: dict[str, object] = {
        records.COMMENT_ID: scored[records.COMMENT_ID],
        records.SENTIMENT: _sets(
            scored[moods], tuple(Sentiment), _least(manifest, "sentiment", coverage)
        ),
    }
    for target in load_targets() if targets is None else targets:
        sides = [records.stance_probability(target.key, label) for label in Stance]
        columns[records.stance_label(target.key)] = _sets(
            scored[sides], tuple(Stance), _least(manifest, "stance", coverage)
        )
    return pd.DataFrame(columns, index=scored.index)


def label_sets(
    probabilities: NDArray[np.float64], least: Sequence[float] | NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Which labels are in the set of each row; the most probable one always is.

    Args:
        probabilities: shape (n, n_labels), rows without a score NaN: their set is empty.
        least: the probability from which on each label is in the set, shape (n_labels,).

    Returns:
        Shape (n, n_labels).
    """
    best = probabilities == probabilities.max(axis=1, keepdims=True)
    return np.asarray((probabilities >= np.asarray(least)) | best)


def least_probabilities(
    gold: NDArray[np.int64], probabilities: NDArray[np.float64], coverage: float
) -> list[float]:
    """The thresholds of `label_sets` that give every label that coverage.

    Args:
        gold: label indices of held-out rows, shape (n,), all known.
        probabilities: what the classifier gives for them, shape (n, n_labels).
        coverage: above 0 and below 1.

    Returns:
        One per label; 0 (always in the set) for a label of which there are too few rows to say.
    """
    thresholds = []
    for label in range(probabilities.shape[1]):
        own = np.sort(probabilities[gold == label, label])
        # A new row falls below the k-th lowest of n with a probability of at most k / (n + 1).
        k = floor((len(own) + 1) * (1 - coverage) + 1e-9)
        thresholds.append(float(own[k - 1]) if k else 0.0)
    return thresholds


def _least(manifest: Manifest, head: str, coverage: float) -> list[float]:
    fitted = manifest.conformal.get(head, {})
    if str(coverage) not in fitted:
        known = ", ".join(fitted) or "none"
        raise CheckpointError(
            f"Expected thresholds of prediction sets for a coverage of {coverage} in the manifest "
            f"of {manifest.name} {manifest.version}, found {known}. Ask for one of these, or "
            "calibrate the checkpoint (stance.training.calibration)."
        )
    return fitted[str(coverage)]


def _sets(
    table: pd.DataFrame, labels: Sequence[Sentiment] | Sequence[Stance], least: Sequence[float]
) -> list[tuple[str, ...]]:
    inside = label_sets(table.to_numpy(np.float64), least)
    return [
        tuple(str(label) for label, is_in in zip(labels, row, strict=True) if is_in)
        for row in inside
    ]
