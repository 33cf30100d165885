"""Puts text from strangers on the screen as text: escaped, never Markdown. Reads and decides nothing.

Streamlit renders Markdown in most widgets, and a remote image in a comment would be fetched at
once. `st.html` with everything escaped shows the letters, and keeps paragraphs and highlights.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

import streamlit as st

from stance.targets import Mention

_STYLE = "white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate;"


def show_paragraphs(paragraphs: Sequence[str], *, title: str = "") -> None:
    """Paragraphs as plain text, below a title if there is one."""
    parts = [f'<h3 dir="auto" style="{_STYLE}">{html.escape(title)}</h3>'] if title else []
    parts += [f'<p dir="auto" style="{_STYLE}">{html.escape(text)}</p>' for text in paragraphs]
    st.html("".join(parts))


def show_highlighted(text: str, mentions: Sequence[Mention], names: dict[str, str]) -> None:
    """A comment with the words that name a target underlined; a tooltip says which target."""
    st.html(highlighted(text, mentions, names))


def highlighted(text: str, mentions: Sequence[Mention], names: dict[str, str]) -> str:
    """Escaped HTML of a text with its mentions marked.

    Args:
        text: the comment.
        mentions: not overlapping, in the order of the text.
        names: what to call each target, by its key.
    """
    parts, end = [], 0
    for mention in mentions:
        word = html.escape(text[mention.start : mention.end])
        target = html.escape(names[mention.target], quote=True)
        parts.append(html.escape(text[end : mention.start]))
        parts.append(
            f'<mark title="{target}" style="background: rgba(128, 128, 128, 0.25); '
            f'color: inherit; border-bottom: 2px solid currentColor;">{word}</mark>'
        )
        end = mention.end
    parts.append(html.escape(text[end:]))
    return f'<div dir="auto" style="{_STYLE} font-size: 1.1rem;">{"".join(parts)}</div>'


def show_problem(headline: str, detail: str) -> None:
    """A problem: our headline, then a detail that may hold names from the person's file."""
    with st.container(border=True):
        st.error(headline)
        st.text(detail)
