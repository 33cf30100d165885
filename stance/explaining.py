"""Which words of one comment moved one answer: leave them out, score again, take the difference.

This is erasure, called occlusion for pictures (Zeiler & Fergus 2014, "Visualizing and
understanding convolutional networks"; Li, Monroe & Jurafsky 2016, "Understanding neural networks
through representation erasure"). Where words stand is found by `stance.stretches`; here they are
left out, scored and weighed. Knows no network: a classifier is an argument. Shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from stance.masking import MaskedText, mask_names
from stance.records import Scores
from stance.stretches import Alignment, Clause, Stretch, align, clauses_of, without
from stance.targets import Target
from stance.text import prepare_text, why_unscored
from stance.translation import N_

BATCH_SIZE = 32

MAX_VARIANTS = 80
"""Variants of a comment that are scored at most; of a long one, more words are left out at once."""

JOINT = 2.0
"""A clause is shown as one if leaving it out does more than this many times what its words do."""

ONE_WORD = N_("only one word")
"""Reason of an explanation without spans: nothing would be left to compare with."""


class MaskedClassifier(Protocol):
    """What explaining needs of a model."""

    def predict_masked(self, texts: Sequence[MaskedText]) -> Scores:
        """Probabilities for masked texts, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """Words of `Explanation.text[start:end]` and what leaving them out changes.

    `weight` is the score of the whole comment minus the score without these words: positive where
    they speak for the target (or make the comment more positive). From -2 to 2.
    `clause` if it is a clause whose words were left out together.
    """

    start: int
    end: int
    weight: float
    clause: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a comment got its answer toward `target`, or its sentiment if `target` is None.

    `text` is what the spans index: the person's own text where cleaning can be traced back
    (`as_written`), else the cleaned text that the model read. `probabilities` stand in label
    order; `score` is the last minus the first: favor − against, or positive − negative. `spans`
    are what to show: in the order of the text, none overlaps. `measured` is all that was left
    out, words and clauses. `reason` says why there are no spans; "" if there are.
    `truncated` if the model reads only the beginning: without a word, a later one may come in.
    """

    text: str
    target: Target | None
    as_written: bool = True
    probabilities: tuple[float, float, float] | None = None
    spans: tuple[Span, ...] = ()
    measured: tuple[Span, ...] = ()
    reason: str = ""
    truncated: bool = False

    @property
    def score(self) -> float:
        """Last probability minus the first, from -1 to 1; 0 without probabilities."""
        return self.probabilities[2] - self.probabilities[0] if self.probabilities else 0.0

    def strongest(self) -> tuple[Span, ...]:
        """The spans to show, the one that moves the score most first."""
        return tuple(sorted(self.spans, key=lambda span: -abs(span.weight)))


def explain(
    text: str,
    target: Target | None,
    classifier: MaskedClassifier,
    *,
    any_language: bool = False,
) -> Explanation:
    """Leave every word, and every clause, out of a comment and see how its score changes.

    A variant is what the model would read of the comment had its author not written those words:
    names are masked anew, so without its only name a target is asked about as an unnamed one. A
    name with its article and title is one word. A clause ends at punctuation or before a
    conjunction. It is shown in place of its words where leaving it out moves the score more than
    twice as much as its words do one by one, added up: "Glory to Ukraine" thrice, for example.

    Args:
        text: the comment as its author wrote it.
        target: what stance is asked about; None for the sentiment.
        classifier: see `stance.load_classifier`.
        any_language: explain a comment too that is clearly not English.

    Returns:
        The explanation; without spans, and with the reason, for a comment without a score (see
        `stance.text.why_unscored`: no probabilities either) or with one word only.
    """
    reason = why_unscored(text, any_language=any_language)
    if reason:
        return Explanation(text, target, reason=reason)
    prepared = prepare_text(text)
    alignment = align(text, prepared)
    clauses = clauses_of(prepared.text, target, alignment, at_most=MAX_VARIANTS - 1)
    stretches = _left_out(clauses)
    texts = [prepared.text, *(without(prepared.text, stretch) for stretch in stretches)]
    scores = _scored(texts, target, classifier)
    answers = (scores.sentiment if target is None else scores.stance[:, 0]).astype(np.float64)
    change = answers[0, 2] - answers[0, 0] - (answers[1:, 2] - answers[1:, 0])
    weights = dict(zip(stretches, change.tolist(), strict=True))
    measured = {stretch: _span(stretch, weights[stretch], clauses, alignment) for stretch in weights}
    low, middle, high = answers[0].tolist()
    return Explanation(
        alignment.text,
        target,
        as_written=alignment.as_written,
        probabilities=(low, middle, high),
        spans=tuple(measured[stretch] for stretch in _to_show(clauses, weights)),
        measured=tuple(measured.values()),
        reason="" if stretches else ONE_WORD,
        truncated=prepared.truncated or bool(scores.truncated[0]),
    )


def _left_out(clauses: Sequence[Clause]) -> list[Stretch]:
    """All words, then all clauses of several words; never the whole comment."""
    words = [word for clause in clauses for word in clause.words]
    if len(words) == 1:
        return []
    wholes = [clause.whole for clause in clauses if len(clause.words) > 1]
    return [*words, *(wholes if len(clauses) > 1 else [])]


def _scored(texts: Sequence[str], target: Target | None, classifier: MaskedClassifier) -> Scores:
    """Scores of prepared texts in their order; texts of similar length share a batch."""
    targets = [] if target is None else [target]
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    masked = [mask_names(texts[index], targets) for index in order]
    parts = [
        classifier.predict_masked(masked[first : first + BATCH_SIZE])
        for first in range(0, len(masked), BATCH_SIZE)
    ]
    back = np.argsort(order)
    return Scores(
        np.concatenate([part.sentiment for part in parts])[back],
        np.concatenate([part.stance for part in parts])[back],
        np.concatenate([part.truncated for part in parts])[back],
    )


def _to_show(clauses: Sequence[Clause], weights: dict[Stretch, float]) -> Iterator[Stretch]:
    """The words of each clause, or the clause where its words do little one by one."""
    for clause in clauses:
        words = [word for word in clause.words if word in weights]
        alone = sum(abs(weights[word]) for word in words)
        if abs(weights.get(clause.whole, 0.0)) > JOINT * alone:
            yield clause.whole
        else:
            yield from words


def _span(
    stretch: Stretch, weight: float, clauses: Sequence[Clause], alignment: Alignment
) -> Span:
    clause = any(stretch == clause.whole and len(clause.words) > 1 for clause in clauses)
    return Span(*alignment.written(stretch), weight, clause)
