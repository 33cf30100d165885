"""Opens an export of ours with its scores: progress, a way to stop, what is known of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from stance.amounts import percent
from stance.records import ReadResult
from stance.restoring import Restored, restore
from stance.sentences import Sentence
from stance.translation import _
from stance.wording.corrections import comes_along

_AT_ONCE = 2_000
"""Comments that are looked through in less than a second."""

STOPPED = Sentence("Opening it was stopped.")


def taken_over(result: ReadResult, stop: Callable[[], None]) -> Restored | Sentence | None:
    """As `restoring.restore`; where that takes a while, with progress and a button that calls `stop`."""
    if len(result.comments) <= _AT_ONCE:
        return restore(result)
    place = st.empty()
    shown: list[st.delta_generator.DeltaGenerator] = []

    def report(share: float) -> None:
        if not shown:  # an ordinary table is no export, which is seen at once
            frame = place.container()
            shown.append(frame.progress(0.0))
            frame.button(_("Score again instead"), on_click=stop)
        said = _("An export of this desk: comparing its scores with the comments, {share}")
        # A click on the button ends this run of the script here.
        shown[0].progress(share, text=said.format(share=percent(share)))

    found = restore(result, on_progress=report)
    place.empty()
    return found


def show_restored(found: Restored) -> None:
    """What comes with an export of ours, and what is not known of it."""
    st.success(
        _(
            "An export of this desk: its scores come with it, and nothing is scored again. Which model "
            "gave them is not in the file; what is unsure follows the threshold of the shipped one."
        )
    )
    if found.labels or found.learned_from:
        st.caption(comes_along(len(found.labels), found.learned_from))
    if len(found.text_columns) > 1:
        st.warning(
            _("The scores fit more than one column. Choose the comments' column above if need be.")
        )
        taken = _("Taken: {column}; also possible: {others}")
        taken = taken.format(
            column=found.text_columns[0], others=", ".join(found.text_columns[1:])
        )
        st.text(taken)
