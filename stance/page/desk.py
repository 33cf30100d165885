"""The comment set that is picked, and each view of it. Loads all that views need; knows no address."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from stance.page.about import show_about
from stance.page.adding import added_set, drop_job, show_adding
from stance.page.audit import show_audit
from stance.page.basis import show_basis
from stance.page.by_hand import in_use
from stance.page.camps import show_camps
from stance.page.choosing import titles_for
from stance.page.comparing import show_comparison
from stance.page.corrections import show_corrections
from stance.page.counts import show_counts
from stance.page.filtering import clear_filters
from stance.page.language import show_language
from stance.page.over_time import show_trend
from stance.page.overview import show_overview
from stance.page.reactions import show_reactions
from stance.page.reading_room import show_reading_room
from stance.page.report import show_report
from stance.page.sample import sample_set
from stance.page.state import ADD, SAMPLE, CommentSet, comment_sets, remove_set
from stance.translation import _

_REMOVED, _CHOSEN = "removed", "chosen set"
_NO_WORDS = {"quote": "", "period": "", "group": ""}
"""Widgets beside the filters that keep words out of a set, and their values without any."""


def _show_voices(comment_set: CommentSet) -> None:
    show_counts(comment_set)
    show_reading_room(comment_set)


_SCREENS: dict[str, Callable[[CommentSet], None]] = {
    "reactions": show_reactions,
    "voices": _show_voices,
    "camps": show_camps,
    "compare": show_comparison,
    "time": show_trend,
    "audit": show_audit,
    "corrections": show_corrections,
    "report": show_report,
}
"""What each view shows, by its place in the address; the overview has an article to show links below."""

# These ask how the model does, so labels by hand must not have changed its answers.
AS_SCORED = {"audit", "corrections"}
# The shares of these follow the switch between counted and corrected ones.
WITH_BASIS = {"", "voices", "compare", "time"}


def show_view(path: str, below_article: Callable[[], None]) -> None:
    """The view of the comment set that was picked, or what adds one."""
    chosen = st.session_state[_CHOSEN]
    if chosen == ADD:
        show_adding()
        return
    drop_job()
    comment_set = _set_named(chosen)
    if path not in AS_SCORED:
        comment_set = in_use(comment_set)
    if path:
        _SCREENS[path](comment_set)
    else:
        show_overview(comment_set, below_article)
        show_reading_room(comment_set)


def show_card() -> None:
    """The model's card, to which a job that is running does not follow."""
    drop_job()
    show_language(st.container(horizontal=True, horizontal_alignment="right"))
    show_about()


def _set_named(name: str) -> CommentSet:
    return sample_set() if name == SAMPLE else comment_sets()[name]


def pick_set(path: str, frame: st.delta_generator.DeltaGenerator) -> None:
    """Ask for the set that is shown, or `ADD`; a set that was just scored is shown next."""
    if added := added_set():
        st.session_state["set"] = added
        clear_filters()
    options = [SAMPLE, *comment_sets(), ADD]
    named = st.query_params.get("set")
    titles = titles_for(
        "set",
        lambda: {name: _(name) if name == ADD else name for name in options},
        bound=True,
    )
    chosen = frame.selectbox(
        _("Comment set"),
        options,
        format_func=lambda name: titles.get(name, name),
        key="set",
        bind="query-params",
        on_change=clear_filters,
        label_visibility="collapsed",
        width=260,
    )
    if path in WITH_BASIS and chosen and chosen != ADD:
        show_basis(frame, in_use(_set_named(chosen)))
    frame.button(_("Add comments"), on_click=_show_add, disabled=chosen == ADD)
    if chosen in comment_sets():
        frame.button(_("Remove this set"), on_click=_remove, args=(chosen,))
    show_language(frame)
    # The address still names a set in the run in which it is removed.
    removed = st.session_state.pop(_REMOVED, None)
    if named is not None and named not in (*options, *titles.values(), removed):
        st.info(_("The address names a comment set that this session does not hold: add it again."))
    # Kept, as a widget of a view forgets its value in another one.
    st.session_state[_CHOSEN] = chosen or SAMPLE


def _remove(name: str) -> None:
    remove_set(name)
    st.session_state[_REMOVED] = name
    clear_filters()
    st.session_state.update(_NO_WORDS)


def _show_add() -> None:
    st.session_state["set"] = ADD
