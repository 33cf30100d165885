"""Tells what the address asks of a widget that it doesn't have, before the widget is made; makes none.

Streamlit shows the widget's own first choice then, and says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import streamlit as st

from stance.page.plain import in_label
from stance.translation import _

_LARGEST = 2**53 - 1
"""The largest whole number that a widget takes: browsers have no larger ones."""


def tell_unknown(key: str, offered: Iterable[str], *, several: bool = False) -> None:
    """One line where the address names what is not among the titles of a widget's choices.

    Args:
        key: of the widget, and its name in the address.
        offered: titles of the choices as they are in the address; the first is shown instead.
        several: whether the widget takes more than one. The known ones are shown then, else all.
    """
    titles = list(offered)
    asked = _asked(key) if several else _asked(key)[-1:]
    unknown = [name for name in asked if name not in titles]
    if unknown and titles:
        known = [name for name in asked if name in titles]
        _tell(key, unknown, (known or titles) if several else titles[:1])


def tell_no_number(key: str, lowest: int, highest: int | None, *, instead: int) -> None:
    """One line where the address names no whole number of a range; `instead` is what is shown then."""
    for asked in _asked(key)[-1:]:
        try:
            number = float(asked)
        except ValueError:
            number = math.nan
        if math.isinf(number):
            st.query_params[key] = "infinite"  # a word, which widgets pass over: they break at "inf"
            st.rerun()
        within = lowest <= number <= (_LARGEST if highest is None else highest)
        if not within or number != int(number):
            _tell(key, [asked], [str(int(number) if within else instead)])


def tell_no_switch(key: str) -> None:
    """One line where the address says neither true nor false of a switch that is off by itself."""
    for asked in _asked(key)[-1:]:
        if asked.lower() not in ("true", "false"):
            _tell(key, [asked], ["false"])


def _asked(key: str) -> list[str]:
    """What the address asks of a widget that is new; later the widget is what a person made it."""
    return [] if key in st.session_state else [name for name in st.query_params.get_all(key) if name]


def _tell(key: str, unknown: Iterable[str], instead: Iterable[str]) -> None:
    says = _("The address asks for {key} = “{asked}”, which is not offered here. Shown instead: {instead}.")
    asked, shown = (", ".join(map(in_label, names)) for names in (unknown, instead))
    st.info(says.format(key=key, asked=asked, instead=shown))
