"""Boxes and switches whose values are the same in every language, though the screen's words are not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import streamlit as st

from stance.page.address import tell_unknown
from stance.page.state import DRAWN
from stance.translation import language, languages, speaking

Titles = Callable[[], Mapping[str, str]]
"""What each value is called in the language that is spoken; asked in others too, to read an address."""


def titles_for(key: str, titles: Titles, *, bound: bool) -> Mapping[str, str]:
    """The titles for a widget of this key, to be called right before it is drawn.

    The browser knows a choice by its title alone, and so does the address: a choice that was made in
    another language is brought into this one. Only of a `bound` widget is the key a name in the address.
    """
    shown = titles()
    drawn: dict[str, str] = st.session_state.setdefault(DRAWN, {})
    if key in st.session_state:
        if drawn.get(key, language()) != language():
            st.session_state[key] = st.session_state[key]  # tells the browser the new title
    elif bound and (named := st.query_params.get(key)) is not None and named not in shown.values():
        value = _called_elsewhere(named, titles)
        if value is not None and value in shown:
            st.query_params[key] = shown[value]
            st.rerun()
    drawn[key] = language()
    return shown


def default_of(key: str, default: str) -> str | None:
    """The default of a widget of this key, where nothing is chosen yet: Streamlit warns of both at once."""
    return None if key in st.session_state else default


def choose(
    place: st.delta_generator.DeltaGenerator,
    label: str,
    titles: Titles,
    *,
    key: str,
    help: str | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> str:
    """A select box that is kept in the address; the first value is chosen where nothing else is.

    An address is written in the words on the screen and read in those of every language.
    """
    shown = titles_for(key, titles, bound=True)
    tell_unknown(key, shown.values())
    chosen = place.selectbox(
        label,
        list(shown),
        format_func=lambda value: shown.get(value, value),
        key=key,
        bind="query-params",
        help=help,
        width=width,
    )
    return next(iter(shown)) if chosen is None else chosen


def _called_elsewhere(title: str, titles: Titles) -> str | None:
    """The value that some language calls so."""
    for code in languages():
        with speaking(code):
            for value, called in titles().items():
                if called == title:
                    return value
    return None
