"""Share tables in, bars out: the sentiment, and a diverging bar for each target. Computes no share.

No comment text goes into a figure: Plotly renders markup in every label (see `stance.chart_text`).
"""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from stance.aggregate import CORRECTED, Share, rows_of
from stance.amounts import number, percent, share_text
from stance.chart_text import row_label
from stance.charts.looks import GREY, hatched, label_marker, plain_layout
from stance.labels import LABEL_STYLES, SENTIMENT_STYLES, LabelStyle, Sentiment, Stance
from stance.translation import _

BAR_HEIGHT = 46
"""Pixels that one bar and its gap take."""

_LINE_HEIGHT = 17

_ROOM = 0.35
"""Share from which on a bar of the narrow panel has room for its numbers."""

_MIDDLES = [str(Stance.NONE), str(Sentiment.NEUTRAL)]
"""The labels of the grey panel."""

_Unit = Literal["comments", "those counted", "the group's comments"]

# With a bright edge, as it lies on the lines and dots of a pattern.
_ON_BAR = {"size": 12, "color": "#000000", "weight": 600, "shadow": "0 0 3px #ffffff"}

# Lies over the unsure end of a bar: paler than the label's colour on white and on near-black.
_VEIL = "rgba(255,255,255,0.6)"


def sentiment_chart(shares: pd.DataFrame) -> go.Figure:
    """One stacked bar of the sentiment shares; the legend names count, share and interval.

    The unsure part of a segment is veiled and hatched. Every bar segment carries
    `[target, label]` as customdata, with an empty target.
    """
    figure = go.Figure()
    end = 0.0
    for row in rows_of(shares):
        style = SENTIMENT_STYLES[Sentiment(row.label)]
        look = _bar_look(style, [row], [""])
        figure.add_bar(x=[row.share], name=f"{style.title} {_interval(row)}", **look)
        end += row.share
        figure.add_traces(_unsure_bars(style, [row], [""], ends=[end]))
        text = percent(row.share) if row.share >= 0.08 else ""
        middle = end - row.share / 2
        figure.add_trace(_texts([middle], [""], [text], "middle center", style, on_bar=True))
    figure.add_traces(_unsure_legend(shares))
    figure.update_layout(
        barmode="stack",
        height=BAR_HEIGHT + 78,
        legend={"orientation": "h", "traceorder": "normal", "y": -0.15, "yanchor": "top", "x": 0},
        **plain_layout(),
    )
    figure.update_xaxes(range=[0, 1], visible=False, fixedrange=True)
    figure.update_yaxes(visible=False, fixedrange=True)
    return figure


def stance_chart(shares: pd.DataFrame, *, unit: _Unit = "comments") -> go.Figure:
    """One diverging bar per target, against to the left and favor to the right, with intervals.

    `none` has its own grey panel, so that it does not drown the rest. Targets, or groups, stand in the
    order of the table, the first at the bottom; sentiment shares of groups are drawn alike. The unsure
    part of a bar is its outer end, veiled and hatched. Every bar carries `[target, label]` as customdata.
    """
    figure = make_subplots(
        rows=1, cols=2, shared_yaxes=True, column_widths=[0.74, 0.26], horizontal_spacing=0.06
    )
    # By the scale and not by the rows: whichever way up the table is, against stands on the left.
    first, middle, last = Sentiment if shares["label"].iloc[0] in list(Sentiment) else Stance
    for label, side in ((first, -1), (last, 1)):
        for trace in _side(shares[shares["label"] == label], LABEL_STYLES[str(label)], side):
            figure.add_trace(trace, row=1, col=1)
    none = shares[shares["label"] == middle]
    for trace in _none(none):
        figure.add_trace(trace, row=1, col=2)
    for trace in _unsure_legend(shares):
        figure.add_trace(trace, row=1, col=1)
    corrected = any(row.basis == CORRECTED for row in rows_of(shares))
    reach = _reach(shares)
    # On a telephone more ticks collide, and so does one near the end with those of the other panel.
    step = next(step for step in (1.0, 0.5, 0.25) if step <= 0.8 * reach)
    ticks = [-step, 0.0, step]
    figure.update_xaxes(
        range=[-reach, reach],
        tickvals=ticks,
        ticktext=[percent(abs(tick)) for tick in ticks],
        tickangle=0,
        zeroline=True,
        zerolinecolor=GREY,
        fixedrange=True,
        title={"text": _axis_title(unit, corrected=corrected), "font": {"size": 12}, "standoff": 4},
        row=1,
        col=1,
    )
    figure.update_xaxes(
        range=[0, 1.12], tickangle=0, fixedrange=True, row=1, col=2,
        tickvals=[0, 1], ticktext=[percent(0), percent(1)],
    )
    figure.update_yaxes(fixedrange=True, ticks="", automargin=True)
    figure.update_layout(
        barmode="overlay",
        height=int(_row_height(none) * none.shape[0] + 96),
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        **plain_layout(),
    )
    return figure


def _axis_title(unit: _Unit, *, corrected: bool) -> str:
    if corrected:
        return {
            "comments": _("corrected share of comments"),
            "those counted": _("corrected share of those counted"),
            "the group's comments": _("corrected share of the group's comments"),
        }[unit]
    return {
        "comments": _("share of comments"),
        "those counted": _("share of those counted"),
        "the group's comments": _("share of the group's comments"),
    }[unit]


def _side(rows: pd.DataFrame, style: LabelStyle, side: int) -> list[go.Bar | go.Scatter]:
    """Bars to the left (`side` -1) or right (1), whiskers, and the numbers beyond the whiskers."""
    names, shares = _names(rows), rows_of(rows)
    look = _bar_look(style, shares, names)
    ends = list(side * rows["share"])
    lower, upper = rows["share"] - rows["low"], rows["high"] - rows["share"]
    whiskers = go.Scatter(
        x=ends,
        y=names,
        mode="markers",
        marker={"size": 1, "color": GREY},
        # A trace of its own, so that the veil does not cover it. On the left the axis runs the
        # other way: the upper bound is the smaller value.
        error_x={
            "type": "data",
            "symmetric": False,
            "array": upper if side > 0 else lower,
            "arrayminus": lower if side > 0 else upper,
            "color": GREY,
            "thickness": 1.5,
            "width": 4,
        },
        legendgroup=style.title,
        showlegend=False,
        hoverinfo="skip",
    )
    numbers = _texts(
        list(side * (rows["high"] + 0.015)),
        names,
        [_two_lines(row) for row in shares],
        "middle right" if side > 0 else "middle left",
        style,
    )
    bars = go.Bar(x=ends, name=style.title, **look)
    return [bars, *_unsure_bars(style, shares, names, ends=ends, side=side), whiskers, numbers]


def _none(rows: pd.DataFrame) -> list[go.Bar | go.Scatter]:
    names, shares = _names(rows), rows_of(rows)
    style = LABEL_STYLES[shares[0].label]
    title = _("No stance") if shares[0].label == Stance.NONE else style.title
    ends = list(rows["share"])
    bars = go.Bar(x=ends, name=title, **_bar_look(style, shares, names, title=title))
    traces = [bars, *_unsure_bars(style, shares, names, ends=ends, title=title)]
    for inside in (True, False):
        rows_here = [row for row in shares if (row.share >= _ROOM) == inside]
        x = [0.02 if inside else row.share + 0.02 for row in rows_here]
        words = [_two_lines(row) for row in rows_here]
        here = [row_label(row.name) for row in rows_here]
        traces.append(_texts(x, here, words, "middle right", style, on_bar=inside))
    return traces


def _unsure_bars(
    style: LabelStyle,
    shares: list[Share],
    names: list[str],
    *,
    ends: list[float],
    side: int = 1,
    title: str = "",
) -> list[go.Bar]:
    """The outer ends of the bars that are unsure; none where nothing is."""
    if not any(row.unsure for row in shares):
        return []
    lengths = [row.unsure / row.n if row.n else 0.0 for row in shares]
    return [
        go.Bar(
            x=[side * length for length in lengths],
            base=[end - side * length for end, length in zip(ends, lengths, strict=True)],
            **_bar_look(style, shares, names, title=title)
            | {"marker": _unsure_marker(style.colour), "showlegend": False},
        )
    ]


def _unsure_legend(shares: pd.DataFrame) -> list[go.Bar]:
    """An entry of the legend for the unsure parts of all bars, if there are any."""
    if not shares["unsure"].any():
        return []
    # A veil shows as such only on a colour, and the legend has none behind it.
    marker = _unsure_marker(GREY, ground="#dddddd")
    return [go.Bar(x=[None], y=[None], name=_("unsure"), marker=marker)]


def _texts(
    x: list[float],
    names: list[str],
    texts: list[str],
    position: str,
    style: LabelStyle,
    *,
    on_bar: bool = False,
) -> go.Scatter:
    """Numbers that need no hover, above the bars and what lies on them."""
    return go.Scatter(
        x=x,
        y=names,
        mode="text",
        text=texts,
        textposition=position,
        textfont=_ON_BAR if on_bar else {"size": 11},
        # A click on a bar selects it, and Plotly would fade all the numbers that are not of it.
        unselected={"textfont": {"color": _ON_BAR["color"] if on_bar else GREY}},
        legendgroup=style.title,
        showlegend=False,
        hoverinfo="skip",
    )


def _bar_look(
    style: LabelStyle, shares: list[Share], names: list[str], *, title: str = ""
) -> dict[str, Any]:
    """What bars of a label share, but for lengths: look, hover text, and what a click on them means."""
    named = "%{y}<br>" if any(names) else ""
    return {
        "y": names,
        "orientation": "h",
        "legendgroup": style.title,
        "marker": label_marker(style),
        "customdata": [[str(row.target), str(row.label)] for row in shares],
        "hovertext": [_hover(title or style.title, row) for row in shares],
        "hovertemplate": f"{named}%{{hovertext}}<extra></extra>",
    }


def _hover(title: str, row: Share) -> str:
    if row.basis == CORRECTED:
        said = _("{label}: {n} of {all} counted; corrected {share}")
    elif row.unsure:
        said = _("{label}: {n} of {all}, {share}; {unsure} of these unsure")
    else:
        said = _("{label}: {n} of {all}, {share}")
    counts = {"n": number(row.count), "all": number(row.n), "unsure": number(row.unsure)}
    return said.format(label=title, share=_interval(row), **counts)


def _interval(row: Share) -> str:
    return share_text(row.share, row.low, row.high)


def _two_lines(row: Share) -> str:
    """Share above its interval: narrow enough for a bar's end on a phone."""
    return _interval(row).replace(" (", "<br>(")


def _unsure_marker(colour: str, *, ground: str = _VEIL) -> dict[str, Any]:
    return hatched(ground, "x", colour, solidity=0.25)


def _names(rows: pd.DataFrame) -> list[str]:
    return [row_label(name) for name in rows["name"]]


def _row_height(rows: pd.DataFrame) -> int:
    """Pixels of a bar and its gap, or of the longest label beside it if that is more."""
    lines = max(label.count("<br>") + 1 for label in _names(rows))
    return max(BAR_HEIGHT, _LINE_HEIGHT * lines)


def _reach(shares: pd.DataFrame) -> float:
    """How far the diverging axis reaches on both sides: room for the widest interval's text."""
    sides = shares[~shares["label"].isin(_MIDDLES)]
    return max(0.25, float(sides["high"].max())) * 1.85
