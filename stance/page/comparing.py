"""Compare: several sets or groups side by side, with the evidence for each difference."""

from __future__ import annotations

import streamlit as st

from stance.page.state import CommentSet


def show_comparison(comment_set: CommentSet) -> None:
    """Not built yet."""
    st.info("This view is being built.")
