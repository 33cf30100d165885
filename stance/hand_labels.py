"""Labels that people gave to comments: the record. Knows no model and no screen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

SENTIMENT_QUESTION = "sentiment"
"""The question that is not about a target; no target has this key."""

UNCLEAR = "unclear"
"""In the place of a label: the person looked and can't tell. It is no label, and nothing learns from it."""

_TIME = "%Y-%m-%dT%H:%M:%SZ"


@dataclass(frozen=True, slots=True)
class HandLabel:
    """What one person says of one comment in answer to one question.

    `question` is `SENTIMENT_QUESTION` or a target's key, `label` a value of `Sentiment` or
    `Stance`, or `UNCLEAR`. `at` is the time, ISO 8601 in UTC to the second
    (`2026-11-27T03:00:00Z`). `blind` labels were given without seeing the model's (an audit), the
    others correct or confirm it.
    """

    comment_id: str
    question: str
    label: str
    annotator: str
    at: str
    blind: bool


def latest(labels: Iterable[HandLabel]) -> list[HandLabel]:
    """Of the labels that one person gave to one question of one comment the latest, in their order.

    One that was given blind and one that was given with the model's in sight are two: a correction
    does not undo an audit. Of two of the same second the later one in the order counts.
    """
    kept: dict[tuple[str, str, str, bool], HandLabel] = {}
    for label in labels:
        key = (label.comment_id, label.question, label.annotator, label.blind)
        if key not in kept or label.at >= kept[key].at:
            kept[key] = label
    return list(kept.values())


def time_text(moment: datetime) -> str:
    """A time, which must be one in UTC, as labels have it."""
    return moment.strftime(_TIME)


def is_time(text: str) -> bool:
    """Whether a text is a time as labels have it.

    >>> is_time("2026-11-27T03:00:00Z"), is_time("2026-1-5T3:00:00Z")
    (True, False)
    """
    try:
        # Python reads the second one too, but times are compared as texts.
        return datetime.strptime(text, _TIME).strftime(_TIME) == text
    except ValueError:
        return False
