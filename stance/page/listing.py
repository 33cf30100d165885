"""The comments behind a group or a period, in a table of plain text. Chooses none."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from stance import records
from stance.amounts import number
from stance.labels import LABEL_STYLES
from stance.page.reading_room import PAGE_ROWS
from stance.records import Comment
from stance.targets import Target
from stance.translation import _


def show_listed(
    comments: Sequence[Comment], rows: pd.DataFrame, about: Target | None, *, alt: str
) -> None:
    """The comments of scored rows, in their order, with the label in question.

    Args:
        comments: of the set.
        rows: of its scored table.
        about: whose stance is in question; None for the sentiment.
        alt: what the table is, for screen readers.
    """
    column = records.SENTIMENT if about is None else records.stance_label(about.key)
    labels = dict(zip(rows[records.COMMENT_ID], rows[column], strict=True))
    found = [comment for comment in comments if comment.comment_id in labels]
    shown = found[:PAGE_ROWS]
    table = pd.DataFrame(
        {
            _("Label"): [LABEL_STYLES[labels[comment.comment_id]].title for comment in shown],
            _("Author"): [comment.author for comment in shown],
            _("Time"): [comment.time for comment in shown],
            _("Comment"): [comment.text for comment in shown],
        }
    )
    empty = [name for name in (_("Author"), _("Time")) if not table[name].any()]
    if len(found) > PAGE_ROWS:
        said = _("The first {shown} of {n} comments are listed.")
        st.caption(said.format(shown=number(PAGE_ROWS), n=number(len(found))))
    st.dataframe(
        table.drop(columns=empty),
        hide_index=True,
        column_config={_("Comment"): st.column_config.TextColumn(width="large")},
        alt=alt,
    )
