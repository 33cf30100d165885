"""The dashboard: `streamlit run dashboard.py`. Chooses what is on the screen; computes nothing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.navigation.page import Page

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
from stance.page.language import settle_language, show_language
from stance.page.over_time import show_trend
from stance.page.overview import show_overview
from stance.page.plain import show_failure
from stance.page.reactions import show_reactions
from stance.page.reading_room import show_reading_room
from stance.page.report import show_report
from stance.page.sample import sample_set
from stance.page.state import ADD, SAMPLE, CommentSet, comment_sets, remove_set
from stance.translation import N_, _

_REMOVED, _CHOSEN = "removed", "chosen set"

def _show_voices(comment_set: CommentSet) -> None:
    show_counts(comment_set)
    show_reading_room(comment_set)


View = Callable[[CommentSet], None]


def _show_desk(comment_set: CommentSet) -> None:
    show_overview(comment_set, below_article=_show_questions)
    show_reading_room(comment_set)


def _show_questions() -> None:
    """The questions that the other views answer, as links to them."""
    st.caption(_("Ask on"))
    for path, (_title, question, _show) in VIEWS.items():
        if path:
            st.page_link(_view(path), label=_(question))


# The views of a comment set, by their place in the address: title, the question they answer, screen.
VIEWS: dict[str, tuple[str, str, View]] = {
    "": (N_("Overview"), N_("What do they feel, and whose side do they take?"), _show_desk),
    "reactions": (N_("Reactions"), N_("What in the article do they answer?"), show_reactions),
    "voices": (N_("Voices"), N_("Is it three loud people?"), _show_voices),
    "camps": (N_("Camps"), N_("Which stances go together?"), show_camps),
    "compare": (N_("Compare"), N_("Is it different elsewhere?"), show_comparison),
    "time": (N_("Over time"), N_("Did it change?"), show_trend),
    "audit": (N_("Audit"), N_("How wrong could this bar be?"), show_audit),
    "corrections": (N_("Corrections"), N_("What does the model get wrong here?"), show_corrections),
    "report": (N_("Report"), N_("How do I pass it on?"), show_report),
}

# These ask how the model does, so labels by hand must not have changed its answers.
AS_SCORED = {"audit", "corrections"}
# The shares of these follow the switch between counted and corrected ones.
WITH_BASIS = {"", "voices", "compare", "time"}


def main() -> None:
    """One run of the page: its frame, and the view that the address names."""
    settle_language()
    st.set_page_config(page_title=_("Comment desk"), page_icon="💬", layout="wide")
    st.html("<style>.block-container {padding-top: 4.25rem; padding-bottom: 2rem;}</style>")
    about = st.Page(_show_about, title=_("About the model"), url_path="model")
    view = st.navigation([*map(_view, VIEWS), about], position="top")
    try:
        if view.url_path in VIEWS:
            # Here and not in the view: a widget of a view forgets its value in another one.
            st.session_state[_CHOSEN] = _picker(view.url_path)
        view.run()
    except Exception as error:
        show_failure(error)


def _view(path: str) -> Page:
    title, question, _show = VIEWS[path]
    return st.Page(
        _page(path), title=_(title), url_path=path, default=not path, help=_(question)
    )


def _page(path: str) -> Callable[[], None]:
    """What shows a view of the comment set that was picked, or what adds one."""

    def page() -> None:
        chosen = st.session_state[_CHOSEN]
        if chosen == ADD:
            show_adding()
            return
        drop_job()
        comment_set = _set_named(chosen)
        VIEWS[path][2](comment_set if path in AS_SCORED else in_use(comment_set))

    return page


def _set_named(name: str) -> CommentSet:
    return sample_set() if name == SAMPLE else comment_sets()[name]


def _show_about() -> None:
    """The model's card, to which a job that is running does not follow."""
    drop_job()
    show_language(st.container(horizontal=True, horizontal_alignment="right"))
    show_about()


def _picker(path: str) -> str:
    """The set that is shown, or `ADD`; a set that was just scored is shown next."""
    if added := added_set():
        st.session_state["set"] = added
        clear_filters()
    options = [SAMPLE, *comment_sets(), ADD]
    named = st.query_params.get("set")
    # One row where there is room, several on a narrow screen.
    frame = st.container(horizontal=True, vertical_alignment="center", key="frame")
    frame.markdown(f"##### {_(VIEWS[path][1])}", width=330)
    titles = titles_for(
        "set", lambda: {name: _(name) if name == ADD else name for name in options}
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
    if named is not None and named not in (*options, st.session_state.pop(_REMOVED, None)):
        st.info(_("The address names a comment set that this session does not hold: add it again."))
    return chosen or SAMPLE


def _remove(name: str) -> None:
    remove_set(name)
    st.session_state[_REMOVED] = name
    clear_filters()


def _show_add() -> None:
    st.session_state["set"] = ADD


main()
