"""The downloads below a list: the shown rows and all rows, in the form that is chosen."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from stance.amounts import numbered
from stance.errors import WritingError
from stance.page.plain import show_problem
from stance.page.state import CommentSet, made_for
from stance.translation import _
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
    row = st.container(horizontal=True, vertical_alignment="bottom")
    left, right, third = (row.container(width=width) for width in (300, 300, 340))
    form = str(
        third.segmented_control(
            _("File form"),
            list(FORMS),
            default=".csv",
            required=True,
            # Without a key the choice would be gone with the words around it: in another language.
            key="file form",
            format_func=_FORMS.__getitem__,
            help=_(
                "CSV and Excel are for looking, JSON Lines and Parquet for other programs: they hold "
                "every text exactly as it came."
            ),
        )
    )
    rows, every = comment_set.scored.loc[shown.index], comment_set.scored
    name = _FORMS[form]
    label = numbered(
        "Download {n} shown row ({form})", "Download {n} shown rows ({form})", len(rows), form=name
    )
    asked = numbered(
        "Prepare {n} shown row ({form})", "Prepare {n} shown rows ({form})", len(rows), form=name
    )
    _download(left, comment_set, rows, (label, asked), "shown", form)
    label = numbered(
        "Download all {n} row ({form})", "Download all {n} rows ({form})", len(every), form=name
    )
    asked = numbered(
        "Prepare all {n} row ({form})", "Prepare all {n} rows ({form})", len(every), form=name
    )
    _download(right, comment_set, every, (label, asked), "all", form)


def _download(
    place: st.delta_generator.DeltaGenerator,
    comment_set: CommentSet,
    rows: pd.DataFrame,
    labels: tuple[str, str],
    which: str,
    form: str,
) -> None:
    """A button with the first of `labels`, for many rows after one with the second."""
    # Kept in the session: made anew only when other rows are shown, never shared with others.
    made, key = made_for(comment_set, f"export {which}"), (form, rows.index.to_numpy().tobytes())
    if made.get("of") != key:
        if len(rows) > AT_ONCE and not place.button(labels[1], key=f"prepare {which}", width="stretch"):
            return
        try:
            made.update(of=key, data=FORMS[form](comment_set.result, rows))
        except WritingError as error:
            show_problem(_("These rows cannot be written in that form."), error.message)
            return
    data = made["data"]
    place.download_button(
        labels[0],
        data,
        file_name=content_file_name(data, form),
        mime=_MIME[form],
        on_click="ignore",
        disabled=rows.empty,
        key=f"download {which}",
        width="stretch",
    )
