"""The page about the model: its card, drawn from the record that measuring made. Measures nothing."""

from __future__ import annotations

import json
import re

import streamlit as st

from stance.charts.card import calibration_chart, risk_coverage_chart
from stance.charts.looks import chart_config
from stance.model.manifest import SHIPPED, read_manifest
from stance.model_card import card_markdown

_LINK = re.compile(r"\[([^\]]+)\]\(([\w.-]+\.md)\)")

RECORD = SHIPPED / "card.json"
"""Made by `python -m stance card`; the card in docs/model-card.md is made of the same record."""


def show_about() -> None:
    """The card with its two charts, or what to do where there is none."""
    if not RECORD.is_file():
        st.info("This model has no card yet. Make one with: python -m stance card LABELLED.jsonl")
        return
    record = _record(RECORD.read_text(encoding="utf-8"))
    if record["model"]["sha256"] != read_manifest().sha256:
        st.warning("This card was made for other weights than those in use: its figures may be wrong.")
    for head, found in record["labelled"]["heads"].items():
        left, right = st.columns(2)
        n = f"n = {found['n']:,} labels of the development comments"
        with left:
            st.markdown(f"**Is its confidence right?** · {head}, {n}")
            st.plotly_chart(
                calibration_chart(found["bins"]),
                key=f"calibration {head}",
                config=chart_config(f"calibration-{head}"),
                alt=f"Share of right labels by confidence, {head}; the table stands in the card below",
            )
        with right:
            st.markdown(f"**What if unsure labels are left out?** · {head}, {n}")
            st.plotly_chart(
                risk_coverage_chart(found["risk_coverage"]),
                key=f"risk {head}",
                config=chart_config(f"risk-{head}"),
                alt=f"Error by share of labels kept, {head}; the table stands in the card below",
            )
    # The card is our own text; nothing of a comment is in it.
    # Its links are for readers of the docs folder, which the page does not serve.
    st.markdown(_LINK.sub(r"\1 (docs/\2)", card_markdown(record)))


def _record(text: str) -> dict:  # type: ignore[type-arg]
    record: dict = json.loads(text)  # type: ignore[type-arg]
    return record
