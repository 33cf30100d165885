"""What the address asks and the page does not offer is told, widget by widget."""

import ast

import pytest
from streamlit.testing.v1 import AppTest

from stance.page.state import SAMPLE, CommentSet
from stance.reading import read_comments
from stance.scoring import score_comments
from stance.targets import load_targets
from tests.conftest import ROOT, FakeClassifier, open_view
from tests.test_dashboard import fine

TELLS = {"tell_unknown", "tell_no_number", "tell_no_switch"}
FREE = 4
"""Three text fields, which take any words, and the box of comment sets, which tells of its own."""

# View, key in the address, and what is shown where the address names nonsense.
SAMPLE_WIDGETS = [
    ("", "shares", "As counted"),
    ("", "target", "Any"),
    ("", "stance", "Any"),
    ("", "sentiment", "Any"),
    ("", "confidence", "0"),
    ("", "unsure", "false"),
    ("voices", "counted", "United States"),
    ("reactions", "reacting", "United States"),
    ("reactions", "paragraph", "every comment"),
    ("compare", "compared", "United States"),
    ("audit", "audited", "Sentiment"),
    ("audit", "sample", "50"),
    ("audit", "draw", "1"),
    ("corrections", "asked", "Sentiment"),
    ("report", "authors", "false"),
]
DATED_WIDGETS = [
    ("time", "trend", "United States"),
    ("time", "step", "Automatic"),
    ("time", "show", "Shares"),
    ("time", "period", "no period"),
    ("time", "dates", "As found"),
    ("compare", "by", "Comment sets"),
    ("compare", "reference", "dated.csv"),
    ("compare", "group", "no group"),
]


def dated_set() -> CommentSet:
    """A set whose days can be read in two ways, with a column to compare by."""
    rows = [f"{3 + n // 20:02d}/04/2025,{'Globe' if n % 2 else 'Post'},bad Putin {n}\n" for n in range(60)]
    result = read_comments(("date,outlet,comment\n" + "".join(rows)).encode(), name="dated.csv")
    scored = score_comments(result.comments, FakeClassifier())
    return CommentSet("dated.csv", result, scored, load_targets())


def opened(path: str, *held: CommentSet, **query: str | list[str]) -> AppTest:
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    page.session_state["comment_sets"] = {each.name: each for each in held}
    for key, value in query.items():
        page.query_params[key] = value
    page.run()
    if path:
        open_view(page, path)
    fine(page)
    return page


def told(page: AppTest) -> list[str]:
    infos = [info.value.replace("\\", "") for info in page.info]
    return [info for info in infos if info.startswith("The address asks")]


def line(key: str, asked: str, shown: str) -> str:
    return f"The address asks for {key} = “{asked}”, which is not offered here. Shown instead: {shown}"


@pytest.mark.parametrize(("path", "key", "shown"), SAMPLE_WIDGETS)
def test_nonsense_is_told_once_with_what_is_shown_instead(path, key, shown):
    page = opened(path, **{key: "nonsense"})
    assert [each.startswith(line(key, "nonsense", shown)) for each in told(page)] == [True]
    page.run()
    assert told(page) == [], "afterwards the widget is what it shows"


@pytest.mark.parametrize(("path", "key", "shown"), DATED_WIDGETS)
def test_so_it_is_in_a_set_with_times_and_columns(path, key, shown):
    page = opened(path, dated_set(), set="dated.csv", **{key: "nonsense"})
    assert [each.startswith(line(key, "nonsense", shown)) for each in told(page)] == [True]


def test_of_several_names_the_known_ones_are_kept():
    page = opened("compare", dated_set(), set="dated.csv", by="Comment sets", sets=[SAMPLE, "gone.csv"])
    assert told(page) == [line("sets", "gone.csv", f"{SAMPLE}.")]
    assert page.multiselect(key="sets").value == [SAMPLE]


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        ("", "target", "Russia"), ("", "target", "Any"), ("", "target", ""), ("", "shares", "As counted"),
        ("", "confidence", "40"), ("", "unsure", "TRUE"), ("", "text", "nonsense"),
        ("audit", "sample", "1000"), ("audit", "draw", "1"), ("report", "authors", "false"),
    ],
)  # fmt: skip
def test_what_is_offered_is_taken_without_a_word(path, key, value):
    assert told(opened(path, **{key: value})) == []


@pytest.mark.parametrize(("asked", "shown"), [("5000", 50), ("-3", 50), ("51.5", 51), ("nan", 50)])
def test_a_number_is_told_as_the_widget_shows_it(asked, shown):
    page = opened("audit", sample=asked)
    assert told(page) == [line("sample", asked, f"{shown}.")]
    assert page.number_input(key="sample").value == shown


@pytest.mark.parametrize("asked", ["inf", "-inf", "1e999", "infinity"])
@pytest.mark.parametrize(
    ("path", "key", "shown"), [("audit", "sample", 50), ("audit", "draw", 1), ("", "confidence", 0)]
)
def test_an_infinite_number_is_told_and_breaks_nothing(path, key, shown, asked):
    page = opened(path, **{key: asked})
    assert told(page) == [line(key, "infinite", f"{shown}.")]


@pytest.mark.parametrize("asked", ["1e300", "9007199254740992"])
def test_a_number_that_no_browser_has_is_told(asked):
    assert told(opened("audit", draw=asked)) == [line("draw", asked, "1.")]


def test_what_is_told_of_an_audit_stands_in_no_closed_box():
    page = opened("audit", sample="nonsense", draw="nonsense")
    assert len(told(page)) == 2
    assert not [info for box in page.expander for info in box.info]


def test_names_of_strangers_are_plain_words():
    (info,) = [info.value for info in opened("", target="![x](http://a.b/c.png)").info]
    assert r"\!\[x\]\(http\:\/\/a\.b\/c\.png\)" in info


def test_no_widget_with_a_place_in_the_address_is_forgotten():
    bound = tells = 0
    for file in [ROOT / "dashboard.py", *(ROOT / "stance" / "page").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                bound += any(keyword.arg == "bind" for keyword in node.keywords)
                tells += isinstance(node.func, ast.Name) and node.func.id in TELLS
    assert bound == tells + FREE
