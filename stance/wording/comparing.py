"""Words of differences: whether there is enough evidence for one, in sentences and as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from stance.amounts import number, numbered
from stance.answers.comparing import MOST_GROUPS, SMALLEST, Grouping, Scorer
from stance.answers.differences import Difference, Measure
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.model.mistakes import Mistakes
from stance.translation import N_, _
from stance.wording.titles import quoted

_NAMED = 3
"""Groups that are named where they are left out; more are counted."""

MARKS_NOTE = N_(
    "Filled marks: enough evidence. Open marks: not enough, which is no proof that they are alike."
)


def one_group() -> str:
    """Why nothing is compared, and what to do about it."""
    return _(
        "Fewer than two groups have the {smallest} scored comments that it takes. Add a second comment "
        "set, choose other sets, or compare by a column, such as outlet, that has two values with as many."
    ).format(smallest=SMALLEST)


def points(share: float) -> str:
    """A share as percentage points, without its sign; a decimal where there is less than one.

    >>> points(0.123), points(-0.004)
    ('12', '0.4')
    """
    size = abs(share) * 100
    return number(size, ".1f" if 0 < size < 0.95 else ".0f")


def signed_points(share: float) -> str:
    """The same with its sign.

    >>> signed_points(0.15), signed_points(-0.04), signed_points(0.0)
    ('+15', '−4', '0')
    """
    sign = "" if points(share) == "0" else "+" if share > 0 else "−"
    return f"{sign}{points(share)}"


def measure_titles(toward: str) -> dict[Measure, str]:
    """What the measures are called; `toward` is a target's title, or "" for the sentiment."""
    if toward:
        first, last = STANCE_STYLES[Stance.AGAINST], STANCE_STYLES[Stance.FAVOR]
        net = _("In favor minus against")
    else:
        first, last = SENTIMENT_STYLES[Sentiment.NEGATIVE], SENTIMENT_STYLES[Sentiment.POSITIVE]
        net = _("Positive minus negative")
    return {Measure.FIRST: first.title, Measure.LAST: last.title, Measure.NET: net}


def models_doubt(sides: Sequence[Scorer]) -> str:
    """That the groups of a difference were, or may have been, labelled by different models; "" if not."""
    if any(side.restored for side in sides):
        return _("different models may have labelled them")
    return _("different models labelled them") if any(side.taught for side in sides) else ""


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
        said = _("Enough evidence that {group} is {differences}.")
        if doubt:
            said = _(
                "Enough evidence that {group} is {differences}; but {doubt}: this may be the models' "
                "difference."
            )
        parts = _parts(sure, toward, reference, corrected)
        return said.format(group=group, differences=parts, doubt=doubt)
    net = by_measure[Measure.NET]
    said = _(
        "Not enough evidence that {group} differs from {reference} {about}: on balance the interval goes "
        "from {low} to {high} points."
    )
    if doubt:
        said = _(
            "Not enough evidence that {group} differs from {reference} {about}: on balance the interval "
            "goes from {low} to {high} points; and {doubt}: that may hide a difference."
        )
    return said.format(
        group=group,
        reference=reference,
        about=_("toward {target}").format(target=toward) if toward else _("in sentiment"),
        low=signed_points(net.low),
        high=signed_points(net.high),
        doubt=doubt,
    )


def _parts(sure: Sequence[Difference], toward: str, reference: str, corrected: bool) -> str:
    """One or two differences; the first names the reference: "more against A than B: …; and less …"."""
    than, alone = _("{direction} than {reference}: {points}"), _("{direction}: {points}")
    first, *others = [
        pattern.format(
            direction=_direction(each, toward), reference=reference, points=_amount(each, corrected)
        )
        for each, pattern in zip(sure, [than, *[alone] * (len(sure) - 1)], strict=True)
    ]
    return _("{one}; and {other}").format(one=first, other=others[0]) if others else first


def _direction(difference: Difference, toward: str) -> str:
    key = difference.measure, difference.low > 0
    if not toward:
        return {
            (Measure.FIRST, True): _("more negative"),
            (Measure.FIRST, False): _("less negative"),
            (Measure.LAST, True): _("more positive"),
            (Measure.LAST, False): _("less positive"),
            (Measure.NET, True): _("on balance more positive"),
            (Measure.NET, False): _("on balance more negative"),
        }[key]
    return {
        (Measure.FIRST, True): _("more against {target}"),
        (Measure.FIRST, False): _("less against {target}"),
        (Measure.LAST, True): _("more in favor of {target}"),
        (Measure.LAST, False): _("less in favor of {target}"),
        (Measure.NET, True): _("on balance more in favor of {target}"),
        (Measure.NET, False): _("on balance more against {target}"),
    }[key].format(target=toward)


def _amount(difference: Difference, corrected: bool) -> str:
    value = difference.corrected if corrected else difference.counted
    low, high = sorted((abs(difference.low), abs(difference.high)))
    if difference.measure == Measure.NET:
        said = _("{points} points ({low}–{high})")
    elif value > 0:
        said = _("{points} points more ({low}–{high})")
    else:
        said = _("{points} points less ({low}–{high})")
    return said.format(points=points(value), low=points(low), high=points(high))


def evidence_summary(
    found: Sequence[Difference], n_groups: int, reference: str, *, doubted: bool = False
) -> str:
    """How many groups differ from the reference with enough evidence; `doubted` as in `models_doubt`."""
    sure = len({each.group for each in found if each.enough})
    others = n_groups - 1
    if others == 1:
        return ""
    said = (
        numbered(
            "For {sure} of {n} group there is enough evidence of a difference from {reference}",
            "For {sure} of {n} groups there is enough evidence of a difference from {reference}",
            others,
            sure=sure,
            reference=reference,
        )
        if sure
        else numbered(
            "For none of {n} group is there enough evidence of a difference from {reference}",
            "For none of {n} groups is there enough evidence of a difference from {reference}",
            others,
            reference=reference,
        )
    )
    but = _("{evidence}, not always of the same model's labels.") if doubted else _("{evidence}.")
    return but.format(evidence=said)


def family_note(n_compared: int, mistakes: Mistakes | None) -> str:
    """What the intervals of differences cover, and that there are several."""
    covers = (
        _(
            "The intervals of differences cover the chance of who happened to write and the model's own "
            "mistakes, some of which both sides share."
        )
        if mistakes is not None
        else _(
            "The intervals of differences cover the chance of who happened to write, not the model's own "
            "mistakes, which are not known here."
        )
    )
    several = _(
        "All {n} of them hold at once with 95 % (Bonferroni): each is wider than it would be alone. "
        "Whoever looks through many targets and columns will find some difference by chance all the same."
    )
    return f"{covers} {several.format(n=n_compared)}"


def overlap_note(n_in_several: int) -> str:
    """What weakens the evidence: the same people, or the same comments, on both sides."""
    people = _(
        "Each comment counts as a reader of its own: where the same people write in several groups, or "
        "often, the evidence is weaker than it looks."
    )
    if not n_in_several:
        return people
    same = numbered(
        "{n} comment has the very words of a comment of another set.",
        "{n} comments have the very words of a comment of another set.",
        n_in_several,
    )
    return f"{people} {same}"


def always_compared(name: str) -> str:
    """That the set that is shown is compared whatever is chosen beside it."""
    return _("“{name}”, the set that is shown, is compared with these.").format(name=name)


def left_out_sentence(grouping: Grouping) -> str:
    """Which groups are not compared and why, and what of the others is not counted; "" if nothing."""
    parts = []
    for part in grouping.left_out:
        if len(part.titles) <= _NAMED:
            named = ", ".join(map(quoted, part.titles))
        else:
            named = numbered("{n} group", "{n} groups", len(part.titles))
        said = numbered(
            "{groups} with {n} comment ({why})",
            "{groups} with {n} comments ({why})",
            part.n_comments,
            groups=named,
            why=_(part.reason).format(smallest=SMALLEST, most=MOST_GROUPS),
        )
        parts.append(said)
    notes = [_("Not compared: {groups}.").format(groups="; ".join(parts))] if parts else []
    if n_unscored := sum(group.n_unscored for group in grouping.groups):
        unscored = numbered(
            "Not counted: {n} comment without a score.",
            "Not counted: {n} comments without a score.",
            n_unscored,
        )
        notes.append(unscored)
    return " ".join(notes)


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
    corrected = _("Corrected")
    table = pd.DataFrame(
        {
            _("Group"): [titles[each.group] for each in found],
            _("Compared with"): [titles[each.reference] for each in found],
            _("Share"): [called[each.measure] for each in found],
            _("Difference, points"): [signed_points(each.counted) for each in found],
            corrected: [
                "" if math.isnan(each.corrected) else signed_points(each.corrected) for each in found
            ],
            _("Interval"): [
                _("{low} to {high}").format(
                    low=signed_points(each.low), high=signed_points(each.high)
                )
                for each in found
            ],
            _("Evidence"): [_evidence(each, doubts) for each in found],
        }
    )
    return table if table[corrected].any() else table.drop(columns=corrected)


def _evidence(difference: Difference, doubts: Sequence[str]) -> str:
    said = _("enough") if difference.enough else _("not enough")
    doubt = doubts[difference.group] if doubts else ""
    return _("{evidence}, but {doubt}").format(evidence=said, doubt=doubt) if doubt else said
