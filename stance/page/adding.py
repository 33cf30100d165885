"""Adding a comment set: upload or paste, check what was understood, score with progress and cancel."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from stance.amounts import counted
from stance.errors import ReadingError, StanceError
from stance.page.asking import show_asking
from stance.page.overview import show_rejected
from stance.page.plain import show_problem
from stance.page.state import add_set, draft_key
from stance.reading import ColumnChoice, TableLayout, describe_source, read_comments
from stance.reading.edits import KEEP, with_edits
from stance.records import COMMENT_ID, PAGE_COLUMNS, SURE, ReadResult
from stance.scoring import Progress, score_comments
from stance.targets import Target

if TYPE_CHECKING:
    from stance.model.classifier import StanceClassifier

ENCODINGS = ("utf-8", "utf-16", "windows-1251", "windows-1252", "windows-1250", "koi8-r")
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
PREVIEW_ROWS = 200

_JOB, _NOTICE, _DONE = "job", "notice", "added set"
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


_DRAWN_BEFORE = 20
"""At least as many elements as the form draws."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What waits to be scored, and how."""

    result: ReadResult
    targets: tuple[Target, ...]
    any_language: bool


@st.cache_resource(show_spinner="Loading the model (once)…")
def shared_classifier() -> StanceClassifier:
    """The one classifier of all sessions; it is never changed."""
    # torch takes seconds to load; the first picture must not wait for it.
    from stance.model.classifier import load_classifier
    from stance.model.threads import use_threads

    use_threads(None)
    return load_classifier()


def show_adding() -> None:
    """The whole view: source, check, score."""
    if _JOB in st.session_state:
        _run_job(st.session_state[_JOB])
        return
    st.subheader("Add comments")
    if notice := st.session_state.pop(_NOTICE, ""):
        st.warning(notice)
    data, name = _source()
    if data is None:
        return
    result = _read(data, name)
    if result is None:
        return
    _show_understood(result)
    result = _mended(result, data) if result.kind == "page" else result
    if result.kind == "table":
        _show_preview(result)
    if result.rejected:
        with st.expander(f"{counted(len(result.rejected), 'row')} not used, with the reason"):
            show_rejected(result)
    targets, any_language = show_asking()
    label = f"Score {counted(len(result.comments), 'comment')}"
    if st.button(label, type="primary", disabled=not (result.comments and targets)):
        st.session_state[_JOB] = _Job(result, targets, any_language)
        st.rerun()


def added_set() -> str:
    """Name of the set that was scored in this run, once; "" if none was."""
    return str(st.session_state.pop(_DONE, ""))


def drop_job() -> None:
    """Forget a job whose screen was left: it would begin anew when the person comes back."""
    if st.session_state.pop(_JOB, None) is not None:
        st.session_state[_NOTICE] = "Scoring stopped when you left this view; nothing was kept."


def _source() -> tuple[bytes | None, str]:
    """What was uploaded, though it be empty, or pasted; None where there is neither."""
    upload, paste = st.tabs(["Upload a file", "Paste a page"])
    with upload:
        file = st.file_uploader(
            "CSV, TSV, Excel (XLSX), JSON, JSON Lines, Parquet, or a text file with a pasted page",
            type=["csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "xlsx", "parquet", "gz"],
            help="Up to 50 MB. It goes to the computer that runs this page, and nowhere else.",
            on_change=_use,
            args=("upload",),
        )
    with paste:
        text = st.text_area(
            "The page from its headline to the last comment",
            height=220,
            placeholder="Headline\nArticle …\n\nComments\n\nAuthor\nWhat the author wrote …",
            help="Select all on the newspaper's page, copy, and paste here.",
            on_change=_use,
            args=("paste",),
        )
        name = st.text_input("Name of this set", value="Pasted page")
        st.button("Read this page", on_click=_use, args=("paste",))
    # With both at hand, the one that was touched last counts.
    if file is not None and not (text and st.session_state.get("source") == "paste"):
        return file.getvalue(), file.name
    return text.encode("utf-8", "replace") if text else None, name or "Pasted page"


def _use(source: str) -> None:
    st.session_state["source"] = source


def _read(data: bytes, name: str) -> ReadResult | None:
    with st.expander("Read wrongly? Say how the source is laid out"):
        first = st.columns(3)
        kinds = {_FOUND: None, "a table": "table", "a pasted page": "page"}
        kind = kinds[str(first[0].selectbox("It is", list(kinds)))]
        encoding = _optional(first[1].selectbox("Encoding", [_FOUND, *ENCODINGS]))
        named = {_FOUND: None} | {title: sign for sign, title in DELIMITERS.items()}
        delimiter = named[str(first[2].selectbox("Between cells", list(named)))]
        headers = {_FOUND: None, "yes": True, "no": False}
        header = headers[str(first[0].selectbox("First row holds the column names", list(headers)))]
        sheet = first[1].text_input("Sheet of a workbook", placeholder="its first") or None
        choices = _column_choices(data, name, encoding, delimiter, header, sheet)
    try:
        return _read_once(data, name, kind, encoding, delimiter, header, choices, sheet)
    except ReadingError as error:
        show_problem("This could not be read as comments.", str(error))
        return None


def _column_choices(
    data: bytes,
    name: str,
    encoding: str | None,
    delimiter: str | None,
    header: bool | None,
    sheet: str | None,
) -> ColumnChoice | None:
    """Which column is what, chosen among the columns of the table as it is laid out now.

    Asks for the layout only, so that the columns are there also where no text column was found.
    """
    with contextlib.suppress(ReadingError):  # said below; choosing a column may mend it
        if _read_once(data, name, None, encoding, delimiter, header, None, sheet).kind == "page":
            return None
    try:
        layout: TableLayout = _once(
            draft_key(data, "layout", encoding, delimiter, header, sheet),
            lambda: describe_source(
                data, encoding=encoding, delimiter=delimiter, header=header, sheet=sheet
            ),
        )
    except ReadingError:
        return None
    places = st.columns(len(_ROLES))
    chosen: dict[str, str | None] = {}
    for place, (role, title) in zip(places, _ROLES.items(), strict=True):
        options = [_FOUND, *layout.columns]
        if role != "text":
            options.insert(1, _NO_COLUMN)
        choice = place.selectbox(title, options, key=f"column {role}")
        chosen[role] = "" if choice == _NO_COLUMN else _optional(choice)
    return ColumnChoice(**chosen) if any(c is not None for c in chosen.values()) else None


def _read_once(
    data: bytes,
    name: str,
    kind: str | None,
    encoding: str | None,
    delimiter: str | None,
    header: bool | None,
    columns: ColumnChoice | None,
    sheet: str | None,
) -> ReadResult:
    """Read, or take what these bytes gave in an earlier run with the same options."""
    result: ReadResult = _once(
        draft_key(data, name, kind, encoding, delimiter, header, columns, sheet),
        lambda: read_comments(
            data,
            name=name,
            kind=kind,  # type: ignore[arg-type]
            encoding=encoding,
            delimiter=delimiter,
            header=header,
            columns=columns,
            sheet=sheet,
        ),
    )
    return result


_KEPT_DRAFTS = 3
"""A reading as found, one as the person says, and the layout."""


def _once(key: str, make: Callable[[], Any]) -> Any:
    """What was made under this key, also the error that making it raised: files may be slow to read."""
    memory: dict[str, Any] = st.session_state.setdefault("drafts", {})
    if key not in memory:
        try:
            made = make()
        except ReadingError as error:
            made = error
        st.session_state["drafts"] = {**dict(list(memory.items())[1 - _KEPT_DRAFTS :]), key: made}
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


def _mended(result: ReadResult, data: bytes) -> ReadResult:
    """The split of a page, in a table that the person can correct."""
    st.caption(
        "Correct any cell, untick what is no comment, add a row at the bottom. "
        f"{counted(len(result.article.paragraphs), 'paragraph')} of the article were found."
    )
    rows = [(True, *comment.cells, comment.comment_id) for comment in result.comments]
    edited = st.data_editor(
        pd.DataFrame(rows, columns=[KEEP, *PAGE_COLUMNS, COMMENT_ID]),
        key=f"mend {draft_key(data, [c.comment_id for c in result.comments])}",
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


def _run_job(job: _Job) -> None:
    """Score; a click on Cancel ends this run of the script at the next report of progress."""
    st.subheader(f"Scoring {counted(len(job.result.comments), 'comment')}")
    bar = st.progress(0.0, text="Starting…")
    st.button("Cancel", on_click=_cancel)
    # What the run before drew stays, faded, until this run ends or draws in its place.
    for _ in range(_DRAWN_BEFORE):
        st.empty()

    def report(progress: Progress) -> None:
        left = progress.seconds / progress.done * (progress.total - progress.done)
        text = f"{progress.done:,} of {progress.total:,} distinct texts, {left:.0f} s left"
        bar.progress(progress.done / progress.total, text=text)

    try:
        scored = score_comments(
            job.result.comments,
            shared_classifier(),
            targets=job.targets,
            any_language=job.any_language,
            on_progress=report,
        )
    except StanceError as error:
        del st.session_state[_JOB]
        show_problem("The comments were not scored.", str(error))
        return
    for key in (_JOB, "drafts"):
        del st.session_state[key]
    st.session_state[_DONE] = add_set(
        job.result, scored, job.targets, any_language=job.any_language
    )
    st.rerun()


def _cancel() -> None:
    st.session_state.pop(_JOB, None)
    st.session_state[_NOTICE] = "Scoring was cancelled; nothing was kept. Your source is still here."
