"""The first screen: the article beside the distributions. Draws what aggregate and charts give."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from stance import wording
from stance.aggregate import (
    CORRECTED,
    COUNTED,
    by_net,
    corrected_shares,
    sentiment_shares,
    stance_shares,
    unscored_reasons,
)
from stance.amounts import counted
from stance.charts import sentiment_chart, stance_chart
from stance.copies import CopyKind
from stance.model.manifest import read_manifest
from stance.model.mistakes import Mistakes, read_mistakes
from stance.page.camps import show_camps
from stance.page.counts import show_counts
from stance.page.filtering import chart_key, take_click
from stance.page.plain import in_sentence, show_paragraphs
from stance.page.state import CommentSet
from stance.records import TRUNCATED, ReadResult
from stance.writing import content_file_name
from stance.writing.row_report import row_report

ARTICLE_HEIGHT = 470

_SHARES = {COUNTED: "As counted", CORRECTED: "Corrected"}


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
    mistakes = None if comment_set.restored else read_mistakes()
    moods, sides = _shares(comment_set, limits, mistakes)
    n_scored = int(moods["n"].iloc[0])
    if n_scored == 0:
        st.warning("No comment of this set has words that can be scored, so there is no chart.")
    else:
        comments = counted(n_scored, "comment")
        left, right = st.columns([3, 2], vertical_alignment="bottom")
        corrected = mistakes is not None and _asks_for_corrected(right)
        shown = [moods, sides]
        if corrected:  # the targets stay where they are, to be compared
            shown = [corrected_shares(moods), corrected_shares(sides)]
        basis = " · corrected" if corrected else ""
        left.markdown(f"**How they feel** · {comments}{basis}")
        _show_chart("sentiment", sentiment_chart(shown[0]), wording.sentiment_sentence(shown[0]))
        st.markdown(f"**Whose side they take** · {comments}{basis}")
        _show_chart("stance", stance_chart(shown[1]), wording.stance_sentence(shown[1]))
        if corrected:
            st.caption(wording.CORRECTED_NOTE)
        elif sentence := wording.unsure_sentence(moods, sides, limits):
            st.caption(sentence)
        st.caption(f"{wording.interval_note(mistakes)} Click a bar to read its comments.")
        if mistakes is not None:
            any_language = comment_set.any_language
            notes = wording.distrust_notes(
                moods, sides, comment_set.targets, mistakes, any_language=any_language
            )
        else:
            notes = [wording.RESTORED_NOTE] if comment_set.restored else []
        for note in notes:
            st.caption(f":material/warning: {in_sentence(note)}")
        with st.expander("Voice and volume: does it hold when counted in other ways?"):
            show_counts(comment_set, mistakes, corrected=corrected)
        with st.expander("Camps: which stances go together?"):
            show_camps(comment_set)
    _show_left_out(comment_set)
    with st.expander("The numbers as a table"):
        unsure = any(limits.values())
        from_the_top = by_net(sides, highest_first=True)
        numbers = pd.concat([wording.share_table(t, unsure=unsure) for t in (moods, from_the_top)])
        st.dataframe(numbers, hide_index=True, alt="Counts, shares and intervals of both charts")


def _shares(
    comment_set: CommentSet, limits: dict[str, float], mistakes: Mistakes | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The share tables of a set, which never changes: made once, and not on every rerun."""
    slot = f"export {comment_set.name} shares"
    if slot not in st.session_state:
        scored, targets = comment_set.scored, comment_set.targets
        moods = sentiment_shares(scored, unsure_below=limits["sentiment"], mistakes=mistakes)
        sides = stance_shares(scored, targets, unsure_below=limits["stance"], mistakes=mistakes)
        sides["name"] = sides["target"].map(wording.target_titles(targets))
        st.session_state[slot] = (moods, sides)
    moods, sides = st.session_state[slot]
    return moods, sides


def _asks_for_corrected(place: st.delta_generator.DeltaGenerator) -> bool:
    chosen = place.segmented_control(
        "Shares",
        list(_SHARES),
        format_func=_SHARES.__getitem__,
        default=COUNTED,
        required=True,
        key="shares",
        bind="query-params",
        help="As counted: the labels that the model gave. Corrected: an estimate of the true shares, "
        "from the mistakes that it made on other comments.",
    )
    return chosen == CORRECTED


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
