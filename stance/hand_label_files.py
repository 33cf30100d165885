"""Labels that people gave as the bytes of a CSV file, and back. Opens no file and judges no label.

Every row carries the hash of its comment's text, so that a file that is opened with another set
never puts a label on another text.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stance.errors import ReadingError
from stance.guards import guard, unguard
from stance.hand_labels import SENTIMENT_QUESTION, UNCLEAR, HandLabel, is_time, latest
from stance.labels import Sentiment, Stance
from stance.reading.decoding import decode
from stance.reading.rows import Row, find_delimiter, split_rows
from stance.records import Comment
from stance.sentences import Sentence
from stance.targets import Target
from stance.translation import N_

COLUMNS = ("comment_id", "question", "label", "annotator", "at", "blind", "text_sha256")

REPLACED = N_("given again later")
NO_COMMENT = N_("about a comment that is not in this set")
OTHER_TEXT = N_("about a comment whose text is another one here")
NO_QUESTION = N_("about a target that this set was not asked about")
"""Why labels of a file are left out."""

_EXAMPLE = "2026-11-27T03:00:00Z"
_SHOWN = 30
"""Characters of a cell that an error shows: no label, name or time is longer."""


@dataclass(frozen=True, slots=True)
class HandLabelsRead:
    """The labels of a file that belong to a set, and how many are left out, by reason.

    `n_future` of the labels had a time that was still to come.
    """

    labels: list[HandLabel]
    left_out: dict[str, int]
    n_future: int = 0


def hand_labels_csv(labels: Iterable[HandLabel], comments: Iterable[Comment]) -> bytes:
    """Labels as CSV in UTF-8 with BOM, all cells quoted and guarded, columns `COLUMNS`.

    Args:
        labels: in the order of the rows.
        comments: of the set that they are about, with all that have a label.
    """
    texts = {comment.comment_id: comment.text for comment in comments}
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for label in labels:
        cells = (label.comment_id, label.question, label.label, label.annotator, label.at)
        ours = ("true" if label.blind else "false", _digest(texts[label.comment_id]))
        writer.writerow([*map(guard, cells), *ours])
    return codecs.BOM_UTF8 + out.getvalue().encode("utf-8", "replace")


def read_hand_labels(
    data: bytes, comments: Iterable[Comment], targets: Iterable[Target], *, now: str
) -> HandLabelsRead:
    """The labels of a CSV file that are about comments of a set, in the order of the file.

    Columns may stand in any order, further ones are passed over, and spreadsheets' ways of saving
    it (semicolons, TRUE for true) are understood. Of labels that one person gave to one question of
    one comment the latest counts (`hand_labels.latest`). Times that are still to come
    become `now`: no later label would count.

    Args:
        data: the file.
        comments: of the set.
        targets: that it was asked about.
        now: the time, as labels have it.

    Raises:
        ReadingError: this is no such file, or a cell is not what its column holds; with its line.
    """
    rows, places = _rows(data)
    texts = {comment.comment_id: comment.text for comment in comments}
    questions = {SENTIMENT_QUESTION, *(target.key for target in targets)}
    fitting: list[HandLabel] = []
    left_out: Counter[str] = Counter()
    for row in rows:
        label, digest = _label(row, places)
        if why := _why_left_out(label, digest, texts, questions):
            left_out[why] += 1
        else:
            fitting.append(label)
    labels = latest(fitting)
    if len(labels) < len(fitting):
        left_out[REPLACED] = len(fitting) - len(labels)
    n_future = sum(label.at > now for label in labels)
    labels = [replace(label, at=min(label.at, now)) for label in labels]
    return HandLabelsRead(labels, dict(left_out), n_future)


def _rows(data: bytes) -> tuple[Sequence[Row], dict[str, int]]:
    """The rows below the header, and where the columns are."""
    text = decode(data).text
    delimiter, _ = find_delimiter(text, lambda cells: set(COLUMNS) <= set(cells))
    header, *rows = split_rows(text, delimiter).rows or [Row(1, 1, [])]
    missing = [name for name in COLUMNS if name not in header.cells]
    if missing:
        raise ReadingError(
            Sentence(
                "Expected the columns {columns} in line {line}, found none called {missing}. Choose a "
                "file of labels that this desk made.",
                columns=", ".join(COLUMNS),
                line=str(header.line),
                missing=", ".join(missing),
            )
        )
    for row in rows:
        if len(row.cells) != len(header.cells):
            raise ReadingError(
                Sentence(
                    "Expected {width} cells in line {line}, as in the header, found {n}. Mend that line, "
                    "or download the labels again.",
                    width=str(len(header.cells)),
                    line=str(row.line),
                    n=str(len(row.cells)),
                )
            )
    return rows, {name: header.cells.index(name) for name in COLUMNS}


def _label(row: Row, places: Mapping[str, int]) -> tuple[HandLabel, str]:
    """The label of a row, and the hash of the text that it was given to."""
    cell = {name: unguard(row.cells[place]) for name, place in places.items()}
    order: type[Sentiment] | type[Stance] = Stance
    if cell["question"] == SENTIMENT_QUESTION:
        order = Sentiment
    _check(row, "blind", cell["blind"].lower(), ["true", "false"])
    blind = cell["blind"].lower() == "true"
    # Who sees the model's label and can't tell leaves it as it is.
    _check(row, "label", cell["label"], [*map(str, order), *([UNCLEAR] if blind else [])])
    if not is_time(cell["at"]):
        raise _unexpected(row, "at", Sentence("a time such as {example}", example=_EXAMPLE), cell["at"])
    label = HandLabel(
        cell["comment_id"],
        cell["question"],
        cell["label"],
        cell["annotator"],
        cell["at"],
        blind,
    )
    return label, cell["text_sha256"].lower()


def _check(row: Row, column: str, found: str, allowed: Sequence[str]) -> None:
    if found not in allowed:
        raise _unexpected(row, column, Sentence("one of {names}", names=", ".join(allowed)), found)


def _unexpected(row: Row, column: str, expected: Sentence, found: str) -> ReadingError:
    return ReadingError(
        Sentence(
            "Expected {expected} in the column {column} of line {line}, found {found}. Correct that cell, "
            "or take the line out, and choose the file again.",
            expected=expected,
            column=column,
            line=str(row.line),
            found=repr(found[:_SHOWN]),
        )
    )


def _why_left_out(
    label: HandLabel, digest: str, texts: Mapping[str, str], questions: set[str]
) -> str:
    if label.comment_id not in texts:
        return NO_COMMENT
    if _digest(texts[label.comment_id]) != digest:
        return OTHER_TEXT
    return "" if label.question in questions else NO_QUESTION


def _digest(text: str) -> str:
    """Hash of a text as a file can hold it: no UTF-8 has lone surrogates."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
