"""What a foreign model's head answers, read from the `id2label` of its config.json.

Decides between sentiment and entailment, and in which order the labels stand. Loads nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from stance.errors import CheckpointError
from stance.labels import Sentiment
from stance.model.hub import one_line

MAX_LABELS = 100

_SPELLINGS = {
    "negative": ("negative", "neg"),
    "neutral": ("neutral", "neu", "neut"),
    "positive": ("positive", "pos"),
    "entailment": ("entailment", "entail", "entails", "entailed"),
    "contradiction": ("contradiction", "contradict", "contradicts", "contradictory"),
    "not_entailment": ("notentailment", "notentailed", "nonentailment", "notentail"),
}
_MEANING = {spelling: label for label, all_ in _SPELLINGS.items() for spelling in all_}
_SENTIMENT = ({"negative", "neutral", "positive"}, {"negative", "positive"})
_ENTAILMENT = ({"entailment", "neutral", "contradiction"}, {"entailment", "not_entailment"})
_EXPECTED = (
    "expected negative, neutral, positive (or negative, positive) for sentiment, or "
    "entailment, neutral, contradiction (or entailment, not_entailment) for stance"
)


@dataclass(frozen=True, slots=True)
class ForeignHead:
    """What a head answers.

    `columns` are the positions of its outputs: for sentiment in the order of `Sentiment`, None
    where the model has no such label; for entailment the one position of entailment.
    """

    kind: Literal["sentiment", "entailment"]
    columns: tuple[int | None, ...]
    n_labels: int


def read_head(config: Mapping[str, Any], where: str) -> ForeignHead:
    """Understand the labels of a config.json.

    >>> read_head({"id2label": {"0": "POS", "1": "NEG"}}, "here").columns
    (1, None, 0)

    Raises:
        CheckpointError: the labels are missing, numbered, of another kind, or too many.
    """
    labels = _labels(config, where)
    meanings = [_MEANING.get(re.sub(r"[^a-z]", "", label.casefold()), "") for label in labels]
    found = set(meanings)
    if len(found) == len(labels):
        if found in _SENTIMENT:
            columns = (_position(meanings, str(label)) for label in Sentiment)
            return ForeignHead("sentiment", tuple(columns), len(labels))
        if found in _ENTAILMENT:
            return ForeignHead("entailment", (meanings.index("entailment"),), len(labels))
    shown = ", ".join(one_line(label, 30) for label in labels[:6])
    more = f" and {len(labels) - 6} more" if len(labels) > 6 else ""
    raise CheckpointError(
        f"{where}: {_EXPECTED} as the labels in config.json (id2label), found {shown}{more}. If you "
        "know what each label means, write the names there."
    )


def _labels(config: Mapping[str, Any], where: str) -> list[str]:
    by_number = config.get("id2label")
    if by_number is None:
        raise CheckpointError(f"{where}: {_EXPECTED} in config.json (id2label), found no labels.")
    if (
        not isinstance(by_number, dict)
        or not 2 <= len(by_number) <= MAX_LABELS
        or set(by_number) != {str(number) for number in range(len(by_number))}
    ):
        raise CheckpointError(
            f"{where}: expected in config.json an id2label that numbers 2 to {MAX_LABELS} labels "
            f"from 0, found {_count(by_number)}."
        )
    n_labels = config.get("num_labels", len(by_number))
    if n_labels != len(by_number):
        raise CheckpointError(
            f"{where}: expected as many labels as num_labels in config.json says, "
            f"{one_line(str(n_labels), 20)}, found {len(by_number)} in id2label."
        )
    kind = config.get("problem_type")
    if kind not in (None, "single_label_classification"):
        raise CheckpointError(
            f"{where}: expected a model that gives each text one label "
            f"(single_label_classification), found problem_type {one_line(str(kind), 40)}."
        )
    return [str(by_number[number]) for number in sorted(by_number, key=int)]


def _count(by_number: object) -> str:
    if isinstance(by_number, dict):
        return f"{len(by_number)} labels" if len(by_number) > MAX_LABELS else "other numbers"
    return f"a {type(by_number).__name__}"


def _position(meanings: list[str], label: str) -> int | None:
    return meanings.index(label) if label in meanings else None
