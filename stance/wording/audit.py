"""Words of the audit: what a label means, what the labels of a sample say, and what to make of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from stance.amounts import counted, share_text
from stance.answers.agreement import FEW, Agreement
from stance.answers.audit import AuditResult, Estimate, LabelAudit, Sample
from stance.hand_labels import SENTIMENT_QUESTION, HandLabel
from stance.targets import Target
from stance.wording.titles import label_title, target_titles

PEEKING_NOTE = (
    "Decide how many to label before you look: an interval holds as often as it says only if what it "
    "shows is not the reason to stop."
)

RARE_NOTE = (
    "Of the comments that were labelled twice. The sample has more of the labels that are rare here than "
    "the set has, so among all comments alpha may be higher or lower."
)

SEEN_NOTE = (
    "The last label can’t be undone: the model’s labels of these comments were shown, so a label that is "
    "given again would not be blind."
)

TRUTH_NOTE = (
    "True means by this person's labels: what they misjudge stays in. In brackets: 95 % interval. It "
    "covers which comments were drawn, and holds however the model errs."
)


def audited_titles(targets: Iterable[Target]) -> dict[str, str]:
    """What to call each question that an audit can be about, by question."""
    stances = {key: f"Stance toward {title}" for key, title in target_titles(targets).items()}
    return {SENTIMENT_QUESTION: "Sentiment"} | stances


def as_it_came(*, by_hand: bool, taught: bool) -> str:
    """That an audit is not of the labels that other views show; "" where it is."""
    shown = ["corrections by hand"] if by_hand else []
    if taught:
        shown.append("the labels of the taught model")
    if not shown:
        return ""
    return (
        "Of the model’s labels as they came with this set. The other views show "
        f"{' and '.join(shown)}, which this does not judge."
    )


def label_rule(question: str, targets: Iterable[Target]) -> str:
    """What the labels of a question mean, in a line."""
    if question == SENTIMENT_QUESTION:
        return "Sentiment is the tone of the whole comment. Sarcastic praise is negative."
    title = target_titles(targets)[question]
    return (
        f"What does this commenter think of {title} as a political actor? In favor: praises, defends, "
        "thanks, sympathises, wants it helped. Against: criticises, blames, mocks, distrusts, opposes "
        "helping it. None: not about it, only mentions it, or balanced. Backing one side is not by itself "
        "against the other."
    )


def sample_sentence(sample: Sample) -> str:
    """What was drawn, without a word on what the model says of it."""
    n = len(sample.order)
    if n == sample.n_scored:
        return f"All {counted(n, 'scored comment')} are to be labelled, in random order."
    return (
        f"{counted(n, 'comment')} of {sample.n_scored:,} that are scored, drawn at random, more often "
        "from labels that are rare here, in random order."
    )


def audit_sentence(result: AuditResult, question_title: str) -> str:
    """How often the model is right here, and which counted shares the labels contradict."""
    sure = _wide(result.accuracy)
    parts = [
        f"{question_title}: the model is right about {sure} of "
        f"{counted(result.n_scored, 'scored comment')}, by {counted(result.n_labelled, 'label')}."
    ]
    wrong = [label for label in result.labels if not _holds(label, result.n_scored)]
    parts += [
        _difference(label, label_title(result.question, label.label), result.n_scored)
        for label in wrong
    ]
    if not wrong:
        off = max(_farthest(label, result.n_scored) for label in result.labels)
        parts.append(
            "No counted share is shown to be wrong; each could be off by up to "
            f"{_points(off)} points (95 %), as far as these labels can tell."
            if off >= 0.005
            else "Every counted share is right."
        )
    return " ".join(parts)


def _difference(label: LabelAudit, title: str, n_scored: int) -> str:
    share = label.counted / n_scored
    many = "few" if label.true.low > share else "many"
    return f"It counts too {many} as “{title.lower()}”: {_percent(share)} instead of {_wide(label.true)}."


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
        return f"between {_points(estimate.low)} and {_percent(estimate.high)}"
    return share_text(estimate.share, estimate.low, estimate.high)


def _percent(share: float) -> str:
    return f"{_points(share)} %"


def _points(share: float) -> str:
    return f"{100 * share:.0f}"


def open_notes(result: AuditResult) -> list[str]:
    """What of the sample is not known, and what the intervals make of it."""
    notes = []
    if waiting := result.n_sample - result.n_labelled - result.n_unclear:
        notes.append(
            f"{counted(waiting, 'comment')} of the sample {'is' if waiting == 1 else 'are'} not labelled "
            "yet; the labelled part is a random sample too, only smaller."
        )
    if result.n_unclear:
        notes.append(
            f"{counted(result.n_unclear, 'comment')} left open: the intervals hold whatever they are, and "
            "are wider for it; the estimates leave them out."
        )
    if result.n_unread:
        notes.append(
            f"Of {counted(result.n_unread, 'scored comment')} none that is like them for the model is "
            "labelled so far: they may be anything, so there are bounds and no estimates."
        )
    return notes


def audit_table(result: AuditResult) -> pd.DataFrame:
    """The chart's twin: for each label the counted share, the true one, and how far they are apart."""
    rows = []
    for label in result.labels:
        share = label.counted / result.n_scored
        low, high = (round(100 * (bound - share)) for bound in (label.true.low, label.true.high))
        rows.append(
            {
                "Label": label_title(result.question, label.label),
                "Counted by the model": f"{label.counted:,} of {result.n_scored:,}, {_percent(share)}",
                "True share (95 % interval)": _wide(label.true),
                "True minus counted (points)": f"{low:+d} to {high:+d}".replace("-", "−"),
            }
        )
    return pd.DataFrame(rows)


def pairs_table(result: AuditResult) -> pd.DataFrame:
    """Which labels the model takes for which: a row for each pair that there is, mistakes first."""
    return pd.DataFrame(
        [
            {
                "The model says": label_title(result.question, given),
                "You say": label_title(result.question, true),
                "Comments": len(ids),
                "": "right" if given == true else "mistaken",
            }
            for (given, true), ids in sorted_pairs(result)
        ]
    )


def sorted_pairs(result: AuditResult) -> list[tuple[tuple[str, str], tuple[str, ...]]]:
    """The pairs in the order of `pairs_table`: mistakes before what is right, many before few."""
    return sorted(result.pairs.items(), key=lambda item: (item[0][0] == item[0][1], -len(item[1])))


def agreement_sentence(found: Agreement) -> str:
    """How far the people agree, and how much that says."""
    who = " and ".join(found.annotators)
    equal = f"{who} gave the same label to {found.n_equal} of {counted(found.n, 'comment')}"
    if math.isnan(found.alpha):
        return f"{equal}; all of it is one label, so that chance alone may agree as much."
    if math.isnan(found.low):
        alpha = f"Krippendorff's alpha {found.alpha:.2f} (nominal), without an interval: nothing differs"
    else:
        alpha = (
            f"Krippendorff's alpha {found.alpha:.2f} ({found.low:.2f} to {found.high:.2f}, nominal)"
        )
    if found.n < FEW:
        return f"{equal}: {alpha}. So few say next to nothing; label at least {FEW} twice."
    return f"{equal}: {alpha}. {_verdict(found)}"


def _verdict(found: Agreement) -> str:
    """Krippendorff's own bounds, by the interval's lower end where there is one."""
    surely = found.alpha if math.isnan(found.low) else found.low
    if surely >= 0.8:
        return "That is enough to rely on."
    if found.alpha >= 0.667:
        return "That allows tentative conclusions only (0.67 and more; 0.80 is what to rely on)."
    return "That is too little to rely on either: talk about where you differ (0.67 is the least)."


def left_out_sentence(n_read: int, left_out: Mapping[str, int], n_future: int = 0) -> str:
    """What came of a file of labels, `n_future` of which had a time that was still to come."""
    said = [f"{counted(n_read, 'label')} read."]
    if n_future:
        said.append(f"{counted(n_future, 'label')} had a time in the future: taken as of now.")
    if left_out:
        reasons = "; ".join(f"{count:,} {reason}" for reason, count in left_out.items())
        said.append(f"Left out: {reasons}.")
    return " ".join(said)


def joined_sentence(replaced: Sequence[HandLabel], unused: Sequence[HandLabel]) -> str:
    """What a file changed of the session's labels, and what of it is not used; "" where neither."""
    parts = []
    if replaced:
        parts.append(f"Given before and replaced by later ones of the file: {_kinds(replaced)}.")
    if unused:
        parts.append(f"In the file and not used, as later ones are here: {_kinds(unused)}.")
    return " ".join(parts)


def _kinds(labels: Sequence[HandLabel]) -> str:
    n_blind = sum(label.blind for label in labels)
    n_seen = len(labels) - n_blind
    audit = counted(n_blind, "label of an audit", "labels of an audit") if n_blind else ""
    return " and ".join(filter(None, (audit, counted(n_seen, "correction") if n_seen else "")))


def contradicted_sentence(labels: Sequence[HandLabel]) -> str:
    """That one name has two labels for the same, here and in a file; "" where none has."""
    if not labels:
        return ""
    names = ", ".join(sorted({label.annotator or "no name" for label in labels}))
    return (
        f"For {counted(len(labels), 'label')} of the file there was another one here for the same comment "
        f"and question by the same name ({names}), and the later one counts. If two people have this name, "
        "give one of them another one in the file, and choose it again."
    )
