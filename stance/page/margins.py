"""HTML of the article's margin and of comments with the paragraph they answer: escaped, no Markdown.

Strings in, strings out; puts nothing on the screen.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from stance.answers.quoting import cut_text
from stance.answers.reactions import Link
from stance.labels import STANCE_STYLES, Stance
from stance.page.plain import STYLE
from stance.records import Comment
from stance.translation import _
from stance.wording.reactions import paragraph_text, why_text

_TRACK = "flex: 1; height: 0.9rem; display: flex;"
_HATCH = {
    "/": "repeating-linear-gradient(135deg, {0} 0 4px, rgba(255,255,255,0.55) 4px 5px)",
    ".": "radial-gradient(rgba(255,255,255,0.75) 1px, transparent 1.4px) 0 0 / 6px 6px, {0}",
}


def paragraph_html(text: str, number: int, *, answered: bool, picked: bool) -> str:
    """A paragraph of the article with its number, from 1, before it; quiet if nobody answers it."""
    line = "3px solid currentColor" if picked else "3px solid transparent"
    quiet = "" if answered else "opacity: 0.72;"
    return (
        f'<p dir="auto" style="{STYLE} {quiet} border-left: {line}; padding-left: 0.6rem; '
        'margin: 0 0 0.6rem;">'
        f'<span style="opacity: 0.72; font-size: 0.8rem; user-select: none;">{number}</span>&ensp;'
        f"{html.escape(text)}</p>"
    )


def margin_html(counts: Mapping[Stance, int], longest: float, said: str, *, most: bool) -> str:
    """A small diverging bar, against to the left and favor to the right of those without a stance.

    Args:
        counts: of the scored comments that answer the paragraph.
        longest: the largest `half_length` of any paragraph, which fills a half.
        said: the numbers in words, ours; they stand below the bar, which says nothing else.
        most: whether no paragraph is answered by more comments.
    """
    # Half of those without a stance stands on each side, so that the middle is the middle.
    none = counts[Stance.NONE] / 2
    left = _part(Stance.AGAINST, counts[Stance.AGAINST], longest) + _part(Stance.NONE, none, longest)
    right = _part(Stance.NONE, none, longest) + _part(Stance.FAVOR, counts[Stance.FAVOR], longest)
    answered = html.escape(_("Most answered"))
    mark = f'<div style="font-weight: 600; font-size: 0.85rem;">{answered}</div>' if most else ""
    return (
        f'{mark}<div aria-hidden="true" style="display: flex; margin: 0.25rem 0;">'
        f'<div style="{_TRACK} justify-content: flex-end;">{left}</div>'
        '<div style="width: 2px; background: currentColor;"></div>'
        f'<div style="{_TRACK}">{right}</div></div>'
        f'<div style="font-size: 0.85rem;">{html.escape(said)}</div>'
    )


def half_length(counts: Mapping[Stance, int]) -> float:
    """How many comments the longer half of a paragraph's bar stands for."""
    return counts[Stance.NONE] / 2 + max(counts[Stance.AGAINST], counts[Stance.FAVOR])


def _part(label: Stance, count: float, longest: float) -> str:
    style = STANCE_STYLES[label]
    ground = _HATCH.get(style.pattern, "{0}").format(style.colour)
    width = 100 * count / max(longest, 1)
    return f'<div style="width: {width:.1f}%; background: {ground};"></div>'


def comments_html(pairs: Sequence[tuple[Comment, Link]], paragraphs: Sequence[str]) -> str:
    """A list of comments, each with the paragraph that it answers, in whole as its tooltip."""
    return f'<ul style="padding-left: 1.2rem;">{"".join(_item(*pair, paragraphs) for pair in pairs)}</ul>'


def _item(comment: Comment, link: Link, paragraphs: Sequence[str]) -> str:
    place, tooltip = html.escape(paragraph_text(link.paragraph, paragraphs)), ""
    if link.paragraph is not None:
        tooltip = f' title="{html.escape(paragraphs[link.paragraph], quote=True)}"'
        place += f" ({html.escape(why_text(link))})"
    return (
        f'<li dir="auto"{tooltip} style="{STYLE} margin-bottom: 0.7rem;">'
        f'<div style="font-size: 0.85rem; opacity: 0.8;"><b>{html.escape(comment.author or _("No author"))}'
        f"</b> → {place}</div>{html.escape(cut_text(comment.text))}</li>"
    )
