"""Corrections: what to look at next, the labels given by hand, and teaching the model with them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from stance import records
from stance.amounts import number, numbered
from stance.answers.corrections import (
    corrections,
    how_sure,
    label_column,
    n_changed,
    review_queue,
)
from stance.page.by_hand import (
    ask_annotator,
    note_label,
    question_titles,
    show_label_buttons,
)
from stance.page.choosing import choose
from stance.page.label_files import show_label_download, show_label_upload
from stance.page.plain import in_label, show_highlighted
from stance.page.state import CommentSet, hand_labels, is_held, made_for
from stance.page.teaching import show_teaching
from stance.targets import MentionFinder
from stance.translation import _, pgettext
from stance.wording.corrections import by_hand_sentence, model_says, skipped_sentence
from stance.wording.shares import NOTHING_SCORED
from stance.wording.titles import label_title, style_of, target_titles

KEYS = "123"


def show_corrections(comment_set: CommentSet) -> None:
    """The next comment to label, then all labels by hand, then learning; of a set as it was scored."""
    if (comment_set.scored[records.UNSCORED] != "").all():
        st.info(_(NOTHING_SCORED))
        return
    labels = hand_labels(comment_set)
    held, n_blind = corrections(labels), sum(label.blind for label in labels)
    st.markdown(by_hand_sentence(len(held), n_changed(comment_set.scored, held), n_blind))
    _show_queue(comment_set)
    _show_given(comment_set)
    show_teaching(comment_set)


def _show_queue(comment_set: CommentSet) -> None:
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    question = choose(
        left, _("What to look at"), lambda: question_titles(comment_set.targets), key="asked"
    )
    ask_annotator(right, "annotator in corrections")
    skipped: dict[str, list[str]] = made_for(comment_set, "skipped")
    labels = hand_labels(comment_set)
    done = [label.comment_id for label in labels if label.question == question]
    done += skipped.setdefault(question, [])
    queue = _queue(comment_set, question, tuple(dict.fromkeys(done)))
    if queue:
        _show_next(comment_set, question, queue[0])
    else:
        st.success(_("No comment is left to look at for this question."))
    _show_way_back(comment_set, question, skipped)


def _queue(comment_set: CommentSet, question: str, done: tuple[str, ...]) -> list[str]:
    made = made_for(comment_set, "queue")
    if made.get("of") != (question, done):
        made["ids"] = review_queue(
            comment_set.result.comments, comment_set.scored, question, comment_set.copies, done
        )
        made["of"] = (question, done)
    ids: list[str] = made["ids"]
    return ids


def _show_next(comment_set: CommentSet, question: str, comment_id: str) -> None:
    comment = next(c for c in comment_set.result.comments if c.comment_id == comment_id)
    row = comment_set.scored[comment_set.scored[records.COMMENT_ID] == comment_id].iloc[0]
    given = str(row[label_column(question)])
    with st.container(border=True, key="next"):
        st.text(comment.author or _("No author"))
        mentions = MentionFinder(comment_set.targets).find(comment.text)
        show_highlighted(comment.text, mentions, target_titles(comment_set.targets))
        title = question_titles(comment_set.targets)[question]
        st.text(model_says(title, style_of(question, given).word, how_sure(row, question)))
        show_label_buttons(
            question,
            "next",
            lambda label: note_label(comment_set, comment_id, question, label),
            keys=KEYS,
        )
        st.button(
            _("Skip"),
            on_click=_skip,
            args=(comment_set, question, comment_id),
            shortcut="0",
            width="stretch",
        )
    st.caption(
        _(
            "The comments whose label would teach most come first: those that the model doubts and that "
            "are unlike the others. Say also where it is right. Keys: 1, 2, 3 for the labels, 0 to skip, U "
            "to undo."
        )
    )


def _skip(comment_set: CommentSet, question: str, comment_id: str) -> None:
    if is_held(comment_set):
        made_for(comment_set, "skipped").setdefault(question, []).append(comment_id)


def _show_way_back(
    comment_set: CommentSet, question: str, skipped: dict[str, list[str]]
) -> None:
    """Undo the last label of this question, which an audit's are not, and see again what was skipped."""
    labels = hand_labels(comment_set)
    mine = [n for n, label in enumerate(labels) if label.question == question and not label.blind]
    undo = _("Undo the last label")
    if mine:
        last = labels[mine[-1]]
        text = next(c.text for c in comment_set.result.comments if c.comment_id == last.comment_id)
        undo = _("Undo the last label: {label} for “{comment}”").format(
            label=label_title(question, last.label), comment=in_label(text)
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button(
            undo,
            on_click=_undo,
            args=(comment_set, set(mine[-1:])),
            disabled=not mine,
            shortcut="u",
            key="undo last",
        )
        if n := len(skipped[question]):
            st.caption(skipped_sentence(n))
            st.button(_("Show them again"), on_click=skipped[question].clear)


def _show_given(comment_set: CommentSet) -> None:
    labels = hand_labels(comment_set)
    with st.expander(_("Labels by hand: {n}").format(n=number(len(labels)))):
        show_label_upload(comment_set)
        show_label_download(comment_set)
        if not labels:
            st.caption(
                _("None yet. Label the comment above, or open any comment in a list and choose “Correct”.")
            )
            return
        picked = st.dataframe(
            _table(comment_set),
            hide_index=True,
            on_select="rerun",
            selection_mode="multi-row",
            key=f"given {comment_set.name} {len(labels)}",
            alt=_("Labels that were given by hand, the latest first"),
        )["selection"]["rows"]
        places = {len(labels) - 1 - row for row in picked}
        st.button(
            numbered("Undo {n} label", "Undo {n} labels", len(places))
            if places
            else _("Pick rows to undo them"),
            on_click=_undo,
            args=(comment_set, places),
            disabled=not places,
        )


def _undo(comment_set: CommentSet, places: set[int]) -> None:
    labels = hand_labels(comment_set)
    labels[:] = [label for place, label in enumerate(labels) if place not in places]


def _table(comment_set: CommentSet) -> pd.DataFrame:
    titles = question_titles(comment_set.targets)
    texts = {c.comment_id: c.text for c in comment_set.result.comments}
    given = comment_set.scored.set_index(records.COMMENT_ID)
    labels = hand_labels(comment_set)[::-1]
    return pd.DataFrame(
        {
            _("Comment"): [texts[label.comment_id] for label in labels],
            _("About"): [titles[label.question] for label in labels],
            _("Label"): [label_title(label.question, label.label) for label in labels],
            _("Model"): [
                label_title(label.question, str(given.at[label.comment_id, label_column(label.question)]))
                for label in labels
            ],
            pgettext("who gave a label", "By"): [label.annotator for label in labels],
            _("At (UTC)"): [label.at for label in labels],
            _("Given"): [
                _("blind, in an audit") if label.blind else _("with the model’s") for label in labels
            ],
        }
    )
