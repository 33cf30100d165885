"""Learning from labels by hand, asked for and reversible: what it is worth, then the set with it."""

from __future__ import annotations

import numpy as np
import streamlit as st

from stance.aggregate import scored_rows
from stance.amounts import numbered
from stance.answers.teaching import Asked, latest_answers, taught_by
from stance.hand_labels import HandLabel
from stance.learning import FEWEST, learn, why_not
from stance.model.learned import HEADS, SENTIMENT_HEAD, STANCE_HEAD, LearnedClassifier
from stance.page.classifying import progress_text, shared_classifier
from stance.page.state import CommentSet, Learned, hand_labels, keep_learned, learned
from stance.page.tables import with_spoken
from stance.records import COMMENT_ID
from stance.scoring import Progress, score_comments
from stance.translation import N_, _
from stance.wording.corrections import lesson_sentence, lessons_table

_NOT_LEARNED = {
    SENTIMENT_HEAD: N_("Nothing was learned of the sentiment: {reason}."),
    STANCE_HEAD: N_("Nothing was learned of the stance: {reason}."),
}


def show_teaching(comment_set: CommentSet) -> None:
    """A button that learns, what came of it, and a switch that uses it."""
    asked = latest_answers(
        hand_labels(comment_set), comment_set.result.comments, comment_set.targets
    )
    n_comments = len({comment_id for comment_id, _ in asked})
    heading = _("Learn from these labels")
    st.markdown(f"**{heading}**")
    st.caption(
        _(
            "A small layer on top of the model learns from the labels by hand of this set, those of an "
            "audit too, and is held to the model’s answers on the other comments. The model itself stays "
            "as it is. Off until you use it, only for this set, named in exports. It takes {n} labelled "
            "comments."
        ).format(n=FEWEST)
    )
    with st.container(horizontal=True):
        label = numbered("Learn from {n} label", "Learn from {n} labels", len(asked))
        if st.button(label, disabled=n_comments < FEWEST):
            _learn(comment_set, asked)
        taught = learned(comment_set)
        if taught is not None:
            st.button(_("Forget what was learned"), on_click=keep_learned, args=(comment_set, None))
    if taught is not None:
        _show_lessons(taught, tuple(asked.values()))
        _show_use(comment_set, taught)


def _show_lessons(taught: Learned, now: tuple[HandLabel, ...]) -> None:
    for head, lesson in taught.lessons.items():
        st.markdown(lesson_sentence(head, lesson))
    st.dataframe(
        with_spoken(lessons_table(taught.lessons), _("Change of log loss"), "+.2f"),
        hide_index=True,
        alt=_("What learning is worth on labels that were held out"),
    )
    st.caption(
        _(
            "Each label is judged by a layer that has not seen it (five folds, equal texts together). "
            "“Before” is the model as it came."
        )
    )
    if now != taught.labels:
        st.caption(_("The labels have changed since: learn again."))


def _show_use(comment_set: CommentSet, taught: Learned) -> None:
    used = st.toggle(
        _("Use it for this set"),
        value=taught.used,
        key=f"use learned {comment_set.name} {taught.version}",
        help=_("All views, filters and downloads then show the labels of the taught model."),
    )
    if used and taught.scored is None:
        _score(comment_set, taught)
    taught.used = used and taught.scored is not None


def _learn(comment_set: CommentSet, asked: Asked) -> None:
    """Fit and measure each head that has labels enough; says why another has not."""
    bar = st.progress(0.0, text=_("Reading comments…"))

    def report(done: float) -> None:
        bar.progress(done, text=_("Reading comments…"))

    scored = set(scored_rows(comment_set.scored)[COMMENT_ID])
    taught = taught_by(
        asked,
        [comment for comment in comment_set.result.comments if comment.comment_id in scored],
        comment_set.targets,
        comment_set.copies,
        shared_classifier(),
        on_progress=report,
    )
    bar.empty()
    lessons = {head: learn(found) for head, found in taught.items() if not why_not(found)}
    for head in HEADS:
        if head in taught and (reason := why_not(taught[head])):
            st.info(_(_NOT_LEARNED[head]).format(reason=reason))
    if lessons:
        keep_learned(comment_set, Learned(lessons, tuple(asked.values())))


def _score(comment_set: CommentSet, taught: Learned) -> None:
    """Score the set with what was learned; Cancel ends this run of the page at the next report."""
    place = st.container()
    bar = place.progress(0.0, text=_("Scoring with what was learned…"))
    place.button(_("Cancel"), on_click=_cancel, args=(comment_set,))

    def report(progress: Progress) -> None:
        bar.progress(progress.done / progress.total, text=progress_text(progress))

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
    taught = learned(comment_set)
    if taught is not None:
        st.session_state[f"use learned {comment_set.name} {taught.version}"] = False
