import pytest

from stance.browsing import Filters, browsing_table, clicked_filters, matching
from stance.reading import read_comments
from stance.scoring import score_comments


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
        (Filters(text="nothing like it"), []),
    ],
)
def test_filters(table, filters, authors):
    assert list(matching(table, filters)["author"]) == authors


def test_a_click_on_a_bar_sets_its_filters_and_unselecting_clears_them():
    point = {"customdata": ["ru", "against"]}
    assert clicked_filters("stance", [point]) == {"target": "ru", "stance": "against"}
    assert clicked_filters("sentiment", [{"customdata": ["", "negative"]}]) == {
        "sentiment": "negative"
    }
    assert clicked_filters("stance", []) == {"target": "", "stance": ""}
