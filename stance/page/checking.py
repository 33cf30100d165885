"""How a source is understood: what was found, how to say otherwise, and a page's split to correct."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from stance.amounts import number, numbered, percent
from stance.errors import ReadingError
from stance.page.layout import FOUND, NO_COLUMN, Layout, ask_layout, one_of
from stance.page.overview import show_rejected
from stance.page.plain import show_problem
from stance.page.reopening import STOPPED, show_restored, taken_over
from stance.page.state import draft_key, remember_columns
from stance.reading import ColumnChoice, describe_source, read_comments
from stance.reading.edits import KEEP, with_edits
from stance.records import COMMENT_ID, PAGE_COLUMNS, SURE, ReadResult
from stance.restoring import Restored
from stance.sentences import Sentence, spoken
from stance.translation import N_, _, language

PREVIEW_ROWS = 200

_ROLES = {
    "text": N_("Comment text"),
    "author": N_("Author"),
    "time": N_("Time"),
    "likes": N_("Likes"),
    "reply_to": N_("Reply to"),
    "id": N_("Comment id"),
    "title": N_("Article title"),
}

_KEPT_DRAFTS = 5
"""Of each source: read as found and as the person says, the layout, its scores, what was corrected."""


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of a file or of a pasted page, and what tells its widgets from those of others."""

    data: bytes
    name: str
    key: str


@dataclass(slots=True)
class _Mended:
    """The split of a page in an editor: what that began with, in which language, and what it has now."""

    language: str
    start: pd.DataFrame
    now: pd.DataFrame


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
        unused = numbered(
            "{n} row not used, with the reason",
            "{n} rows not used, with the reason",
            len(result.rejected),
        )
        with st.expander(unused):
            show_rejected(result)
    return result if restored is None else restored


def _restored(result: ReadResult, source: Source, kept: int) -> Restored | None:
    """The scores that come with an export of ours, unless the person wants new ones."""
    # Two exports of other texts may have the same notes, but not the same bytes.
    key = draft_key(source.data, "restored", result.columns, result.notes)
    found: Restored | Sentence | None
    found = _once(key, lambda: taken_over(result, lambda: _keep(key, STOPPED, kept)), kept)
    if isinstance(found, Sentence):
        if found != STOPPED:
            st.warning(
                _("This looks like an export of this desk, but its scores cannot be taken over.")
            )
        st.text(" ".join((spoken(found), _("All comments will be scored anew."))))
        if found == STOPPED:
            st.button(_("Open it with its scores after all"), on_click=_drafts().pop, args=(key, None))
        return None
    if found is None:
        return None
    again = st.toggle(
        _("Score again"),
        key=f"again {source.key}",
        help=_("By the model as it came: labels by hand and what was learned stay behind."),
    )
    if again:
        return None
    show_restored(found)
    return found


def _read(source: Source, kept: int) -> ReadResult | None:
    with st.expander(_("Read wrongly? Say how the source is laid out")):
        kind, layout = ask_layout(source.key)
        choices = _column_choices(source, layout, kept)
    try:
        return _read_once(source, kind, layout, choices, kept)
    except ReadingError as error:
        show_problem(_("This could not be read as comments."), error.message)
        return None


def _column_choices(source: Source, layout: Layout, kept: int) -> ColumnChoice | None:
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
        words = [FOUND] if role == "text" else [FOUND, NO_COLUMN]
        choice = one_of(place, _(title), words, f"column {role} {source.key}", names=columns)
        if choice != FOUND:
            chosen[role] = "" if choice == NO_COLUMN else choice
    before = remember_columns(columns, source.key, chosen)
    if before:
        told = "; ".join(
            f"{_(_ROLES[role])}: {name or _(NO_COLUMN)}" for role, name in before.items()
        )
        said = _("As you chose for another file with these columns: {columns}")
        st.text(said.format(columns=told))
        if not st.toggle(_("Use that here too"), value=True, key=f"as before {source.key}"):
            before = {}
    return ColumnChoice(**before, **chosen) if before or chosen else None


def _read_once(
    source: Source,
    kind: str | None,
    layout: Layout,
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
    memory = _drafts()
    if key not in memory:
        try:
            made = make()
        except ReadingError as error:
            made = error
        _keep(key, made, kept)
        memory = _drafts()
    if isinstance(memory[key], ReadingError):
        raise memory[key]
    return memory[key]


def _keep(key: str, made: Any, kept: int) -> None:
    st.session_state["drafts"] = {**dict(list(_drafts().items())[1 - kept :]), key: made}


def _drafts() -> dict[str, Any]:
    drafts: dict[str, Any] = st.session_state.setdefault("drafts", {})
    return drafts


def _show_understood(result: ReadResult) -> None:
    heading = _("What was understood")
    st.markdown(f"**{heading}**")
    st.text("\n".join(map(spoken, result.notes)))
    if result.confidence < SURE:
        st.warning(
            _(
                "The split into comments is uncertain ({sure} sure). Check the table below before "
                "scoring."
            ).format(sure=percent(result.confidence))
        )


def _show_preview(result: ReadResult) -> None:
    rows = [
        (c.line, c.author, c.text, c.time, c.likes, c.reply_to)
        for c in result.comments[:PREVIEW_ROWS]
    ]
    names = [_("Line"), _("Author"), _("Comment"), _("Time"), _("Likes"), _("Reply to")]
    table = pd.DataFrame(rows, columns=names)
    if len(result.comments) > PREVIEW_ROWS:
        said = _("The first {shown} of {n} comments.")
        st.caption(said.format(shown=PREVIEW_ROWS, n=number(len(result.comments))))
    st.dataframe(table, hide_index=True, height=300, alt=_("Comments as they were read"))


def _mended(result: ReadResult, source: Source) -> ReadResult:
    """The split of a page, in a table that the person can correct."""
    how = _("Correct any cell, untick what is no comment, add a row at the bottom.")
    n_found = numbered(
        "{n} paragraph of the article were found.",
        "{n} paragraphs of the article were found.",
        len(result.article.paragraphs),
    )
    st.caption(f"{how} {n_found}")
    key = f"mend {source.key} {draft_key(source.data, [c.comment_id for c in result.comments])}"
    edited = st.data_editor(
        _to_mend(result, key),
        key=key,
        hide_index=True,
        num_rows="dynamic",
        height=340,
        column_order=[KEEP, "author", "text", "time", "likes", "reply_to"],
        column_config={
            KEEP: st.column_config.CheckboxColumn(_("keep"), default=True),
            "author": st.column_config.TextColumn(_("author")),
            "text": st.column_config.TextColumn(_("text"), width="large"),
            "time": st.column_config.TextColumn(_("time")),
            "likes": st.column_config.TextColumn(_("likes")),
            "reply_to": st.column_config.TextColumn(_("reply_to")),
        },
        alt=_("Comments as they were understood, editable"),
    )
    edited[KEEP] = edited[KEEP].fillna(True).astype(bool)
    edited = edited.fillna("").astype({name: str for name in (*PAGE_COLUMNS, COMMENT_ID)})
    _drafts()[key].now = edited.reset_index(drop=True)
    told = edited.assign(**{KEEP: edited[KEEP].map({True: "true", False: "false"})})
    return with_edits(
        result, [{str(k): v for k, v in row.items()} for row in told.to_dict("records")]
    )


def _to_mend(result: ReadResult, key: str) -> pd.DataFrame:
    """The table that an editor begins with.

    Streamlit forgets what was corrected where a heading or the data changes: in another language the
    corrected table is what the editor begins with.
    """
    draft: _Mended | None = _drafts().pop(key, None)
    if draft is None or key not in st.session_state:
        rows = [(True, *comment.cells, comment.comment_id) for comment in result.comments]
        table = pd.DataFrame(rows, columns=[KEEP, *PAGE_COLUMNS, COMMENT_ID])
        draft = _Mended(language(), table, table)
    elif draft.language != language():
        draft = _Mended(language(), draft.now, draft.now)
    _drafts()[key] = draft  # again the latest, which are kept
    return draft.start
