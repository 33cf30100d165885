"""Periods in, lines with bands above bars of volume out, on one axis of time. Computes no share."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from stance.amounts import number
from stance.answers.differences import Measure
from stance.charts.looks import GREY, percent_ticks, plain_layout
from stance.labels import LabelStyle
from stance.translation import _

HEIGHT = 460
MOST_TICKS = 4
"""Periods that are named below the chart: more of them collide on a telephone."""

_DASHES = {Measure.FIRST: "solid", Measure.LAST: "dot", Measure.NET: "solid"}
_SYMBOLS = {Measure.FIRST: "square", Measure.LAST: "circle", Measure.NET: "diamond"}


def trend_chart(
    trend: pd.DataFrame,
    edges: Sequence[pd.Timestamp],
    labels: Sequence[str],
    called: Mapping[Measure, str],
    ends: tuple[LabelStyle, LabelStyle],
    *,
    corrected: bool = False,
) -> go.Figure:
    """A line with its band for each measure that is called something, and the comments per period below.

    A band is as wide as its period, so that a lone one is seen; where nobody wrote there is neither
    line nor band. Every bar and every point carries the number of its period as customdata.

    Args:
        trend: see `over_time.trend`; counted or corrected values are drawn, by `corrected`.
        edges: beginnings of all periods, and the end of the last.
        labels: of the periods.
        called: what to call each measure that is drawn.
        ends: the looks of the first and of the last label.
        corrected: draw the corrected values, not the counted ones.
    """
    figure = make_subplots(
        rows=2, cols=1, shared_xaxes=True, row_heights=[0.7, 0.3], vertical_spacing=0.06
    )
    middles = [start + (end - start) / 2 for start, end in pairwise(edges)]
    values = trend.assign(value=trend["corrected" if corrected else "value"])
    rows = {measure: values[values["measure"] == measure] for measure in called}
    _add_shares(figure, rows, edges, middles, labels, called, ends)
    volume = trend.loc[trend["measure"] == Measure.NET, "n"]
    figure.add_trace(_bars(volume, edges, middles, labels), row=2, col=1)
    if Measure.NET in called:
        net = _("{last} minus {first}").format(last=ends[1].word, first=ends[0].word)
        _name_shares(figure, net, -1, 1, range=[-1.02, 1.02], zerolinecolor=GREY)
    else:
        top = max(float(each["high"].fillna(0).max()) for each in rows.values())
        _name_shares(figure, _("share of comments"), 0, top, rangemode="tozero", zeroline=False)
    _name_periods(figure, edges, middles, labels)
    figure.update_layout(
        height=HEIGHT,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        **plain_layout() | {"bargap": 0.0},
    )
    return figure


def _add_shares(
    figure: go.Figure,
    rows: Mapping[Measure, pd.DataFrame],
    edges: Sequence[pd.Timestamp],
    middles: Sequence[pd.Timestamp],
    labels: Sequence[str],
    called: Mapping[Measure, str],
    ends: tuple[LabelStyle, LabelStyle],
) -> None:
    """The lines above all bands."""
    colours = {Measure.FIRST: ends[0].colour, Measure.LAST: ends[1].colour, Measure.NET: GREY}
    for measure, title in called.items():
        figure.add_trace(_band(rows[measure], edges, measure, title, colours[measure]), row=1, col=1)
    for measure, title in called.items():
        line = _line(rows[measure], middles, labels, measure, title, colours[measure])
        figure.add_trace(line, row=1, col=1)


def _name_shares(
    figure: go.Figure, title: str, low: float, high: float, **settings: Any
) -> None:
    """What the upper axis shows, from `low` to `high`."""
    look = {"fixedrange": True, "automargin": True, "title": {"text": title}} | settings
    figure.update_yaxes(**look, **percent_ticks(low, high), row=1, col=1)


def _name_periods(
    figure: go.Figure,
    edges: Sequence[pd.Timestamp],
    middles: Sequence[pd.Timestamp],
    labels: Sequence[str],
) -> None:
    """What the bars below count, and the names of some periods."""
    figure.update_yaxes(
        fixedrange=True,
        automargin=True,
        title={"text": _("comments")},
        rangemode="tozero",
        nticks=4,
        row=2,
        col=1,
    )
    step = math.ceil(len(labels) / MOST_TICKS)
    figure.update_xaxes(
        fixedrange=True,
        range=[edges[0], edges[-1]],
        tickvals=middles[::step],
        ticktext=[_two_lines(label) for label in labels[::step]],
        tickangle=0,
    )


def _band(
    rows: pd.DataFrame, edges: Sequence[pd.Timestamp], measure: Measure, title: str, colour: str
) -> go.Scatter:
    """Steps around the intervals of periods that follow each other, one closed line for each run."""
    x: list[pd.Timestamp | None] = []
    y: list[float | None] = []
    for first, last in _runs(rows["low"]):
        lows, highs = list(rows["low"])[first:last], list(rows["high"])[first:last]
        steps = [edge for pair in pairwise(edges[first : last + 1]) for edge in pair]
        x += [*steps, *reversed(steps), steps[0], None]
        upper = [value for value in highs for _twice in "ab"]
        lower = [value for value in lows for _twice in "ab"]
        y += [*upper, *reversed(lower), upper[0], None]
    return go.Scatter(
        x=x,
        y=y,
        mode="lines",
        line={"width": 1, "color": colour, "dash": _DASHES[measure]},
        fill="toself",
        fillcolor=_pale(colour),
        legendgroup=title,
        showlegend=False,
        hoverinfo="skip",
    )


def _runs(values: pd.Series[float]) -> list[tuple[int, int]]:
    """Where numbers stand without a gap: first and one past the last."""
    runs: list[tuple[int, int]] = []
    for at, value in enumerate(values):
        if math.isnan(value):
            continue
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


def _line(
    rows: pd.DataFrame,
    middles: Sequence[pd.Timestamp],
    labels: Sequence[str],
    measure: Measure,
    title: str,
    colour: str,
) -> go.Scatter:
    said = _("{period}: {share} ({low} to {high}), of {n}")
    hover = [
        said.format(
            period=label,
            share=f"{100 * value:.0f} %",
            low=f"{100 * low:.0f}",
            high=f"{100 * high:.0f}",
            n=number(n),
        )
        for label, value, low, high, n in zip(
            labels, rows["value"], rows["low"], rows["high"], rows["n"], strict=True
        )
    ]
    return go.Scatter(
        x=middles,
        y=list(rows["value"]),
        name=title,
        mode="lines+markers",
        connectgaps=False,
        line={"color": colour, "width": 2, "dash": _DASHES[measure]},
        marker={"symbol": _SYMBOLS[measure], "size": 7},
        legendgroup=title,
        customdata=[[at] for at in range(len(rows))],
        hovertext=hover,
        hovertemplate=f"{title}<br>%{{hovertext}}<extra></extra>",
    )


def _bars(
    volume: pd.Series[int],
    edges: Sequence[pd.Timestamp],
    middles: Sequence[pd.Timestamp],
    labels: Sequence[str],
) -> go.Bar:
    return go.Bar(
        x=middles,
        y=list(volume),
        width=[0.85 * (end - start).total_seconds() * 1000 for start, end in pairwise(edges)],
        name=_("Comments"),
        marker={"color": GREY},
        showlegend=False,
        customdata=[[at] for at in range(len(volume))],
        hovertext=[f"{label}: {number(n)}" for label, n in zip(labels, volume, strict=True)],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _two_lines(label: str) -> str:
    """A period's name with its last word, a year or an hour, below the rest."""
    first, _, last = label.rpartition(" ")
    return f"{first}<br>{last}" if first else last


def _pale(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.16)"
