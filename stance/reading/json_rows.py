"""Splits JSON and JSON Lines into rows of cells. Knows no columns but those of replies.

An entry is an object; its keys name the columns, keys of an object inside it with a dot between
("author.name"). Replies inside an entry become rows of their own, after it, with the id of what
they answer in the column `reply_to`; an entry that only holds others and has no text, such as a
Reddit listing, is no row. A text cell is the string itself, any other value as the file writes it,
so that long numbers keep all digits; null is an empty cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from stance.errors import ReadingError
from stance.limits import CELL_CHARACTERS, COLUMNS, NESTING, ROWS
from stance.reading.columns import is_text_name
from stance.reading.rows import Row
from stance.records import RejectedRow

NOT_JSON = "not JSON"
NO_OBJECT = "not an object"

REPLY_KEYS = ("replies", "children", "comments", "answers", "responses", "antworten", "kommentare")
"""Keys whose arrays of objects are taken for answers to the entry that holds them."""

_WRAPPERS = ("data", "items", "results", "comments", "rows", "entries", "records")
"""Keys that hold the array of entries in an answer of an interface, the first found is taken."""

_ID_KEYS = ("comment_id", "commentid", "id", "cid", "_id")
_EXCERPT = 80
_SAFE_DIGITS = 15
REPLY_TO = "reply_to"
# Only what no comment begins with: "[deleted]" must stay a comment.
_JSON = re.compile(r'\s*(?:\{\s*["}]|\[\s*(?:[\{\["\]]|null\b|-?\d))')


@dataclass(slots=True)
class JsonRows:
    """Rows of cells under names; `line` of a row is its line in JSON Lines, else its number."""

    names: tuple[str, ...]
    rows: list[Row]
    rejected: list[RejectedRow]
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Table:
    names: dict[str, None] = field(default_factory=dict)  # as an ordered set
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    replies: int = 0
    holders: int = 0


def looks_like_json(text: str) -> bool:
    """Whether a text begins as JSON or JSON Lines does, and no comment."""
    return _JSON.match(text[:4096]) is not None


def split_json(text: str) -> JsonRows:
    """All entries as rows.

    Raises:
        ReadingError: it is no JSON (says line and column), holds no array of objects, or passes a
            limit.
    """
    entries, rejected, note = _entries(text)
    table = _Table()
    for line, entry in entries:
        if isinstance(entry, dict):
            _add(table, line, entry)
        else:
            rejected.append(RejectedRow(line, NO_OBJECT, _as_cell(entry)[:_EXCERPT]))
    if not table.rows:
        raise ReadingError(
            "Expected an array of objects with comments, found "
            f"{'none' if not rejected else f'{len(rejected):,} entries that are no objects'}. "
            'Export each comment as an object such as {"author": "…", "text": "…"}.'
        )
    _merge_alike(table)
    names = tuple(table.names)
    rows = [Row(line, line, [cells.get(name, "") for name in names]) for line, cells in table.rows]
    notes = [note]
    if table.replies:
        notes.append(f"Replies inside other comments became rows of their own: {table.replies:,}.")
    if table.holders:
        notes.append(f"Entries that hold others and no text, so are no rows: {table.holders:,}.")
    return JsonRows(names, rows, sorted(rejected, key=lambda row: row.line), tuple(notes))


def _entries(text: str) -> tuple[list[tuple[int, Any]], list[RejectedRow], str]:
    try:
        whole = _parse(text)
    except json.JSONDecodeError as error:
        lines = _lines(text, error)
        if lines is None:
            raise ReadingError(
                f"Expected JSON or JSON Lines, found an error at line {error.lineno}, column "
                f"{error.colno} ({error.msg}). Export the file again."
            ) from error
        return lines
    entries, where = _array(whole)
    note = f"JSON: {len(entries):,} entries{where}. Numbers of rows count them."
    return list(enumerate(entries, start=1)), [], note


def _lines(
    text: str, error: json.JSONDecodeError
) -> tuple[list[tuple[int, Any]], list[RejectedRow], str] | None:
    """JSON Lines, if the first line is an entry by itself; lines that are no JSON are rejected."""
    if error.msg != "Extra data":
        first = next((line for line in text.splitlines() if line.strip()), "")
        try:
            _parse(first)
        except json.JSONDecodeError:
            return None
    entries: list[tuple[int, Any]] = []
    rejected: list[RejectedRow] = []
    # Not splitlines(): a string in JSON may hold U+2028 as it is.
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if not line.strip():
            continue
        try:
            entries.append((number, _parse(line)))
        except json.JSONDecodeError:
            rejected.append(RejectedRow(number, NOT_JSON, line[:_EXCERPT]))
    if not any(isinstance(entry, dict) for _, entry in entries):
        return None
    return entries, rejected, f"JSON Lines: {len(entries) + len(rejected):,} lines."


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
        raise NESTING.error("more", "JSON") from error


class _Number(str):
    """A number as the file writes it."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object in which a repeated key keeps all its values: "text", "text (2)"."""
    entry: dict[str, Any] = {}
    for key, value in pairs:
        name, number = key, 2
        while name in entry:
            name, number = f"{key} ({number})", number + 1
        entry[name] = value
    return entry


def _array(whole: Any) -> tuple[list[Any], str]:
    """The array of entries: the file's own, or the one that its object holds."""
    path: list[str] = []
    while isinstance(whole, dict):
        arrays = {
            key: value
            for key, value in whole.items()
            if isinstance(value, list) and any(isinstance(entry, dict) for entry in value)
        }
        inner = {key: value for key, value in whole.items() if isinstance(value, dict)}
        known = [key for key in _WRAPPERS if key in arrays]
        if len(arrays) == 1 or known:
            key = known[0] if known and len(arrays) > 1 else next(iter(arrays))
            path.append(key)
            others = len(arrays) - 1
            rest = f" (arrays left out beside it: {others})" if others else ""
            return arrays[key], f' of "{_shown(path)}"{rest}'
        if arrays:
            names = ", ".join(repr(name[:_EXCERPT]) for name in list(arrays)[:10])
            raise ReadingError(
                f"Expected one array of comments, found several: {names}. Keep one of them."
            )
        if len(inner) != 1 or len(path) >= NESTING.value():
            # A single entry is a file of one comment.
            return ([whole] if whole and not path else []), ""
        key = next(iter(inner))
        path.append(key)
        whole = inner[key]
    return (whole if isinstance(whole, list) else []), ""


def _shown(path: Sequence[str]) -> str:
    return ".".join(path)[:_EXCERPT]


def _add(table: _Table, line: int, entry: dict[str, Any]) -> None:
    """Add an entry and, after it, its replies, however deep; depth first, in their order."""
    waiting: list[tuple[dict[str, Any], str, int]] = [(entry, "", 0)]
    while waiting:
        one, parent, depth = waiting.pop()
        NESTING.check(depth, "replies")
        replies: list[dict[str, Any]] = []
        cells: dict[str, str] = {}
        for name, value in _flat(one, replies):
            cells[name] = value
        own = parent
        if replies and not any(is_text_name(_last(name)) for name in cells):
            table.holders += 1
        else:
            if parent and not cells.get(REPLY_TO):
                cells[REPLY_TO] = parent
            table.replies += bool(parent)
            table.names.update(dict.fromkeys(cells))
            COLUMNS.check(len(table.names), "JSON entries")
            table.rows.append((line, cells))
            ROWS.check(len(table.rows), "a source")
            own = _own_id(cells) or f"row {len(table.rows)}"
        waiting.extend((reply, own, depth + 1) for reply in reversed(replies))


def _merge_alike(table: _Table) -> None:
    """Make one column of those that end in the same key and are never filled in the same row.

    A comment and its replies often lie at different depths: "snippet.top.textOriginal" of one is
    "snippet.textOriginal" of the other.
    """
    alike: dict[str, list[str]] = {}
    for name in table.names:
        alike.setdefault(_last(name), []).append(name)
    for last, names in alike.items():
        if len(names) < 2 or any(sum(name in cells for name in names) > 1 for _, cells in table.rows):
            continue
        for _, cells in table.rows:
            for name in names:
                if name in cells:
                    cells[last] = cells.pop(name)
        places = {name: last if name in names else name for name in table.names}
        table.names = dict.fromkeys(places[name] for name in table.names)


def _last(name: str) -> str:
    return name.rsplit(".", 1)[-1]


def _flat(entry: dict[str, Any], replies: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Cells of an entry by their names; answers that it holds are put into `replies`."""
    inside: list[tuple[str, Any, int]] = [("", entry, 0)]
    while inside:
        name, value, depth = inside.pop()
        if isinstance(value, dict) and value and not isinstance(value, _Number):
            NESTING.check(depth, "a JSON entry")
            for key, inner in reversed(value.items()):
                inside.append((f"{name}.{key}" if name else key, inner, depth + 1))
        elif _is_replies(name, value):
            replies.extend(value)
        else:
            cell = _as_cell(value)
            CELL_CHARACTERS.check(len(cell), "cells")
            yield name, cell


def _is_replies(name: str, value: Any) -> bool:
    known = any(part.lower() in REPLY_KEYS for part in name.split("."))
    return known and isinstance(value, list) and bool(value) and all(
        isinstance(one, dict) for one in value
    )


def _own_id(cells: dict[str, str]) -> str:
    for key in _ID_KEYS:
        for name, value in cells.items():
            if _last(name).lower() == key and value:
                return value
    return ""


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
