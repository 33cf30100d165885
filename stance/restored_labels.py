"""Labels by hand out of an export of ours, and its table as the model gave it. Reads no file.

An export has a person's label in the place of the model's, with `records.HAND_COLUMNS` behind. What
the model's label was stands there; how probable it was does not, and cannot be had back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from stance import records
from stance.amounts import counted
from stance.answers.corrections import label_column, labels_of, probability_columns
from stance.hand_labels import HandLabel, is_time

_ROUNDING = 2e-6
_LEARNED = re.compile(r"([0-9][0-9,]{0,20}) labels?")


@dataclass(frozen=True, slots=True)
class Answer:
    """A label by hand, and the model's in whose place it stands: "" for a comment without scores."""

    by_hand: HandLabel
    model: str


def answers_by_hand(
    row: Mapping[str, object], cells: Sequence[str], questions: Sequence[str]
) -> list[Answer]:
    """The labels by hand of one row, in the order of its cells.

    Args:
        row: of the scored table, as the export has it.
        cells: those of `records.HAND_COLUMNS`, all empty where nobody gave a label.
        questions: that were asked.

    Raises:
        ValueError: with the name of the column whose cell does not fit.
    """
    asked = cells[0].split(records.HAND_SEPARATOR) if cells[0] else []
    if len(set(asked)) < len(asked) or not set(asked) <= set(questions):
        raise ValueError(records.BY_HAND)
    columns = []
    for name, cell in zip(records.HAND_COLUMNS[1:], cells[1:], strict=True):
        parts = cell.split(records.HAND_SEPARATOR) if asked or cell else []
        if len(parts) != len(asked):
            raise ValueError(name)
        columns.append(parts)
    return [_answer(row, *parts) for parts in zip(asked, *columns, strict=True)]


def _answer(row: Mapping[str, object], question: str, model: str, who: str, at: str) -> Answer:
    labels, given = labels_of(question), str(row[label_column(question)])
    if given not in labels:
        raise ValueError(label_column(question))
    name = probability_columns(question)[labels.index(given)]
    if not float(str(row[name])) >= 1 - _ROUNDING:  # also where there is none
        raise ValueError(name)
    if model not in ([""] if row[records.UNSCORED] else labels):
        raise ValueError(records.MODEL_LABELS)
    if not is_time(at):
        raise ValueError(records.ANNOTATED_AT)
    by_hand = HandLabel(str(row[records.COMMENT_ID]), question, given, who, at, blind=False)
    return Answer(by_hand, model)


def as_the_model_gave(scored: pd.DataFrame, answers: Iterable[Answer]) -> pd.DataFrame:
    """The table with the model's labels in place of those by hand.

    Their probabilities are all equal, which stands for "not known" (see `how_sure`) and
    counts as unsure; the views do not show them as long as the label by hand holds.
    """
    table = scored.copy()
    place = {comment_id: row for row, comment_id in enumerate(table[records.COMMENT_ID])}
    for answer in answers:
        row, question = table.index[place[answer.by_hand.comment_id]], answer.by_hand.question
        table.loc[row, label_column(question)] = answer.model
        equal = 1 / len(labels_of(question)) if answer.model else float("nan")
        table.loc[row, probability_columns(question)] = equal
    return table


def learned_from(cell: str) -> int:
    """By how many labels the model was taught, as a cell of `records.LEARNED_FROM` says.

    Raises:
        ValueError: with the name of the column: the cell says something else.
    """
    found = _LEARNED.fullmatch(cell)
    n = int(found[1].replace(",", "")) if found else 0
    if not n or counted(n, "label") != cell:
        raise ValueError(records.LEARNED_FROM)
    return n
