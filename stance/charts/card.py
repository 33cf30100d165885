"""Charts of the model card: figures about the model in, Plotly figures out. Computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go

from stance.charts.looks import GREY
from stance.translation import _


def calibration_chart(bins: Sequence[dict[str, Any]]) -> go.Figure:
    """Share of right labels by mean confidence, points by n; on the dashed line they are equal."""
    figure = go.Figure()
    figure.add_scatter(
        x=[0, 1], y=[0, 1], mode="lines", line={"dash": "dash", "color": GREY}, hoverinfo="skip"
    )
    figure.add_scatter(
        x=[one["confidence"] for one in bins],
        y=[one["accuracy"] for one in bins],
        customdata=[[one["n"]] for one in bins],
        mode="markers",
        # By area, so that a point of one label does not look like one of a thousand.
        marker={
            "size": [one["n"] for one in bins],
            "sizemode": "area",
            "sizeref": max(one["n"] for one in bins) / 400,
            "sizemin": 3,
        },
        hovertemplate=_hover(
            _("confidence {share}").format(share="%{x:.0%}"),
            _("right {share}").format(share="%{y:.0%}"),
            "n = %{customdata[0]}",
        ),
    )
    return _finished(figure, _("mean confidence"), _("share right"))


def risk_coverage_chart(points: Sequence[dict[str, Any]]) -> go.Figure:
    """Error among the labels that are kept, by the share that is kept, the surest first."""
    figure = go.Figure()
    figure.add_scatter(
        x=[one["coverage"] for one in points],
        y=[one["error"] for one in points],
        customdata=[[one["threshold"]] for one in points],
        mode="lines+markers",
        marker={"size": 9},
        hovertemplate=_hover(
            _("kept {share}").format(share="%{x:.0%}"),
            _("wrong {share}").format(share="%{y:.1%}"),
            _("confidence at least {value}").format(value="%{customdata[0]:.2f}"),
        ),
    )
    return _finished(figure, _("share of labels kept"), _("share of them wrong"))


def _hover(*lines: str) -> str:
    return f"{'<br>'.join(lines)}<extra></extra>"


def _finished(figure: go.Figure, across: str, up: str) -> go.Figure:
    figure.update_layout(
        height=280,
        margin={"l": 10, "r": 10, "t": 10, "b": 10},
        showlegend=False,
    )
    figure.update_xaxes(title=across, tickformat=".0%", fixedrange=True, automargin=True)
    figure.update_yaxes(title=up, tickformat=".0%", fixedrange=True, rangemode="tozero", automargin=True)
    return figure
