"""Words of the camps: which stances go together, how often, and what marks them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from stance.aggregate import n_by_hand
from stance.amounts import counted, share_text
from stance.answers.camps import Camp, Camps
from stance.labels import Stance
from stance.records import LEARNED_FROM


def camp_text(camp: Camp, titles: Mapping[str, str]) -> str:
    """The stances of a camp in words, in the order of the targets: "against Russia, in favor of …"."""
    words = {Stance.AGAINST: "against", Stance.FAVOR: "in favor of"}
    held = [f"{words[camp.stances[key]]} {title}" for key, title in titles.items() if key in camp.stances]
    return ", ".join(held)


def camps_sentence(camps: Camps, titles: Mapping[str, str]) -> str:
    """The largest camp, and how many comments are in none that is shown."""
    others = (
        f"{counted(camps.without, 'comment takes', 'comments take')} no side that the model sees, "
        f"{counted(camps.rest, 'is', 'are')} in combinations that are not shown."
    )
    if not camps.largest:
        return f"No combination of stances is held by enough comments to be called a camp. {others}"
    first = camps.largest[0]
    share = share_text(first.n / first.n_scored, first.low, first.high)
    alike = sum(camp.n == first.n for camp in camps.largest)
    which = "The largest camp" if alike == 1 else f"One of the {alike} largest camps"
    return (
        f"{which} is {camp_text(first, titles)} and toward nobody else: {first.n:,} of "
        f"{first.n_scored:,} comments, {share}. {others}"
    )


def labels_are(scored: pd.DataFrame) -> str:
    """Who gave the labels of a scored table: the model as it came or taught, and people.

    >>> labels_are(pd.DataFrame({"comment_id": ["c1"]}))
    'Labels are as the model gave them'
    """
    taught = " after it was taught by labels by hand" if LEARNED_FROM in scored else ""
    n = n_by_hand(scored)
    hand = f", but for those by hand in {counted(n, 'comment')}" if n else ""
    return f"Labels are as the model gave them{taught}{hand}"


def camp_words_sentence(words: Sequence[str]) -> str:
    """The words that mark a camp, or that none does."""
    if not words:
        return "No word marks it more than chance could."
    return f"A larger part of its comments than of the others says: {', '.join(words)}."


def camps_table(camps: Sequence[Camp], titles: Mapping[str, str]) -> pd.DataFrame:
    """A row for each camp: its stances, comments, share, and how much more common than by chance."""
    return pd.DataFrame(
        {
            "Camp": [camp_text(camp, titles) for camp in camps],
            "Comments": [f"{camp.n} of {camp.n_scored}" for camp in camps],
            "Share (95 % interval)": [
                share_text(camp.n / camp.n_scored, camp.low, camp.high) for camp in camps
            ],
            "Times as many as by chance": [camp.n / camp.expected for camp in camps],
        }
    )
