"""Words of the trend: what the times are taken for, what changed, and the periods as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from stance.amounts import counted, share_text
from stance.answers.comparing import EMPTY
from stance.answers.differences import Measure
from stance.answers.over_time import MOST_PERIODS, Change, Step, Timeline, steps_that_fit
from stance.answers.times import Order, Times, Why
from stance.prevalence import SMALLEST_MEASURED
from stance.wording.comparing import difference_sentence, signed_points

NO_TIMES = (
    "No scored comment of this set has a time that can be read. Add a file with a column of dates or "
    "times, or paste the page where it shows dates: “2 hours ago” does not say when."
)

STEP_TITLES = {
    Step.HOUR: "Hour",
    Step.DAY: "Day",
    Step.WEEK: "Week",
    Step.MONTH: "Month",
    Step.YEAR: "Year",
}


def period_title(start: pd.Timestamp, step: Step) -> str:
    """What to call a period.

    >>> period_title(pd.Timestamp("2025-04-07"), Step.WEEK)
    'week of Mon 7 Apr 2025'
    >>> period_title(pd.Timestamp("2025-04-07 14:00"), Step.HOUR)
    'Mon 7 Apr 2025, 14:00'
    """
    day = f"{start:%a} {start.day} {start:%b %Y}"
    titles = {
        Step.HOUR: f"{day}, {start:%H:%M}",
        Step.DAY: day,
        Step.WEEK: f"week of {day}",
        Step.MONTH: f"{start:%b %Y}",
        Step.YEAR: f"{start:%Y}",
    }
    return titles[step]


def steps_note(times: Times) -> str:
    """Which of hours, days and weeks are not offered and why; "" where all are, or no time was read."""
    fitting = steps_that_fit(times)
    if not fitting:
        return ""
    wanted = (Step.HOUR, Step.DAY, Step.WEEK) if times.has_clock else (Step.DAY, Step.WEEK)
    titles = " and ".join(f"{step}s" for step in wanted if step not in fitting)
    notes = []
    if not times.has_clock:
        notes.append("No hours are offered, for no comment has a time of day.")
    if titles:
        notes.append(
            f"By {titles} there would be more than {MOST_PERIODS} periods, so they are not offered."
        )
    return " ".join(notes)


def unread_sentence(times: Times) -> str:
    """Why no time could be read, with the numbers of comments."""
    return f"Of {counted(len(times.when), 'comment')}: {_parts(times.left_out)}."


def _parts(left_out: Mapping[str, int]) -> str:
    return "; ".join(f"{count:,} ({reason})" for reason, count in left_out.items())


def times_notes(times: Times, line: Timeline) -> list[str]:
    """How the times were read: what was left out, on which clock, and what was decided on the way."""
    n = len(times.when)
    left_out = times.left_out | line.left_out
    notes = [_zone_note(times)]
    if left_out:
        notes.append(f"Not shown of {counted(n, 'comment')}: {_parts(left_out)}.")
    if times.order is not None:
        notes.append(_order_note(times.order))
    if line.step == Step.WEEK:
        notes.append("Weeks begin on Monday.")
    return notes


def days_notes(times: Times) -> list[str]:
    """How the times were read where days are compared, and of how many comments no day is known."""
    notes = [_zone_note(times)]
    if times.left_out:
        n = counted(len(times.when), "comment")
        notes.append(f"Without a day, so “{EMPTY}”, of {n}: {_parts(times.left_out)}.")
    if times.order is not None:
        notes.append(_order_note(times.order))
    return notes


def _zone_note(times: Times) -> str:
    if times.converted:
        also = (
            f" {counted(times.n_without_zone, 'time')} without a time zone stood beside them and "
            f"{'was' if times.n_without_zone == 1 else 'were'} taken as UTC."
            if times.n_without_zone
            else ""
        )
        return f"The comments have times of several zones: all were brought to UTC.{also}"
    if not times.has_clock:
        return "The comments have dates without times of day, as written."
    if times.zone:
        return f"Times as written, all in {times.zone}."
    return "Times as written; no comment says in which time zone."


_REASONS = {
    Why.OTHERS: "as in the other dates",
    Why.SPAN: "for so the comments lie closer together",
    Why.NOTHING: "though nothing in the set says so",
    Why.ASKED: "as you said",
}


def _order_note(order: Order) -> str:
    first = "day" if order.day_first else "month"
    return (
        f"In {counted(order.n, 'date')} either number could be the day: the {first} was taken to come "
        f"first, {_REASONS[order.why]}."
    )


def trend_sentence(line: Timeline) -> str:
    """How many comments of which time are shown, by what, and where nobody wrote."""
    volume = line.volume
    empty = int((volume == 0).sum())
    gaps = f", in {empty:,} of which nobody wrote" if empty else ""
    first, last = (period_title(line.starts[at], line.step) for at in (0, -1))
    reach = f"from {first} to {last}" if len(volume) > 1 else f"all of {first}"
    return (
        f"{counted(int(volume.sum()), 'scored comment')}, {reach}: "
        f"{counted(len(volume), line.step)}{gaps}."
    )


def change_sentence(found: Change | None, toward: str, *, corrected: bool = False) -> str:
    """Whether the latest third of the comments differs from the earliest, with enough evidence.

    Args:
        found: the change, None where all comments are of one moment.
        toward: a target's title, or "" for the sentiment.
        corrected: say the corrected difference, not the counted one.
    """
    if found is None:
        return "All comments are of one moment: there is no change to look for."
    if not found.found:
        n = min(found.n_early, found.n_late)
        return (
            f"Too few comments to tell a change: the smaller end has {n:,}, and it takes "
            f"{SMALLEST_MEASURED}."
        )
    late = f"the latest third ({found.n_late:,} comments since {_moment(found.since)})"
    early = f"the earliest third ({found.n_early:,} until {_moment(found.until)})"
    return difference_sentence(found.found, late, early, toward, corrected=corrected)


def _moment(when: pd.Timestamp) -> str:
    day = f"{when.day} {when:%b %Y}"
    return day if when == when.normalize() else f"{day}, {when:%H:%M}"


def trend_table(
    trend: pd.DataFrame, labels: Sequence[str], called: Mapping[Measure, str], *, corrected: bool
) -> pd.DataFrame:
    """A row for each period: comments, and each measure with its 95 % interval; "–" where nobody wrote."""
    value = "corrected" if corrected else "value"
    columns: dict[str, list[str] | list[int]] = {
        "Period": list(labels),
        "Comments": trend.loc[trend["measure"] == Measure.NET, "n"].tolist(),
    }
    for measure, title in called.items():
        rows = trend[trend["measure"] == measure]
        columns[f"{title} (95 % interval)"] = [
            "–" if low != low else _cell(measure, share, low, high)
            for share, low, high in zip(rows[value], rows["low"], rows["high"], strict=True)
        ]
    return pd.DataFrame(columns)


def _cell(measure: Measure, share: float, low: float, high: float) -> str:
    if measure == Measure.NET:
        return f"{signed_points(share)} ({signed_points(low)} to {signed_points(high)})"
    return share_text(share, low, high)
