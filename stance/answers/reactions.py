"""Which paragraph of the article a comment answers, and with what stances each paragraph is answered.

Article, comments and scored table in; links and small tables out. Knows no encoder: mean states of
the shipped one find fewer of the labelled links than shared words do, and add nothing to these.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import pandas as pd

from stance import records
from stance.aggregate import SHARE_COLUMNS, Share, rows_of, scored_rows, stance_shares
from stance.answers.evidence import Evidence, ParagraphIndex
from stance.records import Article, Comment
from stance.targets import Target

THRESHOLD = 4.0
"""Evidence up to which a comment counts as answering no paragraph, chosen by `stance.linking`."""

INHERITED = 0.5
"""Part of its parent's evidence that a reply takes over, of its grandparent's the square of it."""

NOWHERE = -1
"""What a table calls the paragraph of comments that answer none."""

_GENERATIONS = 3
_MOST_WORDS = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """How good links were where that was measured, with 95 % intervals (see `stance.linking`)."""

    n_comments: int
    n_pages: int
    precision: float
    precision_interval: tuple[float, float]
    recall: float
    recall_interval: tuple[float, float]
    stray: float
    stray_interval: tuple[float, float]
    recall_by_page: tuple[float, float]


MEASURED = Measured(
    248, 7, 0.88, (0.81, 0.95), 0.66, (0.55, 0.81), 0.11, (0.05, 0.22), recall_by_page=(0.44, 0.91)
)
"""What `python -m stance reactions` prints for ours; a test holds the two together."""


class Why(StrEnum):
    """Why a comment is linked to a paragraph, the strongest reason first."""

    QUOTE = "quotation"
    WORDS = "shared words"
    REPLY = "reply"
    NOTHING = "nothing found"


@dataclass(frozen=True, slots=True)
class Link:
    """The paragraph that a comment answers, counted from 0, or None where no evidence is strong enough.

    `words` are what the link rests on: the quoted passage, or at most three words as the comment
    writes them, the rarest first, without such as say next to nothing beside it; none for a reply,
    which follows the comment that it answers. `score` is the evidence for the likeliest paragraph,
    also where that is too little for a link.
    """

    comment_id: str
    paragraph: int | None
    why: Why
    words: tuple[str, ...] = ()
    score: float = 0.0


def link_comments(
    article: Article, comments: Sequence[Comment], *, threshold: float = THRESHOLD
) -> list[Link]:
    """The paragraph that each comment answers, in the order of the comments.

    The evidence for a paragraph is the sum, over the words that comment and paragraph share, of how
    rare a word is in readers' comments at large, divided by the number of paragraphs that have it:
    TF-IDF (Spärck Jones 1972), but with the rarity of some half a million comments of the field
    instead of the few paragraphs at hand, and not divided by lengths, so that more shared words are
    more evidence. A passage in quotation marks that the article has adds to it, and a reply takes
    over half of what its parent has. What was measured stands in `stance.linking`; names of countries
    as groups, pairs of words, character n-grams and the encoder were tried and add nothing.
    """
    index = ParagraphIndex(article.paragraphs)
    own = [index.evidence(comment.text) for comment in comments]
    parents = _parents(comments)
    return [
        _link(comment, own[number], _with_parents(number, own, parents), threshold)
        for number, comment in enumerate(comments)
    ]


def _parents(comments: Sequence[Comment]) -> list[int | None]:
    """The comment that each one answers, by its place: that of the named id, else of the named author.

    Where the author has written more than once, the nearest earlier comment.
    """
    by_id = {comment.comment_id: number for number, comment in enumerate(comments)}
    latest: dict[str, int] = {}
    parents: list[int | None] = []
    for number, comment in enumerate(comments):
        parent = by_id.get(comment.reply_to, latest.get(_name(comment.reply_to)))
        parents.append(parent if comment.reply_to and parent != number else None)
        if comment.author:
            latest[_name(comment.author)] = number
    return parents


def _name(author: str) -> str:
    return author.strip().removeprefix("@").casefold()


def _with_parents(
    number: int, own: Sequence[Evidence], parents: Sequence[int | None]
) -> dict[int, float]:
    """The evidence of a comment with what it takes over from those above it."""
    scores = dict(own[number].scores)
    above, part = parents[number], INHERITED
    for _ in range(_GENERATIONS):
        if above is None:
            break
        for paragraph, score in own[above].scores.items():
            scores[paragraph] = scores.get(paragraph, 0.0) + part * score
        above, part = parents[above], part * INHERITED
    return scores


def _link(
    comment: Comment, own: Evidence, scores: Mapping[int, float], threshold: float
) -> Link:
    if not scores:
        return Link(comment.comment_id, None, Why.NOTHING)
    # Of equals the first paragraph, as a reader would meet it.
    best = min(scores, key=lambda paragraph: (-scores[paragraph], paragraph))
    link = Link(comment.comment_id, best, Why.REPLY, score=scores[best])
    if scores[best] <= threshold:
        return replace(link, paragraph=None, why=Why.NOTHING)
    if best in own.quotes:
        return replace(link, why=Why.QUOTE, words=(own.quotes[best],))
    rarest = own.words.get(best, ())[:_MOST_WORDS]
    words = tuple(word for weight, word in rarest if weight >= rarest[0][0] / 4)
    mostly_its_own = own.scores.get(best, 0.0) >= scores[best] / 2
    return replace(link, why=Why.WORDS, words=words) if mostly_its_own else link


def paragraph_shares(
    links: Sequence[Link], scored: pd.DataFrame, target: Target
) -> pd.DataFrame:
    """Stance shares toward a target among the comments that answer each paragraph, and those that do none.

    Args:
        links: of all comments of the set.
        scored: their scored table, in any order.
        target: one that was scored.

    Returns:
        Three rows in label order for each paragraph that scored comments answer, in the order of the
        article, and last for the comments that answer none; columns as `aggregate.stance_shares`, and
        `paragraph`, counted from 0, `NOWHERE` for none. Intervals are Wilson's: of chance alone.
    """
    rows = scored_rows(scored)
    places = {
        link.comment_id: NOWHERE if link.paragraph is None else link.paragraph for link in links
    }
    answered = rows[records.COMMENT_ID].map(places)
    tables = []
    for number in sorted(answered.unique(), key=lambda number: (number == NOWHERE, number)):
        shares = stance_shares(rows[answered == number], [target])
        tables.append(shares.assign(paragraph=number))
    if not tables:
        return pd.DataFrame(columns=["paragraph", "target", "name", "net", *SHARE_COLUMNS])
    return pd.concat(tables, ignore_index=True)


def shares_by_paragraph(shares: pd.DataFrame) -> dict[int | None, list[Share]]:
    """The rows of such a table in label order, by paragraph; under None those that answer none."""
    rows = rows_of(shares.drop(columns="paragraph"))
    by_paragraph: dict[int | None, list[Share]] = {}
    for number, row in zip(shares["paragraph"], rows, strict=True):
        by_paragraph.setdefault(None if number == NOWHERE else int(number), []).append(row)
    return by_paragraph


def linked_counts(links: Sequence[Link]) -> Counter[int | None]:
    """How many comments answer each paragraph, scored or not; under None those that answer none."""
    return Counter(link.paragraph for link in links)
