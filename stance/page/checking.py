"""How a source is understood: what was found, how to say otherwise, and a page's split to correct."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from stance.amounts import counted
from stance.errors import ReadingError
from stance.page.overview import show_rejected
from stance.page.plain import show_problem
from stance.page.state import draft_key, remember_columns
from stance.reading import ColumnChoice, describe_source, read_comments
from stance.reading.edits import KEEP, with_edits
from stance.records import COMMENT_ID, PAGE_COLUMNS, SURE, ReadResult
from stance.restoring import Restored, restore
from stance.wording.corrections import comes_along

ENCODINGS = ("utf-8", "utf-16", "windows-1251", "windows-1252", "windows-1250", "koi8-r")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
PREVIEW_ROWS = 200

_FOUND = "as found"
_NO_COLUMN = "no such column"
_ROLES = {
    "text": "Comment text",
    "author": "Author",
    "time": "Time",
    "likes": "Likes",
    "reply_to": "Reply to",
    "id": "Comment id",
    "title": "Article title",
}

_KEPT_DRAFTS = 4
"""Of each source: read as found and as the person says, the layout, the scores that come with it."""


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file or of a pasted page, and what tells its widgets from those of others."""

    data: bytes
    name: str
    key: str


def show_check(source: Source, *, n_sources: int) -> ReadResult | Restored | None:
    """What is understood of a source, to be looked at and mended.

    Returns:
        What is to be scored; an export of ours with its scores; None where it cannot be read.
    """
    kept = _KEPT_DRAFTS * n_sources
    result = _read(source, kept)
    if result is None:
        return None
    _show_understood(result)
    restored = _restored(result, source, kept)
    result = _mended(result, source) if result.kind == "page" else result
    if result.kind == "table":
        _show_preview(result if restored is None else restored.result)
    if result.rejected:
        with st.expander(f"{counted(len(result.rejected), 'row')} not used, with the reason"):
            show_rejected(result)
    return result if restored is None else restored


def _restored(result: ReadResult, source: Source, kept: int) -> Restored | None:
    """The scores that come with an export of ours, unless the person wants new ones."""
    # Two exports of other texts may have the same notes, but not the same bytes.
    key = draft_key(source.data, "restored", result.columns, result.notes)
    found: Restored | str | None = _once(key, lambda: restore(result), kept)
    if isinstance(found, str):
        st.warning("This looks like an export of this desk, but its scores cannot be taken over.")
        st.text(f"{found} All comments will be scored anew.")
        return None
    if found is None:
        return None
    again = st.toggle(
        "Score again",
        key=f"again {source.key}",
        help="By the model as it came: labels by hand and what was learned stay behind.",
    )
    if again:
        return None
    st.success(
        "An export of this desk: its scores come with it, and nothing is scored again. Which model "
        "gave them is not in the file; what is unsure follows the threshold of the shipped one."
    )
    if found.labels or found.learned_from:
        st.caption(comes_along(len(found.labels), found.learned_from))
    if len(found.text_columns) > 1:
        st.warning("The scores fit more than one column. Choose the comments' column above if need be.")
        st.text(f"Taken: {found.text_columns[0]}; also possible: {', '.join(found.text_columns[1:])}")
    return found


def _read(source: Source, kept: int) -> ReadResult | None:
    with st.expander("Read wrongly? Say how the source is laid out"):
        key, first = source.key, st.columns(3)
        kinds = {_FOUND: None, "a table": "table", "a pasted page": "page"}
        kind = kinds[str(first[0].selectbox("It is", list(kinds), key=f"kind {key}"))]
        encoding = _optional(
            first[1].selectbox("Encoding", [_FOUND, *ENCODINGS], key=f"encoding {key}")
        )
        named = {_FOUND: None} | {title: sign for sign, title in DELIMITERS.items()}
        delimiter = named[str(first[2].selectbox("Between cells", list(named), key=f"cells {key}"))]
        headers = {_FOUND: None, "yes": True, "no": False}
        header = headers[
            str(
                first[0].selectbox(
                    "First row holds the column names", list(headers), key=f"header {key}"
                )
            )
        ]
        sheet = first[1].text_input(
            "Sheet of a workbook", placeholder="its first", key=f"sheet {key}"
        )
        layout = _Layout(encoding, delimiter, header, sheet or None)
        choices = _column_choices(source, layout, kept)
    try:
        return _read_once(source, kind, layout, choices, kept)
    except ReadingError as error:
        show_problem("This could not be read as comments.", str(error))
        return None


class _Layout(NamedTuple):
    """What the person says of how a source is laid out; None where it is to be found."""

    encoding: str | None
    delimiter: str | None
    header: bool | None
    sheet: str | None


def _column_choices(source: Source, layout: _Layout, kept: int) -> ColumnChoice | None:
    """Which column is what, chosen among the columns of the table as it is laid out now.

    Asks for the layout only, so that the columns are there also where no text column was found.
    What was chosen for another file of this session with the same columns holds for this one too.
    """
    with contextlib.suppress(ReadingError):  # said below; choosing a column may mend it
        if _read_once(source, None, layout, None, kept).kind == "page":
            return None
    try:
        columns: tuple[str, ...] = _once(
            draft_key(source.data, "layout", layout),
            lambda: describe_source(source.data, **layout._asdict()).columns,
            kept,
        )
    except ReadingError:
        return None
    places = st.columns(len(_ROLES))
    chosen: dict[str, str] = {}
    for place, (role, title) in zip(places, _ROLES.items(), strict=True):
        options = [_FOUND, *columns]
        if role != "text":
            options.insert(1, _NO_COLUMN)
        choice = place.selectbox(title, options, key=f"column {role} {source.key}")
        if choice not in (None, _FOUND):
            chosen[role] = "" if choice == _NO_COLUMN else str(choice)
    before = remember_columns(columns, source.key, chosen)
    if before:
        told = "; ".join(f"{_ROLES[role]}: {name or _NO_COLUMN}" for role, name in before.items())
        st.text(f"As you chose for another file with these columns: {told}")
        if not st.toggle("Use that here too", value=True, key=f"as before {source.key}"):
            before = {}
    return ColumnChoice(**before, **chosen) if before or chosen else None


def _read_once(
    source: Source,
    kind: str | None,
    layout: _Layout,
    columns: ColumnChoice | None,
    kept: int,
) -> ReadResult:
    """Read, or take what these bytes gave in an earlier run with the same options."""
    result: ReadResult = _once(
        draft_key(source.data, source.name, kind, layout, columns),
        lambda: read_comments(
            source.data,
            name=source.name,
            kind=kind,  # type: ignore[arg-type]
            columns=columns,
            **layout._asdict(),
        ),
        kept,
    )
    return result


def _once(key: str, make: Callable[[], Any], kept: int) -> Any:
    """What was made under this key, also the error that making it raised: files may be slow to read."""
    memory: dict[str, Any] = st.session_state.setdefault("drafts", {})
    if key not in memory:
        try:
            made = make()
        except ReadingError as error:
            made = error
        st.session_state["drafts"] = {**dict(list(memory.items())[1 - kept :]), key: made}
        memory = st.session_state["drafts"]
    if isinstance(memory[key], ReadingError):
        raise memory[key]
    return memory[key]


def _optional(chosen: str | None) -> str | None:
    return None if chosen in (None, _FOUND) else chosen


def _show_understood(result: ReadResult) -> None:
    st.markdown("**What was understood**")
    st.text("\n".join(result.notes))
    if result.confidence < SURE:
        st.warning(
            f"The split into comments is uncertain ({result.confidence:.0%} sure). "
            "Check the table below before scoring."
        )


def _show_preview(result: ReadResult) -> None:
    rows = [
        (c.line, c.author, c.text, c.time, c.likes, c.reply_to)
        for c in result.comments[:PREVIEW_ROWS]
    ]
    names = ["Line", "Author", "Comment", "Time", "Likes", "Reply to"]
    table = pd.DataFrame(rows, columns=names)
    if len(result.comments) > PREVIEW_ROWS:
        st.caption(f"The first {PREVIEW_ROWS} of {len(result.comments):,} comments.")
    st.dataframe(table, hide_index=True, height=300, alt="Comments as they were read")


def _mended(result: ReadResult, source: Source) -> ReadResult:
    """The split of a page, in a table that the person can correct."""
    st.caption(
        "Correct any cell, untick what is no comment, add a row at the bottom. "
        f"{counted(len(result.article.paragraphs), 'paragraph')} of the article were found."
    )
    rows = [(True, *comment.cells, comment.comment_id) for comment in result.comments]
    edited = st.data_editor(
        pd.DataFrame(rows, columns=[KEEP, *PAGE_COLUMNS, COMMENT_ID]),
        key=f"mend {source.key} {draft_key(source.data, [c.comment_id for c in result.comments])}",
        hide_index=True,
        num_rows="dynamic",
        height=340,
        column_order=[KEEP, "author", "text", "time", "likes", "reply_to"],
        column_config={
            KEEP: st.column_config.CheckboxColumn(default=True),
            "text": st.column_config.TextColumn(width="large"),
        },
        alt="Comments as they were understood, editable",
    )
    edited[KEEP] = edited[KEEP].fillna(True).map({True: "true", False: "false"})
    mended = edited.fillna("").astype(str).to_dict("records")
    return with_edits(result, [{str(k): str(v) for k, v in row.items()} for row in mended])
