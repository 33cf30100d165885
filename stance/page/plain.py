"""Puts text from strangers on the screen as text: escaped, never Markdown. Reads and decides nothing.

Streamlit renders Markdown in most widgets, and a remote image in a comment would be fetched at
once. `st.html` with everything escaped shows the letters, and keeps paragraphs and highlights.
"""

from __future__ import annotations

import html
import logging
import re
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from stance.amounts import number
from stance.sentences import spoken
from stance.translation import N_, _

if TYPE_CHECKING:
    from stance.explaining import Span
    from stance.targets import Mention

_LOG = logging.getLogger(__name__)
STYLE = "white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate;"


def show_paragraphs(paragraphs: Sequence[str], *, title: str = "") -> None:
    """Paragraphs as plain text, below a title if there is one."""
    parts = [f'<h3 dir="auto" style="{STYLE}">{html.escape(title)}</h3>'] if title else []
    parts += [f'<p dir="auto" style="{STYLE}">{html.escape(text)}</p>' for text in paragraphs]
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
    return f'<div dir="auto" style="{STYLE} font-size: 1.1rem;">{"".join(parts)}</div>'


@dataclass(frozen=True, slots=True)
class Poles:
    """What negative and positive weights mean, in words, and a hex colour for each."""

    negative: str
    negative_colour: str
    positive: str
    positive_colour: str


def show_weighted(text: str, spans: Sequence[Span], poles: Poles, *, smallest: float) -> None:
    """A comment with its spans marked by sign and strength, below it what the marks mean."""
    st.html(weighted(text, spans, poles, smallest=smallest))


def weighted(text: str, spans: Sequence[Span], poles: Poles, *, smallest: float) -> str:
    """Escaped HTML of a text with weighted spans, and their legend.

    Tint and thickness of the line tell the strength relative to the strongest span; the kind of
    line tells the sign without colours too: unbroken for positive, dotted for negative.

    Args:
        text: the comment.
        spans: not overlapping, in the order of the text.
        poles: what the signs mean.
        smallest: absolute weight below which a span is not marked.
    """
    strongest = max((abs(span.weight) for span in spans), default=0.0)
    parts, end = [], 0
    for span in spans:
        if abs(span.weight) < smallest:
            continue
        parts.append(html.escape(text[end : span.start]))
        word = html.escape(text[span.start : span.end])
        tooltip = number(span.weight, "+.2f")
        parts.append(_mark(word, span.weight, abs(span.weight) / strongest, poles, tooltip))
        end = span.end
    parts.append(html.escape(text[end:]))
    legend = " · ".join(
        _mark(html.escape(line.format(words=words)), sign, 0.6, poles)
        for words, line, sign in (
            (poles.positive, _("{words}, unbroken line"), 1.0),
            (poles.negative, _("{words}, dotted line"), -1.0),
        )
    )
    said = html.escape(
        _("Words that {legend}. The stronger the mark, the more they move the answer.")
    ).format(legend=legend)
    return (
        f'<div dir="auto" style="{STYLE} font-size: 1.1rem; line-height: 1.9;">{"".join(parts)}'
        f'</div><div style="font-size: 0.875rem; line-height: 1.9; margin-top: 0.6rem;">'
        f"{said}</div>"
    )


def _mark(escaped: str, weight: float, strength: float, poles: Poles, title: str = "") -> str:
    """Escaped words, marked. Half a tint at most: letters stay readable on white and on black."""
    positive = weight > 0
    colour = poles.positive_colour if positive else poles.negative_colour
    tint = f"{colour}{round(255 * (0.08 + 0.42 * strength)):02x}"
    line = f"{1.5 + 2 * strength:.1f}px {'solid' if positive else 'dotted'} {colour}"
    return (
        f'<mark title="{title}" style="background: {tint}; color: inherit; '
        f"border-bottom: {line}; -webkit-box-decoration-break: clone; "
        f'box-decoration-break: clone;">{escaped}</mark>'
    )


def show_problem(headline: str, detail: str) -> None:
    """A problem: our headline, then a detail that may hold names from the person's file.

    The message of an error is spoken here (see `Sentence`); any other detail stays as it is.
    """
    with st.container(border=True):
        st.error(headline)
        st.text(spoken(detail))


FAILED = N_("Something went wrong here.")


def show_failure(error: Exception) -> None:
    """What no rule of ours foresaw: a way on for the person, and a line for the log without content.

    An error's message may hold a comment, so neither the page nor the log has it.
    """
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(frame.filename).name}:{frame.lineno}"
    _LOG.error("%s at %s", type(error).__name__, place)
    show_problem(
        _(FAILED),
        _(
            "Your comment sets are still there. Load the page again, or choose another set; if it "
            "happens again, report this: {error} at {place}."
        ).format(error=type(error).__name__, place=place),
    )


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~:$&^=/@])")
_LABEL = 60


def in_label(text: str) -> str:
    r"""Text from strangers for a label, where Streamlit renders Markdown: escaped and cut.

    >>> print(in_label("![x](http://a.b/c.png)"))
    \!\[x\]\(http\:\/\/a\.b\/c\.png\)
    """
    return in_sentence(text[:_LABEL]).strip() or _("no name")


def in_sentence(text: str) -> str:
    """Text with words from strangers for where Streamlit renders Markdown: escaped, on one line."""
    return _MARKDOWN.sub(r"\\\1", "".join(c if c.isprintable() else " " for c in text))
