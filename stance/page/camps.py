"""Camps: which stances go together, in a table, and below it the comments of the camp that is picked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from stance import wording
from stance.camps import SMALLEST, Camp, camp_words, find_camps
from stance.page.plain import in_sentence
from stance.page.state import CommentSet


def show_camps(comment_set: CommentSet) -> None:
    """A row for each of the largest camps; a row that is picked lists its comments."""
    made = st.session_state.setdefault(f"export {comment_set.name} camps", {})
    titles = wording.target_titles(comment_set.targets)
    if not made:
        camps = find_camps(comment_set.scored, comment_set.targets)
        comments = comment_set.result.comments
        made["camps"] = camps
        made["words"] = [", ".join(camp_words(camp, comments)) for camp in camps.largest]
    camps = made["camps"]
    st.markdown(in_sentence(wording.camps_sentence(camps, titles)))
    if not camps.largest:
        return
    table = wording.camps_table(camps.largest, titles).assign(**{"Words that mark it": made["words"]})
    picked = st.dataframe(
        table,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"camps {comment_set.name}",
        alt="Combinations of stances with their numbers of comments",
        column_config={
            "Times as many as by chance": st.column_config.NumberColumn(
                format="%.1f ×",
                help="By chance: as many as there would be if the stance toward one target had nothing "
                "to do with that toward another.",
            )
        },
    )["selection"]["rows"]
    if picked and picked[0] < len(camps.largest):
        _show_comments(comment_set, camps.largest[picked[0]])
    else:
        st.caption(
            "Pick a row (click its left edge, or Space on the keyboard) to read its comments. Labels are "
            "as the model gave them, in brackets the 95 % interval of chance alone (Wilson). Combinations "
            f"of fewer than {SMALLEST} comments are not shown, nor words that chance could have given."
        )


def _show_comments(comment_set: CommentSet, camp: Camp) -> None:
    members = set(camp.comment_ids)
    found = [c for c in comment_set.result.comments if c.comment_id in members]
    st.dataframe(
        pd.DataFrame({"Author": [c.author for c in found], "Comment": [c.text for c in found]}),
        hide_index=True,
        column_config={"Comment": st.column_config.TextColumn(width="large")},
        alt="Comments of the camp that was picked",
    )
