"""Share tables in, bars out: where each begins and ends, in per cent of a drawing's width. Draws nothing.

The template draws them. Colours and patterns are those of `stance.labels`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from stance.aggregate import Share, rows_of
from stance.amounts import number, share_text
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, LabelStyle, Sentiment, Stance

_STEPS = (0.2, 0.4, 0.6, 0.8, 1.0)
"""Shares at which a diverging axis may end; half of each is a whole number of tens."""


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis: a share of 0 stands at `zero`, one of `end` a `length` further (to the left if negative)."""

    zero: float
    length: float
    end: float = 1.0

    def at(self, share: float) -> float:
        """Where a share stands; one beyond the axis at its end."""
        return round(self.zero + self.length * min(share, self.end) / self.end, 2)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `left`, `width` wide, its unsure part, its whiskers, and its share in words."""

    style: LabelStyle
    left: float
    width: float
    unsure_left: float
    unsure_width: float
    low: float
    high: float
    text: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis; a line runs through the bars where it `is_zero`.

    `anchor` is the part of its text that stands under it: at an end the text stands inside.
    """

    at: float
    text: str
    is_zero: bool
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Row:
    """What stands in one line of a chart: bars that share a name."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Rows from the top, the axes under them, and the styles that its legend explains."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    legend: tuple[LabelStyle, ...]
    has_unsure: bool


SENTIMENT_SCALE = Scale(1.0, 97.0)
ZERO, HALF = 35.0, 33.0
NONE_SCALE = Scale(74.0, 25.0)
"""Places of the axes: the template's columns of numbers are as wide."""


def sentiment_bars(shares: pd.DataFrame) -> Chart:
    """A row with one bar for each sentiment, from 0 to 100 %."""
    shown = rows_of(shares)
    rows = []
    for row in shown:
        style = SENTIMENT_STYLES[Sentiment(row.label)]
        rows.append(Row(style.title, (_bar(row, style, SENTIMENT_SCALE),)))
    ticks = [_tick(SENTIMENT_SCALE, share) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    return Chart(tuple(rows), tuple(ticks), (), _has_unsure(shown))


def stance_bars(shares: pd.DataFrame) -> Chart:
    """A row for each target, from the last of the table up: against to the left, in favor to the
    right, none on an axis of its own, so that it does not drown the rest.
    """
    shown = rows_of(shares)
    highest = max(row.high for row in shown if row.label != Stance.NONE)
    end = next(step for step in _STEPS if highest <= step + 1e-9)
    scales = {
        Stance.AGAINST: Scale(ZERO, -HALF, end),
        Stance.FAVOR: Scale(ZERO, HALF, end),
        Stance.NONE: NONE_SCALE,
    }
    rows = []
    for _, group in reversed(list(shares.groupby("name", sort=False))):
        by_label = {Stance(row.label): row for row in rows_of(group)}
        bars = [_bar(by_label[label], STANCE_STYLES[label], scale) for label, scale in scales.items()]
        rows.append(Row(rows_of(group)[0].name, tuple(bars)))
    against, favor = scales[Stance.AGAINST], scales[Stance.FAVOR]
    ticks = [_tick(against, end), _tick(against, end / 2)]
    ticks += [_tick(favor, share) for share in (0.0, end / 2, end)]
    ticks += [_tick(NONE_SCALE, share) for share in (0.0, 1.0)]
    legend = tuple(STANCE_STYLES[label] for label in scales)
    return Chart(tuple(rows), tuple(ticks), legend, _has_unsure(shown))


def _tick(scale: Scale, share: float) -> Tick:
    anchor: Literal["start", "middle", "end"] = "middle"
    if share == scale.end:
        anchor = "end" if scale.length > 0 else "start"
    return Tick(scale.at(share), f"{number(share * 100, 'g')} %", share == 0, anchor)


def _has_unsure(rows: Sequence[Share]) -> bool:
    return any(row.unsure for row in rows)


def _bar(row: Share, style: LabelStyle, scale: Scale) -> Bar:
    unsure = row.unsure / row.n if row.n else 0.0
    zero, end, sure = scale.at(0), scale.at(row.share), scale.at(row.share - unsure)
    low, high = sorted((scale.at(row.low), scale.at(row.high)))
    return Bar(
        style,
        left=min(zero, end),
        width=round(abs(end - zero), 2),
        unsure_left=min(sure, end),
        unsure_width=0.0 if math.isclose(sure, end) else round(abs(end - sure), 2),
        low=low,
        high=high,
        text=share_text(row.share, row.low, row.high),
    )
