"""Measures a classifier on a file of labelled comments, by the path that scoring takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from stance import records
from stance.labelled import label_in, raw_text, read_rows
from stance.labels import Sentiment, Stance
from stance.metrics import UNKNOWN, Figure, Predictions, SliceFigures, figures, slice_figures
from stance.records import Comment
from stance.scoring import Classifier, Progress, mention_columns, score_comments
from stance.targets import load_targets
from stance.text import prepare_text


@dataclass(frozen=True, slots=True)
class Evaluated:
    """Labelled comments and what a classifier says of them."""

    comments: list[Comment]
    predictions: Predictions

    def figures(self) -> list[Figure]:
        """All figures of merit with their intervals."""
        return figures(self.predictions, [target.name for target in load_targets()])

    def absent(self) -> dict[str, list[str]]:
        """Labels that no comment has, by the name of the question, of questions that have others."""
        heads: list[tuple[str, NDArray[np.int64], list[str]]] = [
            ("sentiment", self.predictions.sentiment, [*map(str, Sentiment)])
        ]
        for target, gold in zip(load_targets(), self.predictions.stance.T, strict=True):
            heads.append((f"stance toward {target.name}", gold, [*map(str, Stance)]))
        found = {name: [x for n, x in enumerate(labels) if n not in gold] for name, gold, labels in heads}
        return {name: labels for name, labels in found.items() if 0 < len(labels) < len(Stance)}

    def named(self) -> NDArray[np.bool_]:
        """Whether each comment names each target, shape (n, k)."""
        return _named(self.comments)

    def slices(self) -> list[SliceFigures]:
        """The same on parts of the comments: by length, by what is named, and by how."""
        return slice_figures(
            self.predictions, [target.name for target in load_targets()], _slices(self.comments)
        )


def evaluate(
    path: Path,
    classifier: Classifier,
    *,
    on_progress: Callable[[Progress], None] | None = None,
) -> Evaluated:
    """Score JSONL rows of text, sentiment, us, uk, ru, ua.

    Raises:
        ReadingError: the file or one of its rows is not of that form.
    """
    comments, sentiment, stance = _read(path)
    # The labels say that these are readable: a false alarm of the language check must hide no error.
    scored = score_comments(comments, classifier, any_language=True, on_progress=on_progress)
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
    return Evaluated(comments, predictions)


@dataclass(frozen=True, slots=True)
class TwoReadings:
    """How far two readings of the same `n` comments agree: macro-F1 of one by the other."""

    n: int
    stance: float
    sentiment: float


def agreement_of_readings(path: Path) -> TwoReadings | None:
    """Of a file whose rows keep two readings in `votes`, a letter for each label; None where none does.

    A reading is the sentiment, one of `-0+`, then the stance toward each target, one of `anf`.

    Raises:
        ReadingError: a row has other votes.
    """

    def parse(row: dict[str, Any]) -> list[list[int]] | None:
        votes = row.get("votes")
        if votes is None:
            return None
        first, second = votes
        if {len(first), len(second)} != {1 + len(load_targets())}:
            raise ValueError("votes")
        return [
            ["-0+".index(vote[0]), *("anf".index(side) for side in vote[1:])] for vote in (first, second)
        ]

    found = [votes for votes in read_rows(path, parse, "votes of two readings, if any") if votes]
    if not found:
        return None
    one, other = np.array(found).transpose(1, 0, 2)
    f1 = partial(f1_score, average="macro")
    return TwoReadings(
        len(found),
        float(f1(one[:, 1:].ravel(), other[:, 1:].ravel())),
        float(f1(one[:, 0], other[:, 0])),
    )


def _named(comments: Sequence[Comment]) -> NDArray[np.bool_]:
    keys = [target.key for target in load_targets()]
    words = mention_columns([comment.text for comment in comments], load_targets())
    return np.array([[word != "" for word in words[key]] for key in keys]).T


def _slices(comments: Sequence[Comment]) -> dict[str, NDArray[np.bool_]]:
    """Masks of comments (n,) or of stances (n, k), by what sets them apart."""
    texts = [prepare_text(comment.text).text for comment in comments]
    named = _named(comments)
    n_named = named.sum(axis=1)
    n_words = np.array([len(text.split()) for text in texts])
    return {
        "stances toward a named target": named,
        "stances toward a target without a name": ~named,
        "comments that name no target": n_named == 0,
        "comments that name one target": n_named == 1,
        "comments that name several targets": n_named > 1,
        "comments of up to 15 words": n_words <= 15,
        "comments of 16 to 50 words": (n_words > 15) & (n_words <= 50),
        "comments of more than 50 words": n_words > 50,
    }


def _read(path: Path) -> tuple[list[Comment], NDArray[np.int64], NDArray[np.int64]]:
    moods = {str(label): index for index, label in enumerate(Sentiment)} | {None: UNKNOWN}
    sides = {str(label): index for index, label in enumerate(Stance)} | {None: UNKNOWN}
    keys = [target.key for target in load_targets()]

    def parse(row: dict[str, Any]) -> tuple[str, int, list[int]]:
        stances = [label_in(sides, row[key]) for key in keys]
        return raw_text(row), label_in(moods, row["sentiment"]), stances

    expected = f"text, sentiment and the stances {', '.join(keys)} with labels of the guide"
    rows = read_rows(path, parse, expected)
    comments = [Comment(f"row-{n}", text, n) for n, (text, _, _) in enumerate(rows, start=1)]
    return comments, np.array([mood for _, mood, _ in rows]), np.array([side for *_, side in rows])
