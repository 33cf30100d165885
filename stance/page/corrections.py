"""Corrections: labels put right by hand, what to look at next, and learning from them."""

from __future__ import annotations

import streamlit as st

from stance.page.state import CommentSet


def show_corrections(comment_set: CommentSet) -> None:
    """Not built yet."""
    st.info("This view is being built.")
