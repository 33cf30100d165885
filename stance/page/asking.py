"""What a set is asked before it is scored: further targets, and comments in other languages.

Which targets can be is decided in `stance.typed`.
"""

from __future__ import annotations

import streamlit as st

from stance.errors import StanceError
from stance.page.plain import show_problem
from stance.targets import Target, load_targets
from stance.translation import _
from stance.typed import UNTESTED, parse_targets


def show_asking() -> tuple[tuple[Target, ...], bool]:
    """Draw both questions.

    Returns:
        The targets to ask about, the built-in ones first, none where a typed one cannot be; and
        whether comments in other languages are scored too.
    """
    with st.expander(_("Also ask about…")):
        lines = st.text_area(
            _("One target per line: its name, then = and other words for it, if any"),
            key="typed targets",
            height=100,
            placeholder=_("NATO=NATO, the alliance"),
        )
        st.caption(
            _(
                "Each is marked “{mark}”: how well the model judges it was never measured. Read the "
                "comments behind its bar."
            ).format(mark=_(UNTESTED))
        )
        targets = _with_typed(lines or "")
    any_language = st.toggle(
        _("Score comments in other languages too"),
        key="any language",
        help=_(
            "The model learned from English only: what it says of other languages was never measured."
        ),
    )
    return targets, any_language


def _with_typed(lines: str) -> tuple[Target, ...]:
    """The built-in targets and those of the lines, said back; none where a line is refused."""
    try:
        typed = parse_targets(lines)
    except StanceError as error:
        show_problem(_("This cannot be asked about."), error.message)
        return ()
    for target in typed:
        found_by = _("{target}, found by: {names}")
        st.text(found_by.format(target=target.name, names="; ".join(target.names())))
    return (*load_targets(), *typed)
