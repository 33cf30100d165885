"""An export of ours back as a scored set, without scoring. Reads no file: it is given what was read.

The file may have been edited since. So what can be checked is: labels must be those of the highest
probabilities, reasons and the words that name a target those of the texts, and ids that were derived
from a row those of the row. Else all is scored anew. What cannot be seen is which model it was, and a
changed text that names nobody under an id of the person's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from stance import records
from stance.errors import StanceError
from stance.hand_labels import SENTIMENT_QUESTION, HandLabel
from stance.labels import Sentiment, Stance
from stance.reading.ids import derived_id
from stance.reading.rows import Row
from stance.reading.tables import row_digest
from stance.records import ReadResult, column_kinds, exported_targets
from stance.restored_labels import Answer, answers_by_hand, as_the_model_gave, learned_from
from stance.restored_texts import are_of
from stance.sentences import Sentence
from stance.targets import Target, load_targets, typed_target
from stance.translation import N_
from stance.typed import MAX_TYPED

_ROUNDING = 2e-6
_DERIVED = re.compile(r"c[0-9a-f]{16}")
_PROBED, _SAME_ROWS = 20, 64


@dataclass(frozen=True, slots=True)
class Restored:
    """What an export held: the comments with their own columns alone, their scores, the targets.

    Of typed targets the key is known only, so it is their name. `any_language` if comments in
    other languages have scores. `text_columns` are those whose texts fit the scores: the first one
    was taken. `labels` are those that people gave, the latest last; `scored` has the model's in
    their place (see `restored_labels.as_the_model_gave`). `learned_from` is by how many labels the
    model was taught, 0 if it was not.
    """

    result: ReadResult
    scored: pd.DataFrame
    targets: tuple[Target, ...]
    any_language: bool
    text_columns: tuple[str, ...]
    labels: tuple[HandLabel, ...] = ()
    learned_from: int = 0


def restore(
    result: ReadResult, *, on_progress: Callable[[float], None] | None = None
) -> Restored | Sentence | None:
    """The scored set that an export of ours was made of.

    Args:
        result: what was read.
        on_progress: called again and again with the part of an export's comments, 0 to 1, that a column
            was compared with, which is what takes long.

    Returns:
        None where the columns are none of an export of ours; in words, why its scores cannot be
        taken as they are; or the set.
    """
    found = exported_targets(result.columns)
    if found is None:
        return None
    first, keys, tail = found
    try:
        targets = known_targets(keys)
        as_exported = _scored(result, first, keys)
        _check_ids(as_exported)
        answers = _answers(result, as_exported, keys, tail)
        scored = as_the_model_gave(as_exported, answers)
        _check_labels(scored, result, keys)
        _check_rows(result, first, list(scored[records.COMMENT_ID]))
        restored = _with_text(result, first, scored, targets, on_progress)
        labels = sorted((answer.by_hand for answer in answers), key=lambda label: label.at)
        return replace(restored, labels=tuple(labels), learned_from=_learned_from(result, tail))
    except OddExport as odd:
        return odd.why


class OddExport(Exception):
    """Why scores cannot be taken as they are."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why)
        self.why = why


_OTHER = N_("Line {line} has something else in {column}.")


def _odd_line(line: int, why: str, column: str = "") -> OddExport:
    return OddExport(Sentence(why, line=str(line), column=repr(column)))


def known_targets(keys: Sequence[str]) -> tuple[Target, ...]:
    """The targets of these keys, of which an export has the built-in ones first.

    Raises:
        OddExport: it has others.
    """
    known = {target.key: target for target in load_targets()}
    if len(keys) > len(known) + MAX_TYPED:
        why = N_("It has more than {most} targets besides those that are always asked about.")
        raise OddExport(Sentence(why, most=MAX_TYPED))
    try:
        targets = tuple(known.get(key) or typed_target(key.replace("_", " ")) for key in keys)
    except StanceError as error:
        raise OddExport(Sentence("Its targets are not known here.")) from error
    asked = (SENTIMENT_QUESTION, *keys)
    if len(set(asked)) < len(asked) or tuple(target.key for target in targets) != tuple(keys):
        raise OddExport(Sentence("Its targets are not known here."))
    if targets[: len(known)] != tuple(known.values()):
        raise OddExport(Sentence("It lacks targets that are always asked about."))
    return targets


def _scored(result: ReadResult, first: int, keys: Sequence[str]) -> pd.DataFrame:
    columns: dict[str, list[object]] = {}
    for place, (name, kind) in enumerate(column_kinds(keys).items(), start=first):
        read = _READERS[kind]
        values: list[object] = []
        for comment in result.comments:
            try:
                values.append(read(comment.cells[place]))
            except ValueError as error:
                raise _odd_line(comment.line, _OTHER, name) from error
        columns[name] = values
    scored = pd.DataFrame(columns, columns=list(column_kinds(keys)))
    floats = [name for name, kind in column_kinds(keys).items() if kind is float]
    return scored.astype({name: "float64" for name in floats} | {records.TRUNCATED: bool})


def _answers(
    result: ReadResult, scored: pd.DataFrame, keys: Sequence[str], tail: Sequence[str]
) -> list[Answer]:
    """The labels by hand, of which `scored` has the labels and the last columns all else."""
    if records.BY_HAND not in tail:
        return []
    found: list[Answer] = []
    start = len(result.columns) - len(tail)
    for comment, row in zip(result.comments, scored.to_dict("records"), strict=True):
        cells = comment.cells[start : start + len(records.HAND_COLUMNS)]
        try:
            found += answers_by_hand(
                {str(name): cell for name, cell in row.items()}, cells, [SENTIMENT_QUESTION, *keys]
            )
        except ValueError as error:
            raise _odd_line(comment.line, _OTHER, str(error)) from error
    return found


def _learned_from(result: ReadResult, tail: Sequence[str]) -> int:
    """By how many labels the model was taught, which all rows must say alike."""
    if records.LEARNED_FROM not in tail:
        return 0
    numbers: set[int] = set()
    for comment in result.comments:
        try:
            numbers.add(learned_from(comment.cells[-1]))
        except ValueError as error:
            raise _odd_line(comment.line, _OTHER, str(error)) from error
        if len(numbers) > 1:
            why = N_("Line {line} has another number in {column}.")
            raise _odd_line(comment.line, why, records.LEARNED_FROM)
    return max(numbers, default=0)


def _number(cell: str) -> float:
    if cell in ("", "null"):
        return float("nan")
    number = float(cell)
    if not 0 <= number <= 1:
        raise ValueError
    return number


def _flag(cell: str) -> bool:
    if cell.lower() not in ("true", "false"):
        raise ValueError
    return cell.lower() == "true"


_READERS: dict[type, Callable[[str], object]] = {float: _number, bool: _flag, str: str}


def _check_labels(scored: pd.DataFrame, result: ReadResult, keys: Sequence[str]) -> None:
    if odd := odd_label(scored, keys):
        row, name = odd
        why = N_("Line {line} has a label in {column} that its probabilities do not give.")
        raise _odd_line(result.comments[row].line, why, name)


def odd_label(scored: pd.DataFrame, keys: Sequence[str]) -> tuple[int, str] | None:
    """The first row, from 0, and the column with a label that is not the most probable one.

    Probabilities are from 0 to 1 and sum to 1. What has no label has a reason for that. None if all is so.
    """
    unscored = (scored[records.UNSCORED] != "").to_numpy()
    heads: list[tuple[str, list[str], list[str]]] = [
        (
            records.SENTIMENT,
            [records.sentiment_probability(mood) for mood in Sentiment],
            [str(mood) for mood in Sentiment],
        )
    ]
    heads += [
        (
            records.stance_label(key),
            [records.stance_probability(key, side) for side in Stance],
            [str(side) for side in Stance],
        )
        for key in keys
    ]
    for name, columns, labels in heads:
        table = scored[columns].to_numpy()
        given = scored[name].astype("category").cat
        places = [labels.index(label) if label in labels else -1 for label in given.categories]
        chosen = np.array([*places, -1])[given.codes]  # a missing label has the code -1
        with np.errstate(invalid="ignore"):
            top = table.max(axis=1)
            right = np.abs(table.sum(axis=1) - 1) <= _ROUNDING
            right &= (table.min(axis=1) >= 0) & (top <= 1 + _ROUNDING)
            right &= np.take_along_axis(table, np.maximum(chosen, 0)[:, None], 1)[:, 0] >= top - _ROUNDING
        right &= chosen >= 0
        empty = (scored[name] == "").to_numpy()
        right = np.where(unscored, np.isnan(table).all(axis=1) & empty, right)
        if not right.all():
            return int(np.argmin(right)), name
    return None


def _check_ids(scored: pd.DataFrame) -> None:
    ids = scored[records.COMMENT_ID]
    if (ids == "").any() or ids.duplicated().any():
        raise OddExport(Sentence("Some of its comments have no id or the same one."))


def _check_rows(result: ReadResult, first: int, ids: Sequence[str]) -> None:
    """Ids that were derived from the cells of a row must be those of the cells that are there."""
    if not all(map(_DERIVED.fullmatch, ids)):
        return
    rows = [
        (Row(comment.line, comment.line, list(comment.cells[:first])), comment_id)
        for comment, comment_id in zip(result.comments, ids, strict=True)
    ]
    # Those of a pasted page are derived otherwise: then none fits.
    step = max(1, len(rows) // _PROBED)
    if not any(_is_of(row, comment_id) for row, comment_id in rows[::step]):
        return
    for row, comment_id in rows:
        if not _is_of(row, comment_id):
            why = N_("Line {line} has other cells than those that were scored.")
            raise _odd_line(row.line, why)


def _is_of(row: Row, comment_id: str) -> bool:
    digest = row_digest(row)
    return any(derived_id(digest, number) == comment_id for number in range(_SAME_ROWS))


def _with_text(
    result: ReadResult,
    first: int,
    scored: pd.DataFrame,
    targets: tuple[Target, ...],
    on_progress: Callable[[float], None] | None,
) -> Restored:
    """Find the column that was scored: the one whose texts give the reasons and words beside them."""
    as_read = [
        place
        for place in range(first)
        if all(comment.cells[place] == comment.text for comment in result.comments)
    ]
    others = [place for place in range(first) if place not in as_read]
    fitting: list[tuple[int, bool]] = []
    for place in (*as_read, *others):
        texts = [comment.cells[place] for comment in result.comments]
        any_language = are_of(texts, scored, on_progress)
        if any_language is not None:
            fitting.append((place, any_language))
    if not fitting:
        raise OddExport(Sentence("None of its columns has the texts that these scores belong to."))
    place, any_language = fitting[0]
    comments = tuple(
        replace(comment, comment_id=own, text=comment.cells[place], cells=comment.cells[:first])
        for comment, own in zip(result.comments, scored[records.COMMENT_ID], strict=True)
    )
    own = replace(result, columns=result.columns[:first], comments=comments)
    columns = tuple(result.columns[place] for place, _ in fitting)
    return Restored(own, scored, targets, any_language, columns)
