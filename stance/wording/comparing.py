"""Words of differences: whether there is enough evidence for one, in sentences and as a table."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from stance.amounts import counted
from stance.answers.comparing import SMALLEST, Grouping, Scorer
from stance.answers.differences import Difference, Measure
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.model.mistakes import Mistakes

_NAMED = 3
"""Groups that are named where they are left out; more are counted."""

ONE_GROUP = (
    f"Fewer than two groups have the {SMALLEST} scored comments that it takes. Add a second comment set, "
    "choose other sets, or compare by a column, such as outlet, that has two values with as many."
)

MARKS_NOTE = "Filled marks: enough evidence. Open marks: not enough, which is no proof that they are alike."

def points(share: float) -> str:
    """A share as percentage points, without its sign; a decimal where there is less than one.

    >>> points(0.123), points(-0.004)
    ('12', '0.4')
    """
    size = abs(share) * 100
    return f"{size:.1f}" if 0 < size < 0.95 else f"{size:.0f}"


def signed_points(share: float) -> str:
    """The same with its sign.

    >>> signed_points(0.15), signed_points(-0.04), signed_points(0.0)
    ('+15', '−4', '0')
    """
    sign = "" if points(share) == "0" else "+" if share > 0 else "−"
    return f"{sign}{points(share)}"


def measure_titles(toward: str) -> dict[Measure, str]:
    """What the measures are called; `toward` is a target's title, or "" for the sentiment."""
    first, last = _ends(toward)
    return {
        Measure.FIRST: first,
        Measure.LAST: last,
        Measure.NET: f"{last} minus {first.lower()}",
    }


def _ends(toward: str) -> tuple[str, str]:
    if toward:
        return STANCE_STYLES[Stance.AGAINST].title, STANCE_STYLES[Stance.FAVOR].title
    return SENTIMENT_STYLES[Sentiment.NEGATIVE].title, SENTIMENT_STYLES[Sentiment.POSITIVE].title


def models_doubt(sides: Sequence[Scorer]) -> str:
    """That the groups of a difference were, or may have been, labelled by different models; "" if not."""
    if any(side.restored for side in sides):
        return "different models may have labelled them"
    return "different models labelled them" if any(side.taught for side in sides) else ""


def difference_sentence(
    found: Sequence[Difference],
    group: str,
    reference: str,
    toward: str,
    *,
    corrected: bool = False,
    doubt: str = "",
) -> str:
    """Whether there is enough evidence that a group differs from the reference, and by how much.

    Args:
        found: the differences of one pair, by measure.
        group: what to call the group.
        reference: what to call the one that it is compared with.
        toward: a target's title, or "" for the sentiment.
        corrected: say the corrected difference, not the counted one.
        doubt: what `models_doubt` says of the two.
    """
    by_measure = {each.measure: each for each in found}
    sure = [by_measure[m] for m in (Measure.FIRST, Measure.LAST) if by_measure[m].enough]
    sure = sure or ([by_measure[Measure.NET]] if by_measure[Measure.NET].enough else [])
    if sure:
        # Only the first part names the reference: "more against A than B: …; and less in favor of A: …".
        than = [f" than {reference}", *[""] * (len(sure) - 1)]
        parts = [
            f"{_direction(each, toward)}{beyond}: {_amount(each, corrected)}"
            for each, beyond in zip(sure, than, strict=True)
        ]
        but = f"; but {doubt}: this may be the models' difference" if doubt else ""
        return f"Enough evidence that {group} is {'; and '.join(parts)}{but}."
    net = by_measure[Measure.NET]
    about = f"toward {toward}" if toward else "in sentiment"
    but = f"; and {doubt}: that may hide a difference" if doubt else ""
    return (
        f"Not enough evidence that {group} differs from {reference} {about}: on balance the interval goes "
        f"from {signed_points(net.low)} to {signed_points(net.high)} points{but}."
    )


def _direction(difference: Difference, toward: str) -> str:
    more = difference.low > 0
    word = "more" if more else "less"
    ends = (f"against {toward}", f"in favor of {toward}") if toward else ("negative", "positive")
    if difference.measure == Measure.NET:
        return f"on balance more {ends[1] if more else ends[0]}"
    return f"{word} {ends[difference.measure == Measure.LAST]}"


def _amount(difference: Difference, corrected: bool) -> str:
    value = difference.corrected if corrected else difference.counted
    bounds = sorted((abs(difference.low), abs(difference.high)))
    word = "" if difference.measure == Measure.NET else " more" if value > 0 else " less"
    return f"{points(value)} points{word} ({points(bounds[0])}–{points(bounds[1])})"


def evidence_summary(
    found: Sequence[Difference], n_groups: int, reference: str, *, doubted: bool = False
) -> str:
    """How many groups differ from the reference with enough evidence; `doubted` as in `models_doubt`."""
    sure = len({each.group for each in found if each.enough})
    others = n_groups - 1
    if others == 1:
        return ""
    groups = counted(others, "group")
    which = f"For {sure} of {groups} there is" if sure else f"For none of {groups} is there"
    but = ", not always of the same model's labels" if doubted else ""
    return f"{which} enough evidence of a difference from {reference}{but}."


def family_note(n_compared: int, mistakes: Mistakes | None) -> str:
    """What the intervals of differences cover, and that there are several."""
    covers = (
        "the chance of who happened to write and the model's own mistakes, some of which both sides share"
        if mistakes is not None
        else "the chance of who happened to write, not the model's own mistakes, which are not known here"
    )
    return (
        f"The intervals of differences cover {covers}. All {n_compared} of them hold at once with 95 % "
        "(Bonferroni): each is wider than it would be alone. Whoever looks through many targets and "
        "columns will find some difference by chance all the same."
    )


def overlap_note(n_in_several: int) -> str:
    """What weakens the evidence: the same people, or the same comments, on both sides."""
    people = (
        "Each comment counts as a reader of its own: where the same people write in several groups, or "
        "often, the evidence is weaker than it looks."
    )
    if not n_in_several:
        return people
    says = counted(n_in_several, "comment has", "comments have")
    return f"{people} {says} the very words of a comment of another set."


def always_compared(name: str) -> str:
    """That the set that is shown is compared whatever is chosen beside it."""
    return f"“{name}”, the set that is shown, is compared with these."


def left_out_sentence(grouping: Grouping) -> str:
    """Which groups are not compared and why, and what of the others is not counted; "" if nothing."""
    parts = []
    for part in grouping.left_out:
        titles = [f"“{title}”" for title in part.titles]
        named = ", ".join(titles) if len(titles) <= _NAMED else counted(len(titles), "group")
        parts.append(f"{named} with {counted(part.n_comments, 'comment')} ({part.reason})")
    said = [f"Not compared: {'; '.join(parts)}."] if parts else []
    if n_unscored := sum(group.n_unscored for group in grouping.groups):
        said.append(f"Not counted: {counted(n_unscored, 'comment')} without a score.")
    return " ".join(said)


def difference_table(
    found: Sequence[Difference],
    titles: Sequence[str],
    toward: str,
    doubts: Sequence[str] = (),
) -> pd.DataFrame:
    """A row for each difference: its groups, measure, points, interval, and whether it is evidence.

    `doubts` has, for each group, what `models_doubt` says of it and the reference.
    """
    called = measure_titles(toward)
    table = pd.DataFrame(
        {
            "Group": [titles[each.group] for each in found],
            "Compared with": [titles[each.reference] for each in found],
            "Share": [called[each.measure] for each in found],
            "Difference, points": [signed_points(each.counted) for each in found],
            "Corrected": [
                signed_points(each.corrected) if each.corrected == each.corrected else ""
                for each in found
            ],
            "Interval": [
                f"{signed_points(each.low)} to {signed_points(each.high)}" for each in found
            ],
            "Evidence": [
                f"{'enough' if each.enough else 'not enough'}{_but(each, doubts)}" for each in found
            ],
        }
    )
    return table if table["Corrected"].any() else table.drop(columns="Corrected")


def _but(difference: Difference, doubts: Sequence[str]) -> str:
    doubt = doubts[difference.group] if doubts else ""
    return f", but {doubt}" if doubt else ""
