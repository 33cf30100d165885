"""Which comments a report quotes, by a rule that is no cherry-pick, and how they are cut. Draws nothing.

Scored table and comments in, quotations out. The rule stands in words in `stance.wording.report`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from stance import records
from stance.aggregate import by_hand, scored_rows
from stance.errors import StanceError
from stance.hand_labels import SENTIMENT_QUESTION
from stance.labels import Sentiment, Stance
from stance.records import Comment
from stance.sentences import Sentence
from stance.targets import Target

SUREST = 2
"""Comments that are quoted for a side because the model is surest of them; one more if it is unsure."""

MOST_CHOSEN = 20
"""Comments that a person may choose: a report is no copy of the set."""

LONGEST = 300
"""Characters of a quotation."""

_WORD_END = 40
"""Characters at the end of a quotation within which it is cut at a space and not in a word."""

_NAMED = 3
_NAME = 40


@dataclass(frozen=True, slots=True)
class Judgement:
    """One label of a comment: about the sentiment (`target` is "") or the stance toward a target.

    A label `by_hand` is a person's: its probability, 1, is not the model's.
    """

    target: str
    label: str
    probability: float
    unsure: bool
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Quotation:
    """A comment as it is quoted: its text in one paragraph, whole or cut (`is_cut`).

    `judgements` are the labels that stand under it, `unscored` the reason where it has none.
    """

    comment_id: str
    text: str
    is_cut: bool
    author: str
    judgements: tuple[Judgement, ...]
    unscored: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """The quotations for a side toward a target, which `n` comments take, `n_unsure` of them unsurely.

    There are none where all of them repeat others, or stand in another side's quotations.
    """

    target: Target
    stance: Stance
    n: int
    n_unsure: int
    quotations: tuple[Quotation, ...]


def quote_sides(
    comments: Sequence[Comment],
    scored: pd.DataFrame,
    targets: Sequence[Target],
    *,
    copies: Collection[str],
    unsure_below: float,
) -> list[Side]:
    """For every target and side the `SUREST` comments, surest first, and the least sure of the unsure.

    A comment is quoted once, for the first side that comes to it; one that repeats an earlier comment
    is never quoted, and where a person gave the label, the model is not the one who is sure of it.

    Args:
        comments: that were scored.
        scored: their scored table.
        targets: those that were scored.
        copies: ids of comments that repeat an earlier one.
        unsure_below: probability below which a stance is unsure.

    Returns:
        Against, then in favor, of each target in order; without those that no comment takes.
    """
    by_id = {comment.comment_id: comment for comment in comments}
    rows = scored_rows(scored)
    passed_over, sides = set(copies), []
    for target in targets:
        for stance in (Stance.AGAINST, Stance.FAVOR):
            held = rows[rows[records.stance_label(target.key)] == stance]
            if held.empty:
                continue
            sure = held.set_index(records.COMMENT_ID)[records.stance_probability(target.key, stance)]
            of_model = sure[~by_hand(held, target.key).to_numpy()]
            quoted = _picked(of_model, passed_over, unsure_below)
            passed_over |= set(quoted.index)
            quotations = [
                _quotation(
                    by_id[str(comment_id)],
                    (Judgement(target.key, str(stance), float(p), float(p) < unsure_below),),
                )
                for comment_id, p in quoted.items()
            ]
            n_unsure = int((sure < unsure_below).sum())
            sides.append(Side(target, stance, len(sure), n_unsure, tuple(quotations)))
    return sides


def _picked(
    sure: pd.Series[float], passed_over: Collection[str], unsure_below: float
) -> pd.Series[float]:
    """The probabilities of those that are quoted, by comment id, the surest first."""
    ranked = sure[~sure.index.isin(list(passed_over))].sort_values(ascending=False, kind="stable")
    unsure = ranked[ranked < unsure_below].iloc[-1:]
    surest = ranked.iloc[:SUREST]
    return pd.concat([surest, unsure[~unsure.index.isin(surest.index)]])


def quote_chosen(
    comments: Sequence[Comment],
    scored: pd.DataFrame,
    targets: Sequence[Target],
    ids: Sequence[str],
    limits: Mapping[str, float],
) -> list[Quotation]:
    """The comments that a person chose, in that order, each once, with all labels that take a side.

    Args:
        comments: of the set.
        scored: their scored table.
        targets: those that were scored.
        ids: of the chosen comments.
        limits: the manifest's `unsure_below`.

    Raises:
        StanceError: an id is of no comment of the set, or there are more than `MOST_CHOSEN`.
    """
    if len(ids) > MOST_CHOSEN:
        raise StanceError(
            Sentence(
                "Expected at most {most} comments to quote, found {n}.",
                most=str(MOST_CHOSEN),
                n=str(len(ids)),
            )
        )
    by_id = {comment.comment_id: comment for comment in comments}
    if unknown := [comment_id for comment_id in ids if comment_id not in by_id]:
        named = ", ".join(repr(comment_id[:_NAME]) for comment_id in unknown[:_NAMED])
        raise StanceError(
            Sentence(
                "Expected ids of comments of this set to quote, found {names}. The column {column} of an "
                "export has them.",
                names=named,
                column=records.COMMENT_ID,
            )
        )
    wanted = scored[scored[records.COMMENT_ID].isin(list(ids))]
    rows = wanted.set_index(records.COMMENT_ID).to_dict("index")
    quotations = []
    for comment_id in dict.fromkeys(ids):
        row = rows[comment_id]
        if reason := str(row[records.UNSCORED]):
            quotations.append(_quotation(by_id[comment_id], (), reason))
            continue
        mood = Sentiment(str(row[records.SENTIMENT]))
        hand = str(row.get(records.BY_HAND, "")).split(records.HAND_SEPARATOR)
        sure = float(row[records.sentiment_probability(mood)])
        given = [_judged("", str(mood), sure, limits["sentiment"], SENTIMENT_QUESTION in hand)]
        for target in targets:
            side = Stance(str(row[records.stance_label(target.key)]))
            if side != Stance.NONE:
                sure = float(row[records.stance_probability(target.key, side)])
                given.append(
                    _judged(target.key, str(side), sure, limits["stance"], target.key in hand)
                )
        quotations.append(_quotation(by_id[comment_id], tuple(given)))
    return quotations


def _judged(target: str, label: str, sure: float, below: float, by_hand: bool) -> Judgement:
    return Judgement(target, label, sure, sure < below, by_hand)


def _quotation(
    comment: Comment, judgements: tuple[Judgement, ...], unscored: str = ""
) -> Quotation:
    text = cut_text(comment.text)
    cut = text != " ".join(comment.text.split())
    return Quotation(comment.comment_id, text, cut, comment.author.strip(), judgements, unscored)


def cut_text(text: str) -> str:
    r"""A text in one paragraph of at most `LONGEST` characters, cut behind a word where one ends.

    >>> cut_text("Shame  on\nyou.")
    'Shame on you.'
    """
    whole = " ".join(text.split())
    if len(whole) <= LONGEST:
        return whole
    beginning = whole[: LONGEST - 1]
    at_word = beginning.rpartition(" ")[0]
    kept = at_word if len(at_word) >= LONGEST - _WORD_END else beginning
    return f"{kept.rstrip()}…"
