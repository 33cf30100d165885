"""Which texts no stage learns from: what is measured on, and a part of the labelled comments."""

from __future__ import annotations

import random
from collections.abc import Collection
from pathlib import Path

from stance.public_sets import measured_texts
from stance.text import prepare_text
from stance.training.examples import read_labelled, text_key

DEVELOPMENT = "labelled/dev.jsonl"
LABELLED = "labelled/train.jsonl"

HELD_OUT_SHARE = 0.05
"""Part of `LABELLED` that is not trained on; temperatures and thresholds are fitted on it."""


def unseen_keys(data: Path) -> set[str]:
    """Keys (`text_key`) of the development set and of what the model card measures on.

    Raises:
        ReadingError: a file is not of its form.
    """
    measured = (prepare_text(text).text for text in measured_texts(data / "public"))
    return {text_key(text) for text in [*(e.text for e in read_labelled(data / DEVELOPMENT)), *measured]}


def is_held_out(text: str, unseen: Collection[str]) -> bool:
    """Whether a prepared text of `LABELLED` is held out; by the text alone, so in every run."""
    key = text_key(text)
    return key not in unseen and random.Random(key).random() < HELD_OUT_SHARE
