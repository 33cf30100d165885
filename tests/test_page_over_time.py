"""Over time, run without a browser."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from stance.answers.over_time import Step, change, timeline, trend
from stance.answers.times import read_times
from stance.model.mistakes import read_mistakes
from stance.page.plain import FAILED
from stance.page.state import CommentSet
from stance.reading import read_comments
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.comparing import measure_titles
from stance.wording.corrections import LEARNED_NOTE
from stance.wording.over_time import (
    NO_TIMES,
    change_sentence,
    period_title,
    trend_sentence,
    trend_table,
)
from stance.wording.shares import NOTHING_SCORED, restored_note
from tests.conftest import ROOT, open_view

RU = next(target for target in load_targets() if target.key == "ru")
DAYS = [f"{3 + n // 20:02d}/04/2025 1{n % 8}:00" for n in range(120)]
ROWS = list(zip(DAYS, ["good Putin"] * 60 + ["bad Putin"] * 60, strict=True))


def made_set(fake, rows, name="mine.csv"):
    lines = [f"{time},{comment}\n" for time, comment in rows]
    text = "date,comment\n" + "".join(lines)
    result = read_comments(text.encode(), name=name)
    return CommentSet(name, result, score_comments(result.comments, fake), load_targets())


@pytest.fixture
def opened():
    """Opens the view with a set of one's own."""

    def open_with(comment_set: CommentSet | None = None, **chosen: str) -> AppTest:
        page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
        if comment_set is not None:
            page.session_state["comment_sets"] = {comment_set.name: comment_set}
        page.run()
        if comment_set is not None:
            page.selectbox(key="set").set_value(comment_set.name).run()
        # The run of a link does not have the address yet in AppTest, the next one does.
        open_view(page, "time").run()
        for key, value in chosen.items():
            page.selectbox(key=key).set_value(value).run()
        return fine(page)

    return open_with


def fine(page):
    assert not page.exception
    assert FAILED not in [error.value for error in page.error]
    return page


def said(page):
    return next(m.value for m in page.markdown if "scored comment" in m.value).replace("\\", "")


def captions(page):
    return " ".join(caption.value for caption in page.caption).replace("\\", "")


def test_the_page_says_and_lists_what_the_api_gives(opened, fake):
    mine = made_set(fake, ROWS)
    page = opened(mine, trend="ru")
    known, times = read_mistakes(), read_times([time for time, _ in ROWS])
    line = timeline(mine.scored, times, Step.DAY)
    found = change(mine.scored, line, RU, known)
    assert said(page) == f"{change_sentence(found, 'Russia')} {trend_sentence(line)}"
    assert said(page).startswith("Enough evidence that the latest third (40 comments since")
    labels = [period_title(start, Step.DAY) for start in line.starts]
    table = trend_table(
        trend(mine.scored, line, RU, known), labels, measure_titles("Russia"), corrected=False
    )
    assert page.dataframe[0].value.values.tolist() == table.values.tolist()
    assert "In 100 dates either number could be the day: the day was taken to come" in captions(page)
    assert "no comment says in which time zone" in captions(page)
    page.selectbox(key="period").set_value("Thu 3 Apr 2025").run()
    listed = fine(page).dataframe[-1].value
    assert len(listed) == 20 and set(listed["Comment"]) == {"good Putin"}


def test_the_step_is_chosen(opened, fake):
    page = opened(made_set(fake, ROWS), step="week")
    assert ": 2 weeks." in said(page) and "Weeks begin on Monday." in captions(page)
    assert "for so the comments lie closer together" in captions(page)
    page.selectbox(key="step").set_value("month").run()
    assert "120 scored comments, all of Apr 2025: 1 month." in said(fine(page))
    assert "Weeks begin" not in captions(page)


def test_the_order_of_day_and_month_is_chosen(opened, fake):
    """Read month first, the days lie a month apart and no comment is lost."""
    page = opened(made_set(fake, ROWS), step="month", dates="month")
    assert "120 scored comments, from Mar 2025 to Aug 2025: 6 months." in said(page)
    assert list(page.dataframe[0].value["Comments"]) == [20] * 6
    assert "the month was taken to come first, as you said" in captions(page)
    page.selectbox(key="dates").set_value("day").run()
    assert "120 scored comments, all of Apr 2025: 1 month." in said(fine(page))
    assert "the day was taken to come first, as you said" in captions(page)


def test_another_order_of_day_and_month_changes_numbers_between_the_same_ends(opened, fake):
    rows = [("2025-01-01", "bad"), *[("03/04/2025", "bad")] * 20, ("2025-12-31", "good")]
    page = opened(made_set(fake, rows), step="month", dates="day")
    volumes = [list(page.dataframe[0].value["Comments"])]
    page.selectbox(key="dates").set_value("month").run()
    volumes.append(list(fine(page).dataframe[0].value["Comments"]))
    assert [volume[2:4] for volume in volumes] == [[0, 20], [20, 0]]


def test_a_change_of_the_step_drops_the_period_that_is_no_longer_there(opened, fake):
    page = opened(made_set(fake, ROWS), trend="ru", period="Thu 3 Apr 2025")
    assert len(page.dataframe) == 2
    page.selectbox(key="step").set_value("week").run()
    assert len(fine(page).dataframe) == 1


def test_the_corrected_switch_changes_the_numbers(opened, fake):
    page = opened(made_set(fake, ROWS), trend="ru")
    counted = page.dataframe[0].value
    page.get("button_group")[0].set_value("corrected").run()
    corrected, column = fine(page).dataframe[0].value, "Against (95 % interval)"
    assert counted[column].tolist() != corrected[column].tolist()
    bounds = [table[column].str.extract(r"(\(.*\))")[0].tolist() for table in (counted, corrected)]
    assert bounds[0] == bounds[1]


def test_it_says_where_the_models_mistakes_are_not_known(opened, fake):
    mine = made_set(fake, ROWS)
    assert ":material/warning:" not in captions(opened(mine))
    assert LEARNED_NOTE in captions(opened(replace(mine, learned_from=30)))
    assert restored_note(30) in captions(opened(replace(mine, restored=True, learned_from=30)))


def test_three_comments_and_none_with_a_time(opened, fake):
    rows = [("2025-04-12", "bad"), ("2025-04-14", "good"), ("2 hours ago", "meh")]
    page = opened(made_set(fake, rows))
    assert said(page).startswith("Too few comments to tell a change: the smaller end has 1, and it")
    assert "3 days, in 1 of which nobody wrote" in said(page)
    assert page.dataframe[0].value["Comments"].tolist() == [1, 0, 1]
    assert "1 (a time that is relative to a moment nobody wrote down)" in captions(page)
    page = opened(made_set(fake, [("2h", "bad"), ("", "good")]))
    assert page.info[0].value == NO_TIMES and "Of 2 comments: 1 (a time" in captions(page)
    unscored = opened(made_set(fake, [("2025-04-12", "!!")]))
    assert NOTHING_SCORED in [info.value for info in unscored.info]


def test_the_sample_says_that_it_has_no_times(opened):
    page = opened()
    assert [info.value for info in page.info] == [NO_TIMES]
    assert "Of 68 comments: 68 (no time)." in captions(page) and not page.get("plotly_chart")
