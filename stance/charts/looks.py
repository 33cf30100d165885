"""What all charts look like, and what people can do with them: greys, hatching, margins, the download."""

from __future__ import annotations

import math
from typing import Any

from stance.amounts import percent, separators
from stance.labels import LabelStyle

GREY = "#808080"
"""Of error bars and secondary text: readable on white and on near-black."""

_ROUNDING = 1e-9
"""0.15 / 0.05 is 2.9999999999999996: more than that, and far less than a step."""


def label_marker(style: LabelStyle) -> dict[str, Any]:
    """The look of a label's bars: its colour, and its pattern for who does not tell colours apart."""
    return hatched(style.colour, style.pattern, "#ffffff", solidity=0.15)


def hatched(ground: str, shape: str, lines: str, *, solidity: float) -> dict[str, Any]:
    """A ground colour with a Plotly pattern shape in another colour on it."""
    pattern = {"shape": shape, "fillmode": "overlay", "size": 6, "solidity": solidity}
    return {"color": ground, "pattern": pattern | {"fgcolor": lines}, "line": {"width": 0}}


def plain_layout() -> dict[str, Any]:
    """Narrow margins, clicks that select, numbers with the signs of the language that is spoken.

    The ground is left to Streamlit, which gives it the page's colour, light or dark: an image that is
    downloaded keeps it, and without one its letters would be lost on paper of another colour.
    """
    return {
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "bargap": 0.3,
        "clickmode": "event+select",
        "dragmode": False,
        "hoverlabel": {"align": "left"},
        "separators": separators(),
    }


def percent_ticks(low: float, high: float) -> dict[str, Any]:
    """Ticks of an axis of shares from `low` to `high`, six at most, written as sentences write them.

    Plotly's own have no space before the sign.

    >>> percent_ticks(0, 0.13)
    {'tickvals': [0.0, 0.05, 0.1], 'ticktext': ['0 %', '5 %', '10 %']}
    """
    steps = (0.01, 0.02, 0.05, 0.1, 0.25)
    step = next((step for step in steps if high - low <= 5 * step), 0.5)
    first, last = math.ceil(low / step - _ROUNDING), math.floor(high / step + _ROUNDING)
    values = [step * n for n in range(first, last + 1)]
    return {"tickvals": values, "ticktext": [percent(value) for value in values]}


def chart_config(name: str) -> dict[str, Any]:
    """Plotly's settings for a chart on the page: no toolbar but the download of an image.

    The image is SVG: sharp at any size, its numbers are text, and every browser and office program
    opens it. Plotly has one form for its button, so PNG would have to take its place.

    Args:
        name: of the image's file, without its ending; ours, never from data.
    """
    return {
        "displaylogo": False,
        "scrollZoom": False,
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "svg", "filename": name},
    }
