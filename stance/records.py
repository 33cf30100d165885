"""The records that travel: an article, its comments, what was read, and the scored table's columns.

Holds no logic and does no input or output.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from stance.labels import Sentiment, Stance


@dataclass(frozen=True, slots=True)
class Article:
    """The article that the comments stand under. Empty strings where the source has none."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """One reader comment, exactly as its author wrote it.

    `cells` are the person's own columns of this row, unchanged, in the order of
    `ReadResult.columns`; the named fields are what we understood of them. `line` is the line of
    the source on which the comment begins, counted from 1.
    """

    comment_id: str
    text: str
    line: int
    author: str = ""
    time: str = ""
    likes: str = ""
    reply_to: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A row or block of the source that is no comment, and why.

    `reason` is one of a few fixed phrases, so that rows can be counted by it.
    """

    line: int
    reason: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What a source turned out to hold: comments + rejected = all rows of the source.

    `columns` names the cells of every comment. `notes` tells, in sentences for the person, how
    the source was understood (encoding, delimiter, layout). `confidence` (0 to 1) says how sure
    the reader is of the split into comments; a table with a header row is 1. `kind` says whether
    it was read as a table or as a pasted page, `form` what the table lay in.
    """

    name: str
    columns: tuple[str, ...]
    comments: tuple[Comment, ...]
    rejected: tuple[RejectedRow, ...] = ()
    article: Article = field(default_factory=Article)
    notes: tuple[str, ...] = ()
    confidence: float = 1.0
    kind: Literal["table", "page"] = "table"
    form: Literal["text", "json", "sheet"] = "text"


@dataclass(frozen=True, slots=True)
class Scores:
    """What a classifier says of `n` texts and `k` targets; columns in label order, rows sum to 1.

    Shapes: `sentiment` (n, 3), `stance` (n, k, 3), `truncated` (n,), True where the classifier
    did not see the end of the text.
    """

    sentiment: NDArray[np.float32]
    stance: NDArray[np.float32]
    truncated: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class HeadStates:
    """What the last layers of the classifier's heads read of n texts and k targets.

    Shapes: `sentiment` (n, width), `stance` (n, k, width); each value lies in -1 to 1.
    """

    sentiment: NDArray[np.float32]
    stance: NDArray[np.float32]


SURE = 0.8
"""A reader's confidence below which the person is asked to check the split into comments."""

PAGE_COLUMNS = ("author", "time", "likes", "reply_to", "text")
"""The own columns of a pasted page: it has no header to take them from."""

_AS_IT_IS, _NUMBERED = re.compile(r"(?!)"), re.compile(r"_[0-9]+$")

COMMENT_ID = "comment_id"
SENTIMENT = "sentiment"
TRUNCATED = "truncated"
UNSCORED = "unscored"

BY_HAND, MODEL_LABELS, ANNOTATOR, ANNOTATED_AT = "by_hand", "model_labels", "annotator", "annotated_at"
LEARNED_FROM = "learned_from"
HAND_COLUMNS = (BY_HAND, MODEL_LABELS, ANNOTATOR, ANNOTATED_AT)
"""Behind the others where people gave labels: about which questions, in place of which of the model's
labels, who and when; in each the answers stand in one order, with `HAND_SEPARATOR` between them.
`LEARNED_FROM` stands last where the model was taught, and says by how many labels."""

_TAILS = ((), (LEARNED_FROM,), HAND_COLUMNS, (*HAND_COLUMNS, LEARNED_FROM))

HAND_SEPARATOR = "; "


def sentiment_probability(label: Sentiment) -> str:
    """Name of the column with the probability of a sentiment: `sentiment_negative`."""
    return f"{SENTIMENT}_{label}"


def stance_label(target_key: str) -> str:
    """Name of the column with the stance toward a target: `stance_us`."""
    return f"stance_{target_key}"


def stance_probability(target_key: str, label: Stance) -> str:
    """Name of the column with the probability of a stance: `stance_us_against`."""
    return f"stance_{target_key}_{label}"


def mentions(target_key: str) -> str:
    """Name of the column with the words that name a target: `mentions_us`."""
    return f"mentions_{target_key}"


def _columns(target_keys: Sequence[str]) -> list[tuple[str, type]]:
    columns: list[tuple[str, type]] = [(COMMENT_ID, str), (SENTIMENT, str)]
    columns.extend((sentiment_probability(label), float) for label in Sentiment)
    for key in target_keys:
        columns.append((stance_label(key), str))
        columns.extend((stance_probability(key, label), float) for label in Stance)
        columns.append((mentions(key), str))
    return [*columns, (TRUNCATED, bool), (UNSCORED, str)]


def scored_columns(target_keys: Sequence[str]) -> tuple[str, ...]:
    """Columns of the scored table, in the order of the output contract.

    >>> scored_columns(["us"])[5:10]
    ('stance_us', 'stance_us_against', 'stance_us_none', 'stance_us_favor', 'mentions_us')
    """
    return tuple(name for name, _ in _columns(target_keys))


def column_kinds(target_keys: Sequence[str]) -> dict[str, type]:
    """What each column of the scored table holds, in the order of the output contract."""
    return dict(_columns(target_keys))


def distinct_from(own: Sequence[str], ours: Iterable[str]) -> list[str]:
    """Our column names beside the person's own: "_2" behind one that they have too."""
    taken, names = set(own), []
    for name in ours:
        distinct, number = name, 2
        while distinct in taken:
            distinct, number = f"{name}_{number}", number + 1
        taken.add(distinct)
        names.append(distinct)
    return names


def exported_targets(
    columns: Sequence[str],
) -> tuple[int, tuple[str, ...], tuple[str, ...]] | None:
    """Where our columns begin in an export of ours, the keys of its targets, and what stands behind.

    None where these are not the columns of an export. Last come those of `HAND_COLUMNS` and
    `LEARNED_FROM` that are there, by the names that we gave them.

    >>> exported_targets(["text", *scored_columns(["us", "nato"]), LEARNED_FROM])
    (1, ('us', 'nato'), ('learned_from',))
    >>> exported_targets(["text", "comment_id", "sentiment"]) is None
    True
    """
    for first, name in enumerate(columns):
        if name.startswith(COMMENT_ID):
            for tail in _TAILS:
                keys = _target_keys(columns, first, tail)
                if keys is not None:
                    return first, keys, tail
    return None


def _target_keys(
    columns: Sequence[str], first: int, tail: tuple[str, ...]
) -> tuple[str, ...] | None:
    """The keys of the targets, if from `first` on stand our columns and then those of `tail`."""
    n_fixed = len(scored_columns([]))
    per_target = len(scored_columns(["x"])) - n_fixed
    ours = list(columns[first:])
    n_targets, rest = divmod(len(ours) - len(tail) - n_fixed, per_target)
    if rest or n_targets < 0:
        return None
    heads = ours[n_fixed - 2 : n_fixed - 2 + n_targets * per_target : per_target]
    # A number behind ours tells it from a column of the person's own; a key may end in one.
    for cut in (_AS_IT_IS, _NUMBERED):
        keys = tuple(cut.sub("", head.removeprefix(stance_label(""))) for head in heads)
        if ours == distinct_from(columns[:first], (*scored_columns(keys), *tail)):
            return keys
    return None
