"""Which comments are shown: the browsing table, its filters, and filters as an address. Pure.

Works on scored tables only, so that no filter ever runs the classifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from stance import records
from stance.labels import Sentiment, Stance
from stance.records import ReadResult
from stance.targets import Target

CONFIDENCE = "confidence"
COMMENT_COLUMNS = ("author", "text", "time", "likes", "reply_to")
"""What a browsing table has of a comment, before its scores."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What the person wants to see; empty means all.

    `stance` is toward `target`, or toward any target if that is empty. `text` and `author` are
    found in any case. `confidence` is the least probability of the label in question (see the
    function of that name); `unsure_below` keeps only the rows where it is lower than this, `None`
    keeps all.
    """

    target: str = ""
    stance: str = ""
    sentiment: str = ""
    text: str = ""
    author: str = ""
    confidence: float = 0.0
    unsure_below: float | None = None

    def any(self) -> bool:
        """Whether anything is filtered."""
        return self != Filters()


def browsing_table(result: ReadResult, scored: pd.DataFrame) -> pd.DataFrame:
    """The scored table with author, time, likes, reply-to and text beside it, in the same order."""
    comments = pd.DataFrame(
        [(c.author, c.text, c.time, c.likes, c.reply_to) for c in result.comments],
        columns=list(COMMENT_COLUMNS),
        dtype=str,
    )
    table = pd.concat([comments, scored.reset_index(drop=True)], axis=1)
    if len(comments) != len(scored):
        raise ValueError(f"Expected {len(comments)} scored rows, found {len(scored)}.")
    return table


def matching(table: pd.DataFrame, filters: Filters) -> pd.DataFrame:
    """Rows of the browsing table that fit all filters, with the column `confidence`.

    The index of `table` is kept.
    """
    table = table.assign(**{CONFIDENCE: confidence(table, filters)})
    keep = pd.Series(True, index=table.index)
    if filters.stance:
        keep &= _has_stance(table, filters)
    if filters.sentiment:
        keep &= table[records.SENTIMENT] == filters.sentiment
    for column in ("text", "author"):
        if wanted := getattr(filters, column).strip():
            keep &= table[column].str.contains(wanted, case=False, regex=False)
    if filters.confidence > 0:
        keep &= table[CONFIDENCE] >= filters.confidence
    if filters.unsure_below is not None:
        keep &= table[CONFIDENCE] < filters.unsure_below
    return table if keep.all() else table[keep]


def confidence(table: pd.DataFrame, filters: Filters) -> pd.Series[float]:
    """Probability of the label in question.

    Of the stance toward the filtered target; with a stance and no target, of that stance where it
    is surest among the targets that were given it; else of the sentiment.
    """
    if filters.target:
        columns = [records.stance_probability(filters.target, label) for label in Stance]
        return table[columns].max(axis=1)
    if filters.stance:
        given = {
            name: table[f"{name}_{filters.stance}"].where(table[name] == filters.stance)
            for name in _stance_columns(table)
        }
        return pd.DataFrame(given, index=table.index).max(axis=1)
    return table[[records.sentiment_probability(label) for label in Sentiment]].max(axis=1)


def head_in_question(filters: Filters) -> str:
    """Which of the classifier's two answers `confidence` is of: "stance" or "sentiment"."""
    return "stance" if filters.target or filters.stance else "sentiment"


def probabilities(row: pd.Series[Any], targets: tuple[Target, ...]) -> pd.DataFrame:
    """All probabilities of one comment: a row per question, a column per label of its scale.

    Columns: `question`, `label`, then the three probabilities as `low`, `middle`, `high`
    (negative / against, neutral / none, positive / favor).
    """
    rows = [("Sentiment", row[records.SENTIMENT], *_three(row, ""))]
    for target in targets:
        rows.append((target.name, row[records.stance_label(target.key)], *_three(row, target.key)))
    return pd.DataFrame(rows, columns=["question", "label", "low", "middle", "high"])


def _three(row: pd.Series[Any], target_key: str) -> list[float]:
    if target_key:
        return [float(row[records.stance_probability(target_key, label)]) for label in Stance]
    return [float(row[records.sentiment_probability(label)]) for label in Sentiment]


def _has_stance(table: pd.DataFrame, filters: Filters) -> pd.Series[bool]:
    if filters.target:
        return table[records.stance_label(filters.target)] == filters.stance
    return (table[_stance_columns(table)] == filters.stance).any(axis=1)


def _stance_columns(table: pd.DataFrame) -> list[str]:
    """The columns with labels of stance: those that have a column of probabilities beside them."""
    return [name for name in table.columns if f"{name}_{Stance.FAVOR}" in table.columns]


def clicked_filters(chart: str, points: list[dict[str, list[str]]]) -> dict[str, str]:
    """Which filters a click on a bar of the "sentiment" or "stance" chart sets; "" shows all.

    Args:
        chart: name of the chart.
        points: the selected points as Plotly gives them, with `[target, label]` as customdata;
            none when the bar was unselected.
    """
    target, label = points[0]["customdata"][:2] if points else ("", "")
    return {"sentiment": label} if chart == "sentiment" else {"target": target, "stance": label}
