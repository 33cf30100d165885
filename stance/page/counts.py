"""Voices: the same comments counted in other ways, for one target at a time."""

from __future__ import annotations

import streamlit as st

from stance.aggregate import corrected_shares
from stance.answers.counting import shares_by_way, ways_of_counting
from stance.charts.looks import chart_config
from stance.charts.shares import stance_chart
from stance.page.basis import known_mistakes, shows_corrected
from stance.page.choosing import choose
from stance.page.filtering import chart_key, take_click
from stance.page.plain import in_sentence
from stance.page.state import CommentSet, said_of
from stance.translation import _
from stance.wording.counting import counting_sentence, ways_note
from stance.wording.shares import NOTHING_SCORED, edge_note, share_table, stance_sentence
from stance.wording.titles import target_titles


def show_counts(comment_set: CommentSet) -> None:
    """A chart with a bar for each way of counting, its sentence, its table, and what is not there."""
    made = said_of(comment_set, "ways")
    if not made:
        made["ways"] = ways_of_counting(
            comment_set.result.comments, comment_set.scored, comment_set.copies
        )
    ways = made["ways"]
    titles = target_titles(comment_set.targets)
    place, called = st.container(), _("Counted toward")
    key = choose(place, called, lambda: target_titles(comment_set.targets), key="counted", width=420)
    target = next(target for target in comment_set.targets if target.key == key)
    if target not in made:
        mistakes = known_mistakes(comment_set)
        made[target] = shares_by_way(comment_set.scored, ways, target, mistakes)
    shares = made[target]
    shown = corrected_shares(shares) if shows_corrected(comment_set) else shares
    if shown.empty:
        st.info(_(NOTHING_SCORED))
        return
    sentence = counting_sentence(shown, titles[target.key])
    st.markdown(in_sentence(sentence))
    # The first way stands at the top of the chart, the last row of the table.
    st.plotly_chart(
        stance_chart(shown[::-1].reset_index(drop=True), unit="those counted"),
        key=chart_key("ways"),
        on_select=lambda: take_click("ways"),
        selection_mode="points",
        config=chart_config("voices"),
        alt=stance_sentence(shown[::-1], unit="counted so"),
    )
    st.caption(in_sentence(" ".join(filter(None, (ways_note(ways), edge_note(shown))))))
    st.dataframe(
        share_table(shares, unsure=False, count=_("Count (rounded)")),
        hide_index=True,
        alt=_("Shares by way of counting"),
    )
