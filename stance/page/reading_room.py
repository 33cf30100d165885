"""Below the charts: the comments that fit the filters, one of them opened, and the downloads."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from stance import records
from stance.browsing import CONFIDENCE, Filters, browsing_table, matching, probabilities
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.page.explained import show_explanation
from stance.page.filtering import clear_filters, show_filters
from stance.page.plain import show_highlighted
from stance.page.state import CommentSet
from stance.targets import built_in_finder, load_targets
from stance.wording import counted
from stance.writing import content_file_name, scores_csv

TABLE_HEIGHT = 420


def show_reading_room(comment_set: CommentSet) -> None:
    """Filters, table, the opened comment, downloads."""
    st.subheader("Read the comments")
    filters = show_filters()
    table = browsing_table(comment_set.result, comment_set.scored)
    shown = matching(table, filters)
    _show_count(len(shown), len(table), filters)
    if not shown.empty:
        _show_comments(shown, filters, comment_set.name)
    _show_downloads(comment_set, shown)


def _show_count(n_shown: int, n_all: int, filters: Filters) -> None:
    left, right = st.columns([6, 2], vertical_alignment="center")
    if n_shown == 0:
        left.info(f"None of {counted(n_all, 'comment')} fits these filters. Loosen or clear them.")
    else:
        left.markdown(f"Showing **{n_shown:,}** of {counted(n_all, 'comment')}")
    if filters.any():
        right.button("Clear filters", on_click=clear_filters, width="stretch")


def _show_comments(shown: pd.DataFrame, filters: Filters, set_name: str) -> None:
    selection = st.dataframe(
        _display_table(shown, filters),
        hide_index=True,
        height=min(TABLE_HEIGHT, 38 + 35 * len(shown)),
        on_select="rerun",
        selection_mode="single-row",
        # A row number means another comment under other filters.
        key=f"comments {set_name} {filters!r}",
        alt="Comments that fit the filters, with their labels",
        column_config={
            "Comment": st.column_config.TextColumn(width="large"),
            "Confidence": st.column_config.NumberColumn(
                format="percent", help="Probability of the label in question"
            ),
        },
    )
    rows = selection["selection"]["rows"]
    if not rows or rows[0] >= len(shown):
        st.caption("Select a row (click its left edge, or Space on the keyboard) to open a comment.")
        return
    _show_opened(shown.iloc[rows[0]])


def _display_table(shown: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """The columns that people read, labels by their titles."""
    moods = {str(label): style.title for label, style in SENTIMENT_STYLES.items()} | {"": "–"}
    # "None" reads as an error in a table of names: a dash is quieter.
    sides = {str(label): style.title for label, style in STANCE_STYLES.items()}
    sides |= {str(Stance.NONE): "·", "": "–"}
    columns: dict[str, pd.Series[str] | list[str]] = {
        "Author": shown["author"],
        "Comment": shown["text"],
        "Sentiment": shown[records.SENTIMENT].map(moods),
    }
    for target in load_targets():
        columns[target.name] = shown[records.stance_label(target.key)].map(sides)
    columns["Confidence"] = shown[CONFIDENCE]
    named = [records.mentions(target.key) for target in load_targets()]
    columns["Mentions"] = ["; ".join(filter(None, words)) for words in shown[named].to_numpy()]
    for name in ("time", "likes", "reply_to"):
        if shown[name].any():
            columns[name.replace("_", " ").capitalize()] = shown[name]
    columns["Not scored because"] = shown[records.UNSCORED]
    if not shown[records.UNSCORED].any():
        del columns["Not scored because"]
    return pd.DataFrame(columns)


def _show_opened(row: pd.Series[Any]) -> None:
    targets = load_targets()
    with st.container(border=True, key="opened"):
        left, right = st.columns([5, 4], gap="medium")
        with left:
            st.text(" · ".join(filter(None, (row["author"], row["time"]))) or "No author")
            mentions = built_in_finder().find(row["text"])
            show_highlighted(row["text"], mentions, {t.key: t.name for t in targets})
            if row[records.TRUNCATED]:
                st.caption("The model read the beginning of this comment only: it is too long.")
        with right:
            if row[records.UNSCORED]:
                st.info(f"Not scored: {row[records.UNSCORED]}.")
                return
            _show_probabilities(probabilities(row, targets))
        show_explanation(row["text"])


def _show_probabilities(table: pd.DataFrame) -> None:
    titles = {str(k): v.title for k, v in (*SENTIMENT_STYLES.items(), *STANCE_STYLES.items())}
    mood, side = tuple(Sentiment), tuple(Stance)
    headings = [
        f"{SENTIMENT_STYLES[m].title} / {STANCE_STYLES[s].title.lower()}"
        for m, s in zip(mood, side, strict=True)
    ]
    st.dataframe(
        pd.DataFrame(
            {
                "About": table["question"],
                "Label": table["label"].map(titles),
                **{h: table[c] for h, c in zip(headings, ("low", "middle", "high"), strict=True)},
            }
        ),
        hide_index=True,
        column_config={h: st.column_config.ProgressColumn(format="percent", min_value=0, max_value=1)
                       for h in headings},
        alt="Probabilities of all labels for the opened comment",
    )


def _show_downloads(comment_set: CommentSet, shown: pd.DataFrame) -> None:
    left, right, _ = st.columns([3, 3, 4])
    rows = comment_set.scored.loc[shown.index]
    _download(left, comment_set, rows, f"Download {counted(len(rows), 'shown row')} (CSV)", "shown")
    every = comment_set.scored
    _download(right, comment_set, every, f"Download all {counted(len(every), 'row')} (CSV)", "all")


def _download(
    place: st.delta_generator.DeltaGenerator,
    comment_set: CommentSet,
    rows: pd.DataFrame,
    label: str,
    which: str,
) -> None:
    # Kept in the session: made anew only when other rows are shown, never shared with others.
    slot, key = f"export {comment_set.name} {which}", tuple(rows.index)
    if st.session_state.get(slot, (None, b""))[0] != key:
        st.session_state[slot] = (key, scores_csv(comment_set.result, rows))
    data = st.session_state[slot][1]
    place.download_button(
        label,
        data,
        file_name=content_file_name(data),
        mime="text/csv",
        on_click="ignore",
        disabled=rows.empty,
        key=f"download {which}",
        width="stretch",
    )
