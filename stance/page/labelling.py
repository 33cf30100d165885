"""Labelling by keyboard: one comment of a sample after the other, without the model's labels.

A fragment: a key reruns this part of the page alone.
"""

from __future__ import annotations

import streamlit as st

from stance.amounts import number, numbered
from stance.answers.audit import Sample, audit_result, sample_labels
from stance.hand_labels import UNCLEAR, HandLabel
from stance.page.audited import show_agreement, show_audited, show_pairs
from stance.page.by_hand import note_label, show_label_buttons
from stance.page.label_files import show_label_download
from stance.page.plain import in_sentence, show_paragraphs
from stance.page.state import CommentSet, hand_labels, made_for
from stance.records import Comment
from stance.translation import _
from stance.wording.audit import PEEKING_NOTE, SEEN_NOTE, label_rule, sample_sentence
from stance.wording.titles import label_title

ENOUGH = 10
"""Labels from which on there is a result so far."""


@st.fragment
def show_labelling(comment_set: CommentSet, sample: Sample, annotator: str) -> None:
    """The next comment, or the result where all are labelled; the labels as a file."""
    mine = _mine(comment_set, sample, annotator)
    done = {label.comment_id for label in mine}
    waiting = [comment_id for comment_id in sample.order if comment_id not in done]
    begun = _begun(comment_set)
    if begun.get("by") != (sample, annotator):
        begun.clear()  # the focus is in what was changed, and keys are letters there
    labelling = bool(begun and waiting)
    if not annotator:
        _show_who_was_here(comment_set)
    elif labelling:
        _show_next(comment_set, sample, annotator, waiting[0], n_done=len(mine))
    elif waiting:
        st.markdown(sample_sentence(sample))
        begin = numbered("Label {n} comment", "Label {n} comments", len(waiting))
        label = _("Go on labelling") if mine else begin
        # The click takes the focus out of the name, where keys would be letters.
        st.button(label, type="primary", on_click=_begin, args=(comment_set, sample, annotator))
    if annotator:
        _show_result(comment_set, sample, annotator, n_labelled=len(mine), done=not waiting)
    if not labelling:
        # Takes a tenth of a second, so not with every key.
        show_agreement(hand_labels(comment_set), sample)
    show_label_download(comment_set)


def _mine(comment_set: CommentSet, sample: Sample, annotator: str) -> list[HandLabel]:
    return sample_labels(sample, hand_labels(comment_set), annotator)


def _begun(comment_set: CommentSet) -> dict[str, tuple[Sample, str]]:
    """What is labelled at the moment, under "by": the sample, and who labels it."""
    return made_for(comment_set, "labelling")


def _begin(comment_set: CommentSet, sample: Sample, annotator: str) -> None:
    _begun(comment_set)["by"] = (sample, annotator)


def _show_who_was_here(comment_set: CommentSet) -> None:
    st.info(_("Enter your name or initials: each label is kept with the name of who gave it."))
    names = sorted({label.annotator for label in hand_labels(comment_set)})
    if names:
        said = _("To go on as one of these, enter the same name: {names}.")
        st.caption(in_sentence(said.format(names=", ".join(names))))


def _show_next(
    comment_set: CommentSet, sample: Sample, annotator: str, comment_id: str, *, n_done: int
) -> None:
    with st.container(border=True, key="to_label"):
        if title := comment_set.result.article.title:
            st.caption(in_sentence(_("Under the article: {title}").format(title=title)))
        show_paragraphs([_comment(comment_set, comment_id).text])

    def give(label: str) -> None:
        _give(comment_set, sample, annotator, comment_id, label)

    # Keys of this comment: one that is pressed twice must not label the next comment unseen.
    show_label_buttons(sample.question, f"label {comment_id}", give, keys="123")
    with st.container(horizontal=True):
        st.button(
            label_title(sample.question, UNCLEAR),
            key=f"label {comment_id} {UNCLEAR}",
            shortcut="0",
            on_click=give,
            args=(UNCLEAR,),
        )
        _show_undo(comment_set, sample, annotator)
    if _undo_would_be_seeing(comment_set, sample, annotator):
        st.caption(_(SEEN_NOTE))
    st.caption(in_sentence(label_rule(sample.question, comment_set.targets)))
    n_sample, said = len(sample.order), _("{n} of {all} labelled")
    st.progress(n_done / n_sample, text=said.format(n=number(n_done), all=number(n_sample)))


def _comment(comment_set: CommentSet, comment_id: str) -> Comment:
    return next(c for c in comment_set.result.comments if c.comment_id == comment_id)


def _give(
    comment_set: CommentSet, sample: Sample, annotator: str, comment_id: str, label: str
) -> None:
    if comment_id in {given.comment_id for given in _mine(comment_set, sample, annotator)}:
        return
    note_label(comment_set, comment_id, sample.question, label, blind=True)


def _show_undo(comment_set: CommentSet, sample: Sample, annotator: str) -> None:
    last = _mine(comment_set, sample, annotator)[-1:]
    st.button(
        _("Undo the last"),
        key="undo",
        shortcut="U",
        type="tertiary",
        disabled=not last or _undo_would_be_seeing(comment_set, sample, annotator),
        on_click=_undo,
        args=(comment_set, sample, annotator),
    )


def _undo(comment_set: CommentSet, sample: Sample, annotator: str) -> None:
    mine = _mine(comment_set, sample, annotator)
    if mine and not _undo_would_be_seeing(comment_set, sample, annotator):
        hand_labels(comment_set).remove(mine[-1])


def _undo_would_be_seeing(comment_set: CommentSet, sample: Sample, annotator: str) -> bool:
    """Whether the last label's comment was shown with the model's: given again, it would not be blind."""
    seen = _seen(comment_set, sample, annotator)
    mine = _mine(comment_set, sample, annotator)
    return bool(mine) and mine[-1].comment_id in seen


def _seen(comment_set: CommentSet, sample: Sample, annotator: str) -> set[str]:
    """Ids of the comments whose labels by the model this person was shown here."""
    by_whom = made_for(comment_set, "seen in audits")
    seen: set[str] = by_whom.setdefault((sample.question, annotator), set())
    return seen


def _show_result(
    comment_set: CommentSet, sample: Sample, annotator: str, *, n_labelled: int, done: bool
) -> None:
    if done:
        _show_whole_result(comment_set, sample, annotator)
    elif n_labelled >= ENOUGH:
        # No toggle: as long as one has the focus, keys do not label.
        so_far = st.expander(_("Result so far"), on_change="rerun", key="result so far")
        if so_far.open:
            with so_far:
                st.caption(_(PEEKING_NOTE))
                show_audited(
                    comment_set, audit_result(sample, hand_labels(comment_set), annotator)
                )


def _show_whole_result(comment_set: CommentSet, sample: Sample, annotator: str) -> None:
    """The result, and on demand which labels are mistaken; after that no label can be given anew."""
    result = audit_result(sample, hand_labels(comment_set), annotator)
    show_audited(comment_set, result)
    seen = _seen(comment_set, sample, annotator)
    show = seen.issuperset(sample.order)
    if show:
        show_pairs(comment_set, result, annotator)
    with st.container(horizontal=True):
        if not show:
            st.button(
                _("Show which labels are mistaken"),
                on_click=seen.update,
                args=(sample.order,),
                help=_("Your labels can’t be undone after that: given again, they would not be blind."),
            )
        _show_undo(comment_set, sample, annotator)
    if show:
        st.caption(_(SEEN_NOTE))
