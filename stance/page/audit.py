"""Audit: who labels what, out of which sample; the labels of a file. Decides nothing.

The labelling itself is `labelling.py`, what comes of it `audited.py`.
"""

from __future__ import annotations

import streamlit as st

from stance.answers.audit import SAMPLE_SIZE, Sample, draw_sample
from stance.errors import StanceError
from stance.hand_label_files import read_hand_labels
from stance.hand_labels import latest
from stance.page.by_hand import ask_annotator
from stance.page.labelling import show_labelling
from stance.page.plain import in_sentence, show_problem
from stance.page.state import CommentSet, hand_labels, made_for
from stance.wording.audit import audited_titles, left_out_sentence
from stance.wording.shares import NOTHING_SCORED

SMALLEST, LARGEST = 10, 1_000
"""Comments of a sample: fewer say nothing, and nobody labels more at the desk."""


def show_audit(comment_set: CommentSet) -> None:
    """The question and the person; below one comment after the other, and the result."""
    left, right = st.columns(2)
    titles = audited_titles(comment_set.targets)
    question = left.selectbox(
        "Audit the labels of",
        list(titles),
        format_func=titles.__getitem__,
        key="audited",
        bind="query-params",
    )
    annotator = ask_annotator(right, "annotator in audit")
    with st.expander("Which comments, and files of labels"):
        n, draw = _show_size()
        _show_files(comment_set)
    sample = _sample(comment_set, question, n, draw)
    if not sample.order:
        st.info(NOTHING_SCORED)
        return
    show_labelling(comment_set, sample, annotator)


def _show_size() -> tuple[int, int]:
    """How many comments are drawn, and which draw it is: both are in the address."""
    left, right = st.columns(2)
    n = left.number_input(
        "Comments to label",
        min_value=SMALLEST,
        max_value=LARGEST,
        value=SAMPLE_SIZE,
        step=10,
        key="sample",
        bind="query-params",
        help="A larger sample holds all of a smaller one.",
    )
    draw = right.number_input(
        "Draw",
        min_value=1,
        value=1,
        key="draw",
        bind="query-params",
        help="The same number draws the same comments again, for you and for everybody with this set.",
    )
    return int(n or SAMPLE_SIZE), int(draw or 1)


def _sample(comment_set: CommentSet, question: str, n: int, draw: int) -> Sample:
    made = made_for(comment_set, "samples")
    if (question, n, draw) not in made:
        made[question, n, draw] = draw_sample(comment_set.scored, question, n, draw=draw)
    sample: Sample = made[question, n, draw]
    return sample


def _show_files(comment_set: CommentSet) -> None:
    """Take in files of labels, each once: what is undone afterwards must not come back with a rerun."""
    taken = made_for(comment_set, "label files")
    files = st.file_uploader(
        "Go on from labels that were downloaded here, or add another person's (CSV)",
        type=["csv"],
        accept_multiple_files=True,
        key=f"labels of {comment_set.name}",
    )
    for file in files:
        if file.file_id not in taken:
            taken[file.file_id] = _take(comment_set, file.getvalue())
        said, problem = taken[file.file_id]
        if problem:
            show_problem("These labels were not taken.", problem)
        else:
            st.caption(in_sentence(said))


def _take(comment_set: CommentSet, data: bytes) -> tuple[str, str]:
    """Add the labels of a file to those of the session; what was done, or what is wrong."""
    try:
        read = read_hand_labels(data, comment_set.result.comments, comment_set.targets)
    except StanceError as error:
        return "", str(error)
    labels = hand_labels(comment_set)
    labels[:] = latest([*labels, *read.labels])
    return left_out_sentence(len(read.labels), read.left_out), ""
