"""Voice and volume: the same comments counted in other ways, for one target at a time."""

from __future__ import annotations

import streamlit as st

from stance import wording
from stance.aggregate import corrected_shares
from stance.charts import stance_chart
from stance.counting import shares_by_way, ways_of_counting
from stance.model.mistakes import Mistakes
from stance.page.filtering import chart_key, take_click
from stance.page.plain import in_sentence
from stance.page.state import CommentSet


def show_counts(comment_set: CommentSet, mistakes: Mistakes | None, *, corrected: bool) -> None:
    """A chart with a bar for each way of counting, its sentence, its table, and what is not there."""
    # A set never changes: its weights and shares are made once, and not on every rerun.
    made = st.session_state.setdefault(f"export {comment_set.name} ways", {})
    if not made:
        made["ways"] = ways_of_counting(
            comment_set.result.comments, comment_set.scored, comment_set.copies
        )
    ways = made["ways"]
    titles = wording.target_titles(comment_set.targets)
    key = st.selectbox(
        "Counted toward",
        list(titles),
        format_func=titles.__getitem__,
        key="counted",
        bind="query-params",
    )
    target = next(target for target in comment_set.targets if target.key == key)
    if target not in made:
        made[target] = shares_by_way(comment_set.scored, ways, target, mistakes)
    shares = made[target]
    shown = corrected_shares(shares) if corrected else shares
    sentence = wording.counting_sentence(shown, titles[target.key])
    st.markdown(in_sentence(sentence))
    # The first way stands at the top of the chart, the last row of the table.
    st.plotly_chart(
        stance_chart(shown[::-1].reset_index(drop=True), unit="those counted"),
        key=chart_key("ways"),
        on_select=lambda: take_click("ways"),
        selection_mode="points",
        config={"displayModeBar": False, "scrollZoom": False},
        alt=wording.stance_sentence(shown[::-1], unit="counted so"),
    )
    notes = [f"{way.title}: {way.note}." for way in ways if way.note and not way.missing]
    missing = [f"{way.title.lower()} ({way.missing})" for way in ways if way.missing]
    notes += [f"Not shown: {', '.join(missing)}."] if missing else []
    st.caption(" ".join(map(in_sentence, notes)))
    st.dataframe(
        wording.share_table(shares, unsure=False, count="Count"),
        hide_index=True,
        alt="Shares by way of counting",
    )
