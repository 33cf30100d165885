"""Words of the shares: sentences, notes and the table beside their charts and for screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from stance.aggregate import CORRECTED, rows_of
from stance.amounts import counted, share_text
from stance.labels import LABEL_STYLES, SENTIMENT_STYLES, Sentiment, Stance
from stance.model.mistakes import Mistakes
from stance.prevalence import SMALLEST_MEASURED
from stance.targets import Target

CHANCE_NOTE = (
    "In brackets: 95 % interval (Wilson). It covers the chance of who happened to write, not the "
    "model's own mistakes."
)


_TITLES = {label: style.title for label, style in LABEL_STYLES.items()}

NOTHING_SCORED = "No comment of this set has words that can be scored, so there is nothing to chart."


def interval_note(mistakes: Mistakes | None, *, shown: str = "In brackets") -> str:
    """What the numbers in brackets, or what is `shown`, are, by what is known of the model's mistakes."""
    if mistakes is None:
        return CHANCE_NOTE.replace("In brackets", shown, 1)
    return (
        f"{shown}: 95 % interval. It covers the chance of who happened to write and the model's own "
        f"mistakes, as counted on {mistakes.n_comments} other comments that a language model labelled."
    )


CORRECTED_MEANS = (
    "Corrected: an estimate of the true shares from which labels the model takes for which. It can help "
    "where one opinion is far more common than usual; on most of our own test sets the count was nearer to "
    "the truth. Where the two are far apart, trust neither and read the interval."
)

CORRECTED_NOTE = f"{CORRECTED_MEANS} A click on a bar lists the comments as they were labelled."

PICKED_NOTE = (
    "Corrected shares take the comments with labels by hand for ones drawn at random. Where wrong labels "
    "were picked to be put right, the others have fewer mistakes than is assumed, and they may be "
    "corrected twice."
)

_RESTORED = (
    "Opened from a download: which model scored these comments, and whether they are all that there were, "
    "is not known, so nothing is known of its mistakes here."
)


def restored_note(learned_from: int = 0) -> str:
    """What is not known of a set that was opened from a download.

    `learned_from` is by how many labels its model was taught, as the download says; 0 if it was not.
    """
    if not learned_from:
        return _RESTORED
    return f"{_RESTORED} It was taught by {counted(learned_from, 'label')}, as the download says."


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
        notes.append(
            f"{counted(n, 'comment')} say next to nothing: how often intervals hold was measured for "
            f"{SMALLEST_MEASURED} and more."
        )
    turned = [
        name
        for name, rows in [("sentiment", moods), *sides.groupby("name", sort=False)]
        if sides_disagree(rows)
    ]
    if turned:
        notes.append(
            f"Counted and corrected shares disagree on which side is larger: {', '.join(turned)}. Say "
            "neither before you have read those comments."
        )
    if missing := [target.name for target in targets if target.key not in mistakes.stance]:
        names = ", ".join(missing)
        notes.append(
            f"How often the model errs on {names} was never measured: the mistakes on the other targets "
            "stand in."
        )
    if any_language:
        notes.append("How often it errs in other languages than English was never measured.")
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
    parts = [
        f"{SENTIMENT_STYLES[Sentiment(row.label)].title.lower()} "
        f"{share_text(row.share, row.low, row.high)}"
        for row in rows_of(shares)
    ]
    corrected = ", corrected" if rows_of(shares)[0].basis == CORRECTED else ""
    return f"Sentiment of {shares['n'].iloc[0]} comments{corrected}: {', '.join(parts)}."


def stance_sentence(shares: pd.DataFrame, *, unit: str = "comments") -> str:
    """The stance shares in one sentence per bar, from the last of the table up, of so many units."""
    sentences = []
    for name, rows in reversed(list(shares.groupby("name", sort=False))):
        parts = [
            f"{_TITLES[row.label].lower()} {share_text(row.share, row.low, row.high)}"
            for row in rows_of(rows)
            if row.label not in (Stance.NONE, Sentiment.NEUTRAL)
        ]
        corrected = " (corrected)" if rows_of(rows)[0].basis == CORRECTED else ""
        sentences.append(f"{name}: {', '.join(parts)}, of {rows['n'].iloc[0]} {unit}{corrected}.")
    return " ".join(sentences)


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
    parts = [
        f"{counted(int(table['unsure'].sum()), what)} of {int(table['count'].sum()):,} "
        f"(confidence below {limits[head]:.0%})".replace("%", " %")
        for head, what, table in (("sentiment", "sentiment", moods), ("stance", "stance", sides))
    ]
    return (
        f"Unsure: {' and '.join(parts)}. The light, hatched part of a bar shows them; they count "
        "in its share, and are wrong more often than the rest."
    )


def share_table(
    shares: pd.DataFrame, *, unsure: bool = True, count: str = "Comments"
) -> pd.DataFrame:
    """The numbers of a chart as a table for people: question, label, comments, unsure, shares.

    `count` is what to call the column of counts.

    `unsure` is False where no threshold says what is unsure: then there is no such column.
    """
    about = shares["name"] if "name" in shares else ["Sentiment"] * len(shares)
    doubt = {"Unsure of these": list(shares["unsure"])} if unsure else {}
    known = shares["corrected"].notna().all()
    percent = [f"{share:.0%}".replace("%", " %") for share in shares["corrected"]] if known else []
    corrected = {"Corrected share": percent} if known else {}
    return pd.DataFrame(
        {
            "About": list(about),
            "Label": [_TITLES[label] for label in shares["label"]],
            count: [f"{row.count:,} of {row.n:,}" for row in rows_of(shares)],
            **doubt,
            "Share (95 % interval)": [
                share_text(row.share, row.low, row.high) for row in rows_of(shares)
            ],
            **corrected,
        }
    )
