"""Words of the shares: sentences, notes and the table beside their charts and for screen readers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Literal

import pandas as pd

from stance.aggregate import CORRECTED, Share, rows_of
from stance.amounts import number, numbered, percent, share_text
from stance.labels import LABEL_STYLES, Sentiment, Stance
from stance.model.mistakes import Mistakes
from stance.prevalence import SMALLEST_MEASURED
from stance.targets import Target
from stance.translation import N_, _, pgettext

CHANCE_NOTE = N_(
    "In brackets: 95 % interval (Wilson). It covers the chance of who happened to write, not the "
    "model's own mistakes."
)

NOTHING_SCORED = N_(
    "No comment of this set has words that can be scored, so there is nothing to chart."
)


def interval_note(
    mistakes: Mistakes | None, *, shown: Literal["In brackets", "Bands"] = "In brackets"
) -> str:
    """What the numbers in brackets, or the bands, are, by what is known of the model's mistakes."""
    chance = {
        "In brackets": _(CHANCE_NOTE),
        "Bands": _(
            "Bands: 95 % interval (Wilson). It covers the chance of who happened to write, not the model's "
            "own mistakes."
        ),
    }
    both = {
        "In brackets": _(
            "In brackets: 95 % interval. It covers the chance of who happened to write and the model's own "
            "mistakes, as counted on {n} other comments that a language model labelled."
        ),
        "Bands": _(
            "Bands: 95 % interval. It covers the chance of who happened to write and the model's own "
            "mistakes, as counted on {n} other comments that a language model labelled."
        ),
    }
    return chance[shown] if mistakes is None else both[shown].format(n=number(mistakes.n_comments))


def edge_note(*tables: pd.DataFrame) -> str:
    """Why a share stands at the edge of its interval, where one does; "" where none does.

    `tables` are shares as they are shown, with intervals that cover the model's mistakes.
    """
    if not any(_at_edge(row) for table in tables for row in rows_of(table)):
        return ""
    return _(
        "A share at the edge of its interval is no slip: the share is what was counted, the interval is "
        "where the true share lies once the model's known mistakes are allowed for, and these go mostly "
        "one way there."
    )


def _at_edge(row: Share) -> bool:
    """Two points from one end at most, and five times as far from the other; 0 and 100 % are no ends."""
    if row.basis == CORRECTED or math.isnan(row.corrected):
        return False
    below, above = row.share - row.low, row.high - row.share
    near, far = sorted((below, above))
    inside = row.low > 0 if near == below else row.high < 1
    return inside and near <= 0.02 and far >= max(5 * near, 0.05)


CORRECTED_MEANS = N_(
    "Corrected: an estimate of the true shares from which labels the model takes for which. It can help "
    "where one opinion is far more common than usual; on most of our own test sets the count was nearer to "
    "the truth. Where the two are far apart, trust neither and read the interval."
)

PICKED_NOTE = N_(
    "Corrected shares take the comments with labels by hand for ones drawn at random. Where wrong labels "
    "were picked to be put right, the others have fewer mistakes than is assumed, and they may be "
    "corrected twice."
)

_RESTORED = N_(
    "Opened from a download: which model scored these comments, and whether they are all that there were, "
    "is not known, so nothing is known of its mistakes here."
)


def corrected_note() -> str:
    """What corrected shares are, and what a click on their bars does."""
    click = _("A click on a bar lists the comments as they were labelled.")
    return f"{_(CORRECTED_MEANS)} {click}"


def restored_note(learned_from: int = 0) -> str:
    """What is not known of a set that was opened from a download.

    `learned_from` is by how many labels its model was taught, as the download says; 0 if it was not.
    """
    if not learned_from:
        return _(_RESTORED)
    taught = numbered(
        "It was taught by {n} label, as the download says.",
        "It was taught by {n} labels, as the download says.",
        learned_from,
    )
    return f"{_(_RESTORED)} {taught}"


def distrust_notes(
    moods: pd.DataFrame,
    sides: pd.DataFrame,
    targets: Iterable[Target],
    mistakes: Mistakes,
    *,
    any_language: bool,
) -> list[str]:
    """Why shares or their intervals should not be trusted here; empty if nothing speaks against.

    Args:
        moods: the sentiment shares, as counted.
        sides: the stance shares, as counted.
        targets: those that were scored.
        mistakes: that were counted.
        any_language: whether comments in other languages than English were scored.
    """
    notes = []
    n = int(moods["n"].iloc[0])
    if n < SMALLEST_MEASURED:
        few = numbered(
            "{n} comment say next to nothing: how often intervals hold was measured for {least} and more.",
            "{n} comments say next to nothing: how often intervals hold was measured for {least} and more.",
            n,
            least=SMALLEST_MEASURED,
        )
        notes.append(few)
    mood = pgettext("in a sentence", "sentiment")
    turned = [
        name
        for name, rows in [(mood, moods), *sides.groupby("name", sort=False)]
        if sides_disagree(rows)
    ]
    if turned:
        said = _(
            "Counted and corrected shares disagree on which side is larger: {questions}. Say neither "
            "before you have read those comments."
        )
        notes.append(said.format(questions=", ".join(turned)))
    if missing := [target.title for target in targets if target.key not in mistakes.stance]:
        said = _(
            "How often the model errs on {targets} was never measured: the mistakes on the other targets "
            "stand in."
        )
        notes.append(said.format(targets=", ".join(missing)))
    if any_language:
        notes.append(_("How often it errs in other languages than English was never measured."))
    return notes


def sides_disagree(rows: pd.DataFrame) -> bool:
    """Whether the counted shares of a question have another side ahead than the corrected ones.

    Never where these are not known.
    """
    return _sign(rows["share"]) * _sign(rows["corrected"]) < 0


def _sign(shares: pd.Series[float]) -> int:
    """Which end of the labels has the larger share: -1 the first, 1 the last, 0 neither."""
    first, last = shares.iloc[0], shares.iloc[-1]
    return int(last > first) - int(first > last)


def sentiment_sentence(shares: pd.DataFrame) -> str:
    """The sentiment shares in one sentence, with n and intervals."""
    said = _("Sentiment of {n} comments: {shares}.")
    if rows_of(shares)[0].basis == CORRECTED:
        said = _("Sentiment of {n} comments, corrected: {shares}.")
    return said.format(n=shares["n"].iloc[0], shares=", ".join(map(_labelled, rows_of(shares))))


def stance_sentence(
    shares: pd.DataFrame, *, unit: Literal["comments", "counted so"] = "comments"
) -> str:
    """The stance shares in one sentence per bar, from the last of the table up, of so many units."""
    counted, corrected = {
        "comments": (
            _("{name}: {shares}, of {n} comments."),
            _("{name}: {shares}, of {n} comments (corrected)."),
        ),
        "counted so": (
            _("{name}: {shares}, of {n} counted so."),
            _("{name}: {shares}, of {n} counted so (corrected)."),
        ),
    }[unit]
    sentences = []
    for name, table in reversed(list(shares.groupby("name", sort=False))):
        rows = rows_of(table)
        said = corrected if rows[0].basis == CORRECTED else counted
        ends = [row for row in rows if row.label not in (Stance.NONE, Sentiment.NEUTRAL)]
        told = ", ".join(map(_labelled, ends))
        sentences.append(said.format(name=name, shares=told, n=number(rows[0].n)))
    return " ".join(sentences)


def _labelled(row: Share) -> str:
    share = share_text(row.share, row.low, row.high)
    return _("{label} {share}").format(label=LABEL_STYLES[row.label].word, share=share)


def unsure_sentence(
    moods: pd.DataFrame, sides: pd.DataFrame, limits: Mapping[str, float]
) -> str:
    """How many labels are unsure and what that means; "" where the checkpoint has no threshold.

    Args:
        moods: the sentiment shares.
        sides: the stance shares.
        limits: the manifest's `unsure_below`.
    """
    if not any(limits.values()):
        return ""
    return _(
        "Unsure: {sentiments} and {stances}. The light, hatched part of a bar shows them; they count in "
        "its share, and are wrong more often than the rest."
    ).format(
        sentiments=numbered(
            "{n} sentiment of {all} (confidence below {limit})",
            "{n} sentiments of {all} (confidence below {limit})",
            int(moods["unsure"].sum()),
            all=number(int(moods["count"].sum())),
            limit=percent(limits["sentiment"]),
        ),
        stances=numbered(
            "{n} stance of {all} (confidence below {limit})",
            "{n} stances of {all} (confidence below {limit})",
            int(sides["unsure"].sum()),
            all=number(int(sides["count"].sum())),
            limit=percent(limits["stance"]),
        ),
    )


def share_table(shares: pd.DataFrame, *, unsure: bool = True, count: str = "") -> pd.DataFrame:
    """The numbers of a chart as a table for people: question, label, comments, unsure, shares.

    `count` is what to call the column of counts, if not comments.

    `unsure` is False where no threshold says what is unsure: then there is no such column.
    """
    about = shares["name"] if "name" in shares else [_("Sentiment")] * len(shares)
    doubt = {_("Unsure of these"): list(shares["unsure"])} if unsure else {}
    known = shares["corrected"].notna().all()
    corrected = {_("Corrected share"): list(map(percent, shares["corrected"]))} if known else {}
    rows = rows_of(shares)
    return pd.DataFrame(
        {
            _("About"): list(about),
            _("Label"): [LABEL_STYLES[row.label].title for row in rows],
            count or _("Comments"): [
                _("{n} of {all}").format(n=number(row.count), all=number(row.n)) for row in rows
            ],
            **doubt,
            _("Share (95 % interval)"): [share_text(row.share, row.low, row.high) for row in rows],
            **corrected,
        }
    )
