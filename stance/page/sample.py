"""The bundled sample: an article with comments that is already scored, so that it opens at once."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from stance import records
from stance.copies import find_copies
from stance.labels import Stance
from stance.page.state import SAMPLE, CommentSet
from stance.reading import read_comments
from stance.targets import load_targets

DATA = Path(__file__).resolve().parents[2] / "data"
PAGE = DATA / "sample_page.txt"
SCORES = DATA / "sample_scores.csv"
"""Made by `python -m stance score data/sample_page.txt -o data/sample_scores.csv --force`."""


@st.cache_resource(show_spinner=False)
def sample_set() -> CommentSet:
    """The sample, read from the page and from its stored scores."""
    result = read_comments(PAGE, name=SAMPLE)
    copies = find_copies(result.comments)
    return CommentSet(SAMPLE, result, _stored_scores(), load_targets(), copies=copies)


def _stored_scores() -> pd.DataFrame:
    """Our own export back as a scored table; every text column stays text."""
    table = pd.read_csv(SCORES, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    keys = [target.key for target in load_targets()]
    scored = table[list(records.scored_columns(keys))].copy()
    numbers = [name for name in scored.columns if _is_probability(name, keys)]
    for name in numbers:
        scored[name] = pd.to_numeric(scored[name])
    scored[records.TRUNCATED] = scored[records.TRUNCATED] == "true"
    return scored


def _is_probability(name: str, keys: list[str]) -> bool:
    sides = {records.stance_probability(key, label) for key in keys for label in Stance}
    return name in sides or name.startswith(f"{records.SENTIMENT}_")
