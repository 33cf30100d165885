"""The comments behind a group or a period, in a table of plain text. Chooses none."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from stance import records
from stance.labels import LABEL_STYLES
from stance.page.reading_room import PAGE_ROWS
from stance.records import Comment
from stance.targets import Target


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
            "Label": [LABEL_STYLES[labels[comment.comment_id]].title for comment in shown],
            "Author": [comment.author for comment in shown],
            "Time": [comment.time for comment in shown],
            "Comment": [comment.text for comment in shown],
        }
    )
    empty = [name for name in ("Author", "Time") if not table[name].any()]
    if len(found) > PAGE_ROWS:
        st.caption(f"The first {PAGE_ROWS:,} of {len(found):,} comments are listed.")
    st.dataframe(
        table.drop(columns=empty),
        hide_index=True,
        column_config={"Comment": st.column_config.TextColumn(width="large")},
        alt=alt,
    )
