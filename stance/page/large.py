"""The scored file that the page was started with: its distributions and its comments. Scores nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import pandas as pd
import streamlit as st

from stance.amounts import number, numbered
from stance.errors import ReadingError
from stance.exported import Exported, SaidBeside, open_exported, with_comments
from stance.page.basis import show_basis
from stance.page.language import show_language
from stance.page.overview import show_distributions
from stance.page.plain import in_sentence, show_problem
from stance.page.reading_room import show_list
from stance.page.state import CommentSet
from stance.records import ReadResult
from stance.sentences import Sentence
from stance.translation import _

_Read = TypeVar("_Read", Exported, pd.DataFrame)


def show_large(paths: Sequence[Path]) -> None:
    """The distributions of all comments of the file, and below them those that fit the filters."""
    frame = st.container(horizontal=True, vertical_alignment="center", key="frame")
    question = _("What does the whole file say?")
    frame.markdown(f"##### {question}", width="stretch")
    try:
        path = _the_one(paths)
        state = _state_of(path)
        with st.spinner(_("Reading the scores")):
            exported = _given(_opened(path, state))
    except ReadingError as error:
        _show_unreadable(error)
        show_language(frame)
        return
    large = _as_set(path, exported, str(state))
    show_basis(frame, large)
    show_language(frame)
    n = numbered("{n} comment", "{n} comments", len(exported.scored))
    st.caption(" · ".join((in_sentence(path.name), n)))
    unknown = _(
        "No manifest of this very file stands beside it, so which model scored these comments is not "
        "known, and nothing is known of its mistakes: the intervals are too narrow. Keep "
        "FILE.manifest.json with the file."
    )
    show_distributions(large, unknown=unknown, of_file=True)
    for note in _said_notes(exported.said):
        st.caption(note)
    try:
        with st.spinner(_("Reading the comments")):
            table = _given(_table(path, state))
    except ReadingError as error:
        _show_unreadable(error)
        return
    st.caption(
        _(
            "The charts are always of the whole file: a filter, or a click on a bar, changes the list "
            "only. The other views are about the sets that are added to the desk, not about this file."
        )
    )
    show_list(large, table)
    memory = number(math.ceil(table.memory_usage(deep=True).sum() / 1e6))
    st.caption(
        _(
            "Comments that repeat others are not marked here. All columns are in the file itself, so there "
            "is no download. In memory this table takes {n} MB, once for all who look at it."
        ).format(n=memory)
    )


def _as_set(path: Path, exported: Exported, version: str) -> CommentSet:
    """As the views take it: without records of the rows."""
    name = str(path.absolute())  # no upload has a name with a slash in it
    return CommentSet(
        name,
        ReadResult(name, columns=(), comments=()),
        exported.scored,
        exported.targets,
        exported.said.any_language,
        restored=not exported.said.by_shipped,
        version=version,
    )


def _said_notes(said: SaidBeside) -> list[str]:
    """What the manifest counts that is not in the file, or not to be seen in it."""
    notes = []
    if said.n_rejected:
        notes.append(
            numbered(
                "{n} row of the source was not used; its manifest says why.",
                "{n} rows of the source were not used; its manifest says why.",
                said.n_rejected,
            )
        )
    if said.n_copies:
        notes.append(
            numbered(
                "{n} comment repeats an earlier one. It counts like any other.",
                "{n} comments repeat an earlier one. They count like any other.",
                said.n_copies,
            )
        )
    return notes


def _the_one(paths: Sequence[Path]) -> Path:
    if len(paths) > 1:
        found = Sentence("Expected one file, found {n}. Start the page with one of them.", n=len(paths))
        raise ReadingError(found)
    return paths[0]


def _show_unreadable(error: ReadingError) -> None:
    show_problem(_("The file that this page was started with cannot be shown."), error.message)


# Whoever started the page chose the file: it is nobody's upload, and every session shows the same. An
# error is given as a value, for a cache keeps no exception, and each click would read the file again.
@st.cache_resource(show_spinner=False, max_entries=1)
def _opened(path: Path, state: tuple[int, int]) -> Exported | ReadingError:
    try:
        return open_exported(path)
    except ReadingError as error:
        return error


@st.cache_resource(show_spinner=False, max_entries=1)
def _table(path: Path, state: tuple[int, int]) -> pd.DataFrame | ReadingError:
    try:
        return with_comments(path, _given(_opened(path, state)))
    except ReadingError as error:
        return error


def _given(found: _Read | ReadingError) -> _Read:
    if isinstance(found, ReadingError):
        raise found
    return found


def _state_of(path: Path) -> tuple[int, int]:
    """What changes with the file; of one that is not there, nothing."""
    try:
        found = path.stat()
    except OSError:
        return 0, 0
    return found.st_mtime_ns, found.st_size
