"""Small tables in, plain sentences out: the words beside a chart and for screen readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from stance.aggregate import rows_of
from stance.amounts import counted
from stance.charts import share_text
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.targets import Target, load_targets
from stance.typed import UNTESTED

INTERVAL_NOTE = (
    "In brackets: 95 % interval (Wilson). It covers the chance of who happened to write, not the "
    "model's own mistakes."
)


def target_titles(targets: Iterable[Target]) -> dict[str, str]:
    """What to call each target on the screen, by key; a typed one is marked as untested.

    So a typed target never has the title of a heading of ours, such as "Author".

    >>> from stance.targets import typed_target
    >>> target_titles([load_targets()[0], typed_target("NATO")])
    {'us': 'United States', 'nato': 'NATO (untested target)'}
    """
    tested = {target.key for target in load_targets()}
    return {
        target.key: target.name if target.key in tested else f"{target.name} ({UNTESTED})"
        for target in targets
    }


def label_text(title: str, unsure: bool) -> str:
    """A label as it is shown for one comment.

    >>> label_text("Against", True), label_text("Against", False)
    ('Against (unsure)', 'Against')
    """
    return f"{title} (unsure)" if unsure else title


def sentiment_sentence(shares: pd.DataFrame) -> str:
    """The sentiment shares in one sentence, with n and intervals."""
    parts = [
        f"{SENTIMENT_STYLES[Sentiment(row.label)].title.lower()} "
        f"{share_text(row.share, row.low, row.high)}"
        for row in rows_of(shares)
    ]
    return f"Sentiment of {shares['n'].iloc[0]} comments: {', '.join(parts)}."


def stance_sentence(shares: pd.DataFrame) -> str:
    """The stance shares in one sentence per target, from the highest net stance down."""
    sentences = []
    for name, rows in reversed(list(shares.groupby("name", sort=False))):
        parts = [
            f"{STANCE_STYLES[Stance(row.label)].title.lower()} "
            f"{share_text(row.share, row.low, row.high)}"
            for row in rows_of(rows)
            if row.label != Stance.NONE
        ]
        sentences.append(f"{name}: {', '.join(parts)}, of {rows['n'].iloc[0]} comments.")
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


def share_table(shares: pd.DataFrame, *, unsure: bool = True) -> pd.DataFrame:
    """The numbers of a chart as a table for people: question, label, comments, unsure, share.

    `unsure` is False where no threshold says what is unsure: then there is no such column.
    """
    styles = SENTIMENT_STYLES | STANCE_STYLES
    about = shares["name"] if "name" in shares else ["Sentiment"] * len(shares)
    doubt = {"Unsure of these": list(shares["unsure"])} if unsure else {}
    return pd.DataFrame(
        {
            "About": list(about),
            "Label": [
                styles[Stance(label) if "name" in shares else Sentiment(label)].title
                for label in shares["label"]
            ],
            "Comments": [f"{row.count} of {row.n}" for row in rows_of(shares)],
            **doubt,
            "Share (95 % interval)": [
                share_text(row.share, row.low, row.high) for row in rows_of(shares)
            ],
        }
    )
