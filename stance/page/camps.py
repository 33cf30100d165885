"""Camps: which stances go together, in a table, and below it the comments of the camp that is picked."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from stance.aggregate import scored_rows
from stance.answers.camps import LARGEST, SMALLEST, Camp, camp_words, find_camps
from stance.page.plain import in_sentence
from stance.page.state import CommentSet, made_for
from stance.page.tables import with_spoken
from stance.records import COMMENT_ID
from stance.translation import _
from stance.wording.camps import camp_words_sentence, camps_sentence, camps_table, labels_are
from stance.wording.shares import NOTHING_SCORED
from stance.wording.titles import target_titles


def show_camps(comment_set: CommentSet) -> None:
    """A row for each of the largest camps; a row that is picked lists its comments."""
    made, titles = made_for(comment_set, "camps"), target_titles(comment_set.targets)
    if not made:
        made["camps"] = find_camps(comment_set.scored, comment_set.targets)
    camps = made["camps"]
    if scored_rows(comment_set.scored).empty:
        st.info(_(NOTHING_SCORED))
        return
    st.markdown(in_sentence(camps_sentence(camps, titles)))
    if not camps.largest:
        return
    by_chance = _("Times as many as by chance")
    picked = st.dataframe(
        with_spoken(camps_table(camps.largest, titles), by_chance, ".1f", unit=" ×"),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"camps {comment_set.name}",
        alt=_("Combinations of stances with their numbers of comments"),
        column_config={
            by_chance: st.column_config.NumberColumn(
                help=_(
                    "By chance: as many as there would be if the stance toward one target had nothing "
                    "to do with that toward another."
                ),
            )
        },
    )["selection"]["rows"]
    if not picked or picked[0] >= len(camps.largest):
        st.caption(_how(labels_are(comment_set.scored)))
        return
    camp = camps.largest[picked[0]]
    if camp.comment_ids not in made:
        # Takes a look at every text of the set, so only for a camp that is asked for.
        with st.spinner(_("Looking for words that mark it…")):
            ids = set(scored_rows(comment_set.scored)[COMMENT_ID])
            made[camp.comment_ids] = camp_words(camp, comment_set.result.comments, ids)
    st.markdown(in_sentence(camp_words_sentence(made[camp.comment_ids])))
    _show_comments(comment_set, camp)


def _how(labels_are: str) -> str:
    """How to read the table, and how to go on from it."""
    return _(
        "Pick a row (click its left edge, or Space on the keyboard) to read its comments and see which "
        "words mark it. {labels_are}; in brackets the 95 % interval of chance alone (Wilson). At most "
        "{largest} are shown, none of fewer than {smallest} comments."
    ).format(labels_are=labels_are, largest=LARGEST, smallest=SMALLEST)


def _show_comments(comment_set: CommentSet, camp: Camp) -> None:
    members = set(camp.comment_ids)
    found = [c for c in comment_set.result.comments if c.comment_id in members]
    st.dataframe(
        pd.DataFrame(
            {_("Author"): [c.author for c in found], _("Comment"): [c.text for c in found]}
        ),
        hide_index=True,
        column_config={_("Comment"): st.column_config.TextColumn(width="large")},
        alt=_("Comments of the camp that was picked"),
    )
