"""Labels by hand made ready to be learned from: each with what the model says and reads of its comment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from stance.answers.corrections import labels_of
from stance.copies import Copy, original_of
from stance.hand_labels import SENTIMENT_QUESTION, UNCLEAR, HandLabel
from stance.learning import Taught
from stance.model.learned import SENTIMENT_HEAD, STANCE_HEAD, Reads
from stance.records import Comment
from stance.targets import Target

_BATCH = 32


def taught_by(
    labels: Sequence[HandLabel],
    comments: Sequence[Comment],
    targets: Sequence[Target],
    copies: Mapping[str, Copy],
    classifier: Reads,
    *,
    on_progress: Callable[[float], None] | None = None,
) -> dict[str, Taught]:
    """What people taught, by head ("sentiment", "stance"); a head without labels is not there.

    The latest label of a comment and question counts, whoever gave it. Stances toward all targets
    teach one head, which does not know their names.

    Args:
        labels: the latest last; those of other comments or questions teach nothing.
        comments: of the set.
        targets: that were scored.
        copies: which comments repeat an earlier one: they are one group.
        classifier: reads the labelled comments, 32 at a time.
        on_progress: told the part that is done, after each batch.
    """
    texts = {comment.comment_id: comment.text for comment in comments}
    slots = {target.key: place for place, target in enumerate(targets)}
    latest = {
        (label.comment_id, label.question): label.label
        for label in labels
        if label.comment_id in texts
        and label.question in {SENTIMENT_QUESTION, *slots}
        and label.label != UNCLEAR
    }
    ids = list(dict.fromkeys(comment_id for comment_id, _ in latest))
    parts = []
    for first in range(0, len(ids), _BATCH):
        batch = [texts[comment_id] for comment_id in ids[first : first + _BATCH]]
        parts.append(classifier.predict_with_states(batch, targets))
        if on_progress is not None:
            on_progress(min(1.0, (first + _BATCH) / len(ids)))
    row = {comment_id: place for place, comment_id in enumerate(ids)}
    groups: dict[str, int] = {}
    found = {}
    for head in (SENTIMENT_HEAD, STANCE_HEAD):
        asked = [key for key in latest if (key[1] == SENTIMENT_QUESTION) == (head == SENTIMENT_HEAD)]
        if not asked:
            continue
        where = tuple(np.array([row[comment_id] for comment_id, _ in asked])[None])
        if head == STANCE_HEAD:
            where = (*where, np.array([slots[question] for _, question in asked]))
        found[head] = Taught(
            np.concatenate([getattr(scores, head) for scores, _ in parts])[where].astype(np.float64),
            np.concatenate([getattr(states, head) for _, states in parts])[where].astype(np.float64),
            np.array([labels_of(q).index(latest[i, q]) for i, q in asked], dtype=np.int64),
            np.array([groups.setdefault(original_of(i, copies), len(groups)) for i, _ in asked]),
        )
    return found
