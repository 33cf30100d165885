"""Finds comments that say what an earlier one said: word for word, or but for how it is typed.

Copies are kept and scored like any other; many of one text may be a campaign, so they are counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from stance.records import Comment
from stance.seen import Seen
from stance.text import prepare_text


class CopyKind(StrEnum):
    """How alike a comment is to an earlier one."""

    EXACT = "exact"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Copy:
    """Of which earlier comment a comment is a copy (its id), and how alike they are."""

    of: str
    kind: CopyKind


class CopyFinder:
    """Tells copies among comments that come one by one; memory does not grow with them.

    Near copies have the same letters and digits in the same order once links, @names, case, spaces
    and punctuation are left out. Comments without any letter or digit are no copies.
    """

    def __init__(self) -> None:
        self._exact = Seen()
        self._near = Seen()

    def add(self, comment: Comment) -> Copy | None:
        """Look at the next comment: of which earlier one it is a copy, None if of none."""
        words = _words(comment.text)
        if not words:
            return None
        n_exact, of_exact = self._exact.add(_key(comment.text), comment.comment_id)
        n_near, of_near = self._near.add(_key(words), comment.comment_id)
        if n_exact:
            return Copy(of_exact, CopyKind.EXACT)
        return Copy(of_near, CopyKind.NEAR) if n_near else None


def find_copies(comments: Iterable[Comment]) -> dict[str, Copy]:
    """The copies among some comments, by their ids.

    >>> texts = ["Well said!", "No.", "well said", "Well said!"]
    >>> found = find_copies(Comment(str(i), text, i) for i, text in enumerate(texts))
    >>> [(key, copy.of, str(copy.kind)) for key, copy in found.items()]
    [('2', '0', 'near'), ('3', '0', 'exact')]
    """
    finder = CopyFinder()
    return {c.comment_id: copy for c in comments if (copy := finder.add(c)) is not None}


def original_of(comment_id: str, copies: Mapping[str, Copy]) -> str:
    """The first comment that says what this one says: itself, if it is no copy."""
    while (copy := copies.get(comment_id)) is not None:
        comment_id = copy.of
    return comment_id


def _words(text: str) -> str:
    return "".join(c for c in prepare_text(text).text.casefold() if c.isalnum())


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
