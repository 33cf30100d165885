"""What a session holds: its comment sets, which one is shown, and what waits to be scored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from stance.records import ReadResult
from stance.targets import Target

_SETS = "comment_sets"


@dataclass(frozen=True, slots=True)
class CommentSet:
    """One scored source. `name` is its label in the picker, unique in the session.

    `targets` are those that were scored: the built-in ones, then the typed ones.
    """

    name: str
    result: ReadResult
    scored: pd.DataFrame
    targets: tuple[Target, ...]


def comment_sets() -> dict[str, CommentSet]:
    """The session's own sets by name, in the order in which they were added."""
    sets: dict[str, CommentSet] = st.session_state.setdefault(_SETS, {})
    return sets


RESERVED = (SAMPLE, ADD) = ("Sample: troops for Ukraine", "＋ Add comments…")
"""Entries of the picker that are no set of the session."""


def add_set(result: ReadResult, scored: pd.DataFrame, targets: tuple[Target, ...]) -> str:
    """Keep a scored source and return its name; a second one of a name gets a number."""
    sets = comment_sets()
    name, number = result.name, 2
    while name in sets or name in RESERVED:
        name, number = f"{result.name} ({number})", number + 1
    sets[name] = CommentSet(name, result, scored, targets)
    return name


def remove_set(name: str) -> None:
    """Forget a set; nothing of it stays in the session."""
    comment_sets().pop(name, None)
    for key in ("drafts", f"export {name} shown", f"export {name} all"):
        st.session_state.pop(key, None)


def draft_key(data: bytes, *options: object) -> str:
    """Names what was read of these bytes with these options."""
    digest = hashlib.sha256(data).hexdigest()
    return f"draft {digest} {options!r}"
