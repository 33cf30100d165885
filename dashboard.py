"""The dashboard: `streamlit run dashboard.py`. Its frame and what each view asks; computes nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import streamlit as st
from streamlit.navigation.page import Page

from stance.page.language import settle_language, tell_language
from stance.page.plain import in_sentence, show_failure
from stance.translation import N_, _

# `stance.page.desk` is loaded below the question of a view: the first visitor of a server waits a second
# for it, and has something to read meanwhile.

# The views of a comment set, by their place in the address: title, and the question they answer.
VIEWS: dict[str, tuple[str, str]] = {
    "": (N_("Overview"), N_("What do they feel, and whose side do they take?")),
    "reactions": (N_("Reactions"), N_("What in the article do they answer?")),
    "voices": (N_("Voices"), N_("Is it three loud people?")),
    "camps": (N_("Camps"), N_("Which stances go together?")),
    "compare": (N_("Compare"), N_("Is it different elsewhere?")),
    "time": (N_("Over time"), N_("Did it change?")),
    "audit": (N_("Audit"), N_("How wrong could this bar be?")),
    "corrections": (N_("Corrections"), N_("What does the model get wrong here?")),
    "report": (N_("Report"), N_("How do I pass it on?")),
}

# Streamlit shows the focus of the keyboard on these links by a faint shade alone.
_STYLE = (
    "<style>.block-container {padding-top: 4.25rem; padding-bottom: 2rem;}"
    "[data-testid^=stTopNav]:focus-visible, [data-testid=stPageLink] a:focus-visible"
    "{outline: 2px solid currentColor; outline-offset: -2px;}</style>"
)


def main() -> None:
    """One run of the page: its frame, and the view that the address names."""
    settle_language()
    st.set_page_config(page_title=_("Comment desk"), page_icon="💬", layout="wide")
    st.html(_STYLE)
    about = st.Page(_show_about, title=_("About the model"), url_path="model")
    pages = [*map(_view, VIEWS), about]
    if _named():
        pages.insert(0, st.Page(_show_large, title=_("The whole file"), url_path="file"))
    view = st.navigation(pages, position="top")
    if _named() and _begins(view):
        st.switch_page(pages[0])
    try:
        if view.url_path in VIEWS:
            _show_frame(view.url_path)
        view.run()
    except Exception as error:
        show_failure(error)
    # Last, for its place on the screen stays, empty.
    tell_language()


def _show_frame(path: str) -> None:
    """The question and the box of comment sets: one row where there is room, several on a narrow screen."""
    frame = st.container(horizontal=True, vertical_alignment="center", key="frame")
    frame.markdown(f"##### {_(VIEWS[path][1])}", width=330)
    from stance.page.desk import pick_set

    pick_set(path, frame)
    if named := _named():
        file = in_sentence(named[0].name)
        said = _("This view is about the set in the box above; {file} is under “The whole file” only.")
        st.caption(said.format(file=file))


def _view(path: str) -> Page:
    title, question = VIEWS[path]
    return st.Page(
        _page(path), title=_(title), url_path=path, default=not path, help=_(question)
    )


def _page(path: str) -> Callable[[], None]:
    def page() -> None:
        from stance.page.desk import show_view

        show_view(path, below_article=_show_questions)

    return page


def _show_questions() -> None:
    """The questions that the other views answer, as links to them."""
    st.caption(_("Ask on"))
    for path, (_title, question) in VIEWS.items():
        if path:
            st.page_link(_view(path), label=_(question))


def _begins(view: Page) -> bool:
    """Whether a session begins, with an address that asks for nothing."""
    begins, st.session_state["begun"] = "begun" not in st.session_state, True
    return begins and not view.url_path and not st.query_params


def _show_large() -> None:
    from stance.page.large import show_large

    show_large(_named())


def _named() -> list[Path]:
    """What stands behind `streamlit run dashboard.py --`; another program's words are not for the page."""
    program, *words = sys.argv
    return [Path(word) for word in words] if Path(program).name == Path(__file__).name else []


def _show_about() -> None:
    from stance.page.desk import show_card

    show_card()


main()
