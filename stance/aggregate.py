"""Scored table in, small tables out: counts and shares, each with n and an interval. Draws nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance import records
from stance.labels import Sentiment, Stance
from stance.model.mistakes import Mistakes
from stance.prevalence import (
    Question,
    TrueShares,
    sentiment_question,
    stance_question,
    true_shares,
    with_known,
)
from stance.targets import Target

CONFIDENCE_LEVEL = 0.95

SHARE_COLUMNS = ("label", "count", "n", "share", "low", "high", "unsure", "corrected")


COUNTED, CORRECTED = "counted", "corrected"
"""What the shares of a table are."""


@dataclass(frozen=True, slots=True)
class Share:
    """One row of a share table: `count` of `n` comments, with the interval `low` to `high`.

    `unsure` of the `count` have a label that the classifier gives too little probability.
    `corrected` is an estimate of the share with the classifier's known mistakes put right, NaN where
    they are not known; then the interval covers chance alone, else these mistakes as well. `share`
    is what was counted, or the corrected one where `basis` says so.
    """

    label: str
    count: int
    n: int
    share: float
    low: float
    high: float
    unsure: int = 0
    corrected: float = math.nan
    basis: str = COUNTED
    target: str = ""
    name: str = ""
    net: float = 0.0


def rows_of(shares: pd.DataFrame) -> list[Share]:
    """The rows of a share table, typed."""
    return [Share(**{str(k): v for k, v in row.items()}) for row in shares.to_dict("records")]


def wilson_interval(count: int, n: int, level: float = CONFIDENCE_LEVEL) -> tuple[float, float]:
    """Wilson's score interval of a share (Wilson 1927), as SciPy's `binomtest` gives it.

    It covers the chance of which readers wrote, not the classifier's own mistakes. Without any
    observation nothing is known: 0 to 1.

    >>> [round(bound, 3) for bound in wilson_interval(2, 3)]
    [0.208, 0.939]
    """
    if n == 0:
        return 0.0, 1.0
    # Not SciPy's own: it takes 0.7 s to load, a third of the time in which the page is to show itself.
    z, share = NormalDist().inv_cdf((1 + level) / 2), count / n
    middle = share + z**2 / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + (z / (2 * n)) ** 2)
    whole = 1 + z**2 / n
    # At the ends the bound is exact, which rounding would miss.
    low = (middle - reach) / whole if count > 0 else 0.0
    return low, (middle + reach) / whole if count < n else 1.0


def scored_rows(scored: pd.DataFrame) -> pd.DataFrame:
    """The rows that have a score; only these count in any share."""
    return scored[scored[records.UNSCORED] == ""]


def sentiment_shares(
    scored: pd.DataFrame, *, unsure_below: float = 0.0, mistakes: Mistakes | None = None
) -> pd.DataFrame:
    """Shares of the sentiments: one row per label in label order, columns `SHARE_COLUMNS`.

    Args:
        scored: the scored table.
        unsure_below: a label with a lower probability is unsure (the checkpoint's manifest says
            which); it counts in its share all the same.
        mistakes: of the checkpoint, if they are known.
    """
    rows = scored_rows(scored)
    unsure = _unsure_sentiment(rows, unsure_below)
    shares = _shares(rows[records.SENTIMENT], unsure, [str(label) for label in Sentiment])
    if mistakes is None or rows.empty:
        return shares
    hand = by_hand(rows, records.SENTIMENT)
    order = [str(label) for label in Sentiment]
    given, known = (_counts(rows.loc[part, records.SENTIMENT], order) for part in (~hand, hand))
    (found,) = true_shares([with_known(sentiment_question(given, mistakes), known)])
    return with_true_shares(shares, found)


def stance_shares(
    scored: pd.DataFrame,
    targets: Sequence[Target],
    *,
    unsure_below: float = 0.0,
    mistakes: Mistakes | None = None,
) -> pd.DataFrame:
    """Shares of the stances toward each target.

    Args:
        scored: the scored table.
        targets: those that were scored.
        unsure_below: as in `sentiment_shares`.
        mistakes: as in `sentiment_shares`.

    Returns:
        Three rows per target (in label order), targets from the lowest to the highest net stance;
        columns `target` (key), `name`, `net` (share in favor minus share against) and
        `SHARE_COLUMNS`.
    """
    tables = []
    rows = scored_rows(scored)
    for target in targets:
        unsure = _unsure_stance(rows, target.key, unsure_below)
        labels = rows[records.stance_label(target.key)]
        shares = _shares(labels, unsure, [str(label) for label in Stance])
        tables.append(shares.assign(target=target.key, name=target.name))
    if mistakes is not None and not rows.empty:
        asked = [_stance_question(rows, target.key, mistakes) for target in targets]
        tables = [
            with_true_shares(table, found)
            for table, found in zip(tables, true_shares(asked), strict=True)
        ]
    table = pd.concat(tables, ignore_index=True)
    return by_net(table.assign(net=_net(table)))[["target", "name", "net", *SHARE_COLUMNS]]


def with_true_shares(shares: pd.DataFrame, found: TrueShares) -> pd.DataFrame:
    """Shares with their corrected ones, and intervals that cover chance and mistakes.

    Never less than chance leaves around what was counted: a method that puts counts right must not
    be surer of them than counting is.
    """
    low, high = np.minimum(shares["low"], found.low), np.maximum(shares["high"], found.high)
    return shares.assign(corrected=found.share, low=low, high=high)


def corrected_shares(shares: pd.DataFrame) -> pd.DataFrame:
    """A share table with the corrected shares as shares, in the same order; counts stay.

    Which labels are wrong is not known, only how many are: so no part of a corrected bar is unsure.
    """
    table = shares.assign(share=shares["corrected"], unsure=0, basis=CORRECTED)
    return table if "net" not in table else table.assign(net=_net(table))


def by_net(shares: pd.DataFrame, *, highest_first: bool = False) -> pd.DataFrame:
    """A stance share table with its targets from the lowest to the highest net stance, or back."""
    order = not highest_first
    return shares.sort_values("net", ascending=order, kind="stable", ignore_index=True)


def _net(shares: pd.DataFrame) -> pd.Series[float]:
    """The net stance of each row's bar, of which a table has three rows with one name."""
    sign = shares["label"].map({str(Stance.AGAINST): -1, str(Stance.NONE): 0, str(Stance.FAVOR): 1})
    return (shares["share"] * sign).groupby(shares["name"], sort=False).transform("sum")


def by_hand(rows: pd.DataFrame, question: str) -> pd.Series[bool]:
    """Which rows have a label by hand in answer to a question: "sentiment" or a target's key."""
    if records.BY_HAND not in rows:
        return pd.Series(False, index=rows.index)
    answered = rows[records.BY_HAND].str.split(records.HAND_SEPARATOR)
    return answered.map(lambda questions: question in questions).astype(bool)


def n_by_hand(scored: pd.DataFrame) -> int:
    """How many comments have a label by hand, in answer to whatever question."""
    return int((scored[records.BY_HAND] != "").sum()) if records.BY_HAND in scored else 0


def _stance_question(rows: pd.DataFrame, target_key: str, mistakes: Mistakes) -> Question:
    """The labels toward a target: by the model where the target is not named and where it is, by hand."""
    named = rows[records.mentions(target_key)] != ""
    hand = by_hand(rows, target_key)
    labels, order = rows[records.stance_label(target_key)], [str(label) for label in Stance]
    given = [_counts(labels[part & ~hand], order) for part in (~named, named)]
    question = stance_question(target_key, np.array(given), mistakes)
    return with_known(question, _counts(labels[hand], order))


def _counts(labels: pd.Series[str], order: Sequence[str]) -> NDArray[np.int64]:
    return np.array([int((labels == label).sum()) for label in order], dtype=np.int64)


def unsure_labels(
    scored: pd.DataFrame, targets: Sequence[Target], limits: Mapping[str, float]
) -> pd.DataFrame:
    """Which single labels are unsure, by the rule that the shares count by.

    Args:
        scored: the scored table, or rows of it.
        targets: those that were scored.
        limits: the manifest's `unsure_below`.

    Returns:
        A table of True and False with the index of `scored` and the names of its columns with
        labels: `sentiment`, then `stance_…` of each target. What has no label is not unsure.
    """
    unsure = {records.SENTIMENT: _unsure_sentiment(scored, limits["sentiment"])}
    for target in targets:
        column = records.stance_label(target.key)
        unsure[column] = _unsure_stance(scored, target.key, limits["stance"])
    return pd.DataFrame(unsure, index=scored.index)


def _unsure_sentiment(rows: pd.DataFrame, below: float) -> pd.Series[bool]:
    columns = [records.sentiment_probability(label) for label in Sentiment]
    return rows[columns].max(axis=1) < below


def _unsure_stance(rows: pd.DataFrame, target_key: str, below: float) -> pd.Series[bool]:
    columns = [records.stance_probability(target_key, label) for label in Stance]
    return rows[columns].max(axis=1) < below


def unscored_reasons(scored: pd.DataFrame) -> dict[str, int]:
    """How many comments have no score, by reason."""
    reasons = scored.loc[scored[records.UNSCORED] != "", records.UNSCORED]
    counts = reasons.value_counts().items()  # of a category that is not there, 0
    return {str(reason): int(count) for reason, count in counts if count}


def _shares(labels: pd.Series[str], unsure: pd.Series[bool], order: Sequence[str]) -> pd.DataFrame:
    n = len(labels)
    counts, doubtful = labels.value_counts(), labels[unsure].value_counts()
    rows = []
    for label in order:
        count = int(counts.get(label, 0))
        low, high = wilson_interval(count, n)
        share = count / n if n else 0.0
        rows.append((label, count, n, share, low, high, int(doubtful.get(label, 0)), math.nan))
    return pd.DataFrame(rows, columns=list(SHARE_COLUMNS))
