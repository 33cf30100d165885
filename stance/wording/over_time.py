"""Words of the trend: what the times are taken for, what changed, and the periods as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from babel.dates import format_datetime

from stance.amounts import number, numbered, share_text
from stance.answers.comparing import EMPTY
from stance.answers.differences import Measure
from stance.answers.over_time import MOST_PERIODS, Change, Step, Timeline, steps_that_fit
from stance.answers.times import Order, Times, Why
from stance.prevalence import SMALLEST_MEASURED
from stance.translation import N_, _, language, pgettext
from stance.wording.comparing import difference_sentence, signed_points
from stance.wording.titles import all_of, quoted

NO_TIMES = N_(
    "No scored comment of this set has a time that can be read. Add a file with a column of dates or "
    "times, or paste the page where it shows dates: “2 hours ago” does not say when."
)

STEP_TITLES = {
    Step.HOUR: N_("Hour"),
    Step.DAY: N_("Day"),
    Step.WEEK: N_("Week"),
    Step.MONTH: N_("Month"),
    Step.YEAR: N_("Year"),
}


def period_title(start: pd.Timestamp, step: Step) -> str:
    """What to call a period.

    >>> period_title(pd.Timestamp("2025-04-07"), Step.WEEK)
    'week of Mon 7 Apr 2025'
    >>> period_title(pd.Timestamp("2025-04-07 14:00"), Step.HOUR)
    'Mon 7 Apr 2025, 14:00'
    """
    day = _date(start, pgettext("day, by Unicode’s letters", "EEE d MMM yyyy"))
    if step == Step.WEEK:
        return _("week of {day}").format(day=day)
    if step == Step.HOUR:
        return _("{day}, {clock}").format(day=day, clock=f"{start:%H:%M}")
    month = pgettext("month, by Unicode’s letters", "MMM yyyy")
    return {Step.DAY: day, Step.MONTH: _date(start, month), Step.YEAR: f"{start:%Y}"}[step]


def _date(when: pd.Timestamp, pattern: str) -> str:
    """A date by one of Unicode's patterns (UTS 35), with names in the language that is spoken."""
    return str(format_datetime(when.to_pydatetime(), pattern, locale=language()))


def steps_note(times: Times) -> str:
    """Which of hours, days and weeks are not offered and why; "" where all are, or no time was read."""
    fitting = steps_that_fit(times)
    if not fitting:
        return ""
    wanted = (Step.HOUR, Step.DAY, Step.WEEK) if times.has_clock else (Step.DAY, Step.WEEK)
    called = {Step.HOUR: _("hours"), Step.DAY: _("days"), Step.WEEK: _("weeks")}
    missing = [called[step] for step in wanted if step not in fitting]
    notes = []
    if not times.has_clock:
        notes.append(_("No hours are offered, for no comment has a time of day."))
    if missing:
        many = _("By {steps} there would be more than {most} periods, so they are not offered.")
        notes.append(many.format(steps=all_of(missing), most=MOST_PERIODS))
    return " ".join(notes)


def unread_sentence(times: Times) -> str:
    """Why no time could be read, with the numbers of comments."""
    return numbered(
        "Of {n} comment: {reasons}.",
        "Of {n} comments: {reasons}.",
        len(times.when),
        reasons=_parts(times.left_out),
    )


def _parts(left_out: Mapping[str, int]) -> str:
    return "; ".join(f"{number(count)} ({_(reason)})" for reason, count in left_out.items())


def times_notes(times: Times, line: Timeline) -> list[str]:
    """How the times were read: what was left out, on which clock, and what was decided on the way."""
    n = len(times.when)
    left_out = times.left_out | line.left_out
    notes = [_zone_note(times)]
    if left_out:
        said = numbered(
            "Not shown of {n} comment: {reasons}.",
            "Not shown of {n} comments: {reasons}.",
            n,
            reasons=_parts(left_out),
        )
        notes.append(said)
    if times.order is not None:
        notes.append(_order_note(times.order))
    if line.step == Step.WEEK:
        notes.append(_("Weeks begin on Monday."))
    return notes


def days_notes(times: Times) -> list[str]:
    """How the times were read where days are compared, and of how many comments no day is known."""
    notes = [_zone_note(times)]
    if times.left_out:
        empty = quoted(_(EMPTY))
        said = numbered(
            "Without a day, so {group}, of {n} comment: {reasons}.",
            "Without a day, so {group}, of {n} comments: {reasons}.",
            len(times.when),
            group=empty,
            reasons=_parts(times.left_out),
        )
        notes.append(said)
    if times.order is not None:
        notes.append(_order_note(times.order))
    return notes


def _zone_note(times: Times) -> str:
    if times.converted:
        said = _("The comments have times of several zones: all were brought to UTC.")
        if not times.n_without_zone:
            return said
        also = numbered(
            "{n} time without a time zone stood beside them and was taken as UTC.",
            "{n} times without a time zone stood beside them and were taken as UTC.",
            times.n_without_zone,
        )
        return f"{said} {also}"
    if not times.has_clock:
        return _("The comments have dates without times of day, as written.")
    if times.zone:
        return _("Times as written, all in {zone}.").format(zone=times.zone)
    return _("Times as written; no comment says in which time zone.")


_REASONS = {
    Why.OTHERS: N_("as in the other dates"),
    Why.SPAN: N_("for so the comments lie closer together"),
    Why.NOTHING: N_("though nothing in the set says so"),
    Why.ASKED: N_("as you said"),
}


def _order_note(order: Order) -> str:
    why = _(_REASONS[order.why])
    if order.day_first:
        return numbered(
            "In {n} date either number could be the day: the day was taken to come first, {why}.",
            "In {n} dates either number could be the day: the day was taken to come first, {why}.",
            order.n,
            why=why,
        )
    return numbered(
        "In {n} date either number could be the day: the month was taken to come first, {why}.",
        "In {n} dates either number could be the day: the month was taken to come first, {why}.",
        order.n,
        why=why,
    )


def trend_sentence(line: Timeline) -> str:
    """How many comments of which time are shown, by what, and where nobody wrote."""
    volume = line.volume
    periods = _periods(len(volume), line.step)
    if empty := int((volume == 0).sum()):
        gaps = _("{periods}, in {n} of which nobody wrote")
        periods = gaps.format(periods=periods, n=number(empty))
    first, last = (period_title(line.starts[at], line.step) for at in (0, -1))
    reach = _("from {first} to {last}") if len(volume) > 1 else _("all of {first}")
    return numbered(
        "{n} scored comment, {time}: {periods}.",
        "{n} scored comments, {time}: {periods}.",
        int(volume.sum()),
        time=reach.format(first=first, last=last),
        periods=periods,
    )


def _periods(n: int, step: Step) -> str:
    return {
        Step.HOUR: numbered("{n} hour", "{n} hours", n),
        Step.DAY: numbered("{n} day", "{n} days", n),
        Step.WEEK: numbered("{n} week", "{n} weeks", n),
        Step.MONTH: numbered("{n} month", "{n} months", n),
        Step.YEAR: numbered("{n} year", "{n} years", n),
    }[step]


def change_sentence(found: Change | None, toward: str, *, corrected: bool = False) -> str:
    """Whether the latest third of the comments differs from the earliest, with enough evidence.

    Args:
        found: the change, None where all comments are of one moment.
        toward: a target's title, or "" for the sentiment.
        corrected: say the corrected difference, not the counted one.
    """
    if found is None:
        return _("All comments are of one moment: there is no change to look for.")
    if not found.found:
        few = _("Too few comments to tell a change: the smaller end has {n}, and it takes {least}.")
        return few.format(n=number(min(found.n_early, found.n_late)), least=SMALLEST_MEASURED)
    late = _("the latest third ({n} comments since {time})").format(
        n=number(found.n_late), time=_moment(found.since)
    )
    early = _("the earliest third ({n} until {time})").format(
        n=number(found.n_early), time=_moment(found.until)
    )
    return difference_sentence(found.found, late, early, toward, corrected=corrected)


def _moment(when: pd.Timestamp) -> str:
    day = _date(when, pgettext("moment, by Unicode’s letters", "d MMM yyyy"))
    if when == when.normalize():
        return day
    return _("{day}, {clock}").format(day=day, clock=f"{when:%H:%M}")


def trend_table(
    trend: pd.DataFrame, labels: Sequence[str], called: Mapping[Measure, str], *, corrected: bool
) -> pd.DataFrame:
    """A row for each period: comments, and each measure with its 95 % interval; "–" where nobody wrote."""
    value = "corrected" if corrected else "value"
    columns: dict[str, list[str] | list[int]] = {
        _("Period"): list(labels),
        _("Comments"): trend.loc[trend["measure"] == Measure.NET, "n"].tolist(),
    }
    for measure, title in called.items():
        rows = trend[trend["measure"] == measure]
        columns[_("{label} (95 % interval)").format(label=title)] = [
            "–" if low != low else _cell(measure, share, low, high)
            for share, low, high in zip(rows[value], rows["low"], rows["high"], strict=True)
        ]
    return pd.DataFrame(columns)


def _cell(measure: Measure, share: float, low: float, high: float) -> str:
    if measure == Measure.NET:
        net, least, most = map(signed_points, (share, low, high))
        return _("{net} ({low} to {high})").format(net=net, low=least, high=most)
    return share_text(share, low, high)
