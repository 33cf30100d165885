"""Reactions: the article, in its margin where readers react and with what stance, below it who does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from stance import records
from stance.amounts import number, numbered
from stance.answers.reactions import (
    Link,
    link_comments,
    linked_counts,
    paragraph_shares,
    shares_by_paragraph,
)
from stance.labels import Stance
from stance.page.choosing import choose
from stance.page.margins import comments_html, half_length, margin_html, paragraph_html
from stance.page.plain import in_sentence, show_paragraphs
from stance.page.reading_room import PAGE_ROWS
from stance.page.state import CommentSet, made_for
from stance.page.tables import sides, sides_legend
from stance.records import Comment
from stance.targets import Target
from stance.translation import N_, _
from stance.wording.reactions import (
    NO_ARTICLE,
    NO_PARAGRAPH,
    links_note,
    margin_text,
    paragraph_text,
    paragraphs_table,
    reactions_sentence,
    why_text,
)
from stance.wording.shares import CHANCE_NOTE, NOTHING_SCORED
from stance.wording.titles import target_titles

ARTICLE_HEIGHT = 620
WHOLE = 12
"""Pixels of a long article, and paragraphs of one that is shown in whole."""
TABLE_HEIGHT = 420
LISTED = 30
"""Comments that are listed with their tooltips; the table below has all."""

_PICKED = "paragraph"
_EVERY, _NONE = "", "none"
_TITLES = {_EVERY: N_("every comment"), _NONE: NO_PARAGRAPH}


def show_reactions(comment_set: CommentSet) -> None:
    """The article with its margins, then the comments that answer the paragraph that is picked."""
    paragraphs = comment_set.result.article.paragraphs
    if not paragraphs:
        st.info(_(NO_ARTICLE))
        return
    links = _links(comment_set)
    titles = target_titles(comment_set.targets)
    left, right = st.columns(2)
    key = choose(
        left, _("Stance toward"), lambda: target_titles(comment_set.targets), key="reacting"
    )
    target = next(target for target in comment_set.targets if target.key == key)
    with right:
        picked = _pick(links)
    shares = _shares(comment_set, links, target)
    if shares.empty:
        st.info(_(NOTHING_SCORED))  # who answers what can be told all the same
    st.markdown(in_sentence(reactions_sentence(links, shares, titles[target.key])))
    # A short article stands there in whole: a paragraph that is picked by the address must be seen.
    short = len(comment_set.result.article.paragraphs) <= WHOLE
    height: Literal["content"] | int = "content" if short else ARTICLE_HEIGHT
    with st.container(height=height, border=True, key="reactions article"):
        _show_article(comment_set, links, shares, picked)
    st.caption(in_sentence(links_note()))
    note = _("Stances are always as counted here: too few a paragraph to be put right.")
    st.caption(f"{note} {_(CHANCE_NOTE)}")
    _show_comments(comment_set, links, target, picked)
    with st.expander(_("The numbers as a table")):
        st.dataframe(
            paragraphs_table(links, shares, paragraphs),
            hide_index=True,
            alt=_(
                "Comments and stances toward {target} by the paragraph that they answer"
            ).format(target=titles[target.key]),
        )


def _links(comment_set: CommentSet) -> list[Link]:
    made = made_for(comment_set, "reactions")
    if not made:
        with st.spinner(_("Looking for the paragraphs that comments answer…")):
            made["links"] = link_comments(comment_set.result.article, comment_set.result.comments)
    links: list[Link] = made["links"]
    return links


def _shares(comment_set: CommentSet, links: Sequence[Link], target: Target) -> pd.DataFrame:
    made = made_for(comment_set, "reactions")
    if target not in made:
        with st.spinner(_("Counting stances by paragraph…")):
            made[target] = paragraph_shares(links, comment_set.scored, target)
    shares: pd.DataFrame = made[target]
    return shares


def _pick(links: Sequence[Link]) -> str:
    """Which comments are asked for: `_EVERY`, `_NONE`, or a paragraph's number from 1."""
    counts = linked_counts(links)
    answered = sorted(at + 1 for at in counts if at is not None)
    names = [_EVERY, *map(str, answered), _NONE]
    return choose(
        st.container(),
        _("Comments on paragraph"),
        lambda: {name: _(_TITLES[name]) if name in _TITLES else name for name in names},
        key=_PICKED,
    )


def _choose(picked: str) -> None:
    st.session_state[_PICKED] = picked
    # The list lies below the fold of a small screen.
    st.toast(_("The comments are listed below the article."))


def _show_article(
    comment_set: CommentSet, links: Sequence[Link], shares: pd.DataFrame, picked: str
) -> None:
    article = comment_set.result.article
    if article.source or article.title:
        show_paragraphs([article.source] if article.source else [], title=article.title)
    counts = linked_counts(links)
    without = counts.pop(None, 0)
    top = max(counts.values(), default=0)
    stances = {
        at: {Stance(row.label): row.count for row in rows}
        for at, rows in shares_by_paragraph(shares).items()
        if at is not None
    }
    longest = max(map(half_length, stances.values()), default=0)
    for at, text in enumerate(article.paragraphs):
        name = str(at + 1)
        if at not in counts:
            st.html(paragraph_html(text, at + 1, answered=False, picked=False))
            continue
        left, right = st.columns([7, 3], gap="small")
        left.html(paragraph_html(text, at + 1, answered=True, picked=name == picked))
        with right:
            found = stances.get(at, dict.fromkeys(Stance, 0))
            said = margin_text(found) if at in stances else _("none of them is scored")
            st.html(margin_html(found, longest, said, most=counts[at] == top))
            label = numbered(
                "Read {n} comment on ¶ {number}",
                "Read {n} comments on ¶ {number}",
                counts[at],
                number=name,
            )
            _button(label, name, picked)
    if without:
        label = numbered(
            "Read {n} comment on no paragraph", "Read {n} comments on no paragraph", without
        )
        _button(label, _NONE, picked)


def _button(label: str, name: str, picked: str) -> None:
    chosen = name == picked
    st.button(
        label,
        key=f"read {name}",
        on_click=_choose,
        args=(name,),
        type="primary" if chosen else "secondary",
    )


def _show_comments(
    comment_set: CommentSet, links: Sequence[Link], target: Target, picked: str
) -> None:
    pairs = [
        (comment, link)
        for comment, link in zip(comment_set.result.comments, links, strict=True)
        if picked in (_EVERY, _NONE if link.paragraph is None else str(link.paragraph + 1))
    ]
    headings = {_EVERY: _("Every comment"), _NONE: _("No paragraph")}
    heading = headings.get(picked) or _("On paragraph {number}").format(number=picked)
    n_pairs = numbered("{n} comment", "{n} comments", len(pairs))
    st.markdown(f"**{heading}** · {n_pairs}")
    paragraphs = comment_set.result.article.paragraphs
    st.html(comments_html(pairs[:LISTED], paragraphs))
    if len(pairs) > LISTED:
        said = numbered(
            "The first {shown} of {n} comment; the table has more.",
            "The first {shown} of {n} comments; the table has more.",
            len(pairs),
            shown=LISTED,
        )
        st.caption(said)
    if len(pairs) > PAGE_ROWS:
        st.caption(_("The table has the first {n}.").format(n=number(PAGE_ROWS)))
        pairs = pairs[:PAGE_ROWS]
    _show_table(comment_set, pairs, target)


def _show_table(
    comment_set: CommentSet, pairs: Sequence[tuple[Comment, Link]], target: Target
) -> None:
    paragraphs = comment_set.result.article.paragraphs
    label = records.stance_label(target.key)
    labels = comment_set.scored.set_index(records.COMMENT_ID)[label]
    table = pd.DataFrame(
        {
            _("Author"): [comment.author for comment, _ in pairs],
            _("Comment"): [comment.text for comment, _ in pairs],
            target_titles([target])[target.key]: list(
                labels.loc[[link.comment_id for _, link in pairs]].map(sides())
            ),
            _("Paragraph"): [paragraph_text(link.paragraph, paragraphs) for _, link in pairs],
            _("Linked by"): [why_text(link) for _, link in pairs],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=min(TABLE_HEIGHT, 38 + 35 * max(1, len(pairs))),
        column_config={_("Comment"): st.column_config.TextColumn(width="large")},
        alt=_("Comments with the paragraph that each answers"),
    )
    st.caption(sides_legend())
