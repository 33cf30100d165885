"""What an audit came to: a sentence, a chart and its table, the mistakes to read, and agreement."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from stance.amounts import numbered
from stance.answers.agreement import agreement
from stance.answers.audit import AuditResult, Sample
from stance.charts.audit import audit_chart
from stance.charts.looks import chart_config
from stance.hand_labels import HandLabel
from stance.page.plain import in_sentence, show_paragraphs
from stance.page.state import CommentSet
from stance.translation import _
from stance.wording.audit import (
    RARE_NOTE,
    TRUTH_NOTE,
    agreement_sentence,
    audit_sentence,
    audit_table,
    audited_titles,
    open_notes,
    pairs_table,
    sorted_pairs,
)

MOST_READ = 50
"""Comments of a pair of labels that are shown in full."""


def show_audited(comment_set: CommentSet, result: AuditResult) -> None:
    """The result of one person's labels of a sample, without which of them the model contradicts."""
    sentence = audit_sentence(result, audited_titles(comment_set.targets)[result.question])
    st.markdown(in_sentence(sentence))
    st.plotly_chart(
        audit_chart(result), key="audit chart", config=chart_config("audit"), alt=sentence
    )
    for note in open_notes(result):
        st.caption(note)
    st.caption(_(TRUTH_NOTE))
    st.dataframe(
        audit_table(result), hide_index=True, alt=_("Counted and true shares with their intervals")
    )


def show_pairs(comment_set: CommentSet, result: AuditResult, annotator: str) -> None:
    """Which labels the model takes for which, with their comments to read."""
    heading, counted = _("Which labels the model takes for which"), _("labelled comments, not weighted")
    st.markdown(f"**{heading}** · {counted}")
    picked = st.dataframe(
        pairs_table(result),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"pairs {comment_set.name} {result.question} {annotator} {result.n_labelled}",
        alt=_("Pairs of the model's label and yours with their numbers of comments"),
    )["selection"]["rows"]
    pairs = sorted_pairs(result)
    if not picked or picked[0] >= len(pairs):
        st.caption(
            _("Pick a row (click its left edge, or Space on the keyboard) to read its comments.")
        )
        return
    _show_comments(comment_set, pairs[picked[0]][1])


def _show_comments(comment_set: CommentSet, ids: Sequence[str]) -> None:
    """Comments in full: a mistake is understood by reading all of it."""
    comments = {c.comment_id: c for c in comment_set.result.comments}
    with st.container(border=True, key="audited_comments"):
        for comment_id in ids[:MOST_READ]:
            st.caption(in_sentence(comments[comment_id].author or _("No author")))
            show_paragraphs([comments[comment_id].text])
        if len(ids) > MOST_READ:
            st.caption(
                numbered(
                    "The first {shown} of {n} comment.",
                    "The first {shown} of {n} comments.",
                    len(ids),
                    shown=MOST_READ,
                )
            )


def show_agreement(labels: Sequence[HandLabel], sample: Sample) -> None:
    """How far people agree on a sample's question; nothing where no comment has labels by two."""
    found = agreement(labels, sample.question)
    if found.n:
        heading = _("Agreement")
        st.markdown(f"**{heading}** · {in_sentence(agreement_sentence(found))}")
        if len(sample.order) < sample.n_scored:
            st.caption(_(RARE_NOTE))
