"""A scored Parquet file of ours as one table, however many rows it has. Makes no records, scores nothing.

Of a row those columns are read that the page shows, and labels are kept as categories: so a million rows
take a few hundred megabytes and are counted in a second.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from stance.browsing import COMMENT_COLUMNS
from stance.errors import ReadingError
from stance.limits import ROWS
from stance.model.manifest import model_name, read_manifest
from stance.reading.columns import ColumnChoice, resolve_columns
from stance.records import COMMENT_ID, UNSCORED, column_kinds, distinct_from, exported_targets
from stance.restored_texts import are_of
from stance.restoring import OddExport, known_targets, odd_label
from stance.sentences import Sentence
from stance.targets import COUNTRY, Target, load_targets
from stance.text import NORMALISATION_VERSION, REASONS
from stance.translation import N_
from stance.writing.manifests import manifest_path

_SAMPLED = 200
"""Rows by whose cells the column with the comments is known."""


@dataclass(frozen=True, slots=True)
class SaidBeside:
    """What the manifest beside a file says of it: nothing where there is none of this very file.

    `model` names what gave the scores, if it cleaned texts as we do; `any_language` says that comments in
    other languages were scored too, `n_rejected` rows of the source were not used, and `n_copies` comments
    repeat an earlier one. `names` are those of each target, by key.
    """

    model: str = ""
    any_language: bool = False
    n_rejected: int = 0
    n_copies: int = 0
    names: dict[str, list[str]] = field(default_factory=dict)

    @property
    def by_shipped(self) -> bool:
        """Whether the shipped model gave the scores, so that its mistakes are those of the file."""
        return self.model == str(model_name(read_manifest()))

    def as_typed(self, targets: Sequence[Target]) -> tuple[Target, ...]:
        """Targets that are known by their keys alone, with the names that were looked for."""
        known = {target.key for target in load_targets()}
        return tuple(
            Target(t.key, names[0], {COUNTRY: tuple(names[1:])})
            if t.key not in known and (names := self.names.get(t.key))
            else t
            for t in targets
        )


@dataclass(frozen=True, slots=True)
class Exported:
    """A scored table, as long as the file and in its order, and what is said of it."""

    scored: pd.DataFrame
    targets: tuple[Target, ...]
    said: SaidBeside


def open_exported(path: Path) -> Exported:
    """Read the scores that `python -m stance score INPUT -o FILE.parquet` wrote.

    Raises:
        ReadingError: the file is not there, is no such export, or was changed since; or it has labels
            by hand, which are for the page's own sets; or it has more rows than the limit.
    """
    with _parquet(path) as file:
        ROWS.check(file.metadata.num_rows, N_("a file"))
        names = file.schema_arrow.names
    first, targets = _understood(names)
    keys = [target.key for target in targets]
    kinds = column_kinds(keys)
    ours = dict(zip(distinct_from(names[:first], kinds), kinds, strict=True))
    labels = [there for there, name in ours.items() if kinds[name] is str]
    labels.remove(next(iter(ours)))  # ids are all different
    with _parquet(path, read_dictionary=labels) as file:
        # Columns that share memory with what was read: to make others takes as long as to read them.
        scored = file.read(columns=list(ours)).to_pandas(split_blocks=True)[list(ours)]
    scored.columns = pd.Index(kinds)
    _check(scored, keys)
    said = said_beside(path)
    return Exported(scored, said.as_typed(targets), said)


def with_comments(path: Path, exported: Exported) -> pd.DataFrame:
    """The table of `browsing.browsing_table`: the comments of the same file beside their scores.

    Read after the scores, for with a million comments it takes as long again.

    Raises:
        ReadingError: no column has the texts that were scored, or the file is another one by now.
    """
    with _parquet(path) as file:
        names = file.schema_arrow.names
        first, _ = _understood(names)
        # Else comments would stand beside the scores of others.
        ids = file.read(columns=[names[first]]).to_pandas(split_blocks=True)[names[first]]
        if not ids.equals(exported.scored[COMMENT_ID]):
            raise _changed(Sentence("It was written anew while it was read."))
        own = _own_columns(file, names[:first], exported.scored)
        read = file.read(columns=list(own.values())).to_pandas(split_blocks=True)
    comments = {column: _texts(read, own.get(column)) for column in COMMENT_COLUMNS}
    return pd.concat([pd.DataFrame(comments, read.index), exported.scored], axis=1)


@contextlib.contextmanager
def _parquet(path: Path, **options: Any) -> Iterator[Any]:
    """The file, opened by pyarrow; what goes wrong with it is told as a ReadingError."""
    import pyarrow as pa  # takes a moment to load
    import pyarrow.parquet as pq

    try:
        path.open("rb").close()  # what is wrong with the path is said in Arrow's words else
        with pq.ParquetFile(path, **options) as file:
            yield file
    except pa.ArrowException as error:
        raise ReadingError(
            Sentence(
                "Expected a Parquet file, found one of another form or a broken one at {path}. Score your "
                "comments into one: python -m stance score INPUT -o FILE.parquet.",
                path=str(path),
            )
        ) from error
    except OSError as error:
        raise ReadingError(
            Sentence(
                "Expected a Parquet file at {path}, found none that can be read ({reason}). Name another.",
                path=str(path),
                reason=str(error.strerror),
            )
        ) from error
    finally:
        pa.default_memory_pool().release_unused()  # what was needed to unpack it


def said_beside(path: Path) -> SaidBeside:
    """What the manifest beside an output of `python -m stance score`, of any form, says of that file."""
    try:
        manifest = json.loads(manifest_path(path).read_bytes())
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return SaidBeside()
    match manifest:
        case {
            "output": {"sha256": str(sha256)},
            "model": {"name": str(model)},
            "text_cleaning": int(cleaning),
            "targets": dict(names),
            "any_language": bool(any_language),
            "rows": {"rejected": dict(rejected), "copies": dict(copies)},
        } if (
            sha256 == found
            and all(isinstance(n, int) for n in (*rejected.values(), *copies.values()))
            and all(isinstance(each, list) for each in names.values())
        ):
            model = model if cleaning == NORMALISATION_VERSION else ""
            names = {key: [str(name) for name in each] for key, each in names.items() if each}
            return SaidBeside(model, any_language, sum(rejected.values()), sum(copies.values()), names)
    return SaidBeside()


def _understood(names: list[str]) -> tuple[int, tuple[Target, ...]]:
    """How many of the columns are the person's own, and which targets were asked about."""
    found = exported_targets(names)
    if found is None:
        raise ReadingError(
            Sentence(
                "Expected the columns that “python -m stance score INPUT -o FILE.parquet” writes, found "
                "{columns}. Score the file first.",
                columns=", ".join(repr(name[:40]) for name in names[:10]),
            )
        )
    first, keys, tail = found
    if tail:
        raise ReadingError(
            Sentence(
                "Expected scores of the shipped model alone, found {columns}. Open the file on the page, "
                "under “Add comments”.",
                columns=", ".join(tail),
            )
        )
    try:
        return first, known_targets(keys)
    except OddExport as odd:
        raise _changed(odd.why) from odd


def _own_columns(file: Any, names: list[str], scored: pd.DataFrame) -> dict[str, str]:
    """The person's columns by what they hold; the comments' text is always there.

    Which column was scored may have been said, so it is the one whose first texts give the reasons and
    the words that name a target beside them; that which we would choose ourselves, if it is one of these.
    """
    batch = next(file.iter_batches(_SAMPLED, columns=names), None)
    cells = [[] if batch is None else batch.column(name).to_pylist() for name in names]
    cells = [["" if cell is None else str(cell) for cell in column] for column in cells]
    rows = [list(row) for row in zip(*cells, strict=True)]
    places, _ = resolve_columns(ColumnChoice(), names, rows)
    first = [places["text"]] if "text" in places else []
    others = [place for place in range(len(names)) if place not in first]
    beside = scored.iloc[: len(rows)]
    fitting = (p for p in (*first, *others) if are_of(cells[p], beside, None) is not None)
    text = next(fitting, None)
    if text is None:
        raise _changed(Sentence("None of its columns has the texts that these scores belong to."))
    # What was taken for something else is the text.
    roles = {role: place for role, place in places.items() if role in COMMENT_COLUMNS and place != text}
    return {role: names[place] for role, place in {**roles, "text": text}.items()}


def _texts(read: pd.DataFrame, column: str | None) -> pd.Series[Any] | str:
    return "" if column is None else read[column].astype("str").fillna("")


def _check(table: pd.DataFrame, keys: list[str]) -> None:
    """Raise ReadingError where labels are not those of the probabilities beside them."""
    for name, kind in column_kinds(keys).items():
        column = table[name]
        right = {
            float: pd.api.types.is_float_dtype(column.dtype),
            bool: pd.api.types.is_bool_dtype(column.dtype),
            str: not pd.api.types.is_numeric_dtype(column.dtype),
        }[kind]
        if not right or (kind is not float and column.isna().any()):
            raise _changed(Sentence(N_("Column {column} holds something else."), column=repr(name)))
    if not set(table[UNSCORED].unique()) <= {"", *REASONS}:  # others would be words of strangers
        raise _changed(Sentence(N_("Column {column} holds something else."), column=repr(UNSCORED)))
    if odd := odd_label(table, keys):
        row, name = odd
        why = N_("Row {row} has a label in {column} that its probabilities do not give.")
        raise _changed(Sentence(why, row=str(row + 1), column=repr(name)))


def _changed(why: Sentence) -> ReadingError:
    return ReadingError(
        Sentence("Expected scores as they were written. {why} Score the file again.", why=why)
    )
