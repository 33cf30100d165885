"""The first screen: the article beside the distributions. Draws what aggregate and charts give."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from stance.aggregate import (
    by_net,
    corrected_shares,
    n_by_hand,
    sentiment_shares,
    stance_shares,
    unscored_reasons,
)
from stance.amounts import number, numbered
from stance.charts.looks import chart_config
from stance.charts.shares import sentiment_chart, stance_chart
from stance.copies import Copy, CopyKind
from stance.model.manifest import read_manifest
from stance.model.mistakes import Mistakes
from stance.page.basis import known_mistakes, shows_corrected, why_unknown
from stance.page.filtering import chart_key, take_click
from stance.page.plain import in_sentence, show_paragraphs
from stance.page.state import CommentSet, made_for, said_of
from stance.records import TRUNCATED, ReadResult
from stance.translation import _
from stance.wording import shares as wording
from stance.wording.titles import target_titles
from stance.writing import content_file_name
from stance.writing.row_report import row_report

ARTICLE_HEIGHT = 470

def show_overview(comment_set: CommentSet, below_article: Callable[[], None]) -> None:
    """Article on the left, distributions on the right; below each other on a narrow screen."""
    left, right = st.columns([4, 7], gap="medium")
    with left:
        _show_article(comment_set.result)
        below_article()
    with right:
        show_distributions(comment_set)


def _show_article(result: ReadResult) -> None:
    article = result.article
    if not article.title and not article.paragraphs:
        st.info(_("This set came without an article: only its comments are shown."))
        return
    with st.container(height=ARTICLE_HEIGHT, border=True, key="article"):
        source = [article.source] if article.source else []
        show_paragraphs([*source, *article.paragraphs], title=article.title)


def show_distributions(
    comment_set: CommentSet, *, unknown: str = "", of_file: bool = False
) -> None:
    """Both charts with what has to be known of them, and their numbers as a table.

    `unknown` says why nothing is known of the model's mistakes, where that is not as with uploads.
    `of_file` where there are no records of the rows, whose file says what became of them.
    """
    limits = read_manifest().unsure_below
    mistakes = known_mistakes(comment_set)
    moods, sides = _shares(comment_set, limits, mistakes)
    n_scored = int(moods["n"].iloc[0])
    if n_scored == 0:
        st.warning(_(wording.NOTHING_SCORED))
    else:
        comments = numbered("{n} comment", "{n} comments", n_scored)
        corrected = shows_corrected(comment_set)
        shown = [moods, sides]
        if corrected:  # the targets stay where they are, to be compared
            shown = [corrected_shares(moods), corrected_shares(sides)]
        basis = " · ".join((comments, _("corrected"))) if corrected else comments
        mood, side = _("How they feel"), _("Whose side they take")
        st.markdown(f"**{mood}** · {basis}")
        _show_chart("sentiment", sentiment_chart(shown[0]), wording.sentiment_sentence(shown[0]))
        st.markdown(f"**{side}** · {basis}")
        _show_chart("stance", stance_chart(shown[1]), wording.stance_sentence(shown[1]))
        if corrected:
            picked = f" {_(wording.PICKED_NOTE)}" if n_by_hand(comment_set.scored) else ""
            st.caption(f"{wording.corrected_note()}{picked}")
        elif sentence := wording.unsure_sentence(moods, sides, limits):
            st.caption(sentence)
        how = _("Click a bar to read its comments.")
        notes = filter(None, (wording.interval_note(mistakes), wording.edge_note(*shown), how))
        st.caption(" ".join(notes))
        _show_distrust(comment_set, moods, sides, mistakes, unknown)
    for note in _left_out_notes(comment_set):
        st.caption(note)
    if not of_file:
        _show_rows(comment_set)
    with st.expander(_("The numbers as a table")):
        unsure = any(limits.values())
        from_the_top = by_net(sides, highest_first=True)
        numbers = pd.concat([wording.share_table(t, unsure=unsure) for t in (moods, from_the_top)])
        st.dataframe(numbers, hide_index=True, alt=_("Counts, shares and intervals of both charts"))


def _show_distrust(
    comment_set: CommentSet,
    moods: pd.DataFrame,
    sides: pd.DataFrame,
    mistakes: Mistakes | None,
    unknown: str,
) -> None:
    """What speaks against trusting the shares of this set."""
    if mistakes is not None:
        any_language = comment_set.any_language
        notes = wording.distrust_notes(
            moods, sides, comment_set.targets, mistakes, any_language=any_language
        )
    else:
        notes = [unknown or why_unknown(comment_set)]
    for note in filter(None, notes):  # as large as the charts' titles: often it is the answer
        st.markdown(f":material/warning: {in_sentence(note)}")


def _shares(
    comment_set: CommentSet, limits: dict[str, float], mistakes: Mistakes | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The share tables of a set, made once, and not on every rerun."""
    made = said_of(comment_set, "shares")
    if not made:
        scored, targets = comment_set.scored, comment_set.targets
        sides = stance_shares(scored, targets, unsure_below=limits["stance"], mistakes=mistakes)
        sides["name"] = sides["target"].map(target_titles(targets))
        made["moods"] = sentiment_shares(
            scored, unsure_below=limits["sentiment"], mistakes=mistakes
        )
        made["sides"] = sides
    return made["moods"], made["sides"]


def _show_chart(name: str, figure: go.Figure, sentence: str) -> None:
    st.plotly_chart(
        figure,
        key=chart_key(name),
        on_select=lambda: take_click(name),
        selection_mode="points",
        config=chart_config(name),
        alt=sentence,
    )


def _show_rows(comment_set: CommentSet) -> None:
    """Rows that are no comments, and what became of each row as a file."""
    reasons = unscored_reasons(comment_set.scored)
    cut, copies = bool(comment_set.scored[TRUNCATED].any()), comment_set.copies
    rejected = comment_set.result.rejected
    if rejected:
        unused = numbered(
            "{n} row of the source not used", "{n} rows of the source not used", len(rejected)
        )
        with st.expander(unused):
            show_rejected(comment_set.result)
    if rejected or reasons or cut or copies:
        made = made_for(comment_set, "rows")
        if not made:
            made["report"] = row_report(comment_set.result, comment_set.scored, copies)
        report = made["report"]
        st.download_button(
            _("Download what became of each row (CSV)"),
            report,
            file_name=content_file_name(report, kind="rows"),
            mime="text/csv",
            on_click="ignore",
            type="tertiary",
            icon=":material/download:",
        )


def _left_out_notes(comment_set: CommentSet) -> list[str]:
    """A sentence for each thing that a reader of the shares has to know, with its number and reason."""
    notes = []
    if cut := int(comment_set.scored[TRUNCATED].sum()):
        notes.append(
            numbered(
                "{n} comment scored by the beginning only (too long).",
                "{n} comments scored by the beginning only (too long).",
                cut,
            )
        )
    if n_hand := n_by_hand(comment_set.scored):
        notes.append(
            numbered(
                "{n} comment has a label by hand, which counts as it was given.",
                "{n} comments have labels by hand, which count as they were given.",
                n_hand,
            )
        )
    if reasons := unscored_reasons(comment_set.scored):
        said = _("{n} unscored ({reason})")
        told = [
            said.format(n=number(count), reason=in_sentence(_(reason)))
            for reason, count in reasons.items()
        ]
        notes.append(
            numbered(
                "Of {n} comment: {unscored}. These count in no share.",
                "Of {n} comments: {unscored}. These count in no share.",
                len(comment_set.scored),
                unscored="; ".join(told),
            )
        )
    if comment_set.any_language:
        notes.append(
            _(
                "Comments in other languages were scored too: how well the model reads those was never "
                "measured."
            )
        )
    if comment_set.copies:
        notes.append(_copies_note(comment_set.copies))
    return notes


def _copies_note(copies: Mapping[str, Copy]) -> str:
    exact = sum(copy.kind == CopyKind.EXACT for copy in copies.values())
    return numbered(
        "{n} comment repeats an earlier one ({exact} word for word). They count like any other; the "
        "column “Repeats” marks them.",
        "{n} comments repeat an earlier one ({exact} word for word). They count like any other; the "
        "column “Repeats” marks them.",
        len(copies),
        exact=number(exact),
    )


def show_rejected(result: ReadResult) -> None:
    """Rows that are no comments: line, reason, beginning."""
    table = pd.DataFrame(
        [(row.line, _(row.reason), row.excerpt) for row in result.rejected],
        columns=[_("Line"), _("Reason"), _("Begins with")],
    )
    said = _("Rows of the source that were not used, with reasons")
    st.dataframe(table, hide_index=True, alt=said)
