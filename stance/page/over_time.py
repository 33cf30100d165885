"""Over time: how the stances toward a target went, where comments have times."""

from __future__ import annotations

import streamlit as st

from stance.page.state import CommentSet


def show_trend(comment_set: CommentSet) -> None:
    """Not built yet."""
    st.info("This view is being built.")
