"""By what comments can be compared, and the groups that come of it, with their titles. Compares nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from stance.answers.comparing import (
    Group,
    Grouping,
    authors,
    days,
    group_by,
    naming,
    own_columns,
    tell_days_apart,
)
from stance.page.state import CommentSet, said_of
from stance.page.times import readings_of
from stance.targets import Target
from stance.translation import ENGLISH, N_, _, speaking
from stance.wording.titles import target_titles

SETS, DAY = N_("Comment sets"), N_("Day")
_AUTHOR, _COLUMN, _NAMING = N_("Author"), N_("Column “{name}”"), N_("Naming {name}")


@dataclass(frozen=True, slots=True)
class Column:
    """What comments can be grouped by: its words, the column or target that they name, each one's value."""

    words: str
    name: str = ""
    values: tuple[str, ...] = ()

    def title(self, targets: tuple[Target, ...]) -> str:
        """In the language that is spoken."""
        names = target_titles(targets) if self.words == _NAMING else {}
        return _(self.words).format(name=names.get(self.name, self.name))


def columns_of(comment_set: CommentSet) -> dict[str, Column]:
    """What the comments of a set can be grouped by, by its English title."""
    made = said_of(comment_set, "columns")
    if not made:
        with st.spinner(_("Looking for columns to compare by…")):
            found = [column for column in _found(comment_set) if column.values]
        with speaking(ENGLISH):
            made["columns"] = {column.title(comment_set.targets): column for column in found}
    columns: dict[str, Column] = made["columns"]
    return columns


def _found(comment_set: CommentSet) -> list[Column]:
    result, scored = comment_set.result, comment_set.scored
    own = own_columns(result, scored)
    found = [Column(_COLUMN, name, tuple(values)) for name, values in own.items()]
    author = authors(result, scored)
    if author not in own.values():
        found.append(Column(_AUTHOR, values=tuple(author)))
    # Also offered where another order of day and month gives days to compare.
    dated = (days(each) for each in readings_of(comment_set) if tell_days_apart(each, scored))
    found.append(Column(DAY, values=tuple(next(dated, []))))
    named = (Column(_NAMING, each.key, tuple(naming(scored, each))) for each in comment_set.targets)
    return [*found, *named]


def grouping_of(
    comment_set: CommentSet, by: str, dated: list[str], day_first: bool | None
) -> Grouping:
    """The groups by a column; `dated` are the comments' days as they are read now, with `day_first`."""
    made = said_of(comment_set, "groups")
    if (by, day_first) not in made:
        values = dated if by == DAY else columns_of(comment_set)[by].values
        made[by, day_first] = group_by(values, comment_set.scored, in_order=by == DAY)
    grouping: Grouping = made[by, day_first]
    return grouping


def titles_of(find: Callable[[], Grouping], *, sets: bool) -> Callable[[], dict[str, str]]:
    """The titles of the groups that are found, by their English ones, in the order of the language spoken.

    Args:
        find: finds them in the language that is spoken, which some are named in.
        sets: whether they are sets, and not parts of one.
    """
    with speaking(ENGLISH):
        english = {_identity(group, sets): group.title for group in find().groups}
    return lambda: {english[_identity(group, sets)]: group.title for group in find().groups}


def _identity(group: Group, sets: bool) -> object:
    # Parts of a set share no row, but their names may be words of a language.
    return group.name if sets else group.rows.index[0]
