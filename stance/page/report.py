"""Report: one file to pass on, with charts, method, limits and quotations."""

from __future__ import annotations

import streamlit as st

from stance.page.state import CommentSet


def show_report(comment_set: CommentSet) -> None:
    """Not built yet."""
    st.info("This view is being built.")
