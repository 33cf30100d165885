"""Small tables in, Plotly figures out. Knows the labels' colours, not Streamlit; computes no share.

No comment text goes into a figure: Plotly renders markup in every label (see `chart_text`).
"""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from stance.aggregate import Share, rows_of
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, LabelStyle, Sentiment, Stance

BAR_HEIGHT = 46
"""Pixels that one bar and its gap take."""

# Grey of error bars and secondary text: readable on white and on near-black.
_GREY = "#808080"
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_MAX_LABEL = 200


def chart_text(text: str) -> str:
    """A string from data, made safe for a Plotly label.

    Plotly renders a set of tags, entities and `%{…}` in labels, and a style with a URL makes the
    browser call it; a very long label freezes the page.
    """
    plain = _CONTROLS.sub("", text[:_MAX_LABEL])
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return escaped.replace("%{", "%\u200b{")


def share_text(share: float, low: float, high: float) -> str:
    """A share with its interval, in per cent.

    >>> share_text(0.5588, 0.441, 0.6705)
    '56 % (44–67)'
    """
    return f"{share:.0%} ({low * 100:.0f}–{high * 100:.0f})".replace("%", " %")


def sentiment_chart(shares: pd.DataFrame) -> go.Figure:
    """One stacked bar of the sentiment shares; the legend names count, share and interval.

    Every bar segment carries `[target, label]` as customdata, with an empty target.
    """
    figure = go.Figure()
    for row in rows_of(shares):
        style = SENTIMENT_STYLES[Sentiment(row.label)]
        interval = share_text(row.share, row.low, row.high)
        figure.add_bar(
            x=[row.share],
            y=[""],
            orientation="h",
            name=f"{style.title} {interval}",
            text=f"{row.share:.0%}".replace("%", " %") if row.share >= 0.08 else "",
            **_bar_look(style, row, "", f"{style.title}: {row.count} of {row.n}"),
        )
    figure.update_layout(
        barmode="stack",
        height=BAR_HEIGHT + 78,
        legend={"orientation": "h", "traceorder": "normal", "y": -0.15, "yanchor": "top", "x": 0},
        **_layout(),
    )
    figure.update_xaxes(range=[0, 1], visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    return figure


def stance_chart(shares: pd.DataFrame) -> go.Figure:
    """One diverging bar per target, against to the left and favor to the right, with intervals.

    `none` has its own grey panel, so that it does not drown the rest. Targets stand in the order
    of the table, the first at the bottom. Every bar carries `[target, label]` as customdata.
    """
    figure = make_subplots(
        rows=1, cols=2, shared_yaxes=True, column_widths=[0.74, 0.26], horizontal_spacing=0.03
    )
    for label, side in ((Stance.AGAINST, -1), (Stance.FAVOR, 1)):
        rows = shares[shares["label"] == label]
        figure.add_trace(_side_bars(rows, label, side), row=1, col=1)
        figure.add_trace(_side_texts(rows, side), row=1, col=1)
    none = shares[shares["label"] == Stance.NONE]
    figure.add_trace(_none_bars(none), row=1, col=2)
    reach = _reach(shares)
    ticks = [t for t in (-1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0) if abs(t) <= reach]
    figure.update_xaxes(
        range=[-reach, reach],
        tickvals=ticks,
        ticktext=[f"{abs(tick):.0%}" for tick in ticks],
        zeroline=True,
        zerolinecolor=_GREY,
        fixedrange=True,
        title={"text": "share of comments", "font": {"size": 12}, "standoff": 4},
        row=1,
        col=1,
    )
    figure.update_xaxes(
        range=[0, 1.12], tickvals=[0, 0.5, 1], tickformat=".0%", fixedrange=True, row=1, col=2
    )
    figure.update_yaxes(fixedrange=True, ticks="", automargin=True)
    figure.update_layout(
        barmode="overlay",
        height=int(BAR_HEIGHT * none.shape[0] + 96),
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        **_layout(),
    )
    return figure


def _side_bars(rows: pd.DataFrame, label: Stance, side: int) -> go.Bar:
    style = STANCE_STYLES[label]
    return go.Bar(
        x=side * rows["share"],
        y=_names(rows),
        orientation="h",
        name=style.title,
        marker=_marker(style),
        customdata=_customdata(rows),
        hovertext=[f"{style.title}: {r.count} of {r.n}, {_interval(r)}" for r in rows_of(rows)],
        hovertemplate="%{y}<br>%{hovertext}<extra></extra>",
        error_x={
            "type": "data",
            "symmetric": False,
            # On the left the axis runs the other way: the upper bound is the smaller value.
            "array": rows["high"] - rows["share"] if side > 0 else rows["share"] - rows["low"],
            "arrayminus": rows["share"] - rows["low"] if side > 0 else rows["high"] - rows["share"],
            "color": _GREY,
            "thickness": 1.5,
            "width": 4,
        },
    )


def _side_texts(rows: pd.DataFrame, side: int) -> go.Scatter:
    """Share and interval beyond the end of the interval, so that nothing needs a hover."""
    return go.Scatter(
        x=side * (rows["high"] + 0.015),
        y=_names(rows),
        mode="text",
        text=[_two_lines(row) for row in rows_of(rows)],
        textposition="middle right" if side > 0 else "middle left",
        textfont={"size": 11},
        showlegend=False,
        hoverinfo="skip",
    )


def _none_bars(rows: pd.DataFrame) -> go.Bar:
    style = STANCE_STYLES[Stance.NONE]
    return go.Bar(
        x=rows["share"],
        y=_names(rows),
        orientation="h",
        name="No stance",
        marker=_marker(style),
        customdata=_customdata(rows),
        text=[_two_lines(row) for row in rows_of(rows)],
        textposition="inside",
        insidetextanchor="start",
        constraintext="none",
        textfont={"size": 11, "color": "#000000"},
        hovertext=[f"No stance: {r.count} of {r.n}, {_interval(r)}" for r in rows_of(rows)],
        hovertemplate="%{y}<br>%{hovertext}<extra></extra>",
    )


def _bar_look(style: LabelStyle, row: Share, target: str, hover: str) -> dict[str, Any]:
    return {
        "marker": _marker(style),
        "customdata": [[target, str(row.label)]],
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textfont": {"color": "#000000", "size": 13},
        "hovertext": [f"{hover}, {_interval(row)}"],
        "hovertemplate": "%{hovertext}<extra></extra>",
    }


def _interval(row: Share) -> str:
    return share_text(row.share, row.low, row.high)


def _two_lines(row: Share) -> str:
    """Share above its interval: narrow enough for a bar's end on a phone."""
    return _interval(row).replace(" (", "<br>(")


def _marker(style: LabelStyle) -> dict[str, Any]:
    return {
        "color": style.colour,
        "pattern": {
            "shape": style.pattern,
            "fillmode": "overlay",
            "size": 6,
            "solidity": 0.15,
            "fgcolor": "#ffffff",
        },
        "line": {"width": 0},
    }


def _customdata(rows: pd.DataFrame) -> list[list[str]]:
    return [[str(row.target), str(row.label)] for row in rows_of(rows)]


def _names(rows: pd.DataFrame) -> list[str]:
    return [chart_text(name) for name in rows["name"]]


def _reach(shares: pd.DataFrame) -> float:
    """How far the diverging axis reaches on both sides: room for the widest interval's text."""
    sides = shares[shares["label"] != Stance.NONE]
    return max(0.25, float(sides["high"].max())) * 1.85


def _layout() -> dict[str, Any]:
    return {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "bargap": 0.3,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "clickmode": "event+select",
        "dragmode": False,
        "hoverlabel": {"align": "left"},
    }
