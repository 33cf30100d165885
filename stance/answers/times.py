"""What written times mean: the strings of a column in, moments or reasons out. Guesses no missing part.

dateutil and dateparser fill what is not written from today's date ("2d" becomes the second of this
month, "14:03" is today), and pandas reads each string for itself, where only the whole column tells
whether 03/04 is in March or in April; so the forms that are read are written down here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import numpy as np
import pandas as pd

from stance.answers.zones import UTC_NAME, ZONE_FORM, offset_of, zone_of
from stance.translation import N_

NO_TIME = N_("no time")
RELATIVE = N_("a time that is relative to a moment nobody wrote down")
NO_DATE = N_("a time of day without a date")
NO_YEAR = N_("a date without a year")
NO_SUCH_DATE = N_("no such date or time")
OTHER_YEAR = N_("a year before 1990 or after 2100")
UNCERTAIN = N_("day or month first cannot be told")
NOT_UNDERSTOOD = N_("not understood as a time")
OTHER_ZONE = N_("a time zone that stands for several offsets, beside others")

_YEARS = range(1990, 2101)
_LONGEST = 60


class Why(StrEnum):
    """What tells whether day or month comes first where both would do."""

    OTHERS = "others"
    SPAN = "span"
    NOTHING = "nothing"
    ASKED = "asked"


@dataclass(frozen=True, slots=True)
class Order:
    """Which of two numbers was taken for the day in the `n` dates in which both would do, and why."""

    day_first: bool
    n: int
    why: Why


@dataclass(frozen=True, slots=True)
class Times:
    """The times of a column.

    `when` holds the moments as a clock in `zone` shows them, NaT where none could be read;
    `date_only` says where no time of day is written. `zone` is "UTC", an offset or a name as
    written, "" where none is written. `converted` says that times of several zones were brought to
    UTC; `n_without_zone` were taken as UTC beside them. `left_out` counts what could not be read, by
    reason. `order` is None where no date can be read in two ways.
    """

    when: pd.Series[pd.Timestamp]
    date_only: pd.Series[bool]
    zone: str
    converted: bool
    n_without_zone: int
    left_out: dict[str, int]
    order: Order | None

    @property
    def has_two_readings(self) -> bool:
        """Whether either number of some date may be the day."""
        return self.order is not None or UNCERTAIN in self.left_out

    @property
    def has_clock(self) -> bool:
        """Whether some comment has a time of day."""
        return bool((~self.date_only[self.when.notna()]).any())

    @property
    def n_read(self) -> int:
        """How many times were read."""
        return int(self.when.notna().sum())


@dataclass(frozen=True, slots=True)
class _Written:
    """What one string says; a `fault` says why it cannot be read.

    `day_first` is what a date in numbers tells of their order, `either` that either may be the day:
    then the first is taken for it here.
    """

    year: int = 0
    month: int = 0
    day: int = 0
    clock: tuple[int, int, int] | None = None
    zone: str = ""
    day_first: bool | None = None
    either: bool = False
    fault: str = ""


_CLOCK = (
    r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2})(?:[:.](?P<second>[0-9]{2})(?:[.,:][0-9]+)?)?)?"
    rf"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?(?:uhr|hrs))?(?: ?(?P<zone>{ZONE_FORM}))?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?"
_DATES = (
    r"(?P<year>[0-9]{4})(?P<cut>[-/.])(?P<month>[0-9]{1,2})(?P=cut)(?P<day>[0-9]{1,2})",
    r"(?P<one>[0-9]{1,2})(?P<cut>[-/.])(?P<other>[0-9]{1,2})(?P=cut)(?P<year>[0-9]{4}|[0-9]{2})",
    r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[ -](?:of )?(?P<name>[a-z]{3,9})\.?,?[ -](?P<year>[0-9]{4})",
    r"(?P<name>[a-z]{3,9})\.? (?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,? (?P<year>[0-9]{4})",
)
_FORMS = [
    re.compile(form)
    for date in _DATES
    for form in (rf"{_WEEKDAY}{date}(?:(?:t|,? at |,? ){_CLOCK})?", rf"{_CLOCK},? (?:on )?{_WEEKDAY}{date}")
] + [re.compile(rf"{_WEEKDAY}(?P<name>[a-z]{{3}}) (?P<day>[0-9]{{1,2}}) {_CLOCK} (?P<year>[0-9]{{4}})")]
_EPOCH = re.compile(r"([0-9]{10})(?:[0-9]{3})?(?:\.[0-9]+)?")
_RELATIVE = re.compile(
    r".*\bago\b.*|just now|now|moments?|(?:yesterday|today)\b.*|(?:vor|il y a|hace) .*|"
    r"(?:an?|[0-9]+) ?(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?|mo|months?|"
    r"y|yrs?|years?)"
)
_DATELESS = re.compile(_CLOCK)
_YEARLESS = re.compile(
    rf"{_WEEKDAY}(?:[0-9]{{1,2}}(?:st|nd|rd|th)? [a-z]{{3,9}}|[a-z]{{3,9}}\.? [0-9]{{1,2}}(?:st|nd|rd|th)?)"
    r"\.?(?:,? (?:at )?[0-9]{1,2}[:.][0-9]{2}.*)?"
)
_NAMES = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS = {
    name[:length]: number
    for number, name in enumerate(_NAMES, start=1)
    for length in range(3, len(name) + 1)
}
_NOISE = re.compile(r"(?: \(edited\)| (?:[·•|] )?reply)+$")
"""What pages put behind a time."""


def read_times(
    texts: Sequence[str], *, day_first: bool | None = None, this_year: int | None = None
) -> Times:
    """Read a column of times.

    Read are ISO 8601 and its like, day, month and year in numbers, English month names, and
    seconds or milliseconds since 1970. Where either number may be the day, dates of the column that
    can be read in one way only decide; if there are none, the reading decides in which the column
    spans less time, for comments come in days, not years; else the day comes first.

    Args:
        texts: as they stand in the source.
        day_first: what the person says of dates in which either number may be the day.
        this_year: the current one if None; a year of two digits is at most one after it.
    """
    latest = (datetime.now(UTC).year if this_year is None else this_year) + 1
    known = {text: _read(text, latest) for text in set(texts)}
    order = _order([known[text] for text in texts], day_first)
    if order is None:
        known = {
            text: replace(each, fault=UNCERTAIN) if each.either else each
            for text, each in known.items()
        }
    else:
        known = {text: _ordered(each, order.day_first) for text, each in known.items()}
    return _placed([known[text] for text in texts], order)


def _read(text: str, latest: int) -> _Written:
    plain = " ".join(text.replace("\u202f", " ").split()).lower()
    plain = _NOISE.sub("", plain[: _LONGEST + 1])
    if not plain or len(plain) > _LONGEST:
        return _Written(fault=NOT_UNDERSTOOD if plain else NO_TIME)
    if found := _EPOCH.fullmatch(plain):
        moment = datetime.fromtimestamp(int(found[1]), UTC)
        clock = (moment.hour, moment.minute, moment.second)
        return _checked(_Written(moment.year, moment.month, moment.day, clock, "UTC"))
    for form in _FORMS:
        if match := form.fullmatch(plain):
            return _from_parts({k: v for k, v in match.groupdict().items() if v is not None}, latest)
    for other, fault in ((_RELATIVE, RELATIVE), (_YEARLESS, NO_YEAR), (_DATELESS, NO_DATE)):
        if other.fullmatch(plain):
            return _Written(fault=fault)
    return _Written(fault=NOT_UNDERSTOOD)


def _from_parts(parts: dict[str, str], latest: int) -> _Written:
    clock = None
    if "hour" in parts:
        if "minute" not in parts and "half" not in parts:
            return _Written(fault=NOT_UNDERSTOOD)
        hour = int(parts["hour"])
        if "half" in parts:
            hour = hour % 12 + (12 if parts["half"] == "p" else 0) if 1 <= hour <= 12 else 99
        clock = (hour, int(parts.get("minute", 0)), int(parts.get("second", 0)))
    year = int(parts["year"])
    if len(parts["year"]) == 2:
        year += 2000 if year + 2000 <= latest else 1900
    zone = zone_of(parts["zone"]) if "zone" in parts else ""
    if zone is None:
        return _Written(fault=NOT_UNDERSTOOD)
    if "one" not in parts:
        if parts.get("name", "may") not in _MONTHS:
            return _Written(fault=NOT_UNDERSTOOD)
        month = _MONTHS[parts["name"]] if "name" in parts else int(parts["month"])
        return _checked(_Written(year, month, int(parts["day"]), clock, zone))
    one, other = int(parts["one"]), int(parts["other"])
    # A month is never above 12; where both numbers are the same, the order does not matter.
    tells = None if one == other or max(one, other) <= 12 else one > 12
    day, month = (other, one) if tells is False else (one, other)
    either = max(one, other) <= 12 and one != other
    return _checked(_Written(year, month, day, clock, zone, tells, either))


def _checked(written: _Written) -> _Written:
    if written.year not in _YEARS:
        return _Written(fault=OTHER_YEAR)
    try:
        _moment(written)
    except ValueError:
        return _Written(fault=NO_SUCH_DATE)
    return written


def _moment(written: _Written) -> datetime:
    return datetime(written.year, written.month, written.day, *(written.clock or (0, 0, 0)))


def _order(written: Sequence[_Written], day_first: bool | None) -> Order | None:
    either = [each for each in written if each.either]
    if not either:
        return None
    if day_first is not None:
        return Order(day_first, len(either), Why.ASKED)
    told = {each.day_first for each in written} - {None}
    if len(told) == 2:
        return None
    if told:
        return Order(True in told, len(either), Why.OTHERS)
    spans = {}
    for first in (True, False):
        moments = [_moment(_ordered(each, first)) for each in set(written) if not each.fault]
        spans[first] = max(moments) - min(moments)
    if spans[True] == spans[False]:
        return Order(True, len(either), Why.NOTHING)
    return Order(spans[True] < spans[False], len(either), Why.SPAN)


def _ordered(written: _Written, day_first: bool) -> _Written:
    if day_first or not written.either:
        return written
    return replace(written, month=written.day, day=written.month)


def _placed(written: Sequence[_Written], order: Order | None) -> Times:
    """All times on one clock."""
    zones = {each.zone for each in written if not each.fault and each.clock is not None}
    converted = len(zones) > 1
    without, left_out = 0, Counter[str]()
    when: list[datetime | None] = []
    for each in written:
        offset = offset_of(each.zone) if converted and each.clock is not None else timedelta(0)
        if fault := each.fault or ("" if offset is not None else OTHER_ZONE):
            left_out[fault] += 1
            when.append(None)
            continue
        without += converted and each.clock is not None and not each.zone
        when.append(_moment(each) - (offset or timedelta(0)))
    moments = pd.Series(np.array(when, dtype="datetime64[s]"))
    date_only = pd.Series([each.clock is None for each in written], dtype=bool)
    # A spreadsheet writes a date as its midnight.
    if (moments.dropna() == moments.dropna().dt.normalize()).all():
        date_only[:] = True
    zone = UTC_NAME if converted else next(iter(zones), "")
    return Times(moments, date_only, zone, converted, int(without), dict(left_out), order)
