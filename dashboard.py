"""The dashboard: `streamlit run dashboard.py`. Chooses what is on the screen; computes nothing."""

from __future__ import annotations

import streamlit as st

from stance.page.about import show_about
from stance.page.adding import added_set, drop_job, show_adding
from stance.page.filtering import clear_filters
from stance.page.overview import show_overview
from stance.page.plain import show_failure
from stance.page.reading_room import show_reading_room
from stance.page.sample import sample_set
from stance.page.state import ADD, SAMPLE, comment_sets, remove_set

_REMOVED = "removed"


def main() -> None:
    """One run of the page: its frame, and the view that the address names."""
    st.set_page_config(page_title="Comment desk", page_icon="💬", layout="wide")
    st.html("<style>.block-container {padding-top: 4.25rem; padding-bottom: 2rem;}</style>")
    desk = st.Page(show_desk, title="Comment desk", default=True)
    about = st.Page(_show_about, title="About the model", url_path="model")
    view = st.navigation([desk, about], position="top")
    try:
        view.run()
    except Exception as error:
        show_failure(error)


def show_desk() -> None:
    """The comment set that was picked, or what adds one."""
    chosen = _picker()
    if chosen == ADD:
        show_adding()
        return
    drop_job()
    comment_set = sample_set() if chosen == SAMPLE else comment_sets()[chosen]
    show_overview(comment_set)
    show_reading_room(comment_set)


def _show_about() -> None:
    """The model's card, to which a job that is running does not follow."""
    drop_job()
    show_about()


def _picker() -> str:
    """The set that is shown, or `ADD`; a set that was just scored is shown next."""
    if added := added_set():
        st.session_state["set"] = added
        clear_filters()
    options = [SAMPLE, *comment_sets(), ADD]
    named = st.query_params.get("set")
    left, middle, right, last = st.columns([3, 4, 2, 2], vertical_alignment="center")
    left.markdown("### Comment desk")
    chosen = middle.selectbox(
        "Comment set",
        options,
        key="set",
        bind="query-params",
        on_change=clear_filters,
        label_visibility="collapsed",
    )
    right.button("Add comments", on_click=_show_add, width="stretch", disabled=chosen == ADD)
    if chosen in comment_sets():
        last.button("Remove this set", on_click=_remove, args=(chosen,), width="stretch")
    # The address still names a set in the run in which it is removed.
    if named is not None and named not in (*options, st.session_state.pop(_REMOVED, None)):
        st.info("The address names a comment set that this session does not hold: add it again.")
    return chosen or SAMPLE


def _remove(name: str) -> None:
    remove_set(name)
    st.session_state[_REMOVED] = name
    clear_filters()


def _show_add() -> None:
    st.session_state["set"] = ADD


main()
