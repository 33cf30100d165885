"""Reactions: where in the article readers react, and with what stance."""

from __future__ import annotations

import streamlit as st

from stance.page.state import CommentSet


def show_reactions(comment_set: CommentSet) -> None:
    """Not built yet."""
    st.info("This view is being built.")
