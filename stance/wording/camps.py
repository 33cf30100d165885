"""Words of the camps: which stances go together, how often, and what marks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from stance.aggregate import n_by_hand
from stance.amounts import number, numbered, share_text
from stance.answers.camps import Camp, Camps
from stance.records import LEARNED_FROM
from stance.translation import _
from stance.wording.titles import side_text


def camp_text(camp: Camp, titles: Mapping[str, str]) -> str:
    """The stances of a camp in words, in the order of the targets: "against Russia, in favor of …"."""
    stances = camp.stances
    return ", ".join(side_text(stances[key], title) for key, title in titles.items() if key in stances)


def camps_sentence(camps: Camps, titles: Mapping[str, str]) -> str:
    """The largest camp, and how many comments are in none that is shown."""
    others = _("{without}, {rest}.").format(
        without=numbered(
            "{n} comment takes no side that the model sees",
            "{n} comments take no side that the model sees",
            camps.without,
        ),
        rest=numbered(
            "{n} is in combinations that are not shown",
            "{n} are in combinations that are not shown",
            camps.rest,
        ),
    )
    if not camps.largest:
        none = _("No combination of stances is held by enough comments to be called a camp.")
        return f"{none} {others}"
    first = camps.largest[0]
    alike = sum(camp.n == first.n for camp in camps.largest)
    said = (
        _("The largest camp is {camp} and toward nobody else: {n} of {all} comments, {share}.")
        if alike == 1
        else _(
            "One of the {alike} largest camps is {camp} and toward nobody else: {n} of {all} comments, "
            "{share}."
        )
    )
    largest = said.format(
        alike=alike,
        camp=camp_text(first, titles),
        n=number(first.n),
        all=number(first.n_scored),
        share=share_text(first.n / first.n_scored, first.low, first.high),
    )
    return f"{largest} {others}"


def labels_are(scored: pd.DataFrame) -> str:
    """Who gave the labels of a scored table: the model as it came or taught, and people.

    >>> labels_are(pd.DataFrame({"comment_id": ["c1"]}))
    'Labels are as the model gave them'
    """
    if LEARNED_FROM in scored:
        said = _("Labels are as the model gave them after it was taught by labels by hand")
    else:
        said = _("Labels are as the model gave them")
    n = n_by_hand(scored)
    if not n:
        return said
    return numbered(
        "{labels_are}, but for those by hand in {n} comment",
        "{labels_are}, but for those by hand in {n} comments",
        n,
        labels_are=said,
    )


def camp_words_sentence(words: Sequence[str]) -> str:
    """The words that mark a camp, or that none does."""
    if not words:
        return _("No word marks it more than chance could.")
    said = _("A larger part of its comments than of the others says: {words}.")
    return said.format(words=", ".join(words))


def camps_table(camps: Sequence[Camp], titles: Mapping[str, str]) -> pd.DataFrame:
    """A row for each camp: its stances, comments, share, and how much more common than by chance."""
    return pd.DataFrame(
        {
            _("Camp"): [camp_text(camp, titles) for camp in camps],
            _("Comments"): [
                _("{n} of {all}").format(n=number(camp.n), all=number(camp.n_scored))
                for camp in camps
            ],
            _("Share (95 % interval)"): [
                share_text(camp.n / camp.n_scored, camp.low, camp.high) for camp in camps
            ],
            _("Times as many as by chance"): [camp.n / camp.expected for camp in camps],
        }
    )
