"""The language of a session: that of its address, else what was chosen, else the browser's.

Streamlit runs callbacks and fragments without the script, each in a thread of its own, so the language
is kept in the session and asked for there.
"""

from __future__ import annotations

import json

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from stance.page.plain import in_label
from stance.translation import ENGLISH, _, follow, language_called, language_tag, languages

_ADDRESS = "lang"
_SPOKEN, _BOX = "language", "language box"


def settle_language() -> None:
    """Settle the language of this run of the page; nothing is to be said to a person before."""
    follow(_of_session)
    known, named = languages(), _named()
    if named in known:
        st.session_state[_SPOKEN] = named
    elif st.session_state.get(_SPOKEN) not in known:
        st.session_state[_SPOKEN] = _of_browser()


def tell_language() -> None:
    """Tell the browser the language of the words, so that screen readers speak it: Streamlit says "en"."""
    said = json.dumps(language_tag())
    st.html(f"<script>document.documentElement.lang = {said}</script>", unsafe_allow_javascript=True)


def show_language(place: st.delta_generator.DeltaGenerator) -> None:
    """A box with the languages there are, by their own names; nothing where English alone is."""
    known, named, code = languages(), _named(), _of_session()
    if named is not None and named not in known:
        st.info(
            _("The address names a language that is not here, “{code}”: this is {language}.").format(
                code=in_label(named), language=known[code]
            )
        )
    if len(known) == 1:
        return
    if named is None and code != _of_browser():
        st.query_params[_ADDRESS] = code  # another view begins with an address of its own
    st.session_state[_BOX] = code
    place.selectbox(
        _("Language"),
        list(known),
        format_func=known.__getitem__,
        key=_BOX,
        on_change=_choose,
        label_visibility="collapsed",
        width=124,
    )


def _choose() -> None:
    code = st.session_state[_BOX]
    st.session_state[_SPOKEN] = st.query_params[_ADDRESS] = code


def _of_session() -> str:
    if get_script_run_ctx(suppress_warning=True) is None:
        return ENGLISH
    return str(st.session_state.get(_SPOKEN, ENGLISH))


def _of_browser() -> str:
    return language_called(st.context.locale or ENGLISH) or ENGLISH


def _named() -> str | None:
    """The code of the language that the address names, if it names one; its word where there is none."""
    named = st.query_params.get(_ADDRESS)
    return (language_called(named) or named) if named else None
