"""In the opened comment: which words moved one answer, as marks in the text and as a table.

Loads the model only when a question was chosen. Measures nothing: that is `stance.explaining`.
"""

from __future__ import annotations

import pandas as pd
import streamlit as st

from stance.amounts import number
from stance.errors import StanceError
from stance.explaining import ONE_WORD, Explanation, explain
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.page.choosing import titles_for
from stance.page.classifying import shared_classifier
from stance.page.plain import Poles, show_problem, show_weighted
from stance.page.state import EXPLANATION
from stance.page.tables import with_spoken
from stance.targets import Target
from stance.translation import N_, _
from stance.wording.titles import target_titles

MOVES = 0.02
"""Weights below this are in the table but not marked in the text: two points of probability."""

_SENTIMENT = ""
"""Stands for the sentiment among the keys of targets, none of which is empty."""

_REASONS = {
    ONE_WORD: N_("This comment is one word: nothing would be left to compare with."),
}


AS_IT_CAME = N_(
    "Explained is the answer of the model as it came, before labels by hand and before it was taught: it "
    "may be another than the label that is shown."
)


def show_explanation(
    text: str, asked_of: tuple[Target, ...], *, other_labels: bool = False
) -> None:
    """A box to choose the question; below it the words that moved its answer.

    Args:
        text: a comment that was scored, as its author wrote it.
        asked_of: the targets of its set.
        other_labels: whether labels that are shown of it are a person's or a taught model's.
    """
    targets = {target.key: target for target in asked_of}
    titles = titles_for(
        "explain", lambda: {_SENTIMENT: _("Sentiment")} | target_titles(asked_of), bound=False
    )
    chosen = st.selectbox(
        _("Explain"),
        [_SENTIMENT, *targets],
        index=None,
        format_func=lambda key: titles.get(key, key),
        placeholder=_("Which words moved the sentiment or a stance?"),
        key="explain",
        width=420,
    )
    if chosen is None:
        return
    try:
        explanation = _explained(text, targets.get(chosen))
    except StanceError as error:
        show_problem(_("This comment was not explained."), error.message)
        return
    _show(explanation)
    if other_labels:
        st.caption(_(AS_IT_CAME))


def _explained(text: str, target: Target | None) -> Explanation:
    """Measure, or take what the last run of the page measured."""
    asked = (text, target)
    kept: tuple[object, Explanation] | None = st.session_state.get(EXPLANATION)
    if kept is not None and kept[0] == asked:
        return kept[1]
    classifier = shared_classifier()
    with st.spinner(_("Leaving out word by word…")):
        # It was scored, so its language was no reason to leave it out.
        explanation = explain(text, target, classifier, any_language=True)
    st.session_state[EXPLANATION] = (asked, explanation)
    return explanation


def _show(explanation: Explanation) -> None:
    if explanation.reason:
        other = _("Not explained: {reason}.").format(reason=_(explanation.reason))
        known = _REASONS.get(explanation.reason)
        st.info(_(known) if known else other)
        return
    poles, measure = _poles(explanation.target)
    show_weighted(explanation.text, explanation.spans, poles, smallest=MOVES)
    if max(abs(span.weight) for span in explanation.spans) < MOVES:
        said = _("No word and no clause moves this answer by {least} or more.")
        st.caption(said.format(least=number(MOVES, "")))
    st.caption(
        _(
            "A weight is how much {measure} falls when the words are left out; it is negative where it "
            "rises. This shows what the model reacts to, not what the author had in mind."
        ).format(measure=measure)
    )
    if not explanation.as_written:
        st.caption(_("Shown as the model read it: cleaned, and cut if too long."))
    with st.expander(_("The weights as a table")):
        _show_table(explanation, measure)


def _poles(target: Target | None) -> tuple[Poles, str]:
    """What the two signs mean, in words and colours, and the measure."""
    if target is None:
        low, high = SENTIMENT_STYLES[Sentiment.NEGATIVE], SENTIMENT_STYLES[Sentiment.POSITIVE]
        words = _("make it more negative"), _("make it more positive")
    else:
        low, high = STANCE_STYLES[Stance.AGAINST], STANCE_STYLES[Stance.FAVOR]
        name = target_titles([target])[target.key]
        words = (
            _("speak against ({target})").format(target=name),
            _("speak in favor ({target})").format(target=name),
        )
    measure = f"P({high.word}) − P({low.word})"
    return Poles(words[0], low.colour, words[1], high.colour), measure


def _show_table(explanation: Explanation, measure: str) -> None:
    spans = explanation.strongest()
    table = pd.DataFrame(
        {
            _("Weight"): [span.weight for span in spans],
            _("Words"): [explanation.text[span.start : span.end] for span in spans],
            _("Left out"): [
                _("the whole clause") if span.clause else _("these words") for span in spans
            ],
        }
    )
    st.dataframe(
        with_spoken(table, _("Weight"), "+.2f"),
        hide_index=True,
        column_config={
            _("Weight"): st.column_config.NumberColumn(
                width="small",
                help=_("Fall of {measure} without the words").format(measure=measure),
            ),
        },
        alt=_("Words of the opened comment with their weights, the strongest first"),
    )
