"""The times of a comment set as all views read them, and the box that says how. Reads no string itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from stance.answers.times import Times, read_times
from stance.page.choosing import choose
from stance.page.state import CommentSet, made_for
from stance.translation import N_, _

_ORDERS = {"": N_("As found"), "day": N_("Day first"), "month": N_("Month first")}
_KEY = "dates"
_CHOSEN = "chosen"


def readings_of(comment_set: CommentSet) -> list[Times]:
    """The times as found, and in both orders of day and month where some dates can be read in two ways."""
    found = _read(comment_set, "")
    return [_read(comment_set, order) for order in _ORDERS] if found.has_two_readings else [found]


def choose_times(comment_set: CommentSet, place: st.delta_generator.DeltaGenerator) -> Times:
    """The set's times, with a box for the order of day and month where dates can be read in two ways.

    What is chosen in one view holds in all.
    """
    if not _read(comment_set, "").has_two_readings:
        return _read(comment_set, "")
    made = _made(comment_set)
    # A widget forgets its value in another view; the set keeps it.
    if _KEY not in st.session_state and made.get(_CHOSEN):
        st.session_state[_KEY] = made[_CHOSEN]
    order = choose(
        place,
        _("Dates such as 03/04/2025"),
        lambda: {value: _(title) for value, title in _ORDERS.items()},
        key=_KEY,
    )
    made[_CHOSEN] = order
    return _read(comment_set, order)


def _made(comment_set: CommentSet) -> dict[Any, Any]:
    """What was read of the set: labels by hand change no time."""
    return made_for(replace(comment_set, version=""), "times")


def _read(comment_set: CommentSet, order: str) -> Times:
    made = _made(comment_set).setdefault("read", {})
    if order not in made:
        texts = [comment.time for comment in comment_set.result.comments]
        with st.spinner(_("Reading the times…")):
            made[order] = read_times(texts, day_first=order == "day" if order else None)
    times: Times = made[order]
    return times
