"""Reads the training sets into examples: a prepared text, its slots with labels, its sentiment.

Knows the forms of the data folder (see docs/training.md); does not know the network.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from stance.errors import StanceError
from stance.labels import Sentiment, Stance
from stance.targets import Target, load_targets, target_named
from stance.text import prepare_text

Distribution = tuple[float, float, float]
"""Probabilities of the three labels of a head, in label order; a label that was given is one-hot."""

UNKNOWN: Distribution = (0.0, 0.0, 0.0)
"""A label that nobody gave: it has no weight in a loss."""

TRAINABLE_SPLITS = ("train", "val")

_ONE_HOT: tuple[Distribution, ...] = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
_SENTIMENT = dict(zip(map(str, Sentiment), _ONE_HOT, strict=True))
_STANCE = dict(zip(map(str, Stance), _ONE_HOT, strict=True))
# Target-dependent sentiment sets say how a text speaks of its target, which is close to stance.
_POLARITY = dict(zip(("negative", "neutral", "positive"), _ONE_HOT, strict=True))


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

    Raises:
        StanceError: a label is unknown; names the file and the row.
    """
    examples = []
    for number, row in enumerate(read_rows(path), start=1):
        text = prepare_text(row["text"]).text
        try:
            sentiment = _distribution(_SENTIMENT, row["sentiment"])
            labels = {t.key: _distribution(_STANCE, row[t.key]) for t in load_targets()}
        except KeyError as error:
            raise StanceError(
                f"{path}, row {number}: expected the labels of the guide, found {error}."
            ) from error
        examples.append(Example(text, sentiment, built_in_slots(labels)))
    return examples


def read_public(path: Path, *, limit: int | None = None, seed: int = 0) -> list[Example]:
    """One public set, of rows with one target each, or with a sentiment only; texts are merged.

    `limit` keeps a random part of a set that is large for what it teaches. A text that stands twice
    with different sentiments has none.
    """
    rows = [row for row in read_rows(path) if row.get("split") in TRAINABLE_SPLITS]
    if limit is not None and len(rows) > limit:
        rows = random.Random(seed).sample(rows, limit)
    by_text: dict[str, tuple[Distribution, list[SlotLabel]]] = {}
    for row in rows:
        text = prepare_text(row["text"]).text
        if not text:
            continue
        sentiment = _distribution(_SENTIMENT, row.get("sentiment"))
        known, slots = by_text.setdefault(text, (sentiment, []))
        if target := row.get("target"):
            slots.append(_public_slot(str(target), row))
        by_text[text] = (_agreed(known, sentiment), slots)
    return [Example(text, mood, tuple(slots)) for text, (mood, slots) in by_text.items()]


def _agreed(one: Distribution, other: Distribution) -> Distribution:
    if UNKNOWN in (one, other) or one == other:
        return max(one, other)
    return UNKNOWN


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a JSONL file, gzipped or not.

    Raises:
        StanceError: it cannot be read.
    """
    try:
        with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except (OSError, EOFError, ValueError) as error:
        raise StanceError(f"Expected a JSONL file at {path}, found none that can be read.") from error


def without(examples: Iterable[Example], keys: Collection[str]) -> list[Example]:
    """The examples whose text has none of those keys (see `text_key`)."""
    return [example for example in examples if text_key(example.text) not in keys]


def without_labels(example: Example, hidden: Sequence[str]) -> Example:
    """The example with the labels of the targets of those keys unknown."""
    if not hidden:
        return example
    slots = (replace(s, label=UNKNOWN) if s.target.key in hidden else s for s in example.slots)
    return replace(example, slots=tuple(slots))


def _public_slot(name: str, row: dict[str, str]) -> SlotLabel:
    if "stance" in row:
        label = _distribution(_STANCE, row["stance"])
    else:
        label = _distribution(_POLARITY, row["polarity"])
    return SlotLabel(target_named(name), label)


def _distribution(known: dict[str, Distribution], label: str | None) -> Distribution:
    return UNKNOWN if label is None else known[label]
