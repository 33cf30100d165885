"""Words of the reactions: where in the article readers react, why a comment is linked, how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from stance.aggregate import Share
from stance.amounts import number, numbered, share_text
from stance.answers.reactions import MEASURED, Link, Why, linked_counts, shares_by_paragraph
from stance.labels import STANCE_STYLES, Stance
from stance.translation import N_, _

NO_PARAGRAPH = N_("no paragraph")

NO_ARTICLE = N_(
    "This set came without the paragraphs of an article, so there is nothing that its comments could be "
    "linked to. Add it again as a page: under “Add comments”, paste everything from the headline to the "
    "last comment."
)

LINKS_NOTE = N_(
    "Which paragraph a comment answers is a guess: from rare words that both have, from passages in "
    "quotation marks, and from the comment that a reply replies to. On {n} comments under {pages} "
    "articles, written and labelled by a language model for this desk, {precision} of the links were "
    "right; {recall} of the comments that answer a paragraph got a right one (by article {least} to "
    "{most}), and {stray} of those that answer none got one all the same. So where most comments answer "
    "none, more of the links are wrong. Comments that answer in words of their own stand under “no "
    "paragraph”."
)

_BEGINNING = 40
_MOST_NAMED = 3


def links_note() -> str:
    """How the links were made, and how often they were right where that was measured."""
    m = MEASURED
    return _(LINKS_NOTE).format(
        n=number(m.n_comments),
        pages=number(m.n_pages),
        precision=share_text(m.precision, *m.precision_interval),
        recall=share_text(m.recall, *m.recall_interval),
        stray=share_text(m.stray, *m.stray_interval),
        least=f"{m.recall_by_page[0] * 100:.0f}",
        most=f"{m.recall_by_page[1] * 100:.0f} %",
    )


def reactions_sentence(links: Sequence[Link], shares: pd.DataFrame, target: str) -> str:
    """How many comments answer a paragraph, which one most do, and how these stand to a target.

    Args:
        links: of all comments of the set.
        shares: see `paragraph_shares`.
        target: what to call the target.
    """
    counts = linked_counts(links)
    without = counts.pop(None, 0)
    n = len(links)
    if not counts:
        return numbered(
            "Of {n} comment none answers a paragraph that we could tell.",
            "Of {n} comments none answers a paragraph that we could tell.",
            n,
        )
    says = numbered(
        "{answering} of {n} comment answer a paragraph that we could tell",
        "{answering} of {n} comments answer a paragraph that we could tell",
        n,
        answering=number(n - without),
    )
    top = max(counts.values())
    most = sorted(at for at, count in counts.items() if at is not None and count == top)
    comments = numbered("{n} comment", "{n} comments", top)
    if len(most) > 1:
        said = _("{says}; most answer paragraphs {paragraphs}, {comments} each.")
        return said.format(says=says, paragraphs=_named(most), comments=comments)
    rows = shares_by_paragraph(shares).get(most[0], [])
    said = _("{says}; most answer paragraph {paragraph}, {comments}.")
    if rows:
        said = _(
            "{says}; most answer paragraph {paragraph}, {comments}: toward {target} {shares}, of {scored} "
            "scored."
        )
    return said.format(
        says=says,
        paragraph=most[0] + 1,
        comments=comments,
        target=target,
        shares=", ".join(_share(row) for row in rows if row.label != Stance.NONE),
        scored=number(rows[0].n) if rows else "",
    )


def _named(paragraphs: Sequence[int]) -> str:
    """Numbers of paragraphs, the first few by name."""
    named = ", ".join(str(paragraph + 1) for paragraph in paragraphs[:_MOST_NAMED])
    more = len(paragraphs) - _MOST_NAMED
    return _("{named} and {n} more").format(named=named, n=more) if more > 0 else named


def _share(row: Share) -> str:
    word = STANCE_STYLES[Stance(row.label)].word
    return _("{label} {share}").format(label=word, share=share_text(row.share, row.low, row.high))


def margin_text(counts: Mapping[Stance, int]) -> str:
    """The stances of the comments that answer one paragraph, as counts.

    >>> margin_text({Stance.AGAINST: 3, Stance.NONE: 8, Stance.FAVOR: 1})
    '3 against · 8 none · 1 in favor'
    """
    return " · ".join(
        _("{n} {label}").format(n=number(counts[label]), label=STANCE_STYLES[label].word)
        for label in Stance
    )


def paragraph_text(number: int | None, paragraphs: Sequence[str]) -> str:
    """A paragraph's number for people, from 1, and its beginning.

    >>> paragraph_text(0, ["In winter the figure heard most often was 30,000."])
    '1 · In winter the figure heard most often…'
    """
    if number is None:
        return _(NO_PARAGRAPH)
    text = " ".join(paragraphs[number].split())
    if len(text) > _BEGINNING:
        text = text[:_BEGINNING].rsplit(" ", 1)[0].rstrip(",.;:") + "…"
    return f"{number + 1} · {text}"


def why_text(link: Link) -> str:
    """Why a comment is linked.

    >>> why_text(Link("c1", 2, Why.WORDS, ("envoy", "Geneva")))
    'shared words: envoy, Geneva'
    """
    if link.why is Why.QUOTE:
        return _("quotation: “{passage}”").format(passage=link.words[0])
    if link.why is Why.WORDS:
        return _("shared words: {words}").format(words=", ".join(link.words))
    return _("it replies to such a comment") if link.why is Why.REPLY else "–"


def paragraphs_table(
    links: Sequence[Link], shares: pd.DataFrame, paragraphs: Sequence[str]
) -> pd.DataFrame:
    """A row for each paragraph that is answered, and a last one for the comments that answer none.

    Shares are of the comments with a score; the net is the share in favor minus that against.
    """
    counts = linked_counts(links)
    rows = shares_by_paragraph(shares)
    answered = sorted(at for at in counts if at is not None)
    table = []
    for paragraph in [*answered, *([None] if None in counts else [])]:
        stances = rows.get(paragraph, [])
        cells = [share_text(row.share, row.low, row.high) for row in stances] or ["–"] * len(Stance)
        net = f"{stances[0].net:+.0%}".replace("%", " %") if stances else "–"
        scored = stances[0].n if stances else 0
        table.append([paragraph_text(paragraph, paragraphs), counts[paragraph], scored, *cells, net])
    interval = _("{label} (95 % interval)")
    titles = [interval.format(label=STANCE_STYLES[label].title) for label in Stance]
    heads = [_("Paragraph"), _("Comments"), _("Scored"), *titles, _("Net")]
    return pd.DataFrame(table, columns=heads)
