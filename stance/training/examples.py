"""Reads the training sets into examples: a prepared text, its slots with labels, its sentiment.

Knows the forms of the data folder (see docs/training.md); does not know the network.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stance.errors import ReadingError
from stance.labelled import label_in, raw_text, read_rows
from stance.labels import Sentiment, Stance
from stance.targets import Target, load_targets, target_named
from stance.text import prepare_text

Distribution = tuple[float, float, float]
"""Probabilities of the three labels of a head, in label order; a label that was given is one-hot."""

UNKNOWN: Distribution = (0.0, 0.0, 0.0)
"""A label that nobody gave: it has no weight in a loss."""

TRAINABLE_SPLITS = ("train", "val")

_ONE_HOT: tuple[Distribution, ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_Labels = dict[str | None, Distribution]
_SENTIMENT: _Labels = {None: UNKNOWN, **dict(zip(map(str, Sentiment), _ONE_HOT, strict=True))}
_STANCE: _Labels = {None: UNKNOWN, **dict(zip(map(str, Stance), _ONE_HOT, strict=True))}
# Target-dependent sentiment sets say how a text speaks of its target, which is close to stance.
_POLARITY: _Labels = dict(zip(map(str, Sentiment), _ONE_HOT, strict=True))


def one_hot(label: Sentiment | Stance) -> Distribution:
    """The distribution of a label that was given."""
    return _ONE_HOT[list(type(label)).index(label)]


@dataclass(frozen=True, slots=True)
class SlotLabel:
    """One target of a text and its label."""

    target: Target
    label: Distribution


@dataclass(frozen=True, slots=True)
class Example:
    """One training text, prepared as for scoring; labels may be `UNKNOWN`."""

    text: str
    sentiment: Distribution
    slots: tuple[SlotLabel, ...]


def text_key(text: str) -> str:
    """Letters and digits only, lower case: two texts with one key are the same comment."""
    return re.sub(r"[\W_]+", "", text.lower())


def built_in_slots(labels: dict[str, Distribution]) -> tuple[SlotLabel, ...]:
    """The four slots of a text, `labels` by target key."""
    return tuple(SlotLabel(target, labels[target.key]) for target in load_targets())


def read_labelled(path: Path) -> list[Example]:
    """Comments labelled for all four targets: rows of id, text, sentiment, us, uk, ru, ua.

    A label that is null is `UNKNOWN`.

    Raises:
        ReadingError: the file cannot be read, or a row is not as expected; names it.
    """
    keys = [target.key for target in load_targets()]
    return read_rows(path, _labelled, f"a text, a sentiment and the stances {', '.join(keys)}")


def _labelled(row: dict[str, Any]) -> Example:
    labels = {target.key: label_in(_STANCE, row[target.key]) for target in load_targets()}
    sentiment = label_in(_SENTIMENT, row["sentiment"])
    return Example(prepare_text(raw_text(row)).text, sentiment, built_in_slots(labels))


def read_public(path: Path, *, limit: int | None = None, seed: int = 0) -> list[Example]:
    """One public set, of rows with one target each, or with a sentiment only; texts are merged.

    `limit` keeps a random part of a set that is large for what it teaches. A text that stands twice
    with different sentiments has none.

    Raises:
        ReadingError: the file cannot be read, or a row is not as expected; names it.
    """
    expected = "a text, a split, and a sentiment or a target with its stance or polarity"
    rows = [row for row in read_rows(path, _public, expected) if row.split in TRAINABLE_SPLITS]
    if limit is not None and len(rows) > limit:
        rows = random.Random(seed).sample(rows, limit)
    if not rows:
        raise ReadingError(f"Expected rows of the splits {TRAINABLE_SPLITS} in {path}, found none.")
    by_text: dict[str, tuple[set[Distribution], list[SlotLabel]]] = {}
    for row in rows:
        text = prepare_text(row.text).text
        if not text:
            continue
        moods, slots = by_text.setdefault(text, (set(), []))
        moods.update({row.sentiment} - {UNKNOWN})
        if row.target is not None:
            slots.append(SlotLabel(row.target, row.label))
    return [
        Example(text, moods.pop() if len(moods) == 1 else UNKNOWN, tuple(slots))
        for text, (moods, slots) in by_text.items()
    ]


@dataclass(frozen=True, slots=True)
class _PublicRow:
    text: str
    split: str
    sentiment: Distribution
    target: Target | None
    label: Distribution


def _public(row: dict[str, Any]) -> _PublicRow:
    name, target, label = str(row.get("target") or ""), None, UNKNOWN
    if name:
        target = target_named(name)
        known, key = (_STANCE, "stance") if "stance" in row else (_POLARITY, "polarity")
        label = label_in(known, row[key])
    elif "sentiment" not in row:
        raise KeyError("sentiment")
    return _PublicRow(
        raw_text(row), str(row["split"]), label_in(_SENTIMENT, row.get("sentiment")), target, label
    )


def without(examples: Iterable[Example], keys: Collection[str]) -> list[Example]:
    """The examples whose text has none of those keys (see `text_key`)."""
    return [example for example in examples if text_key(example.text) not in keys]


def without_labels(example: Example, hidden: Sequence[str]) -> Example:
    """The example with the labels of the targets of those keys unknown."""
    if not hidden:
        return example
    slots = (replace(s, label=UNKNOWN) if s.target.key in hidden else s for s in example.slots)
    return replace(example, slots=tuple(slots))
