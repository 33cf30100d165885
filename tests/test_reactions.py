"""Links from comments to paragraphs, the shares behind each paragraph, and both in words."""

import pytest

from stance import score_comments
from stance.aggregate import wilson_interval
from stance.answers.evidence import stem_weight
from stance.answers.reactions import (
    MEASURED,
    NOWHERE,
    Link,
    Why,
    link_comments,
    linked_counts,
    paragraph_shares,
    shares_by_paragraph,
)
from stance.records import Article, Comment
from stance.targets import load_targets
from stance.wording.reactions import (
    links_note,
    paragraph_text,
    paragraphs_table,
    reactions_sentence,
    why_text,
)
from tests.conftest import comments

ARTICLE = Article(
    "A quiet harbour",
    (
        "The minesweepers lie in the harbour and nobody has said when they will sail.",
        "“It is arithmetic, not politics,” said an official about the smaller garrison.",
        "Kyiv asked for the full number; the envoy flew to Geneva on 12 April.",
    ),
)
RUSSIA = load_targets()[2]


def linked(*texts, article=ARTICLE):
    return link_comments(article, comments(*texts))


@pytest.mark.parametrize(
    ("text", "paragraph", "why"),
    [
        ("Those minesweepers are older than me", 0, Why.WORDS),
        ("A smaller GARRISON, how brave", 1, Why.WORDS),
        ("“not politics” my foot", 1, Why.QUOTE),
        ("> It is arithmetic\nIt is a disgrace.", 1, Why.QUOTE),
        ("The envoy's suitcase saw more of Geneva than he did", 2, Why.WORDS),
        ("When will they have said it to the people?", None, Why.NOTHING),
        ("can't wait, won't pay", None, Why.NOTHING),
        ("", None, Why.NOTHING),
        ("🤦", None, Why.NOTHING),
        ('"not true" he said', None, Why.NOTHING),
    ],
)
def test_a_comment_answers_the_paragraph_whose_rare_words_or_sentence_it_takes_up(
    text, paragraph, why
):
    (link,) = linked(text)
    assert (link.paragraph, link.why) == (paragraph, why)


def test_a_link_says_what_it_rests_on():
    words, quote, nothing = linked(
        "That envoy loves the lake, and Geneva loves the envoy", "“Arithmetic, not politics”?", "Oh well"
    )
    assert set(words.words) == {"envoy", "Geneva"}
    (late,) = linked("So the minesweepers said when")
    assert late.words == ("minesweepers",)  # "said" says next to nothing beside it
    assert quote.words == ("Arithmetic, not politics",)
    assert why_text(quote) == "quotation: “Arithmetic, not politics”"
    assert why_text(words) == f"shared words: {', '.join(words.words)}"
    assert (why_text(nothing), nothing.words, nothing.score) == ("–", (), 0.0)


def test_a_word_that_every_paragraph_has_links_to_none():
    same = Article("", tuple(f"The minesweepers of part {letter}." for letter in "abcde"))
    assert linked("Minesweepers!", article=same)[0].paragraph is None
    assert linked("Minesweepers!")[0].paragraph == 0


def test_rare_words_weigh_more_and_common_ones_nothing():
    assert stem_weight("the") == stem_weight("war") == stem_weight("5") == stem_weight("can't") == 0
    assert stem_weight("minesweeper") > stem_weight("garrison") > stem_weight("number") >= 0
    assert stem_weight("2025") > 0


def reply(number, text, author="", reply_to=""):
    return Comment(f"c{number}", text, number, author=author, reply_to=reply_to)


def test_a_reply_goes_where_its_parent_goes_unless_it_says_otherwise():
    thread = [
        reply(1, "The envoy, Geneva, 12 April: what a farce of a flight", "Ann"),
        reply(2, "Quite so.", "Bob", "Ann"),
        reply(3, "Quite so.", "Cy", "c1"),
        reply(4, "But the minesweepers lie in the harbour and rust", "Dee", "Ann"),
        reply(5, "Quite so.", "Eve"),
        reply(6, "Quite so.", "Fay", "nobody who is here"),
    ]
    links = link_comments(ARTICLE, thread)
    assert [link.paragraph for link in links] == [2, 2, 2, 0, None, None]
    assert [links[1].why, links[2].why, links[3].why] == [Why.REPLY, Why.REPLY, Why.WORDS]
    assert links[1].words == ()


def test_replies_in_a_ring_end():
    ring = [reply(1, "The envoy in Geneva", "Ann", "c2"), reply(2, "Yes", "Bob", "c1")]
    assert [link.comment_id for link in link_comments(ARTICLE, ring)] == ["c1", "c2"]
    alone = reply(3, "Nothing here", "Cy", "c3")
    assert link_comments(ARTICLE, [alone])[0].paragraph is None


def test_without_paragraphs_or_comments_nothing_is_linked():
    assert [link.paragraph for link in linked("The envoy", article=Article("Title only"))] == [None]
    assert link_comments(ARTICLE, []) == []
    (only,) = linked("Minesweepers again", article=Article("", (ARTICLE.paragraphs[0],)))
    assert only.paragraph == 0


@pytest.fixture
def made(fake):
    """Nine comments: on the first paragraph three, on the second one that has no score, five on none."""
    found = comments(
        "bad minesweepers", "bad minesweepers", "good minesweepers", "???", *["bad day"] * 5
    )
    paragraphs = [0, 0, 0, 1, *[None] * 5]
    links = [Link(c.comment_id, p, Why.WORDS) for c, p in zip(found, paragraphs, strict=True)]
    return links, score_comments(found, fake)


def test_shares_are_of_the_scored_comments_of_a_paragraph(made):
    links, scored = made
    shares = paragraph_shares(links, scored, RUSSIA)
    assert shares["paragraph"].tolist() == [0, 0, 0, *[NOWHERE] * 3]
    assert [row.count for row in shares_by_paragraph(shares)[None]] == [5, 0, 0]
    against, none, favor = shares_by_paragraph(shares)[0]
    assert (against.count, none.count, favor.count, against.n) == (2, 0, 1, 3)
    assert (against.low, against.high) == wilson_interval(2, 3)
    assert against.net == pytest.approx(-1 / 3)
    assert linked_counts(links) == {0: 3, 1: 1, None: 5}
    # Rows in any order give the same.
    assert paragraph_shares(links, scored[::-1], RUSSIA).equals(shares)
    unscored = scored[scored["unscored"] != ""]
    nothing = paragraph_shares(links, unscored, RUSSIA)
    assert nothing.empty and set(nothing.columns) == set(shares.columns)


def test_reactions_in_words(made):
    links, scored = made
    shares = paragraph_shares(links, scored, RUSSIA)
    assert reactions_sentence(links, shares, "Russia") == (
        "4 of 9 comments answer a paragraph that we could tell; most answer paragraph 1, 3 comments: "
        "toward Russia against 67 % (21–94), in favor 33 % (6–79), of 3 scored."
    )
    tied = reactions_sentence(links[2:], shares, "Russia")
    assert tied.endswith("most answer paragraphs 1, 2, 1 comment each.")
    assert reactions_sentence(links[4:], shares, "Russia") == (
        "Of 5 comments none answers a paragraph that we could tell."
    )


def test_the_table_has_every_comment_once(made):
    links, scored = made
    table = paragraphs_table(links, paragraph_shares(links, scored, RUSSIA), ARTICLE.paragraphs)
    assert table["Comments"].tolist() == [3, 1, 5]
    assert table["Scored"].tolist() == [3, 0, 5]
    assert table["Paragraph"].tolist() == [
        "1 · The minesweepers lie in the harbour and…",
        "2 · “It is arithmetic, not politics,” said…",
        "no paragraph",
    ]
    assert table["Against (95 % interval)"].tolist() == ["67 % (21–94)", "–", "100 % (57–100)"]
    assert table["Net"].tolist() == ["-33 %", "–", "-100 %"]


def test_a_paragraph_is_named_by_number_and_beginning():
    assert paragraph_text(1, ["", "Short."]) == "2 · Short."
    assert paragraph_text(0, ["  two\n\nlines  "]) == "1 · two lines"
    assert paragraph_text(0, ["x" * 100]) == f"1 · {'x' * 40}…"


def test_the_note_says_how_often_links_are_right():
    note = links_note()
    assert f"On {MEASURED.n_comments} comments" in note
    assert f"{MEASURED.precision:.0%}".replace("%", " %") in note and "guess" in note


