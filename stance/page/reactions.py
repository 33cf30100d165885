"""Reactions: the article, in its margin where readers react and with what stance, below it who does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd
import streamlit as st

from stance import records
from stance.amounts import counted
from stance.answers.reactions import (
    Link,
    link_comments,
    linked_counts,
    paragraph_shares,
    shares_by_paragraph,
)
from stance.labels import STANCE_STYLES, Stance
from stance.page.margins import comments_html, half_length, margin_html, paragraph_html
from stance.page.plain import in_sentence, show_paragraphs
from stance.page.reading_room import PAGE_ROWS
from stance.page.state import CommentSet, made_for
from stance.targets import Target
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

SIDES = {str(label): style.title for label, style in STANCE_STYLES.items()} | {
    str(Stance.NONE): "·",
    "": "–",
}
"""What the table calls a stance: "None" reads as an error beside comments, a dot is quieter."""

_PICKED = "paragraph"
_EVERY, _NONE = "", "none"
_TITLES = {_EVERY: "every comment", _NONE: NO_PARAGRAPH}


def show_reactions(comment_set: CommentSet) -> None:
    """The article with its margins, then the comments that answer the paragraph that is picked."""
    paragraphs = comment_set.result.article.paragraphs
    if not paragraphs:
        st.info(NO_ARTICLE)
        return
    links = _links(comment_set)
    titles = target_titles(comment_set.targets)
    left, right = st.columns(2)
    key = left.selectbox(
        "Stance toward",
        list(titles),
        format_func=titles.__getitem__,
        key="reacting",
        bind="query-params",
    )
    target = next(target for target in comment_set.targets if target.key == key)
    with right:
        picked = _pick(links)
    shares = _shares(comment_set, links, target)
    if shares.empty:
        st.info(NOTHING_SCORED)  # who answers what can be told all the same
    st.markdown(in_sentence(reactions_sentence(links, shares, titles[target.key])))
    # A short article stands there in whole: a paragraph that is picked by the address must be seen.
    short = len(comment_set.result.article.paragraphs) <= WHOLE
    height: Literal["content"] | int = "content" if short else ARTICLE_HEIGHT
    with st.container(height=height, border=True, key="reactions article"):
        _show_article(comment_set, links, shares, picked)
    st.caption(in_sentence(links_note()))
    st.caption(f"Stances are always as counted here: too few a paragraph to be put right. {CHANCE_NOTE}")
    _show_comments(comment_set, links, target, picked)
    with st.expander("The numbers as a table"):
        st.dataframe(
            paragraphs_table(links, shares, paragraphs),
            hide_index=True,
            alt=f"Comments and stances toward {titles[target.key]} by the paragraph that they answer",
        )


def _links(comment_set: CommentSet) -> list[Link]:
    made = made_for(comment_set, "reactions")
    if not made:
        with st.spinner("Looking for the paragraphs that comments answer…"):
            made["links"] = link_comments(comment_set.result.article, comment_set.result.comments)
    links: list[Link] = made["links"]
    return links


def _shares(comment_set: CommentSet, links: Sequence[Link], target: Target) -> pd.DataFrame:
    made = made_for(comment_set, "reactions")
    if target not in made:
        with st.spinner("Counting stances by paragraph…"):
            made[target] = paragraph_shares(links, comment_set.scored, target)
    shares: pd.DataFrame = made[target]
    return shares


def _pick(links: Sequence[Link]) -> str:
    """Which comments are asked for: `_EVERY`, `_NONE`, or a paragraph's number from 1."""
    counts = linked_counts(links)
    answered = sorted(number + 1 for number in counts if number is not None)
    picked = st.selectbox(
        "Comments on paragraph",
        [_EVERY, *map(str, answered), _NONE],
        format_func=lambda name: _TITLES.get(name, name),
        key=_PICKED,
        bind="query-params",
    )
    return picked or _EVERY


def _choose(picked: str) -> None:
    st.session_state[_PICKED] = picked
    # The list lies below the fold of a small screen.
    st.toast("The comments are listed below the article.")


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
        number: {Stance(row.label): row.count for row in rows}
        for number, rows in shares_by_paragraph(shares).items()
        if number is not None
    }
    longest = max(map(half_length, stances.values()), default=0)
    for number, text in enumerate(article.paragraphs):
        name = str(number + 1)
        if number not in counts:
            st.html(paragraph_html(text, number + 1, answered=False, picked=False))
            continue
        left, right = st.columns([7, 3], gap="small")
        left.html(paragraph_html(text, number + 1, answered=True, picked=name == picked))
        with right:
            found = stances.get(number, dict.fromkeys(Stance, 0))
            said = margin_text(found) if number in stances else "none of them is scored"
            st.html(margin_html(found, longest, said, most=counts[number] == top))
            _button(f"Read {counted(counts[number], 'comment')} on ¶ {name}", name, picked)
    if without:
        _button(f"Read {counted(without, 'comment')} on {NO_PARAGRAPH}", _NONE, picked)


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
    heading = _TITLES[picked].capitalize() if picked in _TITLES else f"On paragraph {picked}"
    st.markdown(f"**{heading}** · {counted(len(pairs), 'comment')}")
    paragraphs = comment_set.result.article.paragraphs
    st.html(comments_html(pairs[:LISTED], paragraphs))
    if len(pairs) > LISTED:
        st.caption(f"The first {LISTED} of {counted(len(pairs), 'comment')}; the table has more.")
    if len(pairs) > PAGE_ROWS:
        st.caption(f"The table has the first {PAGE_ROWS:,}.")
        pairs = pairs[:PAGE_ROWS]
    label = records.stance_label(target.key)
    labels = comment_set.scored.set_index(records.COMMENT_ID)[label]
    table = pd.DataFrame(
        {
            "Author": [comment.author for comment, _ in pairs],
            "Comment": [comment.text for comment, _ in pairs],
            target_titles([target])[target.key]: list(
                labels.loc[[link.comment_id for _, link in pairs]].map(SIDES)
            ),
            "Paragraph": [paragraph_text(link.paragraph, paragraphs) for _, link in pairs],
            "Linked by": [why_text(link) for _, link in pairs],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=min(TABLE_HEIGHT, 38 + 35 * max(1, len(pairs))),
        column_config={"Comment": st.column_config.TextColumn(width="large")},
        alt="Comments with the paragraph that each answers",
    )
