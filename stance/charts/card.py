"""Charts of the model card: figures about the model in, Plotly figures out. Computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from stance.amounts import number, percent
from stance.charts.looks import GREY, percent_ticks, plain_layout
from stance.translation import _

_HOVER = "%{hovertext}<extra></extra>"


def calibration_chart(bins: Sequence[dict[str, Any]]) -> go.Figure:
    """Share of right labels by mean confidence, points by n; on the dashed line they are equal."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"dash": "dash", "color": GREY}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[one["confidence"] for one in bins],
        y=[one["accuracy"] for one in bins],
        hovertext=[
            _hover(
                _("confidence {share}").format(share=percent(one["confidence"])),
                _("right {share}").format(share=percent(one["accuracy"])),
                f"n = {number(one['n'])}",
            )
            for one in bins
        ],
        mode="markers",
        # By area, so that a point of one label does not look like one of a thousand.
        marker={
            "size": [one["n"] for one in bins],
            "sizemode": "area",
            "sizeref": max(one["n"] for one in bins) / 400,
            "sizemin": 3,
        },
        hovertemplate=_HOVER,
    )
    return _finished(figure, _("mean confidence"), _("share right"), top=1)


def risk_coverage_chart(points: Sequence[dict[str, Any]]) -> go.Figure:
    """Error among the labels that are kept, by the share that is kept, the surest first."""
    figure = go.Figure()
    figure.add_scatter(
        x=[one["coverage"] for one in points],
        y=[one["error"] for one in points],
        hovertext=[
            _hover(
                _("kept {share}").format(share=percent(one["coverage"])),
                _("wrong {share}").format(share=f"{number(100 * one['error'], '.1f')} %"),
                _("confidence at least {value}").format(value=number(one["threshold"], ".2f")),
            )
            for one in points
        ],
        mode="lines+markers",
        marker={"size": 9},
        hovertemplate=_HOVER,
    )
    top = max(one["error"] for one in points)
    return _finished(figure, _("share of labels kept"), _("share of them wrong"), top=top)


def _hover(*lines: str) -> str:
    return "<br>".join(lines)


def _finished(figure: go.Figure, across: str, up: str, *, top: float) -> go.Figure:
    """Shares on both axes, those upward to `top`."""
    figure.update_layout(height=280, showlegend=False, **plain_layout() | {"clickmode": "event"})
    figure.update_xaxes(title=across, fixedrange=True, automargin=True, **percent_ticks(0, 1))
    figure.update_yaxes(
        title=up, fixedrange=True, automargin=True, rangemode="tozero", **percent_ticks(0, top)
    )
    return figure
