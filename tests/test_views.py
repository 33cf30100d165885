"""Every view of the page on sets of every size: nothing fails, and what it stands on is said."""

import random
import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from stance.copies import find_copies
from stance.page.sample import sample_set
from stance.page.state import CommentSet
from stance.reading import read_comments
from stance.records import Article, Comment
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.shares import NOTHING_SCORED
from tests.conftest import ROOT, FakeClassifier, open_view
from tests.test_dashboard import fine

VIEWS = ["", "reactions", "voices", "camps", "compare", "time", "audit", "corrections", "report"]

WORDS = ["good", "bad", "Russia", "Ukraine", "America", "London", "war", "peace", "bread", "winter"]


def made(name: str, comments: list[Comment], article: Article, columns: tuple[str, ...]) -> CommentSet:
    result = replace(
        read_comments(b"id,comment\n1,x\n", name=name),
        comments=tuple(comments),
        article=article,
        columns=columns,
    )
    scored = score_comments(result.comments, FakeClassifier(), any_language=True)
    return CommentSet(name, result, scored, load_targets(), copies=find_copies(result.comments))


def many(n: int) -> CommentSet:
    generator = random.Random(5)
    comments = []
    for number in range(n):
        text = " ".join(generator.choices(WORDS, k=12)) + f" {number}"
        outlet, day = generator.choice(["Herald", "Post"]), generator.randrange(1, 28)
        time = f"2026-10-{day:02}T{number % 24:02}:00:00Z"
        comments.append(
            Comment(
                f"m{number}",
                text,
                number + 2,
                author=f"Reader {number % 900}",
                time=time,
                likes=str(number % 7),
                reply_to=f"m{number - 1}" if number % 5 == 4 else "",
                cells=(text, outlet),
            )
        )
    paragraphs = ("The army of Russia stands in Ukraine.", "America sends bread.", "London waits.")
    return made("many", comments, Article("The war", paragraphs), ("text", "outlet"))


def few() -> CommentSet:
    texts = ["good America", "bad Russia", "a map of London"]
    comments = [Comment(f"f{n}", text, n + 2, cells=(text,)) for n, text in enumerate(texts)]
    return made("few", comments, Article(), ("text",))


def silent() -> CommentSet:
    comments = [Comment(f"s{n}", "…", n + 2, cells=("…",)) for n in range(4)]
    return made("silent", comments, Article("Title", ("One paragraph.",)), ("text",))


SETS = {"many": lambda: many(10_000), "few": few, "silent": silent}


@pytest.fixture(scope="module")
def sets():
    return {name: make() for name, make in SETS.items()}


def shown(page: AppTest) -> str:
    parts = [*page.markdown, *page.caption, *page.info, *page.warning, *page.text, *page.success]
    return re.sub(r"\\(?=\W)", "", "\n".join(str(part.value) for part in parts))


@pytest.mark.parametrize("path", VIEWS)
@pytest.mark.parametrize("name", SETS)
def test_every_view_shows_sets_of_every_size(name, path, sets):
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    page.session_state["comment_sets"] = {name: sets[name]}
    page.query_params["set"] = name
    page.run()
    fine(page)
    assert page.selectbox(key="set").value == name
    open_view(page, path)
    fine(page)
    assert page.selectbox(key="set").value == name
    told = shown(page)
    if path == "compare" and name != "many":
        assert "Fewer than two groups have the 12 scored comments that it takes." in told
    elif name == "silent":
        assert NOTHING_SCORED in told
    elif name == "many" and path in ("", "voices", "camps", "report"):
        assert "10,000" in told
    # Who looks for a way on finds the question that the view answers.
    assert any(m.value.startswith("##### ") and m.value.endswith("?") for m in page.markdown)


@pytest.mark.parametrize("path", VIEWS)
def test_every_chart_and_table_is_told_to_who_cannot_see_it(path):
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    open_view(page, path)
    fine(page)
    for element in (*page.get("plotly_chart"), *page.get("arrow_data_frame"), *page.get("dataframe")):
        assert getattr(element.proto, "alt", "") != "", f"an element of {path!r} has no words"


def test_the_views_are_those_of_the_page_and_the_sample_opens_in_each():
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    links = [link.proto for link in page.get("page_link")]
    assert [link.page.split("/")[-1] for link in links] == VIEWS[1:]
    assert len(sample_set().result.comments) == 68
