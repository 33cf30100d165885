"""What a session holds: its comment sets, which one is shown, and what waits to be scored."""

from __future__ import annotations

import gc
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pandas as pd
import streamlit as st

from stance.copies import Copy, find_copies
from stance.hand_labels import HandLabel
from stance.records import ReadResult
from stance.targets import Target
from stance.translation import ENGLISH, N_, language

if TYPE_CHECKING:
    from stance.learning import Lesson

_SETS = "comment_sets"

EXPLANATION = "explanation"
"""Where a session keeps the last explanation, which holds the text of a comment."""

DRAWN = "languages drawn in"
"""Where a session keeps in which language a widget was drawn last, by its key, which may name a set."""


@dataclass(frozen=True, slots=True)
class CommentSet:
    """One scored source. `name` is its label in the picker, unique in the session.

    `targets` are those that were scored: the built-in ones, then the typed ones. `any_language`
    says that comments in other languages than the model's were scored too. `copies` are the
    comments that say what an earlier one says, by id. `restored` sets were opened from a download of
    ours and not scored here. `version` tells the set as it was scored ("") from the same with labels
    by hand or with a model that was taught; `learned_from` is how many labels that one was taught by.
    """

    name: str
    result: ReadResult
    scored: pd.DataFrame
    targets: tuple[Target, ...]
    any_language: bool = False
    copies: dict[str, Copy] = field(default_factory=dict)
    restored: bool = False
    version: str = ""
    learned_from: int = 0


@dataclass(slots=True)
class Learned:
    """What the model was taught for a set: lessons by head, the labels they are of, and its new scores.

    `scored` is None until the set was scored with it; `used` says whether the views show that.
    `version` tells one teaching from another.
    """

    lessons: dict[str, Lesson]
    labels: tuple[HandLabel, ...]
    scored: pd.DataFrame | None = None
    used: bool = False
    version: str = field(default_factory=lambda: uuid4().hex)

    @property
    def n_labels(self) -> int:
        """How many labels taught it, of all heads that learned."""
        return sum(lesson.n for lesson in self.lessons.values())


def comment_sets() -> dict[str, CommentSet]:
    """The session's own sets by name, in the order in which they were added."""
    if _SETS not in st.session_state:
        # What sessions that ended left; `postScriptGC` in .streamlit/config.toml says why not sooner.
        gc.collect()
        st.session_state[_SETS] = {}
    sets: dict[str, CommentSet] = st.session_state[_SETS]
    return sets


RESERVED = (SAMPLE, ADD) = ("Sample: troops for Ukraine", N_("+ Add comments…"))
"""Entries of the picker that are no set of the session."""


def add_set(
    result: ReadResult,
    scored: pd.DataFrame,
    targets: tuple[Target, ...],
    *,
    any_language: bool,
    restored: bool = False,
    labels: Iterable[HandLabel] = (),
    learned_from: int = 0,
) -> str:
    """Keep a scored source and return its name; a second one of a name gets a number.

    `labels` are those that people gave before, of which `scored` knows nothing.
    """
    sets = comment_sets()
    name, number = result.name, 2
    while name in sets or name in RESERVED:
        name, number = f"{result.name} ({number})", number + 1
    sets[name] = CommentSet(
        name,
        result,
        scored,
        targets,
        any_language,
        find_copies(result.comments),
        restored,
        learned_from=learned_from,
    )
    st.session_state[_labels_key(name)] = list(labels)
    return name


def remove_set(name: str) -> None:
    """Forget a set; nothing of it stays in the session."""
    removed = comment_sets().pop(name, None)
    if removed is not None:
        st.session_state.get("chosen columns", {}).pop(removed.result.columns, None)
    keys = (_made_key(name), _labels_key(name), _learned_key(name))
    for key in ("drafts", EXPLANATION, DRAWN, *keys):
        st.session_state.pop(key, None)


def made_for(comment_set: CommentSet, part: str) -> dict[Any, Any]:
    """What a view made of a set, kept from run to run: a set never changes. Empty at first.

    It is the session's alone and goes with the set; a view keeps its tables, never widgets' values.
    What was made of an earlier version of the set is dropped.
    """
    made: dict[str, dict[str, dict[Any, Any]]]
    made = st.session_state.setdefault(_made_key(comment_set.name), {})
    for version in set(made) - {"", comment_set.version}:
        if comment_set.version:
            del made[version]
    return made.setdefault(comment_set.version, {}).setdefault(part, {})


def said_of(comment_set: CommentSet, part: str) -> dict[Any, Any]:
    """As `made_for`, for what has words in it: of the language that is spoken."""
    return made_for(comment_set, part if language() == ENGLISH else f"{part} in {language()}")


def is_held(comment_set: CommentSet) -> bool:
    """Whether the session still has a set: a click may come after its removal."""
    return comment_set.name == SAMPLE or comment_set.name in comment_sets()


def hand_labels(comment_set: CommentSet) -> list[HandLabel]:
    """The labels that people gave to comments of a set, the latest last; to be added to.

    They are this session's, and those of the download that the set was opened from.
    """
    labels: list[HandLabel] = st.session_state.setdefault(_labels_key(comment_set.name), [])
    return labels


def learned(comment_set: CommentSet) -> Learned | None:
    """What the model was taught for a set in this session, if anything."""
    found: Learned | None = st.session_state.get(_learned_key(comment_set.name))
    return found


def keep_learned(comment_set: CommentSet, what: Learned | None) -> None:
    """Keep what was learned for a set, in place of what was before; None forgets it."""
    st.session_state[_learned_key(comment_set.name)] = what


def _made_key(name: str) -> str:
    return f"made {name}"


def _labels_key(name: str) -> str:
    return f"hand labels {name}"


def _learned_key(name: str) -> str:
    return f"learned {name}"


def remember_columns(
    columns: tuple[str, ...], source: str, chosen: dict[str, str]
) -> dict[str, str]:
    """Note which column of a source is what, and say what was chosen for others of these columns.

    Args:
        columns: of the source, by which alike ones are known.
        source: what tells this source from others.
        chosen: what the person says of it, by role; what was said before of it is forgotten.

    Returns:
        What the latest other source with these columns has for the roles that are not in `chosen`.
    """
    memory: dict[tuple[str, ...], dict[str, dict[str, str]]]
    memory = st.session_state.setdefault("chosen columns", {})
    by_source = memory.setdefault(columns, {})
    if by_source.get(source, {}) != chosen:
        by_source.pop(source, None)
        by_source[source] = chosen  # the latest stands last
    others: dict[str, str] = {}
    for other, choices in by_source.items():
        if other != source:
            others |= choices
    return {role: name for role, name in others.items() if role not in chosen}


def draft_key(data: bytes, *options: object) -> str:
    """Names what was read of these bytes with these options."""
    digest = hashlib.sha256(data).hexdigest()
    return f"draft {digest} {options!r}"
