"""Labels by hand made ready to be learned from: each with what the model says and reads of its comment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from stance.answers.corrections import labels_of
from stance.copies import Copy, original_of
from stance.hand_labels import SENTIMENT_QUESTION, UNCLEAR, HandLabel
from stance.learning import ANCHORS, Taught
from stance.model.learned import SENTIMENT_HEAD, STANCE_HEAD, Reads
from stance.records import Comment, HeadStates, Scores
from stance.targets import Target

_BATCH = 32

Asked = dict[tuple[str, str], HandLabel]


def latest_answers(
    labels: Sequence[HandLabel], comments: Sequence[Comment], targets: Sequence[Target]
) -> Asked:
    """The label of a comment and question that teaches: the latest that is one, whoever gave it."""
    known = {comment.comment_id for comment in comments}
    questions = {SENTIMENT_QUESTION, *(target.key for target in targets)}
    return {
        (label.comment_id, label.question): label
        for label in sorted(labels, key=lambda label: label.at)
        if label.comment_id in known and label.question in questions and label.label != UNCLEAR
    }


def taught_by(
    asked: Asked,
    comments: Sequence[Comment],
    targets: Sequence[Target],
    copies: Mapping[str, Copy],
    classifier: Reads,
    *,
    on_progress: Callable[[float], None] | None = None,
) -> dict[str, Taught]:
    """What people taught, by head ("sentiment", "stance"); a head without labels is not there.

    Stances toward all targets teach one head, which does not know their names. Of the other comments
    at most `ANCHORS`, drawn at random, show it what is to stay as it is.

    Args:
        asked: see `latest_answers`.
        comments: of the set; only those that were scored, for the others have no answer to keep.
        targets: that were scored.
        copies: which comments repeat an earlier one: they are one group.
        classifier: reads the comments, 32 at a time.
        on_progress: told the part that is done, after each batch.
    """
    ids = list(dict.fromkeys(comment_id for comment_id, _ in asked))
    others = _drawn([c.comment_id for c in comments], {original_of(i, copies) for i in ids}, copies)
    texts = {comment.comment_id: comment.text for comment in comments}
    if not ids:
        return {}
    scores, states = _read([texts[i] for i in (*ids, *others)], targets, classifier, on_progress)
    row = {comment_id: place for place, comment_id in enumerate(ids)}
    slots = {target.key: place for place, target in enumerate(targets)}
    groups: dict[str, int] = {}
    numbers = {i: groups.setdefault(original_of(i, copies), len(groups)) for i in ids}
    found = {}
    for head in (SENTIMENT_HEAD, STANCE_HEAD):
        keys = [key for key in asked if (key[1] == SENTIMENT_QUESTION) == (head == SENTIMENT_HEAD)]
        if not keys:
            continue
        probabilities, read = getattr(scores, head), getattr(states, head)
        where: tuple[list[int], ...] = ([row[comment_id] for comment_id, _ in keys],)
        if head == STANCE_HEAD:
            where = (*where, [slots[question] for _, question in keys])
        rest = slice(len(ids), None)
        found[head] = Taught(
            probabilities[where].astype(np.float64),
            read[where].astype(np.float64),
            np.array([labels_of(key[1]).index(asked[key].label) for key in keys], dtype=np.int64),
            np.array([numbers[comment_id] for comment_id, _ in keys], dtype=np.int64),
            np.array([asked[key].blind for key in keys], dtype=np.bool_),
            probabilities[rest].reshape(-1, probabilities.shape[-1]).astype(np.float64),
            read[rest].reshape(-1, read.shape[-1]).astype(np.float64),
        )
    return found


def _drawn(ids: Sequence[str], taken: set[str], copies: Mapping[str, Copy]) -> list[str]:
    """Some comments at random, none of which says what a labelled one says."""
    free = [comment_id for comment_id in ids if original_of(comment_id, copies) not in taken]
    order = np.random.default_rng(0).permutation(len(free))[:ANCHORS]
    return [free[place] for place in order]


def _read(
    texts: Sequence[str],
    targets: Sequence[Target],
    classifier: Reads,
    on_progress: Callable[[float], None] | None,
) -> tuple[Scores, HeadStates]:
    parts = []
    for first in range(0, len(texts), _BATCH):
        parts.append(classifier.predict_with_states(texts[first : first + _BATCH], targets))
        if on_progress is not None:
            on_progress(min(1.0, (first + _BATCH) / len(texts)))
    return (
        Scores(
            np.concatenate([scores.sentiment for scores, _ in parts]),
            np.concatenate([scores.stance for scores, _ in parts]),
            np.concatenate([scores.truncated for scores, _ in parts]),
        ),
        HeadStates(
            np.concatenate([states.sentiment for _, states in parts]),
            np.concatenate([states.stance for _, states in parts]),
        ),
    )
