"""Learning from labels by hand, asked for and reversible: what it is worth, then the set with it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from stance.amounts import counted, duration
from stance.answers.teaching import taught_by
from stance.hand_labels import UNCLEAR, HandLabel
from stance.learning import FEWEST, learn, why_not
from stance.model.learned import HEADS, LearnedClassifier
from stance.page.adding import shared_classifier
from stance.page.state import CommentSet, Learned, hand_labels, keep_learned, learned
from stance.scoring import Progress, score_comments
from stance.wording.corrections import lesson_sentence, lessons_table


def show_teaching(comment_set: CommentSet) -> None:
    """A button that learns, what came of it, and a switch that uses it."""
    labels = _labels(comment_set)
    taught = learned(comment_set)
    st.markdown("**Learn from these labels**")
    st.caption(
        "A small layer on top of the model learns from the labels by hand of this set, those of an audit "
        "too; the model itself stays as it is. Off until you use it, only for this set, named in exports. "
        f"It takes {FEWEST} labels or more, of the sentiment or of stances."
    )
    left, right = st.columns([1, 1])
    if left.button(f"Learn from {counted(len(labels), 'label')}", disabled=len(labels) < FEWEST):
        _learn(comment_set)
        taught = learned(comment_set)
    if taught is None:
        return
    if not taught.lessons:
        return
    for head, lesson in taught.lessons.items():
        st.markdown(lesson_sentence(head, lesson))
    st.dataframe(
        lessons_table(taught.lessons),
        hide_index=True,
        alt="What learning is worth on labels that were held out",
        column_config={
            name: st.column_config.NumberColumn(format="%.2f")
            for name in ("Log loss before", "Log loss after")
        },
    )
    st.caption(
        "Each label is judged by a layer that has not seen it (five folds, equal texts together). "
        "“Before” is the model as it came."
    )
    if len(labels) != taught.n_labels:
        st.caption(f"Learned from {taught.n_labels} labels; there are {len(labels)} now. Learn again.")
    right.button("Forget what was learned", on_click=keep_learned, args=(comment_set, None))
    used = st.toggle(
        "Use it for this set",
        value=taught.used,
        key=f"use learned {comment_set.name}",
        help="All views, filters and downloads then show the labels of the taught model.",
    )
    if used and taught.scored is None:
        _score(comment_set, taught)
    taught.used = used and taught.scored is not None


def _labels(comment_set: CommentSet) -> list[HandLabel]:
    """Those that say something."""
    return [label for label in hand_labels(comment_set) if label.label != UNCLEAR]


def _learn(comment_set: CommentSet) -> None:
    """Fit and measure each head that has labels enough; says why another has not."""
    bar = st.progress(0.0, text="Reading the labelled comments…")

    def report(done: float) -> None:
        bar.progress(done, text="Reading the labelled comments…")

    taught = taught_by(
        _labels(comment_set),
        comment_set.result.comments,
        comment_set.targets,
        comment_set.copies,
        shared_classifier(),
        on_progress=report,
    )
    bar.empty()
    lessons = {head: learn(found) for head, found in taught.items() if not why_not(found)}
    for head in HEADS:
        if head in taught and (reason := why_not(taught[head])):
            st.info(f"Nothing was learned of the {head}: {reason}.")
    n_labels = len(_labels(comment_set))
    keep_learned(comment_set, Learned(lessons, n_labels) if lessons else None)


def _score(comment_set: CommentSet, taught: Learned) -> None:
    """Score the set with what was learned; Cancel ends this run of the page at the next report."""
    place = st.container()
    bar = place.progress(0.0, text="Scoring with what was learned…")
    place.button("Cancel", on_click=_cancel, args=(comment_set,))

    def report(progress: Progress) -> None:
        left = progress.seconds / progress.done * (progress.total - progress.done)
        text = f"{progress.done:,} of {progress.total:,} comments, {duration(left)} left"
        bar.progress(progress.done / progress.total, text=text)

    weights = {head: np.asarray(lesson.weights) for head, lesson in taught.lessons.items()}
    taught.scored = score_comments(
        comment_set.result.comments,
        LearnedClassifier(shared_classifier(), weights),
        targets=comment_set.targets,
        any_language=comment_set.any_language,
        on_progress=report,
    )
    taught.used = True
    st.rerun()


def _cancel(comment_set: CommentSet) -> None:
    st.session_state[f"use learned {comment_set.name}"] = False
