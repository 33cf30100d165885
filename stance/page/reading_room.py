"""Below the charts: the comments that fit the filters, one of them opened, and the downloads."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from stance import records
from stance.aggregate import by_hand, unsure_labels
from stance.amounts import number, numbered
from stance.browsing import CONFIDENCE, Filters, browsing_table, matching, probabilities
from stance.copies import CopyKind
from stance.hand_labels import SENTIMENT_QUESTION
from stance.labels import LABEL_STYLES, SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.model.manifest import read_manifest
from stance.page.by_hand import (
    ask_annotator,
    note_label,
    question_titles,
    show_label_buttons,
)
from stance.page.choosing import titles_for
from stance.page.downloads import show_downloads
from stance.page.explained import show_explanation
from stance.page.filtering import clear_filters, show_filters
from stance.page.plain import in_sentence, show_highlighted
from stance.page.state import CommentSet, is_held, made_for
from stance.page.tables import WHOLE_PERCENT, sides, sides_legend
from stance.targets import MentionFinder, Target
from stance.translation import N_, _
from stance.typed import UNTESTED
from stance.wording.corrections import by_hand_text
from stance.wording.titles import label_text, target_titles

TABLE_HEIGHT = 420
PAGE_ROWS = 1_000
"""Rows of the list that are sent to the browser at once."""
UNSURE_WIDTH, BAR_WIDTH = 126, 118
"""Pixels of a column with labels that are marked as unsure, and of one with probabilities."""


def show_reading_room(comment_set: CommentSet) -> None:
    """Filters, table, the opened comment, downloads."""
    made = made_for(comment_set, "browsing")
    if not made:
        made["table"] = browsing_table(comment_set.result, comment_set.scored)
    shown = show_list(comment_set, made["table"])
    show_downloads(comment_set, shown)


def show_list(comment_set: CommentSet, table: pd.DataFrame) -> pd.DataFrame:
    """Filters, the rows of a set's browsing table that fit them, and the one that was opened.

    Returns:
        The rows that fit.
    """
    st.subheader(_("Read the comments"))
    filters = show_filters(comment_set.targets)
    shown = matching(table, filters)
    _show_count(len(shown), len(table), filters)
    if not shown.empty:
        _show_comments(_page_of(shown, comment_set, filters), filters, comment_set)
    return shown


def _show_count(n_shown: int, n_all: int, filters: Filters) -> None:
    left, right = st.columns([6, 2], vertical_alignment="center")
    if n_shown == 0:
        left.info(
            numbered(
                "None of {n} comment fits these filters. Loosen or clear them.",
                "None of {n} comments fits these filters. Loosen or clear them.",
                n_all,
            )
        )
    else:
        said = numbered(
            "Showing **{shown}** of {n} comment",
            "Showing **{shown}** of {n} comments",
            n_all,
            shown=number(n_shown),
        )
        left.markdown(said)
    if filters.any():
        right.button(_("Clear filters"), on_click=clear_filters, width="stretch")


def _page_of(shown: pd.DataFrame, comment_set: CommentSet, filters: Filters) -> pd.DataFrame:
    """A part of a long list: more rows at once are slow to send, and nobody scrolls through them."""
    if len(shown) <= PAGE_ROWS:
        return shown
    # Under other filters the list is another one and begins anew.
    key, starts = f"rows {comment_set.name} {filters!r}", range(0, len(shown), PAGE_ROWS)
    titles = titles_for(
        key,
        lambda: {str(first): _rows_title(first, len(shown)) for first in starts},
        bound=False,
    )
    start = st.selectbox(
        _("Rows"),
        starts,
        format_func=lambda first: titles.get(str(first), str(first)),
        key=key,
        width=220,
        help=_("The list sorts by a click on a heading, within these rows."),
    )
    return shown.iloc[start : start + PAGE_ROWS]


def _rows_title(first: int, n: int) -> str:
    return _("{first} to {last}").format(
        first=number(first + 1), last=number(min(first + PAGE_ROWS, n))
    )


def _show_comments(shown: pd.DataFrame, filters: Filters, comment_set: CommentSet) -> None:
    targets = comment_set.targets
    unsure = unsure_labels(shown, targets, read_manifest().unsure_below)
    selection = st.dataframe(
        _display_table(shown, unsure, comment_set, filters),
        hide_index=True,
        height=min(TABLE_HEIGHT, 38 + 35 * len(shown)),
        on_select="rerun",
        selection_mode="single-row",
        # A row number means another comment under other filters.
        key=f"comments {comment_set.name} {filters!r} {shown.index[0]}",
        alt=_("Comments that fit the filters, with their labels"),
        column_config={
            _("Comment"): st.column_config.TextColumn(width="large"),
            _("Confidence"): st.column_config.NumberColumn(
                format=WHOLE_PERCENT,
                help=_(
                    "Probability that the model gives the label in question; empty for one by hand"
                ),
            ),
            **_room_for_marks(unsure, targets),
        },
    )
    rows = selection["selection"]["rows"]
    if not rows or rows[0] >= len(shown):
        how = _("Select a row (click its left edge, or Space on the keyboard) to open a comment.")
        st.caption(f"{sides_legend()} {how}")
        return
    st.caption(sides_legend())
    _show_opened(shown.iloc[rows[0]], unsure.iloc[rows[0]], comment_set)


_ALSO = {"time": N_("Time"), "likes": N_("Likes"), "reply_to": N_("Reply to")}
"""Columns that are there where a comment has something in them."""
_REPEATS = {CopyKind.EXACT: N_("word for word"), CopyKind.NEAR: N_("same words")}


def _display_table(
    shown: pd.DataFrame, unsure: pd.DataFrame, comment_set: CommentSet, filters: Filters
) -> pd.DataFrame:
    """The columns that people read, labels by their titles."""
    targets, copies = comment_set.targets, comment_set.copies
    moods = {str(label): style.title for label, style in SENTIMENT_STYLES.items()} | {"": "–"}
    columns: dict[str, pd.Series[str] | list[str]] = {
        _("Author"): shown["author"],
        _("Comment"): shown["text"],
        _("Sentiment"): _labels(shown, unsure, records.SENTIMENT, moods),
    }
    for key, title in target_titles(targets).items():
        columns[title] = _labels(shown, unsure, records.stance_label(key), sides())
    by_a_person = _in_question_by_hand(shown, filters, targets)
    columns[_("Confidence")] = 100 * shown[CONFIDENCE].mask(by_a_person)
    named = [records.mentions(target.key) for target in targets]
    columns[_("Mentions")] = ["; ".join(filter(None, words)) for words in shown[named].to_numpy()]
    for name, title in _ALSO.items():
        if shown[name].any():
            columns[_(title)] = shown[name]
    if copies:
        found = [copies.get(comment_id) for comment_id in shown[records.COMMENT_ID]]
        columns[_("Repeats")] = [_(_REPEATS[copy.kind]) if copy else "" for copy in found]
    if records.BY_HAND in shown:
        asked = question_titles(targets)
        columns[_("By hand")] = [
            ", ".join(asked[key] for key in keys.split(records.HAND_SEPARATOR) if key)
            for keys in shown[records.BY_HAND]
        ]
    if (shown[records.UNSCORED] != "").any():
        columns[_("Not scored because")] = [
            _(reason) if reason else "" for reason in shown[records.UNSCORED]
        ]
    return pd.DataFrame(columns)


def _in_question_by_hand(
    shown: pd.DataFrame, filters: Filters, targets: tuple[Target, ...]
) -> pd.Series[bool]:
    """Where the label that the confidence is of is a person's, whose 1 is no probability."""
    if filters.target or not filters.stance:
        return by_hand(shown, filters.target or SENTIMENT_QUESTION)
    given = [
        by_hand(shown, target.key) & (shown[records.stance_label(target.key)] == filters.stance)
        for target in targets
    ]
    return pd.concat(given, axis=1).any(axis=1)


def _room_for_marks(unsure: pd.DataFrame, targets: tuple[Target, ...]) -> dict[str, Any]:
    """Widths of the columns in which a mark would be cut; a column's own width follows its title."""
    titles = {records.SENTIMENT: _("Sentiment")}
    titles |= {records.stance_label(key): title for key, title in target_titles(targets).items()}
    return {
        title: st.column_config.TextColumn(width=UNSURE_WIDTH)
        for column, title in titles.items()
        if unsure[column].any() and _(UNTESTED) not in title
    }


def _labels(
    shown: pd.DataFrame, unsure: pd.DataFrame, column: str, titles: dict[str, str]
) -> list[str]:
    pairs = zip(shown[column].map(titles), unsure[column], strict=True)
    return [label_text(title, doubtful) for title, doubtful in pairs]


def _show_opened(
    row: pd.Series[Any], unsure: pd.Series[bool], comment_set: CommentSet
) -> None:
    targets = comment_set.targets
    with st.container(border=True, key="opened"):
        left, right = st.columns([2, 3], gap="medium")
        with left:
            st.text(" · ".join(filter(None, (row["author"], row["time"]))) or _("No author"))
            mentions = MentionFinder(targets).find(row["text"])
            show_highlighted(row["text"], mentions, target_titles(targets))
            if row[records.TRUNCATED]:
                st.caption(_("The model read the beginning of this comment only: it is too long."))
        with right:
            if row[records.UNSCORED]:
                st.info(_("Not scored: {reason}.").format(reason=in_sentence(_(row[records.UNSCORED]))))
                return
            _show_probabilities(row, unsure, targets)
        if is_held(comment_set):
            _show_correcting(row, comment_set)
        others = bool(row.get(records.BY_HAND)) or records.LEARNED_FROM in row
        show_explanation(row["text"], targets, other_labels=others)


def _show_correcting(row: pd.Series[Any], comment_set: CommentSet) -> None:
    """What was put right by hand in the opened comment, and a way to put a label right."""
    titles = titles_for(
        "corrected", lambda: question_titles(comment_set.targets), bound=False
    )
    if told := by_hand_text(row, titles):
        st.caption(in_sentence(told))
    with st.popover(_("Correct a label"), width=240):
        ask_annotator(st.container(), "annotator in the list")
        question = st.selectbox(
            _("Which"),
            list(titles),
            format_func=lambda key: titles.get(key, key),
            key="corrected",
        )
        show_label_buttons(
            question,
            "opened",
            lambda label: note_label(comment_set, row[records.COMMENT_ID], question, label),
        )


def _show_probabilities(
    row: pd.Series[Any], unsure: pd.Series[bool], targets: tuple[Target, ...]
) -> None:
    table = probabilities(row, targets)
    titles = {label: style.title for label, style in LABEL_STYLES.items()}
    mood, side = tuple(Sentiment), tuple(Stance)
    headings = [
        f"{SENTIMENT_STYLES[m].title} / {STANCE_STYLES[s].word}"
        for m, s in zip(mood, side, strict=True)
    ]
    st.dataframe(
        pd.DataFrame(
            {
                _("About"): [_("Sentiment"), *target_titles(targets).values()],
                _("Label"): list(map(label_text, table["label"].map(titles), unsure)),
                **{h: 100 * table[c] for h, c in zip(headings, ("low", "middle", "high"), strict=True)},
            }
        ),
        hide_index=True,
        column_config={
            heading: st.column_config.ProgressColumn(
                format=WHOLE_PERCENT, width=BAR_WIDTH, min_value=0, max_value=100
            )
            for heading in headings
        },
        alt=_("Probabilities of all labels for the opened comment"),
    )
