"""Comments in, the scored table out: order, chunks, batches, equal texts once, progress, cancel.

Knows no network: a classifier is an argument. Decides the label: the most probable one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from stance import records
from stance.errors import ScoringCancelled
from stance.labels import Sentiment, Stance
from stance.records import Comment, Scores
from stance.targets import MentionFinder, Target, load_targets, mentioned_words
from stance.text import prepare_text, why_unscored

BATCH_SIZE = 32

CHUNK_ROWS = 4_096
"""Comments that are looked at together: the same in every way of scoring, so that these agree."""

MENTION_SEPARATOR = "; "


class Classifier(Protocol):
    """What scoring needs of a model."""

    def predict(self, texts: Sequence[str], targets: Sequence[Target]) -> Scores:
        """Probabilities for texts of which none is empty, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far scoring is: comments done of all, and the seconds since it began."""

    done: int
    total: int
    seconds: float


def score_comments(
    comments: Sequence[Comment],
    classifier: Classifier,
    *,
    targets: Sequence[Target] | None = None,
    batch_size: int = BATCH_SIZE,
    any_language: bool = False,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> pd.DataFrame:
    """Score comments; equal texts of a chunk (`CHUNK_ROWS` comments) are scored once.

    Args:
        comments: in any number, also none.
        classifier: see `stance.load_classifier`.
        targets: what stance is asked about; the built-in four if None.
        batch_size: texts in one pass of the classifier.
        any_language: score comments too that are clearly not English.
        on_progress: called after every batch.
        cancelled: asked before every batch.

    Returns:
        The scored table: one row per comment in the same order, columns as
        `records.scored_columns`. A comment without words or in another language has empty
        labels, missing probabilities, and the reason in `unscored`.

    Raises:
        ScoringCancelled: `cancelled` answered True.
    """
    targets = load_targets() if targets is None else targets
    started, total = time.monotonic(), len(comments)

    def report(done: float) -> None:
        if on_progress is not None:
            on_progress(Progress(round(done), total, time.monotonic() - started))

    tables = []
    for first in range(0, total, CHUNK_ROWS) or (0,):
        chunk = comments[first : first + CHUNK_ROWS]
        reasons = {
            text: why_unscored(text, any_language=any_language)
            for text in dict.fromkeys(comment.text for comment in chunk)
        }
        # Texts of similar length share a batch, so that little is computed on padding.
        distinct = sorted((text for text, why in reasons.items() if not why), key=len)
        parts = []
        for start in range(0, len(distinct), batch_size):
            if cancelled is not None and cancelled():
                done = first + round(len(chunk) * start / len(distinct))
                raise ScoringCancelled(f"Scoring was stopped after {done} of {total} comments.")
            batch = distinct[start : start + batch_size]
            parts.append(classifier.predict(batch, targets))
            report(first + len(chunk) * (start + len(batch)) / len(distinct))
        rows = {text: row for row, text in enumerate(distinct)}
        tables.append(_table(chunk, targets, _joined(parts, len(targets)), rows, reasons))
        if chunk and not distinct:
            report(first + len(chunk))
    return tables[0] if len(tables) == 1 else pd.concat(tables, ignore_index=True)


def _joined(parts: Sequence[Scores], n_targets: int) -> Scores:
    """All batches as one, with a last row of missing values for comments without a score."""
    missing = Scores(
        np.full((1, len(Sentiment)), np.nan, dtype=np.float32),
        np.full((1, n_targets, len(Stance)), np.nan, dtype=np.float32),
        np.zeros(1, dtype=np.bool_),
    )
    every = [*parts, missing]
    return Scores(
        np.concatenate([part.sentiment for part in every]),
        np.concatenate([part.stance for part in every]),
        np.concatenate([part.truncated for part in every]),
    )


def _table(
    comments: Sequence[Comment],
    targets: Sequence[Target],
    scores: Scores,
    rows: dict[str, int],
    reasons: dict[str, str],
) -> pd.DataFrame:
    take = np.array([rows.get(comment.text, -1) for comment in comments], dtype=np.int64)
    columns: dict[str, object] = {records.COMMENT_ID: [c.comment_id for c in comments]}
    sentiment = scores.sentiment[take].astype(np.float64)
    columns[records.SENTIMENT] = _most_probable(sentiment, tuple(Sentiment))
    for index, mood in enumerate(Sentiment):
        columns[records.sentiment_probability(mood)] = sentiment[:, index]
    words = mention_columns([comment.text for comment in comments], targets)
    for number, target in enumerate(targets):
        stance = scores.stance[take, number].astype(np.float64)
        columns[records.stance_label(target.key)] = _most_probable(stance, tuple(Stance))
        for index, side in enumerate(Stance):
            columns[records.stance_probability(target.key, side)] = stance[:, index]
        columns[records.mentions(target.key)] = words[target.key]
    columns[records.TRUNCATED] = scores.truncated[take]
    columns[records.UNSCORED] = [reasons[comment.text] for comment in comments]
    return pd.DataFrame(columns, columns=list(records.scored_columns([t.key for t in targets])))


def _most_probable(
    probabilities: np.ndarray, labels: Sequence[Sentiment] | Sequence[Stance]
) -> list[str]:
    """The label of each row; "" where there are no probabilities."""
    scored = ~np.isnan(probabilities[:, 0])
    best = np.where(scored[:, None], probabilities, 0.0).argmax(axis=1)
    return [
        str(labels[index]) if known else "" for index, known in zip(best, scored, strict=True)
    ]


def mention_columns(texts: Sequence[str], targets: Sequence[Target]) -> dict[str, list[str]]:
    """By key, the words that name each target in what the model is given: not in links or handles."""
    finder = MentionFinder(targets)
    by_text: dict[str, list[str]] = {}
    for text in dict.fromkeys(texts):
        prepared = prepare_text(text).text
        found = finder.find(prepared)
        by_text[text] = [
            MENTION_SEPARATOR.join(mentioned_words(prepared, found, target.key))
            for target in targets
        ]
    return {
        target.key: [by_text[text][number] for text in texts]
        for number, target in enumerate(targets)
    }
