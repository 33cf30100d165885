"""Differences in, marks with intervals beside a line of no difference out. Computes no difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from stance.amounts import number
from stance.answers.differences import Difference, Measure
from stance.chart_text import chart_text, row_label
from stance.charts.looks import GREY, plain_layout
from stance.labels import LabelStyle
from stance.translation import _

ROW_HEIGHT = 78
"""Pixels that the marks of one group take."""

_SYMBOLS = {Measure.FIRST: "square", Measure.LAST: "circle", Measure.NET: "diamond"}
_SHIFTS = {Measure.FIRST: 0.25, Measure.LAST: 0.0, Measure.NET: -0.25}


def difference_chart(
    found: Sequence[Difference],
    titles: Sequence[str],
    called: Mapping[Measure, str],
    ends: tuple[LabelStyle, LabelStyle],
    *,
    corrected: bool = False,
) -> go.Figure:
    """A row of marks for each group, with intervals, in points more or less than the reference.

    A mark is filled where there is enough evidence of a difference. The first group stands at the top.

    Args:
        found: differences from one reference, at least one.
        titles: of all groups.
        called: what the measures are called.
        ends: the looks of the first and of the last label.
        corrected: draw the corrected differences, not the counted ones.
    """
    rows = list(dict.fromkeys(each.group for each in found))
    colours = {Measure.FIRST: ends[0].colour, Measure.LAST: ends[1].colour, Measure.NET: GREY}
    figure = go.Figure()
    for measure, title in called.items():
        here = [each for each in found if each.measure == measure]
        heights = [len(rows) - 1 - rows.index(each.group) + _SHIFTS[measure] for each in here]
        figure.add_trace(_marks(here, heights, title, colours[measure], corrected))
    reference = chart_text(titles[found[0].reference])
    figure.update_xaxes(
        range=_reach(found),
        zeroline=True,
        zerolinecolor=GREY,
        zerolinewidth=2,
        fixedrange=True,
        nticks=6,
        tickangle=0,
        title={
            "text": _("points less or more than<br>“{reference}”").format(reference=reference),
            "font": {"size": 12},
        },
    )
    figure.update_yaxes(
        tickvals=list(range(len(rows))),
        ticktext=[row_label(titles[row]) for row in reversed(rows)],
        range=[-0.6, len(rows) - 0.4],
        fixedrange=True,
        automargin=True,
        zeroline=False,
        showgrid=False,
    )
    figure.update_layout(
        height=ROW_HEIGHT * len(rows) + 110,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        **plain_layout(),
    )
    return figure


def _marks(
    found: Sequence[Difference], heights: Sequence[float], title: str, colour: str, corrected: bool
) -> go.Scatter:
    """The marks of one measure with their intervals, one for each group."""
    values = [100 * (each.corrected if corrected else each.counted) for each in found]
    drawn = list(zip(found, values, strict=True))
    symbol = _SYMBOLS[found[0].measure]
    return go.Scatter(
        x=values,
        y=heights,
        name=title,
        mode="markers",
        marker={
            "symbol": [symbol if each.enough else f"{symbol}-open" for each in found],
            "color": colour,
            "size": 11,
            "line": {"width": 2, "color": colour},
        },
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [100 * each.high - value for each, value in drawn],
            "arrayminus": [value - 100 * each.low for each, value in drawn],
            "color": colour,
            "thickness": 1.5,
            "width": 4,
        },
        hovertext=[_hover(title, each, value) for each, value in drawn],
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _reach(found: Sequence[Difference]) -> list[float]:
    """Ends of an axis in points that has nothing in its middle and holds every interval."""
    furthest = 108 * max(max(-each.low, each.high) for each in found)
    return [-furthest, furthest]


def _hover(title: str, difference: Difference, value: float) -> str:
    said = (
        _("{measure}: {points} points ({low} to {high}), enough evidence")
        if difference.enough
        else _("{measure}: {points} points ({low} to {high}), not enough evidence")
    )
    low, high = 100 * difference.low, 100 * difference.high
    points, least, most = (number(each, "+.1f") for each in (value, low, high))
    return said.format(measure=title, points=points, low=least, high=most)
