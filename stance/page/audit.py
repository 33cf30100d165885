"""Audit: label a random sample, and learn how wrong the bars could be."""

from __future__ import annotations

import streamlit as st

from stance.page.state import CommentSet


def show_audit(comment_set: CommentSet) -> None:
    """Not built yet."""
    st.info("This view is being built.")
