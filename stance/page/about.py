"""The page about the model: its card, drawn from the record that measuring made. Measures nothing."""

from __future__ import annotations

import json
import re

import streamlit as st

from stance.amounts import numbered
from stance.charts.card import calibration_chart, risk_coverage_chart
from stance.charts.looks import chart_config
from stance.model.manifest import SHIPPED, read_manifest
from stance.model_card import card_markdown
from stance.translation import ENGLISH, N_, _, language

_LINK = re.compile(r"\[([^\]]+)\]\(([\w.-]+\.md)\)")

_HEADS = {"sentiment": N_("sentiment"), "stance": N_("stance")}

RECORD = SHIPPED / "card.json"
"""Made by `python -m stance card`; the card in docs/model-card.md is made of the same record."""


def show_about() -> None:
    """The card with its two charts, or what to do where there is none."""
    if not RECORD.is_file():
        st.info(
            _("This model has no card yet. Make one with: {command}").format(
                command="python -m stance card LABELLED.jsonl"
            )
        )
        return
    record = _record(RECORD.read_text(encoding="utf-8"))
    if record["model"]["sha256"] != read_manifest().sha256:
        st.warning(
            _("This card was made for other weights than those in use: its figures may be wrong.")
        )
    if language() != ENGLISH:
        st.caption(_("The card itself is written in English only."))
    for head, found in record["labelled"]["heads"].items():
        _show_charts(head, found)
    # The card is our own text; nothing of a comment is in it.
    # Its links are for readers of the docs folder, which the page does not serve.
    st.markdown(_LINK.sub(r"\1 (docs/\2)", card_markdown(record)))


def _show_charts(head: str, found: dict) -> None:  # type: ignore[type-arg]
    """The two charts of one of the classifier's answers, beside each other."""
    left, right = st.columns(2)
    title = _(_HEADS[head])
    n = numbered(
        "n = {n} label of the development comments",
        "n = {n} labels of the development comments",
        found["n"],
    )
    sure, unsure = _("Is its confidence right?"), _("What if unsure labels are left out?")
    with left:
        st.markdown(f"**{sure}** · {title}, {n}")
        st.plotly_chart(
            calibration_chart(found["bins"]),
            key=f"calibration {head}",
            config=chart_config(f"calibration-{head}"),
            alt=_(
                "Share of right labels by confidence, {head}; the table stands in the card below"
            ).format(head=title),
        )
    with right:
        st.markdown(f"**{unsure}** · {title}, {n}")
        st.plotly_chart(
            risk_coverage_chart(found["risk_coverage"]),
            key=f"risk {head}",
            config=chart_config(f"risk-{head}"),
            alt=_("Error by share of labels kept, {head}; the table stands in the card below").format(
                head=title
            ),
        )


def _record(text: str) -> dict:  # type: ignore[type-arg]
    record: dict = json.loads(text)  # type: ignore[type-arg]
    return record
