import pandas as pd
import pytest

from stance.answers.times import (
    NO_DATE,
    NO_SUCH_DATE,
    NO_TIME,
    NO_YEAR,
    NOT_UNDERSTOOD,
    OTHER_YEAR,
    OTHER_ZONE,
    RELATIVE,
    UNCERTAIN,
    Order,
    Why,
    read_times,
)
from tests.conftest import ROOT

READ = [
    ("2025-04-12", "2025-04-12", ""),
    ("2025/4/2", "2025-04-02", ""),
    ("2025-04-12 14:03", "2025-04-12 14:03", ""),
    ("2025-04-12T14:03:05.123456Z", "2025-04-12 14:03:05", "UTC"),
    ("2025-04-12T14:03:05+02:00", "2025-04-12 14:03:05", "UTC+02:00"),
    ("2025-04-12 14:03:05-0430", "2025-04-12 14:03:05", "UTC-04:30"),
    ("2025-04-12 14:03 CEST", "2025-04-12 14:03", "UTC+02:00"),
    ("2025-04-12 14:03 AWST", "2025-04-12 14:03", "UTC+08:00"),
    ("2025-04-12 2:03 pm ET", "2025-04-12 14:03", "ET"),
    ("2025-04-12 14:03 −03:30", "2025-04-12 14:03", "UTC-03:30"),
    ("2025-04-12 14:03:45:123", "2025-04-12 14:03:45", ""),
    ("17.4.2025 14:03 Uhr", "2025-04-17 14:03", ""),
    ("17.4.2025, 14:03 Uhr CEST", "2025-04-17 14:03", "UTC+02:00"),
    ("12 Apr 2025 14:03 hrs", "2025-04-12 14:03", ""),
    ("12 Apr 2025 14:03 (edited) · Reply", "2025-04-12 14:03", ""),
    ("12.04.2025, 14:03", "2025-04-12 14:03", ""),
    ("13/4/25", "2025-04-13", ""),
    ("4/13/2025 2:03 PM", "2025-04-13 14:03", ""),
    ("12 Apr 2025 at 14:41", "2025-04-12 14:41", ""),
    ("April 14, 2025 at 7:30 am", "2025-04-14 07:30", ""),
    ("Sat, 12 Apr 2025 12:03:00 +0000", "2025-04-12 12:03", "UTC"),
    ("Sat Apr 12 14:03:00 +0000 2025", "2025-04-12 14:03", "UTC"),
    ("2nd of Sept. 2025, 12:05 a.m.", "2025-09-02 00:05", ""),
    ("14:03, 12 April 2025", "2025-04-12 14:03", ""),
    ("12 Apr 2025 14:41 (edited)", "2025-04-12 14:41", ""),
    ("1744466580", "2025-04-12 14:03", "UTC"),
    ("1744466580.0", "2025-04-12 14:03", "UTC"),
    ("1744466580123", "2025-04-12 14:03", "UTC"),
]


@pytest.mark.parametrize(("text", "moment", "zone"), READ)
def test_a_time_is_read(text, moment, zone):
    found = read_times([text])
    assert found.when[0] == pd.Timestamp(moment) and found.zone == zone
    assert found.left_out == {} and not found.converted and found.n_read == 1


UNREAD = [
    ("", NO_TIME),
    ("   ", NO_TIME),
    ("2 hours ago", RELATIVE),
    ("3 days ago (edited)", RELATIVE),
    ("2d", RELATIVE),
    ("Just now", RELATIVE),
    ("yesterday at 14:03", RELATIVE),
    ("14:03", NO_DATE),
    ("2:03 pm", NO_DATE),
    ("12 Apr at 14:03", NO_YEAR),
    ("May 5", NO_YEAR),
    ("31/02/2025", NO_SUCH_DATE),
    ("2025-13-01", NO_SUCH_DATE),
    ("2025-04-12 25:00", NO_SUCH_DATE),
    ("April 12, 2025 at 13:00 pm", NO_SUCH_DATE),
    ("1970-01-01", OTHER_YEAR),
    ("9999999999", OTHER_YEAR),
    ("12 avril 2025", NOT_UNDERSTOOD),
    ("45012.5", NOT_UNDERSTOOD),
    ("2025-04-07 14:03.123", NOT_UNDERSTOOD),
    ("2025-04-07 14:03/2", NOT_UNDERSTOOD),
    ("2025-04-07 14:03 x12", NOT_UNDERSTOOD),
    ("2025-04-07 14:00–15:00", NOT_UNDERSTOOD),
    ("2025-04-07 14:03 +9900", NOT_UNDERSTOOD),
    ("2025-04-07 14:03 +14:01", NOT_UNDERSTOOD),
    ("2025-04-07 14:03 +0360", NOT_UNDERSTOOD),
    ("2025-04-07 14:03 Ann", NOT_UNDERSTOOD),
    ("Ann", NOT_UNDERSTOOD),
    ("=HYPERLINK(1)", NOT_UNDERSTOOD),
]


@pytest.mark.parametrize(("text", "reason"), UNREAD)
def test_what_cannot_be_read_is_counted_with_its_reason_and_not_guessed(text, reason):
    found = read_times([text, "2025-04-12 14:03"])
    assert found.left_out == {reason: 1}
    assert pd.isna(found.when[0]) and found.n_read == 1


def test_every_time_is_read_or_counted():
    texts = [text for text, *_ in READ] + [text for text, _ in UNREAD]
    found = read_times(texts)
    assert found.n_read + sum(found.left_out.values()) == len(texts) == len(found.when)


def test_hostile_strings_are_not_understood():
    lines = (ROOT / "tests" / "naughty.txt").read_text(encoding="utf-8").splitlines()
    found = read_times([*lines, "9" * 100_000, "12 " * 50_000, "\ud800", "²5/04/2025"])
    assert found.n_read + sum(found.left_out.values()) == len(lines) + 4
    assert found.n_read <= 1


def test_other_dates_of_the_column_say_which_number_is_the_day():
    day = read_times(["03/04/2025", "13/04/2025", "05/05/2025"])
    assert day.when[0] == pd.Timestamp("2025-04-03") and day.order == Order(True, 1, Why.OTHERS)
    month = read_times(["03/04/2025", "04/13/2025"])
    assert month.when[0] == pd.Timestamp("2025-03-04") and month.order == Order(False, 1, Why.OTHERS)
    assert read_times(["05/05/2025"]).order is None


def test_else_the_shorter_span_does():
    # 3 to 5 April, or March to May.
    day = read_times(["03/04/2025", "04/04/2025", "05/04/2025"])
    assert day.order == Order(True, 2, Why.SPAN) and day.when[2] == pd.Timestamp("2025-04-05")
    month = read_times(["04/03/2025", "04/05/2025"])
    assert month.order == Order(False, 2, Why.SPAN) and month.when[1] == pd.Timestamp("2025-04-05")
    # Dates that can be read in one way only count for the span.
    assert read_times(["03/04/2025", "2025-03-05"]).order == Order(False, 1, Why.SPAN)
    assert read_times(["03/04/2025"]).order == Order(True, 1, Why.NOTHING)


def test_where_both_orders_occur_the_person_decides():
    texts = ["03/04/2025", "13/04/2025", "04/13/2025"]
    found = read_times(texts)
    assert found.left_out == {UNCERTAIN: 1} and found.has_two_readings
    asked = read_times(texts, day_first=False)
    assert asked.when[0] == pd.Timestamp("2025-03-04") and asked.order == Order(False, 1, Why.ASKED)
    assert asked.when[1] == asked.when[2] == pd.Timestamp("2025-04-13")


def test_times_of_several_zones_go_to_utc_and_those_without_one_are_counted():
    found = read_times(
        ["2025-04-12 14:00+02:00", "2025-04-12 09:30 EDT", "2025-04-12 11:00", "2025-04-12", ""]
    )
    moments = ["2025-04-12 12:00", "2025-04-12 13:30", "2025-04-12 11:00", "2025-04-12"]
    assert found.when[:4].tolist() == [pd.Timestamp(moment) for moment in moments]
    assert (found.zone, found.converted, found.n_without_zone) == ("UTC", True, 1)
    assert found.date_only.tolist() == [False, False, False, True, True]
    assert read_times(["2025-04-12 14:00Z", "2025-04-12 14:00 IST"]).left_out == {OTHER_ZONE: 1}


def test_one_zone_stays_as_it_is_written():
    found = read_times(["2025-04-12 23:30+02:00", "2025-04-13 00:30+0200"])
    assert found.when.dt.day.tolist() == [12, 13]
    assert (found.zone, found.converted) == ("UTC+02:00", False)


def test_midnights_alone_are_dates():
    assert read_times(["2025-04-12 00:00:00", "2025-04-13 00:00:00"]).date_only.all()
    assert not read_times(["2025-04-12 00:00", "2025-04-13 10:00"]).date_only.any()
    assert read_times([]).n_read == 0


@pytest.mark.parametrize(("year", "read"), [("27", 2027), ("28", None), ("99", 1999), ("25", 2025)])
def test_a_year_of_two_digits_is_at_most_one_ahead(year, read):
    found = read_times([f"13/4/{year}"], this_year=2026)
    if read is None:
        assert found.left_out == {OTHER_YEAR: 1}
    else:
        assert found.when[0] == pd.Timestamp(f"{read}-04-13")
