"""Audit: who labels what, out of which sample. Decides nothing.

The labelling itself is `labelling.py`, what comes of it `audited.py`.
"""

from __future__ import annotations

import streamlit as st

from stance.answers.audit import SAMPLE_SIZE, Sample, draw_sample
from stance.answers.corrections import corrections
from stance.page.address import tell_no_number
from stance.page.by_hand import ask_annotator
from stance.page.choosing import choose
from stance.page.label_files import show_label_upload
from stance.page.labelling import show_labelling
from stance.page.state import CommentSet, hand_labels, learned, made_for
from stance.translation import _
from stance.wording.audit import as_it_came, audited_titles
from stance.wording.shares import NOTHING_SCORED

SMALLEST, LARGEST = 10, 1_000
"""Comments of a sample: fewer say nothing, and nobody labels more at the desk."""


def show_audit(comment_set: CommentSet) -> None:
    """The question and the person; below one comment after the other, and the result."""
    left, right = st.columns(2)
    question = choose(
        left, _("Audit the labels of"), lambda: audited_titles(comment_set.targets), key="audited"
    )
    annotator = ask_annotator(right, "annotator in audit")
    taught = learned(comment_set)
    note = as_it_came(
        by_hand=bool(corrections(hand_labels(comment_set))), taught=taught is not None and taught.used
    )
    if note:
        st.caption(note)
    # Where it is seen: the box below is closed.
    tell_no_number("sample", SMALLEST, LARGEST, instead=SAMPLE_SIZE)
    tell_no_number("draw", 1, None, instead=1)
    with st.expander(_("Which comments, and files of labels")):
        n, draw = _show_size()
        show_label_upload(comment_set)
    sample = _sample(comment_set, question, n, draw)
    if not sample.order:
        st.info(_(NOTHING_SCORED))
        return
    show_labelling(comment_set, sample, annotator)


def _show_size() -> tuple[int, int]:
    """How many comments are drawn, and which draw it is: both are in the address."""
    left, right = st.columns(2)
    n = left.number_input(
        _("Comments to label"),
        min_value=SMALLEST,
        max_value=LARGEST,
        value=SAMPLE_SIZE,
        step=10,
        key="sample",
        bind="query-params",
        help=_("A larger sample holds all of a smaller one."),
    )
    draw = right.number_input(
        _("Draw"),
        min_value=1,
        value=1,
        key="draw",
        bind="query-params",
        help=_(
            "The same number draws the same comments again, for you and for everybody with this set."
        ),
    )
    return int(n or SAMPLE_SIZE), int(draw or 1)


def _sample(comment_set: CommentSet, question: str, n: int, draw: int) -> Sample:
    made = made_for(comment_set, "samples")
    if (question, n, draw) not in made:
        made[question, n, draw] = draw_sample(comment_set.scored, question, n, draw=draw)
    sample: Sample = made[question, n, draw]
    return sample
