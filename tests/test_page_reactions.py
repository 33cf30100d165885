"""The view of reactions: what its page says is what the functions say, and its clicks."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from stance import score_comments
from stance.answers.reactions import Link, Why, link_comments, linked_counts, paragraph_shares
from stance.labels import STANCE_STYLES, Stance
from stance.page.margins import comments_html, half_length, margin_html, paragraph_html
from stance.page.plain import FAILED
from stance.page.reactions import LISTED
from stance.page.sample import sample_set
from stance.page.state import SAMPLE
from stance.records import Article, Comment, ReadResult
from stance.targets import load_targets
from stance.wording.reactions import NO_ARTICLE, links_note, paragraphs_table, reactions_sentence
from stance.wording.shares import NOTHING_SCORED
from tests.conftest import ROOT, FakeClassifier, open_view

HOSTILE = "<img src=x onerror=alert(1)> ![x](http://beacon.example/x.png)"


def opened(**query) -> AppTest:
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    for name, value in query.items():
        page.query_params[name] = value
    page = open_view(page.run(), "reactions")
    assert not page.exception
    assert FAILED not in [error.value for error in page.error]
    return page


def plain(elements) -> list[str]:
    return [element.value.replace("\\", "") for element in elements]


def listed(page) -> list[str]:
    """Comments of the table below the list."""
    return page.dataframe[0].value["Comment"].tolist()


@pytest.fixture(scope="module")
def links():
    result = sample_set().result
    return link_comments(result.article, result.comments)


def test_it_says_what_the_functions_say(links):
    page = opened(reacting="Ukraine")
    ukraine = load_targets()[3]
    shares = paragraph_shares(links, sample_set().scored, ukraine)
    assert reactions_sentence(links, shares, "Ukraine") in plain(page.markdown)
    assert links_note() in plain(page.caption)
    paragraphs = sample_set().result.article.paragraphs
    numbers = page.dataframe[1].value
    expected = paragraphs_table(links, shares, paragraphs)
    assert numbers.astype(str).to_dict() == expected.astype(str).to_dict()
    assert numbers["Comments"].sum() == 68


def test_each_answered_paragraph_has_a_button_that_lists_its_comments(links):
    page = opened()
    counts = linked_counts(links)
    buttons = {b.label: b for b in page.button if b.label.startswith("Read ")}
    for number, count in counts.items():
        place = "no paragraph" if number is None else f"¶ {number + 1}"
        assert f"Read {count} comment{'s' if count > 1 else ''} on {place}" in buttons
    assert len(buttons) == len(counts)
    most = max((n for n in counts if n is not None), key=lambda n: counts[n])
    buttons[f"Read {counts[most]} comments on ¶ {most + 1}"].click().run()
    result = sample_set().result
    expected = [c.text for c, link in zip(result.comments, links, strict=True) if link.paragraph == most]
    assert listed(page) == expected and len(expected) == counts[most]
    assert page.query_params["paragraph"] in (str(most + 1), [str(most + 1)])
    assert set(page.dataframe[0].value["Paragraph"]) == {
        next(p for p in page.dataframe[0].value["Paragraph"] if p.startswith(f"{most + 1} · "))
    }


def test_the_paragraph_comes_from_the_address(links):
    page = opened(paragraph="7")
    assert page.selectbox(key="paragraph").value == "7"
    assert len(listed(page)) == linked_counts(links)[6]
    page = opened(paragraph="no paragraph")
    assert len(listed(page)) == linked_counts(links)[None]
    assert set(page.dataframe[0].value["Paragraph"]) == {"no paragraph"}
    # A paragraph that nobody answers, or that is not there, shows everything.
    assert len(listed(opened(paragraph="99"))) == 68


def small_set(page, article, texts, name="mine"):
    found = tuple(Comment(f"c{n}", text, n, author=HOSTILE) for n, text in enumerate(texts, start=1))
    result = ReadResult(name, ("text",), found, article=article)
    return result, score_comments(found, FakeClassifier())


def shown(article, texts):
    """The view of a set that the session was given."""

    def view(result, scored, targets) -> None:
        from stance.page.reactions import show_reactions
        from stance.page.state import CommentSet

        show_reactions(CommentSet(result.name, result, scored, targets))

    result, scored = small_set(None, article, texts)
    page = AppTest.from_function(view, args=(result, scored, load_targets()), default_timeout=60).run()
    assert not page.exception
    return page


def test_a_set_without_an_article_says_what_to_do():
    for article in (Article(), Article("Only a headline")):
        page = shown(article, ["good", "bad"])
        assert [info.value for info in page.info] == [NO_ARTICLE]
        assert not page.dataframe


def test_one_paragraph_and_three_comments():
    page = shown(Article("", ("The minesweepers sail.",)), ["bad minesweepers", "good", "bad"])
    assert (
        "1 of 3 comments answer a paragraph that we could tell; most answer paragraph 1, 1 comment: toward "
        "United States against 100 % (21–100), in favor 0 % (0–79), of 1 scored."
    ) in plain(page.markdown)
    assert any(b.label == "Read 2 comments on no paragraph" for b in page.button)


def test_nothing_scored_and_nothing_linked():
    page = shown(Article("", ("The minesweepers sail.",)), ["???", "🤦"])
    assert "Of 2 comments none answers a paragraph that we could tell." in plain(page.markdown)
    assert [info.value for info in page.info] == [NOTHING_SCORED]
    assert len(listed(page)) == 2


def test_many_paragraphs_and_many_comments_are_counted_and_the_list_says_it_is_cut():
    words = ["minesweeper", "backstop", "lighthouse", "harpsichord"]
    article = Article("", tuple(f"About the {words[n % 4]} {1000 + n}." for n in range(300)))
    texts = [f"the number {1000 + n % 7} is wrong" for n in range(2_000)]
    page = shown(article, texts)
    assert len([b for b in page.button if b.label.startswith("Read ")]) <= 8
    assert f"The first {LISTED} of 2,000 comments; the table has more." in plain(page.caption)
    assert len(listed(page)) == 1_000
    assert page.dataframe[1].value["Comments"].sum() == 2_000


def test_text_of_strangers_is_shown_as_text():
    page = shown(Article(HOSTILE, (f"The minesweepers {HOSTILE}",)), [f"minesweepers {HOSTILE}"])
    for element in page.get("html"):
        assert "<img" not in element.proto.body
    assert not any("beacon" in m.value for m in [*page.markdown, *page.caption])
    found = Comment("c1", HOSTILE, 1, author=HOSTILE), Link("c1", 0, Why.WORDS, ("<b>",))
    made = comments_html([found], [HOSTILE + '"'])
    made += paragraph_html(HOSTILE, 1, answered=True, picked=True)
    assert "<img" not in made and "&lt;b&gt;" in made
    assert re.search(r'title="&lt;img src=x onerror=alert\(1\)&gt;[^"]*&quot;"', made)


def test_the_margin_draws_what_it_says():
    counts = {Stance.AGAINST: 4, Stance.NONE: 8, Stance.FAVOR: 1}
    assert half_length(counts) == 8
    made = margin_html(counts, 16, "4 against", most=True)
    assert re.findall(r"width: ([\d.]+)%", made) == ["25.0", "25.0", "25.0", "6.2"]
    assert STANCE_STYLES[Stance.AGAINST].colour in made and STANCE_STYLES[Stance.FAVOR].colour in made
    assert "Most answered" in made and "4 against" in made
    nothing = margin_html(dict.fromkeys(Stance, 0), 0, "none of them is scored", most=False)
    assert re.findall(r"width: ([\d.]+)%", nothing) == ["0.0"] * 4 and "Most" not in nothing


def test_another_set_shows_every_comment_again():
    page = opened(paragraph="7")
    page.session_state["comment_sets"] = {}
    page.selectbox(key="set").set_value("+ Add comments…").run()
    page.selectbox(key="set").set_value(SAMPLE).run()
    assert page.selectbox(key="paragraph").value == ""
