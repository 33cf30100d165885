"""On what the shares of all views stand: labels as counted or put right, and what is known of mistakes."""

from __future__ import annotations

import streamlit as st

from stance.aggregate import CORRECTED, COUNTED
from stance.model.mistakes import Mistakes, read_mistakes
from stance.page.address import tell_unknown
from stance.page.choosing import default_of, titles_for
from stance.page.state import CommentSet
from stance.translation import N_, _
from stance.wording.corrections import LEARNED_NOTE
from stance.wording.shares import restored_note

_SHARES = {COUNTED: N_("As counted"), CORRECTED: N_("Corrected")}
_KEY = "shares"


def known_mistakes(comment_set: CommentSet) -> Mistakes | None:
    """How the model that scored a set errs; None where that is not known, as of one that was taught."""
    return None if comment_set.restored or comment_set.learned_from else read_mistakes()


def why_unknown(comment_set: CommentSet) -> str:
    """Why nothing is known of the model's mistakes in a set, in words; "" where they are known."""
    if comment_set.restored:
        return restored_note(comment_set.learned_from)
    return _(LEARNED_NOTE) if comment_set.learned_from else ""


def show_basis(place: st.delta_generator.DeltaGenerator, comment_set: CommentSet) -> None:
    """The switch between counted and corrected shares; none where mistakes are not known."""
    if known_mistakes(comment_set) is None:
        return
    titles = titles_for(
        _KEY, lambda: {value: _(title) for value, title in _SHARES.items()}, bound=True
    )
    tell_unknown(_KEY, titles.values())
    place.segmented_control(
        _("Shares"),
        list(titles),
        format_func=titles.__getitem__,
        default=default_of(_KEY, COUNTED),
        required=True,
        key=_KEY,
        bind="query-params",
        label_visibility="collapsed",
        help=_(
            "As counted: the labels that the model gave. Corrected: an estimate of the true shares, "
            "from the mistakes that it made on other comments."
        ),
    )


def shows_corrected(comment_set: CommentSet) -> bool:
    """Whether shares are to be shown corrected, as the switch says."""
    known = known_mistakes(comment_set) is not None
    return known and st.session_state.get(_KEY, COUNTED) == CORRECTED
