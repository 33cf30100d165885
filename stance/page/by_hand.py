"""Labels by hand on the screen: who gives them, the buttons that do, and the set as it is with them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import streamlit as st

from stance.amounts import counted
from stance.answers.corrections import corrections, labels_of, put_right
from stance.hand_labels import SENTIMENT_QUESTION, HandLabel, time_text
from stance.page.state import CommentSet, hand_labels, is_held, learned, made_for
from stance.records import LEARNED_FROM
from stance.targets import Target
from stance.translation import _
from stance.wording.titles import label_title, target_titles

_ANNOTATOR = "annotator"
_NAME_LENGTH = 40


def ask_annotator(place: st.delta_generator.DeltaGenerator, key: str) -> str:
    """Who labels, asked once in this session; it is noted with every label.

    Once it is known the field is gone: keys that are to label must not be typed into it.
    """
    known = str(st.session_state.get(_ANNOTATOR, ""))
    if known:
        with place.container(horizontal=True, vertical_alignment="center"):
            st.text(_("You label as {name}").format(name=known))
            st.button(_("Change"), key=f"{key} change", on_click=_forget_annotator)
        return known

    def remember() -> None:
        st.session_state[_ANNOTATOR] = st.session_state[key].strip()

    place.text_input(
        _("Your name or initials"),
        max_chars=_NAME_LENGTH,
        key=key,
        on_change=remember,
        help=_("Noted with each label that you give, also in exports. Stays in this session otherwise."),
    )
    return ""


def _forget_annotator() -> None:
    st.session_state[_ANNOTATOR] = ""


def question_titles(targets: tuple[Target, ...]) -> dict[str, str]:
    """What to call each question on the screen, the sentiment first."""
    return {SENTIMENT_QUESTION: _("Sentiment"), **target_titles(targets)}


def show_label_buttons(
    question: str, key: str, give: Callable[[str], None], *, disabled: bool = False, keys: str = ""
) -> None:
    """A button for each label of a question, in label order; `keys` are their keys on the keyboard."""
    with st.container(horizontal=True):  # columns would lie below each other on a telephone
        for number, label in enumerate(labels_of(question)):
            st.button(
                label_title(question, label),
                key=f"{key} {label}",
                on_click=give,
                args=(label,),
                disabled=disabled,
                shortcut=keys[number] if keys else None,
                width="stretch",
            )


def note_label(
    comment_set: CommentSet, comment_id: str, question: str, label: str, *, blind: bool = False
) -> None:
    """Note a label by who is named in this session; `blind` if it was given without the model's."""
    if not is_held(comment_set):
        return
    now = time_text(datetime.now(UTC))
    annotator = st.session_state.get(_ANNOTATOR, "")
    hand_labels(comment_set).append(
        HandLabel(comment_id, question, label, annotator, now, blind)
    )


def in_use(comment_set: CommentSet) -> CommentSet:
    """The set as the views show it: what the model learned, if that is used, then labels by hand."""
    labels, taught = hand_labels(comment_set), learned(comment_set)
    by_taught = taught.scored if taught is not None and taught.used else None
    held = corrections(labels)
    if not held and by_taught is None and not comment_set.learned_from:
        return comment_set
    n_taught, taught_as = comment_set.learned_from, ""
    if taught is not None and by_taught is not None:
        n_taught, taught_as = taught.n_labels, taught.version
    told = repr((list(held.values()), taught_as))
    version = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()
    changed = replace(
        comment_set,
        version=version,
        learned_from=n_taught,
        restored=comment_set.restored and by_taught is None,  # else it was scored here
    )
    made = made_for(changed, "scored")
    if not made:
        scored = put_right(comment_set.scored if by_taught is None else by_taught, held)
        told_in = {LEARNED_FROM: counted(n_taught, "label")} if n_taught else {}
        made["scored"] = scored.assign(**told_in)
    return replace(changed, scored=made["scored"])
