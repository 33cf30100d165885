"""The one classifier of all sessions, and how far its work is, in words. Classifies nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from stance.amounts import duration, number
from stance.scoring import Progress
from stance.translation import _

if TYPE_CHECKING:
    from stance.model.classifier import StanceClassifier


def shared_classifier() -> StanceClassifier:
    """The one classifier of all sessions; it is never changed."""
    with st.spinner(_("Loading the model (once)…")):
        return _loaded_classifier()


@st.cache_resource(show_spinner=False)
def _loaded_classifier() -> StanceClassifier:
    # torch takes seconds to load; the first picture must not wait for it.
    from stance.model.classifier import load_classifier
    from stance.model.threads import use_threads

    use_threads(None)
    return load_classifier()


def progress_text(progress: Progress) -> str:
    """How far scoring is, and how long it is still going to take."""
    left = progress.seconds / progress.done * (progress.total - progress.done)
    return _("{n} of {all} comments, {time} left").format(
        n=number(progress.done), all=number(progress.total), time=duration(left)
    )
