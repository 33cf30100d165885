"""The filter widgets, their address in the URL, and what a click on a bar does to them.

Which rows fit is decided in `stance.browsing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from stance.amounts import percent
from stance.browsing import Filters, clicked_filters, head_in_question
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, LabelStyle, Sentiment, Stance
from stance.model.manifest import read_manifest
from stance.page.address import tell_no_number, tell_no_switch
from stance.page.choosing import choose
from stance.targets import Target
from stance.translation import _, pgettext
from stance.wording.titles import target_titles

_EMPTY: dict[str, str | int | bool] = {
    "target": "",
    "stance": "",
    "sentiment": "",
    "text": "",
    "author": "",
    "confidence": 0,
    "unsure": False,
    "paragraph": "",
}
"""The widgets' keys, which are also their names in the address, and their values for "all"."""

_GENERATION = "chart generation"


def chart_key(name: str) -> str:
    """Key of a chart; it changes when the filters are cleared, which unselects the clicked bar."""
    return f"{name} chart {st.session_state.get(_GENERATION, 0)}"


def take_click(name: str) -> None:
    """Filter by the bar that was clicked; a second click on it shows all again."""
    chart = st.session_state[chart_key(name)]
    points = chart["selection"]["points"]
    for key, value in clicked_filters(name, points).items():
        st.session_state[key] = value
    if points:
        # The list lies below the fold of a small screen.
        st.toast(_("The comments behind this bar are listed below the charts."))


def clear_filters() -> None:
    """Show all comments and unselect the clicked bar."""
    st.session_state.update(_EMPTY)
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1


def show_filters(asked_of: Sequence[Target]) -> Filters:
    """Draw the filter widgets for a set with these targets, and return what they say."""
    limits = read_manifest().unsure_below
    # Where no threshold was fitted nothing is unsure: no switch that could only show nothing.
    widths = [150, 110, 125, 165, 140, 150, 150] if any(limits.values()) else [150, 110, 125, 165, 140, 150]
    # Not columns, which squeeze all into one row where the screen is narrow: this row breaks.
    row = st.container(horizontal=True, vertical_alignment="bottom")
    first = [row.container(width=width) for width in widths]
    target = choose(
        first[0], _("Stance toward"), lambda: _any() | target_titles(asked_of), key="target"
    )
    stance = choose(
        first[1],
        pgettext("stance toward a target", "is"),
        lambda: _any() | _titles(STANCE_STYLES),
        key="stance",
    )
    sentiment = choose(
        first[2], _("Sentiment"), lambda: _any() | _titles(SENTIMENT_STYLES), key="sentiment"
    )
    text = first[3].text_input(_("Text contains"), key="text", bind="query-params")
    author = first[4].text_input(_("Author contains"), key="author", bind="query-params")
    filters = Filters(
        target=target,
        stance=stance,
        sentiment=sentiment,
        text=text or "",
        author=author or "",
        confidence=_least_confidence(first[5]),
    )
    if any(limits.values()) and _unsure_only(first[6], limits):
        return replace(filters, unsure_below=limits[head_in_question(filters)])
    return filters


def _least_confidence(place: st.delta_generator.DeltaGenerator) -> float:
    tell_no_number("confidence", 0, 100, instead=0)
    percent = place.slider(
        _("Least confidence"),
        min_value=0,
        max_value=100,
        step=5,
        format="%d %%",
        key="confidence",
        bind="query-params",
        help=_(
            "Probability of the label in question, as the model gives it: of the stance that is "
            "filtered, else of the sentiment."
        ),
    )
    return percent / 100


def _unsure_only(place: st.delta_generator.DeltaGenerator, limits: dict[str, float]) -> bool:
    tell_no_switch("unsure")
    return bool(
        place.toggle(
            _("Unsure only"),
            key="unsure",
            bind="query-params",
            help=_(
                "Only comments whose label in question is unsure: the model gives it less than {stance} "
                "(stance) or {sentiment} (sentiment)."
            ).format(stance=percent(limits["stance"]), sentiment=percent(limits["sentiment"])),
        )
    )


def _any() -> dict[str, str]:
    return {"": _("Any")}


def _titles(styles: Mapping[Sentiment, LabelStyle] | Mapping[Stance, LabelStyle]) -> dict[str, str]:
    return {str(label): style.title for label, style in styles.items()}
