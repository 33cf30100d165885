"""The first screen: the article beside the distributions. Draws what aggregate and charts give."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from stance import wording
from stance.aggregate import sentiment_shares, stance_shares, unscored_reasons
from stance.amounts import counted
from stance.charts import sentiment_chart, stance_chart
from stance.copies import CopyKind
from stance.model.manifest import read_manifest
from stance.page.filtering import chart_key, take_click
from stance.page.plain import show_paragraphs
from stance.page.state import CommentSet
from stance.records import TRUNCATED, ReadResult
from stance.writing import content_file_name
from stance.writing.row_report import row_report

ARTICLE_HEIGHT = 470


def show_overview(comment_set: CommentSet) -> None:
    """Article on the left, distributions on the right; below each other on a narrow screen."""
    left, right = st.columns([4, 7], gap="medium")
    with left:
        _show_article(comment_set.result)
    with right:
        _show_distributions(comment_set)


def _show_article(result: ReadResult) -> None:
    article = result.article
    if not article.title and not article.paragraphs:
        st.info("This set came without an article: only its comments are shown.")
        return
    with st.container(height=ARTICLE_HEIGHT, border=True, key="article"):
        source = [article.source] if article.source else []
        show_paragraphs([*source, *article.paragraphs], title=article.title)


def _show_distributions(comment_set: CommentSet) -> None:
    limits = read_manifest().unsure_below
    moods = sentiment_shares(comment_set.scored, unsure_below=limits["sentiment"])
    sides = stance_shares(comment_set.scored, comment_set.targets, unsure_below=limits["stance"])
    sides["name"] = sides["target"].map(wording.target_titles(comment_set.targets))
    n_scored = int(moods["n"].iloc[0])
    if n_scored == 0:
        st.warning("No comment of this set has words that can be scored, so there is no chart.")
    else:
        comments = counted(n_scored, "comment")
        st.markdown(f"**How they feel** · {comments}")
        _show_chart("sentiment", sentiment_chart(moods), wording.sentiment_sentence(moods))
        st.markdown(f"**Whose side they take** · {comments}")
        _show_chart("stance", stance_chart(sides), wording.stance_sentence(sides))
        if sentence := wording.unsure_sentence(moods, sides, limits):
            st.caption(sentence)
        st.caption(f"{wording.INTERVAL_NOTE} Click a bar to read its comments.")
    _show_left_out(comment_set)
    with st.expander("The numbers as a table"):
        unsure = any(limits.values())
        numbers = pd.concat([wording.share_table(t, unsure=unsure) for t in (moods, sides)])
        st.dataframe(numbers, hide_index=True, alt="Counts, shares and intervals of both charts")


def _show_chart(name: str, figure: go.Figure, sentence: str) -> None:
    st.plotly_chart(
        figure,
        key=chart_key(name),
        on_select=lambda: take_click(name),
        selection_mode="points",
        config={"displayModeBar": False, "scrollZoom": False},
        alt=sentence,
    )


def _show_left_out(comment_set: CommentSet) -> None:
    """What no share counts, with its number and reason."""
    reasons = unscored_reasons(comment_set.scored)
    notes = [f"{count} unscored ({reason})" for reason, count in reasons.items()]
    if cut := int(comment_set.scored[TRUNCATED].sum()):
        st.caption(f"{counted(cut, 'comment')} scored by the beginning only (too long).")
    rejected = comment_set.result.rejected
    if notes:
        n_comments = counted(len(comment_set.scored), "comment")
        st.caption(f"Of {n_comments}: {'; '.join(notes)}. These count in no share.")
    if comment_set.any_language:
        st.caption(
            "Comments in other languages were scored too: how well the model reads those was never "
            "measured."
        )
    if copies := comment_set.copies:
        exact = sum(copy.kind == CopyKind.EXACT for copy in copies.values())
        says = counted(len(copies), "comment repeats", "comments repeat")
        st.caption(
            f"{says} an earlier one ({exact:,} word for word). They count like any other; the column "
            "“Repeats” marks them."
        )
    if rejected:
        with st.expander(f"{counted(len(rejected), 'row')} of the source not used"):
            show_rejected(comment_set.result)
    if rejected or notes or cut or copies:
        # A set never changes, so its report is made once and not on every rerun.
        slot = f"export {comment_set.name} rows"
        if slot not in st.session_state:
            st.session_state[slot] = row_report(
                comment_set.result, comment_set.scored, comment_set.copies
            )
        report = st.session_state[slot]
        st.download_button(
            "Download what became of each row (CSV)",
            report,
            file_name=content_file_name(report).replace("scores", "rows"),
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )


def show_rejected(result: ReadResult) -> None:
    """Rows that are no comments: line, reason, beginning."""
    table = pd.DataFrame(
        [(row.line, row.reason, row.excerpt) for row in result.rejected],
        columns=["Line", "Reason", "Begins with"],
    )
    st.dataframe(table, hide_index=True, alt="Rows of the source that were not used, with reasons")
