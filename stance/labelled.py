"""Reads files of labelled texts: JSONL, a JSON object on each line. Knows no model and no figures."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from stance.errors import ReadingError, StanceError
from stance.text import why_unscored

Row = TypeVar("Row")
Known = TypeVar("Known")


def read_rows(path: Path, parse: Callable[[dict[str, Any]], Row], expected: str) -> list[Row]:
    """The rows of a JSONL file, parsed; empty lines are passed over.

    Args:
        path: of the file; packed with gzip if it ends in `.gz`.
        parse: makes a row of a JSON object; may raise ValueError, KeyError or TypeError.
        expected: what an object must hold, for the error's sentence.

    Raises:
        ReadingError: the file cannot be read or has no row, or a line is not as expected; names
            the file and the line.
    """
    rows = []
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        try:
            rows.append(parse(_object(line)))
        except (ValueError, KeyError, TypeError, RecursionError, StanceError) as error:
            # The cause may quote the comment, so it is not passed on.
            found = "no JSON" if isinstance(error, json.JSONDecodeError) else "other values"
            if isinstance(error, KeyError) and str(error.args[0]) in expected:
                found = f"no {error.args[0]}"
            raise ReadingError(
                f"{path}, line {number}: expected a JSON object with {expected}; found {found}."
            ) from None
    if not rows:
        raise ReadingError(f"Expected rows with {expected} in {path}, found an empty file.")
    return rows


def _object(line: str) -> dict[str, Any]:
    row = json.loads(line)
    if not isinstance(row, dict):
        raise TypeError("row")
    return row


def _lines(path: Path) -> Iterator[str]:
    try:
        # Lines end where JSON ends them: in a text a lone "\r" may stand.
        with (gzip.open if path.suffix == ".gz" else open)(
            path, "rt", encoding="utf-8", newline="\n"
        ) as file:
            yield from file
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReadingError(f"Expected a gzip file in {path}, found a broken one or none.") from error
    except OSError as error:
        raise ReadingError(f"Could not read {path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ReadingError(f"Expected JSON Lines in UTF-8 in {path}, found other bytes.") from error


def raw_text(row: dict[str, Any]) -> str:
    """The text of a row as it stands there.

    Raises:
        KeyError: there is none.
        TypeError: it is no string.
    """
    text = row["text"]
    if not isinstance(text, str):
        raise TypeError("text")
    return text


def label_in(known: Mapping[str | None, Known], label: str | None) -> Known:
    """What a row's label stands for.

    Raises:
        ValueError: it is none of the known ones.
    """
    if label not in known:
        raise ValueError("label")
    return known[label]


def text_of(row: dict[str, Any]) -> str:
    """The text of a row that can be scored.

    Raises:
        KeyError: there is none.
        TypeError: it is no string.
        ValueError: it has no word that could be scored.
    """
    text = raw_text(row)
    if why_unscored(text, any_language=True):
        raise ValueError("text without words")
    return text
