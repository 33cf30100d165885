"""Words of the corrections: how many labels are by hand, and what learning from them is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from stance.amounts import counted
from stance.learning import FEWEST, Lesson
from stance.records import BY_HAND, HAND_COLUMNS, HAND_SEPARATOR

LEARNED_NOTE = (
    "The model was taught by labels of yours: how it errs since was never measured on other comments, so "
    "no share is corrected, and the intervals cover chance alone."
)

_HEADS = {"sentiment": "Sentiment", "stance": "Stance toward all targets"}


def by_hand_sentence(n_held: int, n_changed: int, n_blind: int = 0) -> str:
    """How many labels of a set are by hand, and what they do to the model's; `n_blind` are of audits.

    >>> by_hand_sentence(3, 2)
    '3 labels are by hand: 2 differ from the model’s, 1 confirms it.'
    """
    audits = f" {counted(n_blind, 'label')} of audits put nothing right: they judge." if n_blind else ""
    if not n_held:
        return f"No label was put right by hand yet.{audits}"
    confirmed = n_held - n_changed
    return (
        f"{counted(n_held, 'label is', 'labels are')} by hand: {n_changed:,} "
        f"{'differs' if n_changed == 1 else 'differ'} from the model’s, {confirmed:,} "
        f"{'confirms' if confirmed == 1 else 'confirm'} it.{audits}"
    )


def comes_along(n_labels: int, learned_from: int) -> str:
    """What an export holds besides scores; `learned_from` labels taught its model.

    >>> comes_along(3, 12)
    'It holds 3 labels by hand. Its labels came from a model that was taught by 12 labels.'
    """
    hand = f"It holds {counted(n_labels, 'label')} by hand." if n_labels else ""
    taught = f"Its labels came from a model that was taught by {counted(learned_from, 'label')}."
    return " ".join(filter(None, (hand, taught if learned_from else "")))


def model_says(about: str, label: str, sure: float | None) -> str:
    """What the model says of a comment; `sure` is the label's probability, None where not known.

    >>> model_says("Russia", "Against", 0.514)
    'Russia: the model says against, 51 % sure.'
    """
    how = "how sure it was is not known" if sure is None else f"{sure * 100:.0f} % sure"
    return f"{about}: the model says {label.lower()}, {how}."


def by_hand_text(row: pd.Series[Any], titles: Mapping[str, str]) -> str:
    """What was put right by hand in one row of the scored table; "" if nothing was.

    `titles` is what to call each question.
    """
    if not row.get(BY_HAND):
        return ""
    parts = zip(*(str(row[name]).split(HAND_SEPARATOR) for name in HAND_COLUMNS), strict=False)
    told = [
        f"{titles[question]} (the model said {was}; {who or 'no name'}, {at})"
        for question, was, who, at in parts
    ]
    return f"By hand: {', '.join(told)}. 100 % there means “by hand”: it is no probability of the model."


def lesson_sentence(head: str, lesson: Lesson) -> str:
    """Whether what was learned is better on labels that it has not seen, of comments drawn at random."""
    right = (
        f"{_HEADS[head]}: of {lesson.n} labels by hand {lesson.right_after} are right instead of "
        f"{lesson.right_before}, each judged without it."
    )
    if not lesson.judged:
        return (
            f"{right} Whether it helps on the other comments can’t be told by comments that were picked: "
            f"label {FEWEST} at random in an Audit ({lesson.n_random:,} are there), then learn again."
        )
    if lesson.change_high < 0:
        verdict = "it helps"
    elif lesson.change_low > 0:
        verdict = "it does harm, so leave it off"
    else:
        verdict = "that it helps is not shown, so better leave it off or label more"
    return (
        f"{right} By the {lesson.n_random:,} drawn at random {verdict}: their log loss changes by "
        f"{lesson.change:+.2f} ({lesson.change_low:+.2f} to {lesson.change_high:+.2f}; below 0 is better)."
    )


def lessons_table(lessons: Mapping[str, Lesson]) -> pd.DataFrame:
    """Before and after by head, on labels that were held out."""
    return pd.DataFrame(
        {
            "About": [_HEADS[head] for head in lessons],
            "Labels": [lesson.n for lesson in lessons.values()],
            "Right before": [lesson.right_before for lesson in lessons.values()],
            "Right after": [lesson.right_after for lesson in lessons.values()],
            "Drawn at random": [lesson.n_random for lesson in lessons.values()],
            "Change of log loss": [lesson.change for lesson in lessons.values()],
        }
    )


def skipped_sentence(n: int) -> str:
    """How many comments were skipped.

    >>> skipped_sentence(1)
    '1 comment was skipped for this question.'
    """
    return f"{counted(n, 'comment was', 'comments were')} skipped for this question."
