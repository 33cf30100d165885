"""Words of the corrections: how many labels are by hand, and what learning from them is worth."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from stance.amounts import number, numbered
from stance.learning import FEWEST, Lesson
from stance.records import BY_HAND, HAND_COLUMNS, HAND_SEPARATOR
from stance.translation import N_, _
from stance.wording.titles import style_of

LEARNED_NOTE = N_(
    "The model was taught by labels of yours: how it errs since was never measured on other comments, so "
    "no share is corrected, and the intervals cover chance alone."
)

_HEADS = {"sentiment": N_("Sentiment"), "stance": N_("Stance toward all targets")}


def by_hand_sentence(n_held: int, n_changed: int, n_blind: int = 0) -> str:
    """How many labels of a set are by hand, and what they do to the model's; `n_blind` are of audits.

    >>> by_hand_sentence(3, 2)
    '3 labels are by hand: 2 differ from the model’s, 1 confirms it.'
    """
    said = _("No label was put right by hand yet.")
    if n_held:
        confirmed = n_held - n_changed
        said = numbered(
            "{n} label is by hand: {changed}, {confirmed}.",
            "{n} labels are by hand: {changed}, {confirmed}.",
            n_held,
            changed=numbered(
                "{n} differs from the model’s", "{n} differ from the model’s", n_changed
            ),
            confirmed=numbered("{n} confirms it", "{n} confirm it", confirmed),
        )
    if not n_blind:
        return said
    audits = numbered(
        "{n} label of audits put nothing right: they judge.",
        "{n} labels of audits put nothing right: they judge.",
        n_blind,
    )
    return f"{said} {audits}"


def comes_along(n_labels: int, learned_from: int) -> str:
    """What an export holds besides scores; `learned_from` labels taught its model.

    >>> comes_along(3, 12)
    'It holds 3 labels by hand. Its labels came from a model that was taught by 12 labels.'
    """
    parts = []
    if n_labels:
        hand = numbered("It holds {n} label by hand.", "It holds {n} labels by hand.", n_labels)
        parts.append(hand)
    if learned_from:
        taught = numbered(
            "Its labels came from a model that was taught by {n} label.",
            "Its labels came from a model that was taught by {n} labels.",
            learned_from,
        )
        parts.append(taught)
    return " ".join(parts)


def model_says(about: str, label: str, sure: float | None) -> str:
    """What the model says of a comment; `label` as inside a sentence, `sure` its probability if known.

    >>> model_says("Russia", "against", 0.514)
    'Russia: the model says against, 51 % sure.'
    """
    if sure is None:
        said = _("{question}: the model says {label}, how sure it was is not known.")
        return said.format(question=about, label=label)
    said = _("{question}: the model says {label}, {share} sure.")
    return said.format(question=about, label=label, share=f"{sure * 100:.0f} %")


def by_hand_text(row: pd.Series[Any], titles: Mapping[str, str]) -> str:
    """What was put right by hand in one row of the scored table; "" if nothing was.

    `titles` is what to call each question.
    """
    if not row.get(BY_HAND):
        return ""
    parts = zip(*(str(row[name]).split(HAND_SEPARATOR) for name in HAND_COLUMNS), strict=False)
    told = [
        _("{question} (the model said {label}; {who}, {time})").format(
            question=titles[question],
            label=style_of(question, was).word if was else was,
            who=who or _("no name"),
            time=at,
        )
        for question, was, who, at in parts
    ]
    said = _("By hand: {labels}. 100 % there means “by hand”: it is no probability of the model.")
    return said.format(labels=", ".join(told))


def lesson_sentence(head: str, lesson: Lesson) -> str:
    """Whether what was learned is better on labels that it has not seen, of comments drawn at random."""
    right = _(
        "{question}: of {n} labels by hand {after} are right instead of {before}, each judged without it."
    ).format(
        question=_(_HEADS[head]),
        n=number(lesson.n),
        after=number(lesson.right_after),
        before=number(lesson.right_before),
    )
    if not lesson.judged:
        judge = _(
            "Whether it helps on the other comments can’t be told by comments that were picked: label "
            "{fewest} at random in an Audit ({n} are there), then learn again."
        )
        return f"{right} {judge.format(fewest=FEWEST, n=number(lesson.n_random))}"
    if lesson.change_high < 0:
        verdict = _("By the {n} drawn at random it helps: {change}.")
    elif lesson.change_low > 0:
        verdict = _("By the {n} drawn at random it does harm, so leave it off: {change}.")
    else:
        verdict = _(
            "By the {n} drawn at random that it helps is not shown, so better leave it off or label more: "
            "{change}."
        )
    change, low, high = (
        number(each, "+.2f") for each in (lesson.change, lesson.change_low, lesson.change_high)
    )
    by = _("their log loss changes by {change} ({low} to {high}; below 0 is better)")
    by = by.format(change=change, low=low, high=high)
    return f"{right} {verdict.format(n=number(lesson.n_random), change=by)}"


def lessons_table(lessons: Mapping[str, Lesson]) -> pd.DataFrame:
    """Before and after by head, on labels that were held out."""
    return pd.DataFrame(
        {
            _("About"): [_(_HEADS[head]) for head in lessons],
            _("Labels"): [lesson.n for lesson in lessons.values()],
            _("Right before"): [lesson.right_before for lesson in lessons.values()],
            _("Right after"): [lesson.right_after for lesson in lessons.values()],
            _("Drawn at random"): [lesson.n_random for lesson in lessons.values()],
            _("Change of log loss"): [lesson.change for lesson in lessons.values()],
        }
    )


def skipped_sentence(n: int) -> str:
    """How many comments were skipped.

    >>> skipped_sentence(1)
    '1 comment was skipped for this question.'
    """
    return numbered(
        "{n} comment was skipped for this question.",
        "{n} comments were skipped for this question.",
        n,
    )
