"""Compare, run without a browser."""

import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from stance.answers.comparing import compare, group_by, group_sets, naming
from stance.model.mistakes import read_mistakes
from stance.page.plain import FAILED
from stance.page.sample import sample_set
from stance.page.state import SAMPLE, CommentSet
from stance.reading import read_comments
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.comparing import (
    difference_sentence,
    difference_table,
    one_group,
)
from tests.conftest import ROOT, open_view

RU = next(target for target in load_targets() if target.key == "ru")
ROWS = (
    [("Post ![x](http://a.b/c.png)", "bad Putin")] * 40
    + [("Globe", "good Putin")] * 30
    + [("Globe", "bad Putin")] * 10
    + [("", "meh")] * 12
    + [("Tiny", "meh")] * 3
)


def made_set(fake, name, rows, *, restored=False):
    lines = [f"{n},{outlet},{comment}\n" for n, (outlet, comment) in enumerate(rows)]
    text = "id,outlet,comment\n" + "".join(lines)
    result = read_comments(text.encode(), name=name)
    scored = score_comments(result.comments, fake)
    return CommentSet(name, result, scored, load_targets(), restored=restored)


@pytest.fixture
def opened(fake):
    """Opens the view with sets of one's own, the last of them shown."""

    def open_with(*sets: CommentSet, **chosen: str | list[str]) -> AppTest:
        page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
        page.session_state["comment_sets"] = {each.name: each for each in sets}
        page.run()
        if sets:
            page.selectbox(key="set").set_value(sets[-1].name).run()
        # The run of a link does not have the address yet in AppTest, the next one does.
        open_view(page, "compare").run()
        for key, value in chosen.items():
            page.selectbox(key=key).set_value(value).run()
        return fine(page)

    return open_with


def fine(page):
    assert not page.exception
    assert FAILED not in [error.value for error in page.error]
    return page


def sentences(page):
    found = [m.value.replace("\\", "") for m in page.markdown]
    return next(value for value in found if "evidence" in value)


def test_the_page_says_what_the_api_gives(opened, fake):
    mine = made_set(fake, "mine.csv", ROWS)
    page = opened(mine, by="Column “outlet”", compared="ru")
    assert page.selectbox(key="by").value == "Column “outlet”"
    groups = group_by([outlet for outlet, _ in ROWS], mine.scored).groups
    titles = [group.title for group in groups]
    # Equally many: in the order of their names.
    assert titles == ["Globe", ROWS[0][0], "(empty)"]
    found = compare(groups, RU, read_mistakes()).found
    said = sentences(page)
    for group in (1, 2):
        pair = [each for each in found if each.group == group]
        assert difference_sentence(pair, f"“{titles[group]}”", "“Globe”", "Russia") in said
    assert "![" not in next(m.value for m in page.markdown if "evidence" in m.value)
    table = page.dataframe[0].value
    assert table.values.tolist() == difference_table(found, titles, "Russia").values.tolist()
    assert len(page.get("plotly_chart")) == 2
    captions = " ".join(caption.value for caption in page.caption)
    assert "Not compared: “Tiny” with 3 comments" in captions.replace("\\", "")
    page.selectbox(key="reference").set_value("(empty)").run()
    found = compare(groups, RU, read_mistakes(), reference=2).found
    pair = [each for each in found if each.group == 0]
    assert difference_sentence(pair, "“Globe”", "“(empty)”", "Russia") in sentences(fine(page))


def test_a_group_that_is_chosen_lists_its_comments(opened, fake):
    page = opened(made_set(fake, "mine.csv", ROWS), by="Column “outlet”", compared="ru", group="Globe")
    listed = page.dataframe[-1].value
    assert len(listed) == 40 and listed["Label"].tolist().count("In favor") == 30
    assert listed["Comment"][0] == "good Putin"


def test_sets_are_compared_and_an_opened_download_is_known_by_chance_alone(opened, fake):
    one, two = made_set(fake, "one.csv", ROWS[:40]), made_set(fake, "two.csv", ROWS[40:70])
    page = opened(one, two, by="Comment sets", compared="ru")
    # The set that is shown is no choice, and named beside them.
    assert set(page.multiselect(key="sets").options) == {SAMPLE, "one.csv"}
    assert set(page.multiselect(key="sets").value) == {SAMPLE, "one.csv"}
    captions = [caption.value.replace("\\", "") for caption in page.caption]
    assert "“two.csv”, the set that is shown, is compared with these." in captions
    scored = {"two.csv": two.scored, SAMPLE: sample_set().scored, "one.csv": one.scored}
    found = compare(group_sets(scored).groups, RU, read_mistakes()).found
    page.selectbox(key="reference").set_value("two.csv").run()
    assert difference_sentence(found[3:], "“one.csv”", "“two.csv”", "Russia") in sentences(page)
    page.selectbox(key="group").set_value("one.csv").run()
    assert set(page.dataframe[-1].value["Comment"]) == {"bad Putin"}
    page.multiselect(key="sets").set_value([]).run()
    assert one_group() in [info.value for info in fine(page).info]
    restored = made_set(fake, "old.csv", ROWS[:40], restored=True)
    page = opened(restored, two, by="Comment sets", compared="ru")
    captions = " ".join(caption.value for caption in page.caption)
    assert "not the model's own mistakes, which are not known here" in captions
    assert "Corrected" not in page.dataframe[0].value
    said = sentences(page)
    assert said.count("different models may have labelled them") == 1 and "not always of the same" in said
    evidence = page.dataframe[0].value.set_index("Group")["Evidence"]
    assert evidence["old.csv"].str.endswith("but different models may have labelled them").all()
    assert evidence[SAMPLE].isin(["enough", "not enough"]).all()
    within = opened(made_set(fake, "old.csv", ROWS, restored=True), by="Column “outlet”")
    assert "different models" not in sentences(within)


def test_a_set_of_a_taught_model_is_told_from_others(opened, fake):
    one, two = made_set(fake, "one.csv", ROWS[:40]), made_set(fake, "two.csv", ROWS[40:70])
    page = opened(one, replace(two, learned_from=30), by="Comment sets", compared="ru")
    assert sentences(page).count("different models labelled them") == 2


def test_another_set_is_shown_while_sets_are_chosen(opened, fake):
    one, two = made_set(fake, "one.csv", ROWS[:40]), made_set(fake, "two.csv", ROWS[40:70])
    page = opened(one, two, by="Comment sets")
    page.multiselect(key="sets").set_value(["one.csv"]).run()
    page.selectbox(key="set").set_value("one.csv").run()
    assert set(fine(page).multiselect(key="sets").options) == {SAMPLE, "two.csv"}
    assert "one.csv" not in page.multiselect(key="sets").value


def test_comments_without_a_score_are_counted(opened, fake):
    rows = [*ROWS, *[("Globe", "!!")] * 15]
    page = opened(made_set(fake, "mine.csv", rows), by="Column “outlet”", compared="ru")
    captions = " ".join(caption.value for caption in page.caption)
    assert "Not counted: 15 comments without a score." in captions.replace("\\", "")


def test_days_are_those_that_over_time_shows(opened, fake):
    dates = ["03/04/2025"] * 20 + ["05/04/2025"] * 20 + ["2 days ago"] * 3
    lines = [f"{n},{date},{'good' if n < 20 else 'bad'} Putin\n" for n, date in enumerate(dates)]
    result = read_comments(("id,date,comment\n" + "".join(lines)).encode(), name="dated.csv")
    mine = CommentSet("dated.csv", result, score_comments(result.comments, fake), load_targets())
    page = opened(mine, by="Day", compared="ru")

    def shown():
        captions = " ".join(caption.value for caption in fine(page).caption).replace("\\", "")
        return page.selectbox(key="reference").options, captions

    titles, captions = shown()
    assert titles == ["2025-04-03", "2025-04-05"]
    assert "the day was taken to come first, for so the comments lie closer together" in captions
    assert "of 43 comments: 3 (a time that is relative" in captions
    open_view(page, "time").run()
    page.selectbox(key="dates").set_value("month").run()
    open_view(page, "compare").run()
    page.selectbox(key="by").set_value("Day").run()
    titles, captions = shown()
    assert page.selectbox(key="dates").value == "month"
    assert titles == ["2025-03-04", "2025-05-04"] and "as you said" in captions
    assert "“2025-05-04” is" in sentences(page)
    page.selectbox(key="dates").set_value("day").run()
    assert shown()[0] == ["2025-04-03", "2025-04-05"] and "“2025-04-05” is" in sentences(page)


def test_the_switch_changes_points_and_no_interval(opened, fake):
    page = opened(made_set(fake, "mine.csv", ROWS), by="Column “outlet”", compared="ru")
    counted, table = sentences(page), page.dataframe[0].value
    page.get("button_group")[0].set_value("corrected").run()
    assert sentences(fine(page)) != counted
    assert re.findall(r"\(.*?\)", sentences(page)) == re.findall(r"\(.*?\)", counted)
    assert table.equals(page.dataframe[0].value)


def test_the_sample_is_compared_by_what_comments_name(opened):
    page = opened(by="Naming United Kingdom", compared="ua")
    sample = sample_set()
    ua = next(target for target in load_targets() if target.key == "ua")
    uk = next(target for target in load_targets() if target.key == "uk")
    groups = group_by(naming(sample.scored, uk), sample.scored).groups
    found = compare(groups, ua, read_mistakes()).found
    pair = [f"“{group.title}”" for group in groups]
    assert sentences(page) == difference_sentence(found, pair[1], pair[0], "Ukraine")


def test_a_choice_that_the_next_set_has_not_gives_way(opened, fake):
    page = opened(made_set(fake, "mine.csv", ROWS), by="Column “outlet”")
    page.selectbox(key="set").set_value(SAMPLE).run()
    assert fine(page).selectbox(key="by").value != "Column “outlet”"


def test_nothing_to_compare_says_what_to_do(opened, fake):
    page = opened(made_set(fake, "three.csv", ROWS[:3]))
    assert page.selectbox(key="by").value == "Comment sets"
    assert one_group() in [info.value for info in page.info]
    assert "the 12 scored comments that it takes. Add a second comment set" in one_group()
    nothing = made_set(fake, "none.csv", [("a", "!!")] * 20)
    assert one_group() in [info.value for info in opened(nothing).info]
