"""An audit's result in, a figure out: for each label what the model counts, and the true share.

Computes no share. No text of a comment goes into a figure.
"""

from __future__ import annotations

import math
from typing import Any

import plotly.graph_objects as go

from stance.amounts import number, percent, share_text
from stance.answers.audit import AuditResult, Estimate, LabelAudit
from stance.charts.looks import GREY, label_marker, percent_ticks, plain_layout
from stance.hand_labels import SENTIMENT_QUESTION
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, LabelStyle, Sentiment, Stance
from stance.translation import _

_ROW_HEIGHT = 62
_BAR, _TRUE = -0.16, 0.24
"""Where the bar and the interval lie, from the middle of a label's row."""


def audit_chart(result: AuditResult) -> go.Figure:
    """A bar of the counted share for each label, and below it the true share with its interval.

    The first label stands at the top. Where only bounds are known there is a line without a point.
    """
    figure = go.Figure()
    styles = [_style(result.question, label.label) for label in result.labels]
    for row, (label, style) in enumerate(zip(result.labels, styles, strict=True)):
        figure.add_trace(_counted(row, label, style, result.n_scored))
        figure.add_trace(_true(row, label.true, style))
    figure.add_bar(x=[None], y=[None], name=_("counted by the model"), marker={"color": GREY})
    true = _("true, with 95 % interval")
    figure.add_scatter(x=[None], y=[None], name=true, **_look(["diamond"]))
    figure.update_xaxes(
        range=[0, 1.4],  # room for the numbers of an interval that ends at 100 %
        **percent_ticks(0, 1),
        tickangle=0,
        fixedrange=True,
        title={"text": _("share of scored comments"), "font": {"size": 12}, "standoff": 4},
    )
    figure.update_yaxes(
        tickvals=list(range(len(styles))),
        ticktext=[style.title for style in styles],
        range=[len(styles) - 0.5, -0.5],
        showgrid=False,
        zeroline=False,
        ticks="",
        fixedrange=True,
        automargin=True,
    )
    figure.update_layout(
        height=_ROW_HEIGHT * len(styles) + 96,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        **plain_layout(),
    )
    return figure


def _counted(row: int, label: LabelAudit, style: LabelStyle, n_scored: int) -> go.Bar:
    share = label.counted / n_scored
    said = _("{label}: {n} of {all} counted").format(
        label=style.title, n=number(label.counted), all=number(n_scored)
    )
    return go.Bar(
        x=[share],
        y=[row + _BAR],
        width=0.42,
        orientation="h",
        marker=label_marker(style),
        text=[percent(share)],
        textposition="outside",
        textfont={"size": 11},
        cliponaxis=False,
        showlegend=False,
        hovertemplate=f"{said}<extra></extra>",
    )


def _true(row: int, true: Estimate, style: LabelStyle) -> go.Scatter:
    """Both bounds with a line between them, on it the estimate if there is one."""
    x, symbols = [true.low, true.high], ["line-ns", "line-ns"]
    said = f"{100 * true.low:.0f}–{100 * true.high:.0f} %"
    if not math.isnan(true.share):
        x, symbols = [true.low, true.share, true.high], ["line-ns", "diamond", "line-ns"]
        said = share_text(true.share, true.low, true.high)
    look = _look(symbols)
    look["mode"] = "lines+markers+text"
    hover = _("{label}, true: {share}").format(label=style.title, share=said)
    return go.Scatter(
        x=x,
        y=[row + _TRUE] * len(x),
        text=[*[""] * (len(x) - 1), f" {said}"],
        textposition="middle right",
        textfont={"size": 11},
        cliponaxis=False,
        showlegend=False,
        hovertemplate=f"{hover}<extra></extra>",
        **look,
    )


def _look(symbols: list[str]) -> dict[str, Any]:
    """Of an interval: grey, the point white with a grey edge."""
    edge = {"width": 2, "color": GREY}
    return {
        "mode": "lines+markers",
        "line": {"color": GREY, "width": 3},
        "marker": {"size": 11, "color": "white", "symbol": symbols, "line": edge},
    }


def _style(question: str, label: str) -> LabelStyle:
    if question == SENTIMENT_QUESTION:
        return SENTIMENT_STYLES[Sentiment(label)]
    return STANCE_STYLES[Stance(label)]
