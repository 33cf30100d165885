"""The downloads below a list: the shown rows and all rows, in the form that is chosen."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from stance.amounts import counted
from stance.errors import WritingError
from stance.page.plain import show_problem
from stance.page.state import CommentSet, made_for
from stance.writing import FORMS, content_file_name

AT_ONCE = 20_000
"""Rows up to which a file is made before it is asked for: in less than a second."""

_FORMS = {".csv": "CSV", ".xlsx": "Excel", ".jsonl": "JSON Lines", ".parquet": "Parquet"}
_MIME = {
    ".csv": "text/csv",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".jsonl": "application/jsonl",
    ".parquet": "application/vnd.apache.parquet",
}


def show_downloads(comment_set: CommentSet, shown: pd.DataFrame) -> None:
    """Buttons for the rows of a set that are shown, and for all of them."""
    left, right, third = st.columns([3, 3, 4], vertical_alignment="bottom")
    form = str(
        third.segmented_control(
            "File form",
            list(FORMS),
            default=".csv",
            required=True,
            format_func=_FORMS.__getitem__,
            help="CSV and Excel are for looking, JSON Lines and Parquet for other programs: they "
            "hold every text exactly as it came.",
        )
    )
    rows, every = comment_set.scored.loc[shown.index], comment_set.scored
    in_form = f"({_FORMS[form]})"
    label = f"Download {counted(len(rows), 'shown row')} {in_form}"
    _download(left, comment_set, rows, label, "shown", form)
    label = f"Download all {counted(len(every), 'row')} {in_form}"
    _download(right, comment_set, every, label, "all", form)


def _download(
    place: st.delta_generator.DeltaGenerator,
    comment_set: CommentSet,
    rows: pd.DataFrame,
    label: str,
    which: str,
    form: str,
) -> None:
    # Kept in the session: made anew only when other rows are shown, never shared with others.
    made, key = made_for(comment_set, f"export {which}"), (form, rows.index.to_numpy().tobytes())
    if made.get("of") != key:
        asked = label.replace("Download", "Prepare")
        if len(rows) > AT_ONCE and not place.button(asked, key=f"prepare {which}", width="stretch"):
            return
        try:
            made.update(of=key, data=FORMS[form](comment_set.result, rows))
        except WritingError as error:
            show_problem("These rows cannot be written in that form.", str(error))
            return
    data = made["data"]
    place.download_button(
        label,
        data,
        file_name=content_file_name(data, form),
        mime=_MIME[form],
        on_click="ignore",
        disabled=rows.empty,
        key=f"download {which}",
        width="stretch",
    )
