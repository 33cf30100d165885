"""The labels: their names, order, display names and colours. The only place where they stand.

The order of an enum is the order of the columns of every
probability array, of every table and of every legend.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from stance.translation import _, pgettext


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
    """How a label is shown: its title and word are in the language that is spoken.

    `colour` is a hex colour readable on a white and on a near-black page, `pattern` a Plotly
    pattern shape: the second cue for people who do not tell the colours apart.
    """

    label: Sentiment | Stance
    colour: str
    pattern: str

    @property
    def title(self) -> str:
        """What the label is called where it stands alone."""
        return {
            Sentiment.NEGATIVE: _("Negative"),
            Sentiment.NEUTRAL: _("Neutral"),
            Sentiment.POSITIVE: _("Positive"),
            Stance.AGAINST: _("Against"),
            Stance.NONE: pgettext("stance", "None"),
            Stance.FAVOR: _("In favor"),
        }[self.label]

    @property
    def word(self) -> str:
        """What it is called inside a sentence."""
        return {
            Sentiment.NEGATIVE: pgettext("in a sentence", "negative"),
            Sentiment.NEUTRAL: pgettext("in a sentence", "neutral"),
            Sentiment.POSITIVE: pgettext("in a sentence", "positive"),
            Stance.AGAINST: pgettext("in a sentence", "against"),
            Stance.NONE: pgettext("in a sentence", "none"),
            Stance.FAVOR: pgettext("in a sentence", "in favor"),
        }[self.label]


# Two diverging scales that stay apart for the common colour-vision deficiencies and that no
# flag of the four countries uses: brown to teal (sentiment), purple to orange (stance).
SENTIMENT_STYLES: dict[Sentiment, LabelStyle] = {
    Sentiment.NEGATIVE: LabelStyle(Sentiment.NEGATIVE, "#a6611a", "/"),
    Sentiment.NEUTRAL: LabelStyle(Sentiment.NEUTRAL, "#a9a9a9", ""),
    Sentiment.POSITIVE: LabelStyle(Sentiment.POSITIVE, "#2f9288", "."),
}
STANCE_STYLES: dict[Stance, LabelStyle] = {
    Stance.AGAINST: LabelStyle(Stance.AGAINST, "#7b6bb5", "/"),
    Stance.NONE: LabelStyle(Stance.NONE, "#a9a9a9", ""),
    Stance.FAVOR: LabelStyle(Stance.FAVOR, "#e08214", "."),
}

LABEL_STYLES: dict[str, LabelStyle] = {
    str(label): style for label, style in (*SENTIMENT_STYLES.items(), *STANCE_STYLES.items())
}
"""Of every label by its name, which no two scales share."""
