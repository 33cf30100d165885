"""Groups of comments side by side: sets, or the values of a column, with their shares and differences.

Says nothing in words. Groups that are too small to tell anything are left out, with their numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from stance import records
from stance.aggregate import scored_rows, sentiment_shares, stance_shares
from stance.answers.differences import Difference, differences, label_counts
from stance.answers.times import Times
from stance.model.mistakes import Mistakes
from stance.prevalence import SMALLEST_MEASURED
from stance.records import ReadResult
from stance.targets import Target
from stance.translation import N_, _

MOST_GROUPS = 8
SMALLEST = SMALLEST_MEASURED
"""Scored comments of the smallest group: how often intervals hold was measured from there on."""

EMPTY = N_("(empty)")
TOO_SMALL = N_("fewer than {smallest} scored comments")
TOO_MANY = N_("not among the {most} largest")

_TITLE = 40


@dataclass(frozen=True, slots=True)
class Group:
    """A group that is compared: its value or set, a short title of its own, its rows that have a score.

    `n_unscored` comments of it have none, and are in no share.
    """

    name: str
    title: str
    rows: pd.DataFrame
    n_unscored: int


@dataclass(frozen=True, slots=True)
class Scorer:
    """What labelled a set: the model as it came, or one that was `taught`, or `restored` and not known."""

    restored: bool
    taught: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Groups that are not compared, with their comments, also those without a score, and the reason.

    The reason is for the file of strings, with `{smallest}` or `{most}` for its number.
    """

    titles: tuple[str, ...]
    n_comments: int
    reason: str


@dataclass(frozen=True, slots=True)
class Grouping:
    """The groups that are compared, largest first or in the order asked for, and those that are not."""

    groups: tuple[Group, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Shares of each group, and what each has more than the reference, by group and then by measure.

    `shares` has three rows per group in the order of the groups, with the columns of
    `aggregate.stance_shares`, where `name` is the group.
    """

    shares: pd.DataFrame
    found: list[Difference]


def own_columns(result: ReadResult, scored: pd.DataFrame) -> dict[str, list[str]]:
    """The person's columns by which comments fall into two groups or more that can be compared.

    Values are those of each comment, in the order of the comments.
    """
    cells = [[cell.strip() for cell in comment.cells] for comment in result.comments]
    values = {
        name: [row[at] if at < len(row) else "" for row in cells]
        for at, name in enumerate(result.columns)
    }
    return {name: found for name, found in values.items() if _parts(found, scored)}


def authors(result: ReadResult, scored: pd.DataFrame) -> list[str]:
    """Each comment's author; nothing where fewer than two wrote enough to be compared."""
    found = [comment.author.strip() for comment in result.comments]
    return found if _parts(found, scored) else []


def days(times: Times) -> list[str]:
    """Each comment's day, "" where none is known."""
    return times.when.dt.strftime("%Y-%m-%d").fillna("").tolist()


def tell_days_apart(times: Times, scored: pd.DataFrame) -> bool:
    """Whether two days or more can be compared."""
    return _parts(days(times), scored)


def naming(scored: pd.DataFrame, target: Target) -> list[str]:
    """Whether each comment names a target; nothing where too few do, or do not, to be compared."""
    named = scored[records.mentions(target.key)] != ""
    yes = _("names {target}").format(target=target.title)
    no = _("does not name {target}").format(target=target.title)
    found = [yes if here else no for here in named]
    return found if _parts(found, scored) else []


def _parts(values: Sequence[str], scored: pd.DataFrame) -> bool:
    has_score = (scored[records.UNSCORED] == "").to_numpy()
    sizes = pd.Series(values, dtype=str)[has_score].value_counts()
    return int((sizes >= SMALLEST).sum()) >= 2


def group_by(values: Sequence[str], scored: pd.DataFrame, *, in_order: bool = False) -> Grouping:
    """Comments with the same value are a group; those without a value are one too.

    Args:
        values: of each row of the scored table.
        scored: the scored table.
        in_order: put the groups into the order of their names, not of their sizes.
    """
    parts = dict(iter(scored.groupby(np.array(values, dtype=object), sort=True)))
    return _grouping({str(value): rows for value, rows in parts.items()}, in_order=in_order)


def group_sets(sets: Mapping[str, pd.DataFrame]) -> Grouping:
    """Comment sets, by name, are the groups, in their order."""
    return _grouping(sets, in_order=None)


def in_several(sets: Sequence[ReadResult]) -> int:
    """How many comments of all sets have the very text of a comment of another set."""
    texts = [{comment.text for comment in each.comments} for each in sets]
    found = Counter(text for each in texts for text in each)
    return sum(found[comment.text] > 1 for each in sets for comment in each.comments)


def _grouping(parts: Mapping[str, pd.DataFrame], *, in_order: bool | None) -> Grouping:
    """`in_order` is None where the order of `parts` is to stay."""
    scored = {name: scored_rows(rows) for name, rows in parts.items()}
    by_size = sorted(scored, key=lambda name: -len(scored[name]))
    large = [name for name in by_size if len(scored[name]) >= SMALLEST]
    kept = large[:MOST_GROUPS]
    if in_order is None:
        kept = [name for name in parts if name in kept]
    elif in_order:
        kept = sorted(kept)
    left_out = [
        LeftOut(tuple(_titles(names)), sum(len(parts[name]) for name in names), reason)
        for names, reason in (
            ([name for name in by_size if name not in large], TOO_SMALL),
            (large[MOST_GROUPS:], TOO_MANY),
        )
        if names
    ]
    groups = (
        Group(name, title, scored[name], len(parts[name]) - len(scored[name]))
        for name, title in zip(kept, _titles(kept), strict=True)
    )
    return Grouping(tuple(groups), tuple(left_out))


def _titles(names: Sequence[str]) -> list[str]:
    """Short names that no two groups share."""
    titles: list[str] = []
    for name in names:
        short = name if len(name) <= _TITLE else f"{name[: _TITLE - 1]}…"
        title, number = short or _(EMPTY), 2
        while title in titles:
            title, number = f"{short or _(EMPTY)} [{number}]", number + 1
        titles.append(title)
    return titles


def compare(
    groups: Sequence[Group],
    about: Target | None,
    mistakes: Mistakes | None,
    *,
    reference: int = 0,
    unsure_below: float = 0.0,
) -> Comparison:
    """Shares of each group, and differences of all others from the reference.

    Args:
        groups: two or more.
        about: a target, or None for the sentiment.
        mistakes: of the checkpoint that scored them all, if they are known.
        reference: number of the group that the others are compared with.
        unsure_below: as in `aggregate.stance_shares`.
    """
    tables, given = [], []
    for group in groups:
        codes = np.zeros(len(group.rows), dtype=np.int64)
        given.append(label_counts(group.rows, about, codes, 1)[0])
        if about is None:
            table = sentiment_shares(group.rows, unsure_below=unsure_below, mistakes=mistakes)
            net = table["share"].iloc[-1] - table["share"].iloc[0]
            table = table.assign(target="", net=net)
        else:
            table = stance_shares(
                group.rows, [about], unsure_below=unsure_below, mistakes=mistakes
            )
        tables.append(table.assign(name=group.title))
    others = [number for number in range(len(groups)) if number != reference]
    pairs = [(other, reference) for other in others]
    return Comparison(
        pd.concat(tables, ignore_index=True), differences(given, pairs, about, mistakes)
    )
