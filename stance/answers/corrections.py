"""Labels put right by hand: which hold, the table with them, and what to look at next. Draws nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance import records
from stance.aggregate import scored_rows
from stance.copies import Copy, original_of
from stance.hand_labels import SENTIMENT_QUESTION, UNCLEAR, HandLabel
from stance.labels import Sentiment, Stance
from stance.records import Comment

QUEUE = 20
_CANDIDATES = 400
"""Comments of the queue, and the most doubtful ones that it is chosen from."""

_ALIKE = 1e-5
"""Below the digits of an export, probabilities differ by rounding alone."""

Held = Mapping[tuple[str, str], HandLabel]
"""The labels that hold, by comment id and question."""


def labels_of(question: str) -> list[str]:
    """The labels that answer a question, in their order."""
    scale = Sentiment if question == SENTIMENT_QUESTION else Stance
    return [str(label) for label in scale]


def label_column(question: str) -> str:
    """The column of the scored table with a question's labels."""
    return records.SENTIMENT if question == SENTIMENT_QUESTION else records.stance_label(question)


def probability_columns(question: str) -> list[str]:
    """The columns with the probabilities of a question's labels, in label order."""
    if question == SENTIMENT_QUESTION:
        return [records.sentiment_probability(mood) for mood in Sentiment]
    return [records.stance_probability(question, side) for side in Stance]


def how_sure(row: pd.Series[Any], question: str) -> float | None:
    """The probability of the label that a row has; None where it is not known.

    Not known is what all labels have alike: so come those that were put right by hand out of an
    export, which does not hold the model's (see `stance.restored_labels`).
    """
    chances = row[probability_columns(question)].astype(float)
    highest = float(chances.max())
    return None if highest - float(chances.min()) < _ALIKE else highest


def corrections(labels: Iterable[HandLabel]) -> dict[tuple[str, str], HandLabel]:
    """The labels that hold of those that were given with the model's in sight: the latest of each.

    Labels of an audit are none: an audit asks how the model does, and must not change its answers.
    """
    found: dict[tuple[str, str], HandLabel] = {}
    # By time and not by place: an older file that is added later overturns nothing.
    for label in sorted(labels, key=lambda label: label.at):
        if not label.blind and label.label != UNCLEAR:
            found.pop((label.comment_id, label.question), None)
            found[(label.comment_id, label.question)] = label
    return found


def put_right(scored: pd.DataFrame, held: Held) -> pd.DataFrame:
    """The scored table with labels by hand, which have probability 1: a person is taken as sure.

    Who gave them when, and what the model had said, stands in `records.HAND_COLUMNS` behind the
    others; behind these only `records.LEARNED_FROM`, if the table has it. Labels of comments or
    questions that the table does not have change nothing.
    """
    place = {comment_id: row for row, comment_id in enumerate(scored[records.COMMENT_ID])}
    table = scored.reset_index(drop=True)
    about = [records.SENTIMENT, *(n for n in table.columns if n.startswith(records.stance_label("")))]
    held = {
        key: label for key, label in held.items() if key[0] in place and label_column(key[1]) in about
    }
    if not held:
        return scored
    answers = _answers_by_hand(table, held)
    for question in dict.fromkeys(question for _, question in held):
        given = {place[key[0]]: label.label for key, label in held.items() if key[1] == question}
        rows = list(given)
        table.loc[rows, label_column(question)] = list(given.values())
        for name, one in zip(probability_columns(question), labels_of(question), strict=True):
            table.loc[rows, name] = [float(label == one) for label in given.values()]
    for number, name in enumerate(records.HAND_COLUMNS):
        table[name] = [
            records.HAND_SEPARATOR.join(answer[number] for answer in answers.get(comment_id, ()))
            for comment_id in table[records.COMMENT_ID]
        ]
    if records.LEARNED_FROM in table:
        table[records.LEARNED_FROM] = table.pop(records.LEARNED_FROM)
    return table.set_axis(scored.index)


def _answers_by_hand(table: pd.DataFrame, held: Held) -> dict[str, list[tuple[str, str, str, str]]]:
    """By comment: each question, the model's label, who and when; also those that the table has."""
    answers: dict[str, dict[str, tuple[str, str, str, str]]] = {}
    if records.BY_HAND in table:
        noted = table[table[records.BY_HAND] != ""]
        for comment_id, *cells in noted[[records.COMMENT_ID, *records.HAND_COLUMNS]].to_numpy():
            parts = zip(*(cell.split(records.HAND_SEPARATOR) for cell in cells), strict=False)
            answers[comment_id] = {part[0]: part for part in parts}
    by_id = table.set_index(records.COMMENT_ID)
    for (comment_id, question), label in held.items():
        mine = answers.setdefault(comment_id, {})
        was = mine[question][1] if question in mine else by_id.at[comment_id, label_column(question)]
        who = label.annotator.replace(records.HAND_SEPARATOR.strip(), ",")
        mine[question] = (question, str(was), who, label.at)
    return {comment_id: list(found.values()) for comment_id, found in answers.items()}


def n_changed(scored: pd.DataFrame, held: Held) -> int:
    """How many of the labels by hand differ from those of the table; the others confirm it."""
    given = {
        question: dict(zip(scored[records.COMMENT_ID], scored[label_column(question)], strict=True))
        for question in {question for _, question in held}
        if label_column(question) in scored
    }
    return sum(
        given[question][comment_id] != label.label
        for (comment_id, question), label in held.items()
        if comment_id in given.get(question, {})
    )


def review_queue(
    comments: Sequence[Comment],
    scored: pd.DataFrame,
    question: str,
    copies: Mapping[str, Copy],
    done: Collection[str],
) -> list[str]:
    """Ids of the comments whose label would teach most, the first to be looked at first.

    Doubt times difference: of the comments whose label is least probable, each next one is that
    with the largest product of doubt (1 less the label's probability) and distance to the nearest
    one that is already in the queue or done (1 less the cosine of TF-IDF weights of their words); of
    comments that repeat each other only one. Greedy, as in farthest-first selection of batches
    (Brinker 2003, "Incorporating diversity in active learning with support vector machines").

    Args:
        comments: of the set.
        scored: their scored table, without labels by hand.
        question: what is asked.
        copies: which comments repeat an earlier one.
        done: ids of comments that a person has answered this question of.
    """
    rows = scored_rows(scored)
    sure = rows[probability_columns(question)].max(axis=1).to_numpy()
    seen = {original_of(comment_id, copies) for comment_id in done}
    doubtful: dict[str, float] = {}
    for place in np.argsort(sure, kind="stable"):
        comment_id = str(rows[records.COMMENT_ID].iloc[place])
        original = original_of(comment_id, copies)
        if original not in seen:
            seen.add(original)
            doubtful[comment_id] = 1.0 - float(sure[place])
        if len(doubtful) == _CANDIDATES:
            break
    texts = {comment.comment_id: comment.text for comment in comments}
    known = [comment_id for comment_id in done if comment_id in texts]
    if not doubtful:
        return []
    distance = _distances([texts[i] for i in doubtful], [texts[i] for i in known])
    return _greedy(list(doubtful), np.array(list(doubtful.values())), *distance)


def _distances(
    texts: Sequence[str], known: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Of each text to each, shape (n, n), and to the nearest known one, (n,): 1 where none is."""
    # Here, as it takes a moment to load and the first screen does without.
    from sklearn.feature_extraction.text import TfidfVectorizer

    try:
        weights = TfidfVectorizer(sublinear_tf=True).fit_transform([*texts, *known])
    except ValueError:  # no word anywhere: nothing is like anything
        return np.ones((len(texts), len(texts))), np.ones(len(texts))
    likeness = (weights[: len(texts)] @ weights.T).toarray()
    nearest = likeness[:, len(texts) :].max(axis=1) if known else np.zeros(len(texts))
    return 1.0 - likeness[:, : len(texts)], 1.0 - nearest


def _greedy(
    ids: list[str],
    doubt: NDArray[np.float64],
    between: NDArray[np.float64],
    nearest: NDArray[np.float64],
) -> list[str]:
    chosen: list[str] = []
    left = np.ones(len(ids), dtype=bool)
    while left.any() and len(chosen) < QUEUE:
        best = int(np.argmax(np.where(left, doubt * nearest, -1.0)))
        left[best] = False
        chosen.append(ids[best])
        nearest = np.minimum(nearest, between[best])
    return chosen
