import numpy as np
import pandas as pd
import pytest

from stance import records
from stance.aggregate import rows_of, stance_shares
from stance.answers.differences import Measure
from stance.answers.over_time import (
    MOST_PERIODS,
    NO_HOUR,
    UNSCORED,
    Step,
    change,
    chosen_step,
    steps_that_fit,
    timeline,
    trend,
)
from stance.answers.times import read_times
from stance.charts.over_time import trend_chart
from stance.labels import STANCE_STYLES, Stance
from stance.model.mistakes import read_mistakes
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.comparing import measure_titles
from stance.wording.over_time import (
    change_sentence,
    days_notes,
    period_title,
    steps_note,
    times_notes,
    trend_sentence,
    trend_table,
    unread_sentence,
)
from tests.conftest import comments

RU = next(target for target in load_targets() if target.key == "ru")
ENDS = (STANCE_STYLES[Stance.AGAINST], STANCE_STYLES[Stance.FAVOR])


@pytest.fixture
def scored(fake):
    """Friday 4 April 2025: two against, one not; Sunday: nothing; Monday: one in favor, one unscored."""
    return score_comments(comments("bad", "bad", "meh", "good", "!!", "meh"), fake)


FRIDAY = ["2025-04-04 10:00", "2025-04-04 11:30", "2025-04-04 23:59"]
TIMES = [*FRIDAY, "2025-04-07 00:01", "2025-04-07 9:00", ""]


def test_periods_are_whole_and_those_without_comments_are_gaps(scored):
    times = read_times(TIMES)
    line = timeline(scored, times, Step.DAY)
    assert list(line.starts) == list(pd.date_range("2025-04-04", "2025-04-07"))
    assert line.edges[-1] == pd.Timestamp("2025-04-08")
    assert line.codes.tolist() == [0, 0, 0, 3, -1, -1] and line.volume.tolist() == [3, 0, 0, 1]
    assert line.left_out == {UNSCORED: 1} and times.left_out == {"no time": 1}
    table = trend(scored, line, RU, None)
    against = table[table["measure"] == Measure.FIRST]
    assert against["n"].tolist() == [3, 0, 0, 1]
    assert against["value"].tolist() == pytest.approx([2 / 3, np.nan, np.nan, 0], nan_ok=True)
    assert against[["low", "high"]].isna().all(axis=1).tolist() == [False, True, True, False]
    net = table[table["measure"] == Measure.NET]
    assert net["value"].tolist() == pytest.approx([-2 / 3, np.nan, np.nan, 1], nan_ok=True)


def test_shares_of_a_period_are_those_that_the_overview_would_give(scored):
    line, known = timeline(scored, read_times(TIMES), Step.DAY), read_mistakes()
    table = trend(scored, line, RU, known)
    against, _, favor = rows_of(stance_shares(scored[:3], [RU], mistakes=known))
    first, last, _ = (table[table["measure"] == m].iloc[0] for m in Measure)
    for found, share in ((first, against), (last, favor)):
        expected = (share.share, share.low, share.high, share.corrected)
        assert tuple(found[["value", "low", "high", "corrected"]]) == pytest.approx(expected)


def test_weeks_begin_on_monday_and_hours_leave_dates_out(scored):
    week = timeline(scored, read_times(TIMES), Step.WEEK)
    assert list(week.starts) == [pd.Timestamp("2025-03-31"), pd.Timestamp("2025-04-07")]
    assert week.volume.tolist() == [3, 1]
    times = read_times(["2025-04-04", "2025-04-04 11:30", "", "", "", ""])
    hours = timeline(scored, times, Step.HOUR)
    assert hours.volume.tolist() == [1] and hours.left_out == {NO_HOUR: 1}
    nothing = timeline(scored[4:5], read_times(["2025-04-04"]), Step.DAY)
    assert len(nothing.starts) == 0 and nothing.volume.tolist() == []


@pytest.mark.parametrize(
    ("first", "last", "chosen", "shortest"),
    [
        ("2025-04-01 10:00", "2025-04-01 10:00", Step.HOUR, Step.HOUR),
        ("2025-04-01 10:00", "2025-04-04 09:00", Step.HOUR, Step.HOUR),
        ("2025-04-01 10:00", "2025-04-06 08:00", Step.DAY, Step.HOUR),
        ("2025-04-01 10:00", "2025-05-20 10:00", Step.DAY, Step.DAY),
        ("2025-04-01", "2025-04-03", Step.DAY, Step.DAY),
        ("2025-01-01", "2025-06-01", Step.WEEK, Step.WEEK),
        ("2020-01-01", "2025-06-01", Step.MONTH, Step.MONTH),
        ("1990-01-01", "2100-06-01", Step.YEAR, Step.YEAR),
    ],
)
def test_the_step_follows_from_the_span(first, last, chosen, shortest):
    times = read_times([first] * 700 + [last] * 700)
    # Dates alone never give hours.
    if "10:00" not in first:
        chosen = Step.DAY if chosen == Step.HOUR else chosen
    assert chosen_step(times) == chosen and steps_that_fit(times)[0] == shortest
    for step in steps_that_fit(times):
        line = timeline(pd.DataFrame({records.UNSCORED: [""] * 1_400}), times, step)
        assert len(line.starts) <= MOST_PERIODS and sum(line.volume) == 1_400
    assert steps_that_fit(read_times(["", "2d"])) == []


@pytest.mark.parametrize(
    ("n", "chosen"), [(400, Step.HOUR), (300, Step.DAY), (24, Step.DAY), (23, Step.HOUR), (2, Step.HOUR)]
)
def test_few_comments_are_not_cut_into_periods_of_two(n, chosen):
    """Thirty hours, in the week from Monday on."""
    whens = pd.date_range("2025-04-07 00:00", "2025-04-08 05:59", periods=n).strftime("%Y-%m-%d %H:%M")
    assert chosen_step(read_times(list(whens))) == chosen


def many(fake, texts, moments):
    scored = score_comments(comments(*texts), fake)
    return scored, timeline(scored, read_times(moments), Step.DAY)


def test_the_latest_third_is_compared_with_the_earliest(fake):
    texts = ["meh"] * 40 + ["good"] * 40 + ["bad"] * 40
    moments = [f"2025-04-{1 + n // 20:02d} 10:{n % 20:02d}" for n in range(120)]
    scored, line = many(fake, texts, moments)
    found = change(scored, line, RU, None)
    assert (found.n_early, found.n_late) == (40, 40)
    assert found.until == pd.Timestamp("2025-04-02 10:19")
    assert found.since == pd.Timestamp("2025-04-05 10:00")
    against, favor, net = found.found
    assert (against.counted, favor.counted, net.counted) == (1, 0, -1) and against.enough
    assert change_sentence(found, "Russia") == (
        "Enough evidence that the latest third (40 comments since 5 Apr 2025, 10:00) is more against "
        "Russia than the earliest third (40 until 2 Apr 2025, 10:19): 100 points more (82–100)."
    )
    order = np.random.default_rng(1).permutation(120)
    mixed, line = many(fake, [texts[at] for at in order], moments)
    found = change(mixed, line, RU, None)
    assert not any(each.enough for each in found.found)
    assert change_sentence(found, "").startswith("Not enough evidence that the latest third (40 comments")
    assert " in sentiment: on balance the interval goes from −" in change_sentence(found, "")


def test_comments_of_one_moment_are_not_parted_and_few_tell_nothing(fake):
    days = ["2025-04-01"] * 5 + ["2025-04-02"] * 90 + ["2025-04-03"] * 20
    scored, line = many(fake, ["meh"] * 115, days)
    found = change(scored, line, RU, None)
    assert (found.n_early, found.n_late, found.found) == (5, 20, [])
    assert change_sentence(found, "Russia") == (
        "Too few comments to tell a change: the smaller end has 5, and it takes 12."
    )
    scored, line = many(fake, ["meh"] * 3, ["2025-04-01"] * 3)
    assert change(scored, line, RU, None) is None
    assert change_sentence(None, "").startswith("All comments are of one moment")


def test_the_words_say_what_is_shown_what_is_not_and_on_which_clock(scored):
    times = read_times([*TIMES[:4], "4.4.2025 9:00+01:00", "2h"])
    line = timeline(scored, times, Step.WEEK)
    assert trend_sentence(line) == (
        "4 scored comments, from week of Mon 31 Mar 2025 to week of Mon 7 Apr 2025: 2 weeks."
    )
    assert times_notes(times, line) == [
        "The comments have times of several zones: all were brought to UTC. 4 times without a time zone "
        "stood beside them and were taken as UTC.",
        "Not shown of 6 comments: 1 (a time that is relative to a moment nobody wrote down); 1 (no score).",
        "Weeks begin on Monday.",
    ]
    days = timeline(scored, read_times(TIMES), Step.DAY)
    assert trend_sentence(days).endswith("4 days, in 2 of which nobody wrote.")
    notes = times_notes(read_times(TIMES), days)
    assert notes[0] == "Times as written; no comment says in which time zone."
    either = read_times(["03/04/2025", "04/04/2025"])
    said = " ".join(times_notes(either, timeline(scored[:2], either, Step.DAY)))
    assert said == (
        "The comments have dates without times of day, as written. In 1 date either number could be the "
        "day: the day was taken to come first, for so the comments lie closer together."
    )
    zoned = read_times(["2025-04-04 10:00+02:00"])
    notes = times_notes(zoned, timeline(scored[:1], zoned, Step.DAY))
    assert notes == ["Times as written, all in UTC+02:00."]
    assert unread_sentence(read_times(["", "", "2d"])) == (
        "Of 3 comments: 2 (no time); 1 (a time that is relative to a moment nobody wrote down)."
    )


def test_where_days_are_compared_it_is_said_how_they_were_read():
    assert days_notes(read_times(["03/04/2025", "04/04/2025", "2d", ""])) == [
        "The comments have dates without times of day, as written.",
        "Without a day, so “(empty)”, of 4 comments: 1 (a time that is relative to a moment nobody wrote "
        "down); 1 (no time).",
        "In 1 date either number could be the day: the day was taken to come first, for so the comments "
        "lie closer together.",
    ]
    assert len(days_notes(read_times(["2025-04-12"]))) == 1


def test_what_is_not_offered_is_said():
    assert steps_note(read_times(["2025-04-01 10:00"])) == ""
    no_hours = "No hours are offered, for no comment has a time of day."
    assert steps_note(read_times(["2025-04-01"])) == no_hours
    assert steps_note(read_times(["2023-04-01", "2025-04-01"])) == (
        f"{no_hours} By days there would be more than 120 periods, so they are not offered."
    )
    assert steps_note(read_times([""])) == ""
    assert steps_note(read_times(["2020-04-01 10:00", "2025-04-01"])) == (
        "By hours and days and weeks there would be more than 120 periods, so they are not offered."
    )


def test_the_table_has_every_period_with_its_numbers(scored):
    line = timeline(scored, read_times(TIMES), Step.DAY)
    labels = [period_title(start, line.step) for start in line.starts]
    called = measure_titles("Russia")
    table = trend_table(trend(scored, line, RU, None), labels, called, corrected=False)
    assert table["Period"].tolist()[0] == "Fri 4 Apr 2025" and table["Comments"].tolist() == [3, 0, 0, 1]
    assert table["Against (95 % interval)"].tolist() == ["67 % (21–94)", "–", "–", "0 % (0–79)"]
    assert table["In favor minus against (95 % interval)"][3] == "+100 (−12 to +100)"


def test_the_chart_has_gaps_bands_and_volume_on_one_axis(scored):
    line = timeline(scored, read_times(TIMES), Step.DAY)
    labels = [period_title(start, line.step) for start in line.starts]
    called = {m: t for m, t in measure_titles("Russia").items() if m != Measure.NET}
    figure = trend_chart(trend(scored, line, RU, None), list(line.edges), labels, called, ENDS)
    scatters = [trace for trace in figure.data if trace.type == "scatter"]
    bands = [trace for trace in scatters if trace.fill == "toself"]
    lines = [trace for trace in scatters if trace.fill is None]
    (bars,) = (trace for trace in figure.data if trace.type == "bar")
    assert [trace.name for trace in lines] == ["Against", "In favor"]
    assert {trace.line.dash for trace in lines} == {"solid", "dot"}
    assert len({trace.marker.symbol for trace in lines}) == 2
    # Two runs of one day each, closed by themselves.
    assert bands[0].x[0] == bands[0].x[4] == pd.Timestamp("2025-04-04") and bands[0].x[5] is None
    assert bands[0].x[6] == pd.Timestamp("2025-04-07") and len(bands[0].x) == 12
    assert np.isnan(lines[0].y[1]) and lines[0].connectgaps is False
    assert list(bars.y) == [3, 0, 0, 1] and [point[0] for point in bars.customdata] == [0, 1, 2, 3]
    assert figure.layout.xaxis.matches == "x2" and figure.layout.yaxis.title.text == "share of comments"
    net = {Measure.NET: "In favor minus against"}
    figure = trend_chart(trend(scored, line, RU, None), list(line.edges), labels, net, ENDS)
    assert figure.layout.yaxis.range == (-1.02, 1.02)
    assert figure.layout.yaxis.title.text == "in favor minus against"
