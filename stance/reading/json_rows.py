"""Splits JSON and JSON Lines into rows of cells. Knows no columns but those of replies.

An entry is an object; its keys name the columns, keys of an object inside it with a dot between
("author.name"). Replies inside an entry become rows of their own, after it, with the id of what
they answer in the column `reply_to`; an entry that only holds others and has no text, such as a
Reddit listing, is rejected with that reason. A text cell is the string itself, any other value as
the file writes it, so that long numbers keep all digits; null is an empty cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stance.errors import ReadingError
from stance.limits import CELL_CHARACTERS, CELLS, COLUMNS, JSON_CHARACTERS, NESTING, REPLIES, ROWS
from stance.reading.columns import is_text_name
from stance.reading.rows import Row
from stance.records import RejectedRow
from stance.sentences import Sentence
from stance.translation import N_

NOT_JSON = N_("not JSON")
NO_OBJECT = N_("not an object")
HOLDER = N_("holds other entries, has no text")

REPLY_KEYS = ("replies", "children", "comments", "answers", "responses", "antworten", "kommentare")
"""Keys whose arrays of objects are taken for answers to the entry that holds them."""

REPLY_TO = "reply_to"

_WRAPPERS = ("data", "items", "results", "comments", "rows", "entries", "records")
"""Keys that hold the array of entries in an answer of an interface, the first found is taken."""

_ID_KEYS = ("comment_id", "commentid", "id", "cid", "_id")
_EXCERPT = 80
_SAFE_DIGITS = 15
# Only what no comment begins with: "[deleted]" and "[1] see below" must stay comments.
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*\{)')
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(slots=True)
class JsonRows:
    """Rows of cells under names; `line` of a row is its line in JSON Lines, else its number."""

    names: tuple[str, ...]
    rows: list[Row]
    rejected: list[RejectedRow]
    notes: tuple[str, ...]


@dataclass(slots=True)
class Entry:
    """A row before all columns are known; `answers` if it was inside another entry.

    `odd` if halves of characters in it were replaced.
    """

    line: int
    cells: dict[str, str]
    answers: bool
    odd: bool


def looks_like_json(text: str) -> bool:
    """Whether a text begins as JSON or JSON Lines of objects does, and no comment."""
    return _JSON.match(text[:4096]) is not None


def split_json(text: str) -> JsonRows:
    """All entries as rows.

    Raises:
        ReadingError: it is no JSON (says line and column), holds no array of objects, or passes a
            limit.
    """
    entries, rejected, note = _entries(text)
    found: list[Entry] = []
    kinds = Kinds()
    for line, entry in entries:
        for one in rows_of_entry(line, entry):
            if isinstance(one, RejectedRow):
                rejected.append(one)
            else:
                found.append(one)
                kinds.add(one)
        ROWS.check(len(found) + len(rejected), N_("a source"))
    if not found:
        raise no_entries(len(rejected))
    names, places, notes = kinds.columns()
    CELLS.check(len(names) * len(found), N_("a source"))
    rows = [row_of(entry, names, places) for entry in found]
    return JsonRows(names, rows, sorted(rejected, key=lambda row: row.line), (note, *notes))


def no_entries(n_rejected: int) -> ReadingError:
    """The error for JSON in which no comment is."""
    found = Sentence("none")
    if n_rejected:
        found = Sentence("{n} entries that are no such objects", n=n_rejected)
    return ReadingError(
        Sentence(
            "Expected an array of objects with comments, found {found}. Export each comment as an "
            "object such as {example}.",
            found=found,
            example='{"author": "…", "text": "…"}',
        )
    )


def rows_of_entry(line: int, entry: Any) -> list[Entry | RejectedRow]:
    """An entry and, after it, its replies, however deep; depth first, in their order."""
    NESTING.check(_depth(entry), "JSON")
    if not isinstance(entry, dict):
        return [RejectedRow(line, NO_OBJECT, _as_cell(entry)[:_EXCERPT])]
    found: list[Entry | RejectedRow] = []
    waiting: list[tuple[dict[str, Any], str]] = [(entry, "")]
    while waiting:
        one, parent = waiting.pop()
        replies: list[dict[str, Any]] = []
        cells = _flat(one, replies)
        own = parent
        if replies and not _has_text(cells):
            found.append(RejectedRow(line, HOLDER, ", ".join(cells)[:_EXCERPT]))
        else:
            if parent and not cells.get(REPLY_TO):
                cells[REPLY_TO] = parent
            odd = _mend_surrogates(cells)
            found.append(Entry(line, cells, bool(parent), odd))
            REPLIES.check(len(found), N_("an entry with its replies"))
            own = _own_id(cells) or f"row {line}"
        waiting.extend((reply, own) for reply in reversed(replies))
    return found


def row_of(entry: Entry, names: Sequence[str], places: Mapping[str, str]) -> Row:
    """The cells of an entry under all columns; `places` renames its own (see `Kinds`)."""
    cells = {places.get(name, name): cell for name, cell in entry.cells.items()}
    return Row(entry.line, entry.line, [cells.get(name, "") for name in names])


class Kinds:
    """The columns of all entries, those of comments and those of their replies, as they come.

    The two often lie at different depths: "snippet.top.textOriginal" of a comment is
    "snippet.textOriginal" of its reply. Two that end in the same key become one.
    """

    def __init__(self) -> None:
        self._names: dict[str, None] = {}
        self._of: tuple[dict[str, None], dict[str, None]] = ({}, {})
        self._n_answers = 0
        self._n_odd = 0

    def add(self, entry: Entry) -> None:
        """Note the columns of one entry.

        Raises:
            ReadingError: there are more columns than the limit.
        """
        self._names.update(dict.fromkeys(entry.cells))
        self._of[entry.answers].update(dict.fromkeys(entry.cells))
        self._n_answers += entry.answers
        self._n_odd += entry.odd
        if len(self._names) > 2 * COLUMNS.value():  # merging makes one of two at most
            raise COLUMNS.error(N_("JSON entries"))

    def columns(self) -> tuple[tuple[str, ...], dict[str, str], tuple[str, ...]]:
        """The columns, which of the entries' own become which of them, and notes on that."""
        places = self._merged()
        names = tuple(dict.fromkeys(places.get(name, name) for name in self._names))
        COLUMNS.check(len(names), N_("JSON entries"))
        notes: list[str] = []
        if merged := sorted(set(places.values())):
            columns = ", ".join(merged)
            said = Sentence(
                "Columns of comments and of their replies made one: {columns}.", columns=columns
            )
            notes.append(said)
        if self._n_answers:
            said = Sentence(
                "Replies inside other comments became rows of their own: {n}.", n=self._n_answers
            )
            notes.append(said)
        if odd := self._n_odd:
            said = Sentence(
                "Halves of characters that stand alone, shown as \ufffd: in {n} rows.", n=odd
            )
            notes.append(said)
        return names, places, tuple(notes)

    def _merged(self) -> dict[str, str]:
        top, answers = (names.keys() for names in self._of)
        both = top & answers
        places: dict[str, str] = {}
        for own in top - both:
            theirs = [name for name in answers - both if _last(name) == _last(own)]
            rivals = [name for name in top - both if _last(name) == _last(own)]
            if _last(own) not in both and len(theirs) == len(rivals) == 1:
                places |= {own: _last(own), theirs[0]: _last(own)}
        return places


Entries = tuple[list[tuple[int, Any]], list[RejectedRow], str]


def _entries(text: str) -> Entries:
    if is_json_lines(text):
        return _lines(text)
    JSON_CHARACTERS.check(len(text), "JSON")
    try:
        whole = _parse(text)
    except json.JSONDecodeError as error:
        raise ReadingError(
            Sentence(
                "Expected JSON or JSON Lines, found an error at line {line}, column {column} ({error}). "
                "Export the file again.",
                line=str(error.lineno),
                column=str(error.colno),
                error=error.msg,
            )
        ) from error
    entries, note = _array(whole)
    return list(enumerate(entries, start=1)), [], note


def _is_json(line: str) -> bool:
    try:
        _parse(line)
    except json.JSONDecodeError:
        return False
    return True


def _lines(text: str) -> Entries:
    """JSON Lines; lines that are no JSON are rejected."""
    entries: list[tuple[int, Any]] = []
    rejected: list[RejectedRow] = []
    # Not splitlines(): a string in JSON may hold U+2028 as it is.
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if not line.strip():
            continue
        entry = parsed_line(number, line)
        if isinstance(entry, RejectedRow):
            rejected.append(entry)
        else:
            entries.append((number, entry))
        ROWS.check(len(entries) + len(rejected), N_("a source"))
    return entries, rejected, lines_note(len(entries) + len(rejected))


def lines_note(count: int) -> str:
    """The sentence about JSON Lines."""
    return Sentence("JSON Lines: {n} lines.", n=count)


def parsed_line(number: int, line: str) -> Any:
    """What a line of JSON Lines holds; a RejectedRow where it is no JSON."""
    try:
        return _parse(line)
    except json.JSONDecodeError:
        return RejectedRow(number, NOT_JSON, line[:_EXCERPT])


def is_json_lines(text: str, *, whole: bool = True) -> bool:
    """Whether a text is JSON Lines and no JSON document: its first line is one, and more follow.

    Args:
        text: it, or its beginning.
        whole: whether it is all; a first line that the beginning cuts is no line.
    """
    first, _, rest = text.lstrip().partition("\n")
    return bool(rest.strip() if whole else rest) and _is_json(first)


def _parse(text: str) -> Any:
    """Numbers stay as they are written: `int` and `float` lose digits and refuse long ones."""
    try:
        return json.loads(
            text,
            parse_int=_Number,
            parse_float=_Number,
            parse_constant=_Number,
            object_pairs_hook=_object,
        )
    except RecursionError as error:
        raise NESTING.error("JSON") from error


class _Number(str):
    """A number as the file writes it."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a repeated key keeps all its values: "text", "text (2)"."""
    entry: dict[str, Any] = {}
    numbers: dict[str, int] = {}  # so that a key that stands a thousand times is counted once
    for key, value in pairs:
        name = key
        while name in entry:
            numbers[key] = numbers.get(key, 1) + 1
            name = f"{key} ({numbers[key]})"
        entry[name] = value
    return entry


def _free(name: str, taken: Container[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name} ({number})", number + 1
    return free


def _depth(value: Any) -> int:
    """Levels of nesting, without recursion."""
    deepest, waiting = 0, [(value, 0)]
    while waiting:
        one, depth = waiting.pop()
        deepest = max(deepest, depth)
        inner = one.values() if isinstance(one, dict) else one if isinstance(one, list) else ()
        waiting.extend((each, depth + 1) for each in inner)
    return deepest


def _array(whole: Any) -> tuple[list[Any], str]:
    """The entries: the file's own array, the one that its object holds, or the object itself.

    And a sentence about them.
    """
    path: list[str] = []
    while isinstance(whole, dict) and len(path) < NESTING.value():
        if any(is_text_name(key) and isinstance(whole[key], str) for key in whole):
            return [whole], _entries_note([whole])  # one comment, whatever else it holds
        arrays = {
            key: value
            for key, value in whole.items()
            if isinstance(value, list) and any(isinstance(entry, dict) for entry in value)
        }
        known = [key for key in _WRAPPERS if key in arrays]
        if len(arrays) > 1 and not known:
            names = ", ".join(repr(name[:_EXCERPT]) for name in list(arrays)[:10])
            raise ReadingError(
                Sentence(
                    "Expected one array of comments, found several: {names}. Keep one of them.",
                    names=names,
                )
            )
        if arrays:
            key = known[0] if known else next(iter(arrays))
            others = ", ".join(other for other in whole if other != key)
            place = ".".join([*path, key])
            return arrays[key], _place_note(arrays[key], place[:_EXCERPT], others[:_EXCERPT])
        inner = [key for key, value in whole.items() if isinstance(value, dict)]
        if len(inner) > 1 and len(inner) == len(whole):  # comments by their ids
            keyed = [{_free("key", whole[k]): k} | whole[k] for k in inner]
            return keyed, Sentence(
                "JSON: {n} entries by their keys. Numbers of rows count them.", n=len(keyed)
            )
        if len(inner) != 1:
            return [], _entries_note([])
        path.append(inner[0])
        whole = whole[inner[0]]
    entries = whole if isinstance(whole, list) else []
    return entries, _entries_note(entries)


def _entries_note(entries: Sequence[Any]) -> str:
    return Sentence("JSON: {n} entries. Numbers of rows count them.", n=len(entries))


def _place_note(entries: Sequence[Any], place: str, others: str) -> str:
    if not others:
        return Sentence(
            "JSON: {n} entries of \"{place}\". Numbers of rows count them.", n=len(entries), place=place
        )
    return Sentence(
        "JSON: {n} entries of \"{place}\" (left out beside it: {others}). Numbers of rows count them.",
        n=len(entries),
        place=place,
        others=others,
    )


def _has_text(cells: dict[str, str]) -> bool:
    """Whether an entry that holds others says something itself: a column of text, or any words."""
    return any(is_text_name(_last(name)) or " " in cell.strip() for name, cell in cells.items())


def _flat(entry: dict[str, Any], replies: list[dict[str, Any]]) -> dict[str, str]:
    """Cells of an entry by their names; answers that it holds are put into `replies`."""
    cells: dict[str, str] = {}
    inside: list[tuple[str, Any]] = [("", entry)]
    while inside:
        name, value = inside.pop()
        if isinstance(value, dict) and value:
            for key, inner in reversed(value.items()):
                inside.append((f"{name}.{key}" if name else key, inner))
        elif _is_replies(name, value):
            replies.extend(value)
        else:
            cell = _as_cell(value)
            CELL_CHARACTERS.check(len(cell), N_("cells"))
            cells[_free(name, cells)] = cell
    return cells


def _is_replies(name: str, value: Any) -> bool:
    known = any(part.lower() in REPLY_KEYS for part in name.split("."))
    return known and isinstance(value, list) and bool(value) and all(
        isinstance(one, dict) for one in value
    )


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _own_id(cells: dict[str, str]) -> str:
    """The entry's id, the outermost first: "author.id" is the author's."""
    by_depth = sorted(cells, key=lambda name: name.count("."))
    for name in by_depth:
        if _last(name).lower() in _ID_KEYS and cells[name]:
            return cells[name]
    return ""


def _mend_surrogates(cells: dict[str, str]) -> bool:
    odd = [name for name, cell in cells.items() if _SURROGATE.search(cell)]
    for name in odd:
        cells[name] = _SURROGATE.sub("\ufffd", cells[name])
    return bool(odd)


def _as_cell(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    return "" if value is None else json.dumps(_restored(value), ensure_ascii=False)


def _restored(value: Any) -> Any:
    """Numbers inside an array as numbers again, but for those that would lose digits."""
    if isinstance(value, list):
        return [_restored(one) for one in value]
    if isinstance(value, dict):
        return {key: _restored(one) for key, one in value.items()}
    if isinstance(value, _Number) and len(value) <= _SAFE_DIGITS:
        return json.loads(value)
    return value
