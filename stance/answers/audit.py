"""Audit: a random, stratified sample of a set, and what a person's labels of it say of the model's.

Scored table and labels in, small records out. The interval is `stance.answers.stratified`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from stance import records
from stance.aggregate import scored_rows
from stance.answers.corrections import label_column, labels_of
from stance.answers.stratified import share_intervals
from stance.hand_labels import SENTIMENT_QUESTION, UNCLEAR, HandLabel

SAMPLE_SIZE = 50
LEAST_PER_STRATUM = 5
"""Comments that are drawn of each stratum at least, if it has as many."""


@dataclass(frozen=True, slots=True)
class Stratum:
    """Scored comments with the same label by the model, `size` of them, and the ids that were drawn.

    For stance the comments that name the target are a stratum apart from those that do not.
    """

    given: str
    named: bool
    size: int
    drawn: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sample:
    """Comments that were drawn to be labelled; `order` are their ids in the order to do so.

    `question` is that of their `HandLabel`s, `n_scored` how many comments the sample stands for.
    """

    question: str
    n_scored: int
    strata: tuple[Stratum, ...]
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share of all scored comments and its 95 % interval; NaN where only the interval is known."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LabelAudit:
    """A label's share: `counted` comments by the model, and what the person's labels say."""

    label: str
    counted: int
    true: Estimate


@dataclass(frozen=True, slots=True)
class AuditResult:
    """What the labels of a sample say of the model.

    `labels` are in label order. `n_labelled` comments have a label, `n_unclear` were looked at and
    left open, of `n_sample` that were drawn for `n_scored`. `n_unread` scored comments are in strata
    of which none has a label so far. `accuracy` is the share of all scored comments whose label is
    right. `pairs` are ids of labelled comments by the model's and the person's label, as they were
    drawn: not weighted.
    """

    question: str
    n_scored: int
    n_sample: int
    n_labelled: int
    n_unclear: int
    n_unread: int
    accuracy: Estimate
    labels: tuple[LabelAudit, ...]
    pairs: dict[tuple[str, str], tuple[str, ...]]


def draw_sample(
    scored: pd.DataFrame, question: str, n: int = SAMPLE_SIZE, *, draw: int = 1
) -> Sample:
    """Draw scored comments at random, stratified by the label that the model gave.

    Every comment has a number of its own that is as good as random, made of its id, the question and
    `draw`, and the lowest of each stratum are drawn (permanent random numbers, Ohlsson 1995): so the same
    set gives everybody the same sample in the same order, and a larger one holds all of a smaller
    one. Strata take part by the square root of their size (Bankier 1988), so that rare labels are
    seen often enough.

    Args:
        scored: the scored table.
        question: `SENTIMENT_QUESTION` or a target's key.
        n: how many; all, if the set has no more.
        draw: another number gives another sample.
    """
    rows = scored_rows(scored)
    named = pd.Series(True, index=rows.index)
    if question != SENTIMENT_QUESTION:
        named = rows[records.mentions(question)] != ""
    numbers = {i: _numbers(i, question, draw) for i in rows[records.COMMENT_ID]}
    groups = []
    for (given, names_it), ids in rows.groupby([rows[label_column(question)], named])[
        records.COMMENT_ID
    ]:
        by_number = sorted(ids, key=lambda comment_id: numbers[comment_id][0])
        groups.append((str(given), bool(names_it), by_number))
    parts = _allocated([len(ids) for *_, ids in groups], n)
    strata = tuple(
        Stratum(given, names_it, len(ids), tuple(ids[:part]))
        for (given, names_it, ids), part in zip(groups, parts, strict=True)
    )
    return Sample(question, len(rows), strata, _order(strata, numbers))


def _numbers(comment_id: str, question: str, draw: int) -> tuple[float, float]:
    """Two numbers from 0 to 1 that are a comment's own: for being drawn, and for its place."""
    key = "\0".join((str(draw), question, comment_id)).encode("utf-8", "surrogatepass")
    digest = hashlib.sha256(key).digest()
    return int.from_bytes(digest[:8]) / 2**64, int.from_bytes(digest[8:16]) / 2**64


def _order(
    strata: Sequence[Stratum], numbers: Mapping[str, tuple[float, float]]
) -> tuple[str, ...]:
    """The drawn comments, each stratum spread over all of it, the first of each in the first fifth."""
    places = {}
    for stratum in strata:
        for place, comment_id in enumerate(stratum.drawn):
            parts = len(stratum.drawn) if place else max(len(stratum.drawn), LEAST_PER_STRATUM)
            places[comment_id] = ((place + numbers[comment_id][1]) / parts, comment_id)
    return tuple(sorted(places, key=places.__getitem__))


def _allocated(sizes: Sequence[int], n: int) -> list[int]:
    """How many of each stratum are drawn: one after the other goes to who lacks most."""
    parts = [0] * len(sizes)

    def lack(stratum: int) -> tuple[bool, float]:
        size, part = sizes[stratum], parts[stratum]
        return part < LEAST_PER_STRATUM, size**0.5 / (part + 0.5)

    for _ in range(min(n, sum(sizes))):
        open_ones = [i for i, size in enumerate(sizes) if parts[i] < size]
        parts[max(open_ones, key=lack)] += 1
    return parts


def sample_labels(sample: Sample, labels: Iterable[HandLabel], annotator: str) -> list[HandLabel]:
    """The labels that one person gave blind to comments of a sample, the latest last.

    Labels that were given with the model's in sight are no audit: they would lean toward it.
    """
    drawn = set(sample.order)
    return [
        label
        for label in labels
        if label.blind
        and (label.question, label.annotator) == (sample.question, annotator)
        and label.comment_id in drawn
    ]


def audit_result(sample: Sample, labels: Iterable[HandLabel], annotator: str) -> AuditResult:
    """What one person's labels say of the model's, of all of the sample or of the part that is labelled.

    Every label's true share is estimated as the model's count put right by the errors found in each
    stratum: the difference estimator with the model's labels as the auxiliary variable (Cochran
    1977), or prediction-powered inference (Angelopoulos et al. 2023), with one correction for each
    stratum. However biased the model is, it is right in the mean, and so is the interval, since
    only the random sample is relied on. The order of the sample is random within each stratum, so
    that the labelled part is a random sample too.

    Comments that were left open may have any label: the interval covers all that they could be. So
    may a stratum of which nothing is labelled; then there is no estimate, only an interval.
    """
    mine = sample_labels(sample, labels, annotator)
    found = {label.comment_id: label.label for label in mine}
    order = labels_of(sample.question)
    # Columns: one for each label, and one for "the model is right".
    tables = [_tally(stratum, order, found) for stratum in sample.strata]
    yes = np.array([table[0] for table in tables]).reshape(-1, len(order) + 1)
    n_labelled = np.array([table[1] for table in tables], dtype=np.int64)
    n_unclear = np.array([table[2] for table in tables], dtype=np.int64)
    sizes = np.array([stratum.size for stratum in sample.strata], dtype=np.int64)
    low, high = share_intervals(sizes, n_labelled, n_unclear, yes)
    shares = _weighted(sizes, n_labelled, yes)
    *estimates, accuracy = map(Estimate, shares.tolist(), low.tolist(), high.tolist())
    counted = {label: sum(s.size for s in sample.strata if s.given == label) for label in order}
    return AuditResult(
        question=sample.question,
        n_scored=sample.n_scored,
        n_sample=len(sample.order),
        n_labelled=int(n_labelled.sum()),
        n_unclear=int(n_unclear.sum()),
        n_unread=int(sizes[n_labelled == 0].sum()),
        accuracy=accuracy,
        labels=tuple(
            LabelAudit(label, counted[label], estimate)
            for label, estimate in zip(order, estimates, strict=True)
        ),
        pairs=_pairs(sample, order, found),
    )


def _tally(
    stratum: Stratum, order: Sequence[str], found: Mapping[str, str]
) -> tuple[list[int], int, int]:
    """How many labelled comments of a stratum have each label and the model's; labelled; left open."""
    here = [found[comment_id] for comment_id in stratum.drawn if comment_id in found]
    yes = [here.count(label) for label in order]
    unclear = here.count(UNCLEAR)
    return [*yes, here.count(stratum.given)], len(here) - unclear, unclear


def _weighted(
    sizes: NDArray[np.int64], n_labelled: NDArray[np.int64], yes: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Shares of the strata, weighted by their sizes; NaN where one of them has no label."""
    if not len(sizes) or not n_labelled.all():
        return np.full(yes.shape[1], np.nan)
    return np.asarray((sizes / sizes.sum()) @ (yes / n_labelled[:, None]))


def _pairs(
    sample: Sample, order: Sequence[str], found: Mapping[str, str]
) -> dict[tuple[str, str], tuple[str, ...]]:
    given = {i: stratum.given for stratum in sample.strata for i in stratum.drawn}
    pairs = {}
    for ours in order:
        for theirs in order:
            ids = [i for i in sample.order if (given[i], found.get(i)) == (ours, theirs)]
            if ids:
                pairs[ours, theirs] = tuple(ids)
    return pairs
