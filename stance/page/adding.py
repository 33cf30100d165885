"""Adding comment sets: upload or paste, then score with progress and cancel. `checking.py` is between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from stance.amounts import number, numbered
from stance.errors import ReadingError, StanceError
from stance.limits import UPLOADED_BYTES, UPLOADS
from stance.page.asking import show_asking
from stance.page.checking import Source, show_check
from stance.page.classifying import progress_text, shared_classifier
from stance.page.plain import in_label, show_problem
from stance.page.state import add_set
from stance.records import ReadResult
from stance.restoring import Restored
from stance.scoring import Progress, score_comments
from stance.sentences import spoken
from stance.targets import Target, load_targets
from stance.translation import N_, _

_JOB, _NOTICE, _DONE = "job", "notice", "added set"
_DRAWN_BEFORE = 20
"""At least as many elements as the form draws."""


@dataclass(frozen=True, slots=True)
class _Job:
    """What waits to be scored, one set after the other, and how; `names` are those of sets made."""

    results: tuple[ReadResult | Restored, ...]
    targets: tuple[Target, ...]
    any_language: bool
    names: tuple[str, ...] = ()


def show_adding() -> None:
    """The whole view: sources, check, score."""
    if _JOB in st.session_state:
        _run_job(st.session_state[_JOB])
        return
    st.subheader(_("Add comments"))
    if notice := st.session_state.pop(_NOTICE, ""):
        st.warning(notice)
    sources = _sources()
    if not sources:
        return
    readable = _checked(sources)
    if not readable:
        return
    to_score = [result for result in readable if isinstance(result, ReadResult)]
    targets, any_language = show_asking() if to_score else (load_targets(), False)
    if st.button(_button_label(readable, to_score), type="primary", disabled=not targets):
        st.session_state[_JOB] = _Job(readable, targets, any_language)
        st.rerun()


def _button_label(
    readable: tuple[ReadResult | Restored, ...], to_score: list[ReadResult]
) -> str:
    """What the button does: score new comments, open those with scores, or both."""
    n_new = sum(len(result.comments) for result in to_score)
    n_old = sum(len(r.result.comments) for r in readable if isinstance(r, Restored))
    new = numbered("{n} comment", "{n} comments", n_new)
    old = numbered("{n} scored comment", "{n} scored comments", n_old)
    if n_new and n_old:
        label = _("Score {new} and open {old}").format(new=new, old=old)
    elif n_new:
        label = _("Score {new}").format(new=new)
    else:
        label = _("Open {old}").format(old=old)
    if len(readable) > 1:
        return _("{label} of {n} files, each a set of its own").format(label=label, n=len(readable))
    return label


def _checked(sources: list[Source]) -> tuple[ReadResult | Restored, ...]:
    """What is understood of each source, those left out that cannot be read."""
    if len(sources) == 1:
        results = [show_check(sources[0], n_sources=1)]
    else:
        tabs = st.tabs([in_label(source.name) for source in sources])
        results = []
        for tab, source in zip(tabs, sources, strict=True):
            with tab:
                results.append(show_check(source, n_sources=len(sources)))
    readable = tuple(r for r in results if r is not None and _read_of(r).comments)
    if not readable and any(results):
        st.info(_("No comment is left to be scored. Tick or add one in the table above."))
    if readable and (left_out := len(results) - len(readable)):
        st.warning(
            _(
                "Left out: {n} of {all} files, for they could not be read or hold no comment; the "
                "reason stands under each name."
            ).format(n=left_out, all=len(results))
        )
    return readable


def _read_of(found: ReadResult | Restored) -> ReadResult:
    return found if isinstance(found, ReadResult) else found.result


def added_set() -> str:
    """Name of the set that was scored in this run, once; "" if none was."""
    return str(st.session_state.pop(_DONE, ""))


def drop_job() -> None:
    """Forget a job whose screen was left: it would begin anew when the person comes back."""
    job: _Job | None = st.session_state.pop(_JOB, None)
    if job is not None:
        said = _("Scoring stopped when you left this view; {kept}.")
        st.session_state[_NOTICE] = said.format(kept=_kept(job))


def _kept(job: _Job) -> str:
    if not job.names:
        return _("nothing was kept")
    every = len(job.names) + len(job.results)
    return numbered(
        "{n} of {all} files were scored before and are kept",
        "{n} of {all} files were scored before and are kept",
        len(job.names),
        all=number(every),
    )


def _sources() -> list[Source]:
    """The files that were uploaded, though they be empty, or what was pasted."""
    upload, paste = st.tabs([_("Upload files"), _("Paste a page")])
    with upload:
        files = st.file_uploader(
            _("CSV, TSV, Excel (XLSX), JSON, JSON Lines, Parquet, or a text file with a pasted page"),
            type=["csv", "tsv", "tab", "txt", "json", "jsonl", "ndjson", "xlsx", "parquet", "gz"],
            accept_multiple_files=True,
            help=_(
                "Up to {n} MB each; each file becomes a set of its own. They go to the computer that "
                "runs this page, and nowhere else."
            ).format(n=upload_limit() // 1_000_000),
            # Without a key what was given would be gone with the words around it: in another language.
            key="uploaded files",
            on_change=_use,
            args=("upload",),
        )
    with paste:
        text = st.text_area(
            _("The page from its headline to the last comment"),
            height=220,
            placeholder=_("Headline\nArticle …\n\nComments\n\nAuthor\nWhat the author wrote …"),
            help=_("Select all on the newspaper's page, copy, and paste here."),
            key="pasted page",
            on_change=_use,
            args=("paste",),
        )
        unnamed = _("Pasted page")
        name = st.text_input(_("Name of this set"), value=unnamed, key="page name") or unnamed
        st.button(_("Read this page"), on_click=_use, args=("paste",))
    # With both at hand, the one that was touched last counts.
    if files and not (text and st.session_state.get("source") == "paste"):
        return _uploaded(files)
    data = text.encode("utf-8", "replace") if text else b""
    return [Source(data, name, "paste")] if data else []


def _uploaded(files: list[Any]) -> list[Source]:
    """The files within the limits, which the browser's side checks too but cannot enforce."""
    try:
        UPLOADS.check(len(files), N_("one upload"))
        UPLOADED_BYTES.check(sum(file.size for file in files), N_("uploads at once"))
    except ReadingError as error:
        show_problem(_("These files were not taken."), error.message)
        return []
    sources = []
    for file in files:
        if file.size > upload_limit():
            show_problem(
                _("A file was not taken."),
                _(
                    "Expected files of at most {limit} bytes, found {size} in {name}. Score it on the "
                    "command line: {command}."
                ).format(
                    limit=number(upload_limit()),
                    size=number(file.size),
                    name=repr(file.name[:80]),
                    command="python -m stance score",
                ),
            )
            continue
        sources.append(Source(file.getvalue(), file.name, file.file_id))
    return sources


def upload_limit() -> int:
    """Bytes that one uploaded file may have: `server.maxUploadSize` of the settings."""
    return int(st.get_option("server.maxUploadSize")) * 1_000_000


def _use(source: str) -> None:
    st.session_state["source"] = source


def _run_job(job: _Job) -> None:
    """Score; a click on Cancel ends this run of the script at the next report of progress."""
    n_files = len(job.results) + len(job.names)
    n_comments = len(_read_of(job.results[0]).comments)
    heading = numbered("Scoring {n} comment", "Scoring {n} comments", n_comments)
    if n_files > 1:
        heading = _("{heading} (file {n} of {all})").format(
            heading=heading, n=len(job.names) + 1, all=n_files
        )
    st.subheader(heading)
    bar = st.progress(0.0, text=_("Starting…"))
    st.button(_("Cancel"), on_click=_cancel)
    # What the run before drew stays, faded, until this run ends or draws in its place.
    for _blank in range(_DRAWN_BEFORE):
        st.empty()

    def report(progress: Progress) -> None:
        bar.progress(progress.done / progress.total, text=progress_text(progress))

    try:
        name = _added(job, report)
    except Exception as error:
        # Also what is no error of ours must not begin anew at every run of the page.
        del st.session_state[_JOB]
        if not isinstance(error, StanceError):
            raise
        _show_failed(job, error)
        return
    names = (*job.names, name)
    if job.results[1:]:
        st.session_state[_JOB] = replace(job, results=job.results[1:], names=names)
    else:
        for key in (_JOB, "drafts"):
            del st.session_state[key]
        st.session_state[_DONE] = names[0]
    st.rerun()


def _added(job: _Job, report: Callable[[Progress], None]) -> str:
    """Score the first source, where it did not come with scores; the name of the set that it becomes."""
    found = job.results[0]
    if isinstance(found, Restored):
        return add_set(
            found.result,
            found.scored,
            found.targets,
            any_language=found.any_language,
            restored=True,
            labels=found.labels,
            learned_from=found.learned_from,
        )
    scored = score_comments(
        found.comments,
        shared_classifier(),
        targets=job.targets,
        any_language=job.any_language,
        on_progress=report,
    )
    return add_set(found, scored, job.targets, any_language=job.any_language)


def _show_failed(job: _Job, error: StanceError) -> None:
    """Why the first source was not scored, and which others wait no longer."""
    detail = f"{_read_of(job.results[0]).name}: {spoken(error.message)}"
    if waiting := ", ".join(_read_of(other).name for other in job.results[1:]):
        detail += " " + _("Not scored either: {names}.").format(names=waiting)
    show_problem(_("The comments were not scored."), detail)


def _cancel() -> None:
    job: _Job | None = st.session_state.pop(_JOB, None)
    kept = _("nothing was kept") if job is None else _kept(job)
    said = _("Scoring was cancelled; {kept}. Your source is still here.")
    st.session_state[_NOTICE] = said.format(kept=kept)
