"""Strings from data made safe, and short enough, for Plotly's labels. Draws nothing."""

from __future__ import annotations

import re
import textwrap

LABEL_WIDTH = 18
"""Characters in one line of a row's label."""

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


def row_label(name: str) -> str:
    """A target's name in lines that fit beside a chart; what stands in brackets has its own.

    >>> row_label("NATO (untested target)")
    'NATO<br>(untested target)'
    """
    parts = re.split(r" (?=\()", name)
    lines = [line for part in parts for line in textwrap.wrap(part, LABEL_WIDTH)]
    return "<br>".join(map(chart_text, lines))
