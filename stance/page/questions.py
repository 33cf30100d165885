"""What a view is about: the stance toward one target, or the sentiment. Holds no view."""

from __future__ import annotations

import streamlit as st

from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, LabelStyle, Sentiment, Stance
from stance.page.choosing import choose
from stance.targets import Target
from stance.translation import _
from stance.wording.titles import target_titles

_SENTIMENT = ""
"""Stands for the sentiment among the keys of targets, none of which is empty."""


def choose_question(
    place: st.delta_generator.DeltaGenerator, targets: tuple[Target, ...], *, key: str
) -> Target | None:
    """The target that the person asks about, or None for the sentiment; kept in the address."""
    chosen = choose(
        place, _("About"), lambda: target_titles(targets) | {_SENTIMENT: _("Sentiment")}, key=key
    )
    return next((target for target in targets if target.key == chosen), None)


def ends_of(about: Target | None) -> tuple[LabelStyle, LabelStyle]:
    """The looks of the first and the last label of a question."""
    if about is None:
        return SENTIMENT_STYLES[Sentiment.NEGATIVE], SENTIMENT_STYLES[Sentiment.POSITIVE]
    return STANCE_STYLES[Stance.AGAINST], STANCE_STYLES[Stance.FAVOR]


def title_of(about: Target | None) -> str:
    """What the words call a target; "" for the sentiment."""
    return "" if about is None else target_titles([about])[about.key]
