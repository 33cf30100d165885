"""Labels that people gave to comments: the record. Knows no model and no screen."""

from __future__ import annotations

from dataclasses import dataclass

SENTIMENT_QUESTION = "sentiment"
"""The question that is not about a target; no target has this key."""


@dataclass(frozen=True, slots=True)
class HandLabel:
    """What one person says of one comment in answer to one question.

    `question` is `SENTIMENT_QUESTION` or a target's key, `label` a value of `Sentiment` or
    `Stance`. `at` is the time, ISO 8601 in UTC to the second (`2026-11-27T03:00:00Z`). `blind`
    labels were given without seeing the model's (an audit), the others correct or confirm it.
    """

    comment_id: str
    question: str
    label: str
    annotator: str
    at: str
    blind: bool
