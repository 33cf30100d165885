"""The labels: their names, order, display names and colours. The only place where they stand.

Does not import anything of ours. The order of an enum is the order of the columns of every
probability array, of every table and of every legend.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Sentiment(StrEnum):
    """The overall tone of a comment."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"


class Stance(StrEnum):
    """What a comment's author thinks of one target."""

    AGAINST = "against"
    NONE = "none"
    FAVOR = "favor"


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """How a label is shown.

    `colour` is a hex colour readable on a white and on a near-black page, `pattern` a Plotly
    pattern shape: the second cue for people who do not tell the colours apart.
    """

    title: str
    colour: str
    pattern: str


# Two diverging scales that stay apart for the common colour-vision deficiencies and that no
# flag of the four countries uses: brown to teal (sentiment), purple to orange (stance).
SENTIMENT_STYLES: dict[Sentiment, LabelStyle] = {
    Sentiment.NEGATIVE: LabelStyle("Negative", "#a6611a", "/"),
    Sentiment.NEUTRAL: LabelStyle("Neutral", "#a9a9a9", ""),
    Sentiment.POSITIVE: LabelStyle("Positive", "#2f9288", "."),
}
STANCE_STYLES: dict[Stance, LabelStyle] = {
    Stance.AGAINST: LabelStyle("Against", "#7b6bb5", "/"),
    Stance.NONE: LabelStyle("None", "#a9a9a9", ""),
    Stance.FAVOR: LabelStyle("In favor", "#e08214", "."),
}

LABEL_STYLES: dict[str, LabelStyle] = {
    str(label): style for label, style in (*SENTIMENT_STYLES.items(), *STANCE_STYLES.items())
}
"""Of every label by its name, which no two scales share."""
