"""Labels by hand as files on the page: those of a file into the session, those of the session out."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from stance.amounts import numbered
from stance.answers.joining import joined
from stance.errors import StanceError
from stance.hand_label_files import hand_labels_csv, read_hand_labels
from stance.hand_labels import time_text
from stance.page.plain import in_sentence, show_problem
from stance.page.state import CommentSet, hand_labels, made_for
from stance.translation import _
from stance.wording.label_files import contradicted_sentence, joined_sentence, left_out_sentence
from stance.writing import content_file_name


def show_label_upload(comment_set: CommentSet) -> None:
    """Take in files of labels, each once: what is undone afterwards must not come back with a rerun."""
    taken = made_for(comment_set, "label files")
    files = st.file_uploader(
        _("Go on from labels that were downloaded here, or add another person's (CSV)"),
        type=["csv"],
        accept_multiple_files=True,
        key=f"labels of {comment_set.name}",
    )
    fresh = [file for file in files if file.file_id not in taken]
    for file in fresh:
        taken[file.file_id] = _take(comment_set, file.getvalue())
    if fresh:
        st.rerun()  # what stands above counts labels
    for file in files:
        said, warning, problem = taken[file.file_id]
        if problem:
            show_problem(_("These labels were not taken."), problem)
        else:
            st.caption(in_sentence(said))
        if warning:
            st.warning(in_sentence(warning))


def _take(comment_set: CommentSet, data: bytes) -> tuple[str, str, str]:
    """Add the labels of a file to those of the session; what was done, a warning, and what is wrong."""
    try:
        read = read_hand_labels(
            data, comment_set.result.comments, comment_set.targets, now=time_text(datetime.now(UTC))
        )
    except StanceError as error:
        return "", "", error.message
    labels = hand_labels(comment_set)
    both = joined(labels, read.labels)
    labels[:] = both.labels
    said = left_out_sentence(len(read.labels), read.left_out, read.n_future)
    changed = joined_sentence(both.replaced, both.unused)
    return f"{said} {changed}".strip(), contradicted_sentence(both.contradicted), ""


def show_label_download(comment_set: CommentSet) -> None:
    """All labels of a set in one file; nothing where there are none."""
    labels = hand_labels(comment_set)
    if not labels:
        return
    data = hand_labels_csv(labels, comment_set.result.comments)
    st.download_button(
        numbered("Download {n} label (CSV)", "Download {n} labels (CSV)", len(labels)),
        data,
        file_name=content_file_name(data, kind="labels"),
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
    st.caption(
        _(
            "Of everybody and for every question of this set. Nothing else keeps them: they are gone when "
            "the page is reloaded. To go on, choose the file above."
        )
    )
