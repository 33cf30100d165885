"""Measures a classifier on a file of labelled comments, by the path that scoring takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from stance import records
from stance.errors import ReadingError
from stance.labels import Sentiment, Stance
from stance.metrics import UNKNOWN, Figure, Predictions, figures
from stance.records import Comment
from stance.scoring import Classifier, Progress, score_comments
from stance.targets import load_targets


def evaluate(
    path: Path,
    classifier: Classifier,
    *,
    on_progress: Callable[[Progress], None] | None = None,
) -> list[Figure]:
    """Figures of merit with intervals for JSONL rows of text, sentiment, us, uk, ru, ua.

    Raises:
        ReadingError: the file or one of its rows is not of that form.
    """
    comments, sentiment, stance = _read(path)
    scored = score_comments(comments, classifier, on_progress=on_progress)
    targets = load_targets()
    moods = [records.sentiment_probability(label) for label in Sentiment]
    sides = [[records.stance_probability(t.key, label) for label in Stance] for t in targets]
    unscored = (scored[records.UNSCORED] != "").to_numpy()
    # A text without a score is left out here as it is left out of every share.
    predictions = Predictions(
        np.where(unscored, UNKNOWN, sentiment),
        np.where(unscored[:, None], UNKNOWN, stance),
        scored[moods].fillna(0).to_numpy(),
        np.stack([scored[columns].fillna(0).to_numpy() for columns in sides], axis=1),
    )
    return figures(predictions, [target.name for target in targets])


def _read(path: Path) -> tuple[list[Comment], np.ndarray, np.ndarray]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ReadingError(f"Could not read {path} as UTF-8 text.") from error
    moods = {str(label): index for index, label in enumerate(Sentiment)} | {None: UNKNOWN}
    sides = {str(label): index for index, label in enumerate(Stance)} | {None: UNKNOWN}
    comments, sentiment, stance = [], [], []
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
            comments.append(Comment(f"row-{number}", str(row["text"]), number))
            sentiment.append(moods[row["sentiment"]])
            stance.append([sides[row[target.key]] for target in load_targets()])
        except (ValueError, KeyError, TypeError) as error:
            raise ReadingError(
                f"{path}, line {number}: expected a JSON object with text, sentiment and the "
                f"stances {', '.join(t.key for t in load_targets())} with labels of the guide."
            ) from error
    if not comments:
        raise ReadingError(f"Expected labelled comments in {path}, found an empty file.")
    return comments, np.array(sentiment), np.array(stance)
