"""How stances went: scored comments and their times in, periods with shares and a change out.

Reads no time (see `times`) and draws nothing.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd

from stance import records
from stance.answers.differences import (
    Counts,
    Difference,
    Measure,
    differences,
    label_counts,
    measures,
)
from stance.answers.times import Times
from stance.model.mistakes import Mistakes
from stance.prevalence import SMALLEST_MEASURED
from stance.targets import Target
from stance.translation import N_

MOST_PERIODS = 120
"""More are not told apart on a screen, and each takes 20 ms."""

NO_HOUR = N_("a date without a time of day")
UNSCORED = N_("no score")

TREND_COLUMNS = ("start", "measure", "n", "value", "low", "high", "corrected")


class Step(StrEnum):
    """How long a period is; weeks begin on Monday (ISO 8601)."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_FREQUENCIES = {
    Step.HOUR: "h",
    Step.DAY: "D",
    Step.WEEK: "W-SUN",  # pandas names a week by its last day
    Step.MONTH: "M",
    Step.YEAR: "Y",
}


@dataclass(frozen=True, slots=True)
class Timeline:
    """Scored comments by period.

    `edges` are the beginnings of all periods from the first comment's to the last's, also of those
    in which nobody wrote, and the end of the last; none without any comment. `codes` is the number of
    the period of each row of the scored table, -1 where it is in none; `left_out` counts these by
    reason. `when` has the rows' times.
    """

    step: Step
    edges: pd.DatetimeIndex
    codes: Counts
    when: pd.Series[pd.Timestamp]
    left_out: dict[str, int]

    @property
    def starts(self) -> pd.DatetimeIndex:
        """The beginnings of all periods."""
        return self.edges[:-1]

    @property
    def volume(self) -> Counts:
        """Scored comments of each period."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.starts))


def steps_that_fit(times: Times) -> list[Step]:
    """The steps that give at most `MOST_PERIODS`, shortest first; none where no time was read.

    Hours only where a time of day is written.
    """
    when = times.when.dropna()
    if when.empty:
        return []
    return [
        step
        for step in Step
        if (step != Step.HOUR or times.has_clock) and _n_periods(when, step) <= MOST_PERIODS
    ]


def chosen_step(times: Times) -> Step:
    """Hours for up to three days, days for up to two months, else weeks, or longer if they do not fit.

    Longer also where a period would have less than `SMALLEST_MEASURED` comments on average, if the set
    has enough for two such periods: points of two comments jump, and say nothing.
    """
    when = times.when.dropna()
    span = when.max() - when.min()
    wanted = Step.WEEK
    if span <= pd.Timedelta(days=62):
        wanted = Step.HOUR if span <= pd.Timedelta(days=3) else Step.DAY
    order = list(Step)
    fitting = [step for step in steps_that_fit(times) if order.index(step) >= order.index(wanted)]
    several = [step for step in fitting if _n_periods(when, step) > 1]
    if len(when) < 2 * SMALLEST_MEASURED or not several:
        return fitting[0]
    full = [s for s in several if len(when) >= SMALLEST_MEASURED * _n_periods(when, s)]
    return full[0] if full else several[-1]


def timeline(scored: pd.DataFrame, times: Times, step: Step) -> Timeline:
    """The scored comments of a set by period.

    Args:
        scored: the scored table, in the order of `times`.
        times: of its comments, at least one of them read.
        step: one of `steps_that_fit`.
    """
    has_score = (scored[records.UNSCORED] == "").to_numpy()
    read = times.when.notna().to_numpy()
    kept = has_score & read
    left_out = Counter[str]()
    if step == Step.HOUR:
        vague = kept & times.date_only.to_numpy()
        left_out[NO_HOUR] = int(vague.sum())
        kept &= ~vague
    left_out[UNSCORED] = int((~has_score & read).sum())
    codes = np.full(len(scored), -1, dtype=np.int64)
    if not kept.any():
        return Timeline(step, pd.DatetimeIndex([]), codes, times.when, dict(+left_out))
    periods = pd.PeriodIndex(times.when[kept], freq=_FREQUENCIES[step])
    every = pd.period_range(periods.min(), periods.max(), freq=_FREQUENCIES[step])
    codes[kept] = every.get_indexer(periods)
    edges = pd.period_range(every[0], every[-1] + 1, freq=_FREQUENCIES[step]).to_timestamp()
    return Timeline(step, edges, codes, times.when, dict(+left_out))


def trend(
    scored: pd.DataFrame, line: Timeline, about: Target | None, mistakes: Mistakes | None
) -> pd.DataFrame:
    """Shares of the first and the last label and their difference by period, with 95 % intervals.

    Args:
        scored: the scored table.
        line: its timeline.
        about: a target, or None for the sentiment.
        mistakes: of the checkpoint, if they are known.

    Returns:
        A row for each period and measure, columns `TREND_COLUMNS`. Where nobody wrote, all but `n`
        is NaN: nothing is known of such a period, and that is not a share of nothing.
    """
    given = _counts(scored, line.codes, len(line.starts), about)
    volume = line.volume
    found = np.full((len(line.starts), 4, 3), np.nan)
    busy = np.flatnonzero(volume)
    found[busy] = measures(list(given[busy]), about, mistakes)
    rows = [
        (start, str(measure), int(n), value, low, high, corrected)
        for start, n, period in zip(line.starts, volume, found, strict=True)
        for measure, (value, corrected, low, high) in zip(Measure, period.T, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(TREND_COLUMNS))


@dataclass(frozen=True, slots=True)
class Change:
    """The latest third of the comments against the earliest third.

    `until` is the last moment of the earliest third, `since` the first one of the latest; comments of
    one moment are never parted. `found` holds each measure's difference, latest minus earliest; none
    where a third has fewer than `SMALLEST_MEASURED` comments.
    """

    until: pd.Timestamp
    since: pd.Timestamp
    n_early: int
    n_late: int
    found: list[Difference]


def change(
    scored: pd.DataFrame, line: Timeline, about: Target | None, mistakes: Mistakes | None
) -> Change | None:
    """Whether the latest comments differ from the earliest; None where all are of one moment."""
    when = line.when.where(line.codes >= 0)
    in_order = when.dropna().sort_values()
    if in_order.empty or in_order.iloc[0] == in_order.iloc[-1]:
        return None
    third = math.ceil(len(in_order) / 3)
    until, since = in_order.iloc[third - 1], in_order.iloc[-third]
    if until == since:  # more than a third wrote at one moment
        before, after = in_order[in_order < until], in_order[in_order > since]
        until = until if before.empty else before.iloc[-1]
        since = since if after.empty else after.iloc[0]
    early, late = (when <= until).to_numpy(), (when >= since).to_numpy()
    codes = np.where(early, 0, np.where(late, 1, -1)).astype(np.int64)
    given = _counts(scored, codes, 2, about)
    sizes = given.sum(axis=(1, 2))
    enough = int(sizes.min()) >= SMALLEST_MEASURED
    found = differences(list(given), [(1, 0)], about, mistakes) if enough else []
    return Change(until, since, int(sizes[0]), int(sizes[1]), found)


def _counts(scored: pd.DataFrame, codes: Counts, n: int, about: Target | None) -> Counts:
    kept = codes >= 0
    return label_counts(scored[kept], about, codes[kept], n)


def _n_periods(when: pd.Series[pd.Timestamp], step: Step) -> int:
    ends = pd.PeriodIndex([when.min(), when.max()], freq=_FREQUENCIES[step])
    return int(ends[1].ordinal - ends[0].ordinal) + 1
