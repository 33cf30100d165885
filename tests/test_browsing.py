import pytest

from stance.aggregate import rows_of, stance_shares
from stance.browsing import (
    Filters,
    browsing_table,
    clicked_filters,
    head_in_question,
    matching,
)
from stance.reading import read_comments
from stance.scoring import score_comments
from stance.targets import load_targets


@pytest.fixture
def table(fake):
    result = read_comments(
        b"author,comment\nAnn,good Kyiv\nBob,bad news\nann b,so so\nCy,\nDee,a (good) one\n"
    )
    return browsing_table(result, score_comments(result.comments, fake))


@pytest.mark.parametrize(
    ("filters", "authors"),
    [
        (Filters(), ["Ann", "Bob", "ann b", "Cy", "Dee"]),
        (Filters(sentiment="positive"), ["Ann", "Dee"]),
        (Filters(target="ru", stance="against"), ["Bob"]),
        (Filters(stance="favor"), ["Ann", "Dee"]),
        (Filters(text="(GOOD"), ["Dee"]),
        (Filters(author="ann"), ["Ann", "ann b"]),
        (Filters(confidence=0.65), ["Ann", "Bob", "Dee"]),
        (Filters(target="us", confidence=0.72), ["Bob"]),
        (Filters(unsure_below=0.65), ["ann b"]),
        (Filters(target="ru", unsure_below=0.72), ["Ann", "ann b", "Dee"]),
        (Filters(target="ru", stance="favor", unsure_below=0.72), ["Ann", "Dee"]),
        (Filters(confidence=0.65, unsure_below=0.72), ["Ann", "Dee"]),
        (Filters(unsure_below=0.0), []),
        (Filters(text="nothing like it"), []),
    ],
)
def test_filters(table, filters, authors):
    assert list(matching(table, filters)["author"]) == authors


def test_confidence_is_of_the_stance_that_is_filtered(table):
    """A sure stance with an unsure tone is found, and the other way round it is not."""
    table = table.copy()
    table.loc[0, ["sentiment_negative", "sentiment_neutral", "sentiment_positive"]] = [0.3, 0.3, 0.4]
    table.loc[0, ["stance_ua", "stance_ua_favor"]] = ["favor", 0.95]
    table.loc[4, ["stance_us", "stance_uk", "stance_ru", "stance_ua"]] = "none"
    shown = matching(table, Filters(stance="favor", confidence=0.9))
    assert list(shown["author"]) == ["Ann"]
    assert list(shown["confidence"]) == [0.95]


@pytest.mark.parametrize(
    ("filters", "head"),
    [
        (Filters(), "sentiment"),
        (Filters(sentiment="positive"), "sentiment"),
        (Filters(stance="favor"), "stance"),
        (Filters(target="us", sentiment="positive"), "stance"),
    ],
)
def test_the_head_in_question_is_the_one_whose_confidence_is_shown(filters, head):
    assert head_in_question(filters) == head


def test_what_is_unsure_by_a_bar_is_what_its_filter_shows(table):
    """The number on the hatched part of a bar and the rows behind it are the same."""
    shares = stance_shares(table, load_targets(), unsure_below=0.72)
    for row in rows_of(shares):
        filters = Filters(target=row.target, stance=row.label, unsure_below=0.72)
        assert len(matching(table, filters)) == row.unsure


def test_a_click_on_a_bar_sets_its_filters_and_unselecting_clears_them():
    point = {"customdata": ["ru", "against"]}
    assert clicked_filters("stance", [point]) == {"target": "ru", "stance": "against"}
    assert clicked_filters("sentiment", [{"customdata": ["", "negative"]}]) == {
        "sentiment": "negative"
    }
    assert clicked_filters("stance", []) == {"target": "", "stance": ""}
