"""Words of the audit: what a label means, what the labels of a sample say, and what to make of it."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd

from stance.amounts import number, numbered, share_text
from stance.answers.agreement import FEW, Agreement
from stance.answers.audit import AuditResult, Estimate, LabelAudit, Sample
from stance.hand_labels import SENTIMENT_QUESTION
from stance.targets import Target
from stance.translation import N_, _, pgettext
from stance.wording.titles import all_of, label_title, style_of, target_titles

PEEKING_NOTE = N_(
    "Decide how many to label before you look: an interval holds as often as it says only if what it "
    "shows is not the reason to stop."
)

RARE_NOTE = N_(
    "Of the comments that were labelled twice. The sample has more of the labels that are rare here than "
    "the set has, so among all comments alpha may be higher or lower."
)

SEEN_NOTE = N_(
    "The last label can’t be undone: the model’s labels of these comments were shown, so a label that is "
    "given again would not be blind."
)

TRUTH_NOTE = N_(
    "True means by this person's labels: what they misjudge stays in. In brackets: 95 % interval. It "
    "covers which comments were drawn, and holds however the model errs."
)


def audited_titles(targets: Iterable[Target]) -> dict[str, str]:
    """What to call each question that an audit can be about, by question."""
    stances = {
        key: _("Stance toward {target}").format(target=title)
        for key, title in target_titles(targets).items()
    }
    return {SENTIMENT_QUESTION: _("Sentiment")} | stances


def as_it_came(*, by_hand: bool, taught: bool) -> str:
    """That an audit is not of the labels that other views show; "" where it is."""
    shown = [_("corrections by hand")] if by_hand else []
    if taught:
        shown.append(_("the labels of the taught model"))
    if not shown:
        return ""
    return _(
        "Of the model’s labels as they came with this set. The other views show {shown}, which this does "
        "not judge."
    ).format(shown=all_of(shown))


def label_rule(question: str, targets: Iterable[Target]) -> str:
    """What the labels of a question mean, in a line."""
    if question == SENTIMENT_QUESTION:
        return _("Sentiment is the tone of the whole comment. Sarcastic praise is negative.")
    return _(
        "What does this commenter think of {target} as a political actor? In favor: praises, defends, "
        "thanks, sympathises, wants it helped. Against: criticises, blames, mocks, distrusts, opposes "
        "helping it. None: not about it, only mentions it, or balanced. Backing one side is not by itself "
        "against the other."
    ).format(target=target_titles(targets)[question])


def sample_sentence(sample: Sample) -> str:
    """What was drawn, without a word on what the model says of it."""
    n = len(sample.order)
    if n == sample.n_scored:
        return numbered(
            "All {n} scored comment are to be labelled, in random order.",
            "All {n} scored comments are to be labelled, in random order.",
            n,
        )
    return numbered(
        "{n} comment of {all} that are scored, drawn at random, more often from labels that are rare "
        "here, in random order.",
        "{n} comments of {all} that are scored, drawn at random, more often from labels that are rare "
        "here, in random order.",
        n,
        all=number(sample.n_scored),
    )


def audit_sentence(result: AuditResult, question_title: str) -> str:
    """How often the model is right here, and which counted shares the labels contradict."""
    right = numbered(
        "{question}: the model is right about {share} of {n} scored comment, by {labels}.",
        "{question}: the model is right about {share} of {n} scored comments, by {labels}.",
        result.n_scored,
        question=question_title,
        share=_wide(result.accuracy),
        labels=numbered("{n} label", "{n} labels", result.n_labelled),
    )
    wrong = [label for label in result.labels if not _holds(label, result.n_scored)]
    if wrong:
        return " ".join([right, *(_difference(result, label) for label in wrong)])
    off = max(_farthest(label, result.n_scored) for label in result.labels)
    rest = _("Every counted share is right.")
    if off >= 0.005:
        rest = _(
            "No counted share is shown to be wrong; each could be off by up to {points} points (95 %), as "
            "far as these labels can tell."
        ).format(points=_points(off))
    return f"{right} {rest}"


def _difference(result: AuditResult, label: LabelAudit) -> str:
    share = label.counted / result.n_scored
    said = (
        _("It counts too few as “{label}”: {share} instead of {true}.")
        if label.true.low > share
        else _("It counts too many as “{label}”: {share} instead of {true}.")
    )
    word = style_of(result.question, label.label).word
    return said.format(label=word, share=_percent(share), true=_wide(label.true))


def _holds(label: LabelAudit, n_scored: int) -> bool:
    """Whether the counted share lies in the interval of the true one."""
    share = label.counted / n_scored
    return label.true.low - 1e-9 <= share <= label.true.high + 1e-9


def _farthest(label: LabelAudit, n_scored: int) -> float:
    share = label.counted / n_scored
    return max(share - label.true.low, label.true.high - share)


def _wide(estimate: Estimate) -> str:
    """A share with its interval, or the interval alone where nothing more is known."""
    if math.isnan(estimate.share):
        low, high = _points(estimate.low), _percent(estimate.high)
        return _("between {low} and {high}").format(low=low, high=high)
    return share_text(estimate.share, estimate.low, estimate.high)


def _percent(share: float) -> str:
    return f"{_points(share)} %"


def _points(share: float) -> str:
    return f"{100 * share:.0f}"


def open_notes(result: AuditResult) -> list[str]:
    """What of the sample is not known, and what the intervals make of it."""
    notes = []
    if waiting := result.n_sample - result.n_labelled - result.n_unclear:
        said = numbered(
            "{n} comment of the sample is not labelled yet; the labelled part is a random sample too, "
            "only smaller.",
            "{n} comments of the sample are not labelled yet; the labelled part is a random sample too, "
            "only smaller.",
            waiting,
        )
        notes.append(said)
    if result.n_unclear:
        said = numbered(
            "{n} comment left open: the intervals hold whatever they are, and are wider for it; the "
            "estimates leave them out.",
            "{n} comments left open: the intervals hold whatever they are, and are wider for it; the "
            "estimates leave them out.",
            result.n_unclear,
        )
        notes.append(said)
    if result.n_unread:
        said = numbered(
            "Of {n} scored comment none that is like them for the model is labelled so far: they may be "
            "anything, so there are bounds and no estimates.",
            "Of {n} scored comments none that is like them for the model is labelled so far: they may be "
            "anything, so there are bounds and no estimates.",
            result.n_unread,
        )
        notes.append(said)
    return notes


def audit_table(result: AuditResult) -> pd.DataFrame:
    """The chart's twin: for each label the counted share, the true one, and how far they are apart."""
    rows = []
    for label in result.labels:
        share = label.counted / result.n_scored
        low, high = (round(100 * (bound - share)) for bound in (label.true.low, label.true.high))
        rows.append(
            {
                _("Label"): label_title(result.question, label.label),
                _("Counted by the model"): _("{n} of {all}, {share}").format(
                    n=number(label.counted), all=number(result.n_scored), share=_percent(share)
                ),
                _("True share (95 % interval)"): _wide(label.true),
                _("True minus counted (points)"): _("{low} to {high}").format(
                    low=_signed(low), high=_signed(high)
                ),
            }
        )
    return pd.DataFrame(rows)


def _signed(points: int) -> str:
    return f"{points:+d}".replace("-", "−")


def pairs_table(result: AuditResult) -> pd.DataFrame:
    """Which labels the model takes for which: a row for each pair that there is, mistakes first."""
    return pd.DataFrame(
        [
            {
                _("The model says"): label_title(result.question, given),
                _("You say"): label_title(result.question, true),
                _("Comments"): len(ids),
                "": pgettext("label", "right") if given == true else pgettext("label", "mistaken"),
            }
            for (given, true), ids in sorted_pairs(result)
        ]
    )


def sorted_pairs(result: AuditResult) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    """The pairs in the order of `pairs_table`: mistakes before what is right, many before few."""
    return sorted(result.pairs.items(), key=lambda item: (item[0][0] == item[0][1], -len(item[1])))


def agreement_sentence(found: Agreement) -> str:
    """How far the people agree, and how much that says."""
    names = {"who": all_of(found.annotators), "equal": number(found.n_equal)}
    if math.isnan(found.alpha):
        return numbered(
            "{who} gave the same label to {equal} of {n} comment; all of it is one label, so that chance "
            "alone may agree as much.",
            "{who} gave the same label to {equal} of {n} comments; all of it is one label, so that chance "
            "alone may agree as much.",
            found.n,
            **names,
        )
    equal = numbered(
        "{who} gave the same label to {equal} of {n} comment: {alpha}.",
        "{who} gave the same label to {equal} of {n} comments: {alpha}.",
        found.n,
        alpha=_alpha(found),
        **names,
    )
    few = _("So few say next to nothing; label at least {n} twice.").format(n=FEW)
    return f"{equal} {few if found.n < FEW else _verdict(found)}"


def _alpha(found: Agreement) -> str:
    alpha, low, high = (number(each, ".2f") for each in (found.alpha, found.low, found.high))
    if math.isnan(found.low):
        said = _("Krippendorff's alpha {alpha} (nominal), without an interval: nothing differs")
        return said.format(alpha=alpha)
    said = _("Krippendorff's alpha {alpha} ({low} to {high}, nominal)")
    return said.format(alpha=alpha, low=low, high=high)


def _verdict(found: Agreement) -> str:
    """Krippendorff's own bounds, by the interval's lower end where there is one."""
    surely = found.alpha if math.isnan(found.low) else found.low
    if surely >= 0.8:
        return _("That is enough to rely on.")
    if found.alpha >= 0.667:
        return _("That allows tentative conclusions only (0.67 and more; 0.80 is what to rely on).")
    return _("That is too little to rely on either: talk about where you differ (0.67 is the least).")
