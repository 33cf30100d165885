from dataclasses import replace

import numpy as np
import pytest

from stance.aggregate import stance_shares, wilson_interval
from stance.answers.corrections import put_right
from stance.answers.counting import number_of_likes, shares_by_way, ways_of_counting
from stance.copies import find_copies
from stance.hand_labels import HandLabel
from stance.model.mistakes import Mistakes
from stance.records import Comment
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.counting import counting_sentence

RUSSIA = next(target for target in load_targets() if target.key == "ru")
LOUD = [
    *(("Ann", f"bad {n}", "", "") for n in range(6)),
    ("ann ", "bad 0", "", ""),
    ("Bob", "good", "1,200", ""),
    ("Cy", "good too", "3", ""),
    ("", "meh", "many", "Bob"),
    ("Di", "!!", "9", ""),
]


def made(rows, fake):
    comments = [
        Comment(str(n), text, n + 1, author, likes=likes, reply_to=reply_to)
        for n, (author, text, likes, reply_to) in enumerate(rows)
    ]
    scored = score_comments(comments, fake)
    return scored, ways_of_counting(comments, scored, find_copies(comments))


def test_each_way_weighs_the_scored_comments_by_its_rule(fake):
    _, ways = made(LOUD, fake)
    every, authors, likes, top, once = ways
    assert every.weights.tolist() == [1] * 10 + [0] and (every.n, every.unit) == (10, "comments")
    # Ann wrote seven times, under two spellings; the comment without words counts nowhere.
    assert authors.weights == pytest.approx([1 / 7] * 7 + [1, 1, 1, 0])
    assert (authors.n, authors.unit) == (4, "authors")
    assert authors.note == "comments without an author count as one author each: 1"
    assert likes.weights.tolist() == [1] * 7 + [1_201, 4, 1, 0] and likes.n == 1_213
    loud = "one comment alone has 99 % of these voices"
    assert likes.note.endswith(f"for each like; {loud}; 1 unreadable as 0")
    assert top.weights.tolist() == [1] * 9 + [0, 0] and top.n == 9
    assert once.weights.tolist() == [1] * 6 + [0] + [1] * 3 + [0] and once.n == 9
    assert not any(way.missing for way in ways)


def test_shares_follow_the_weights_and_the_headline_turns(fake):
    scored, ways = made(LOUD, fake)
    shares = shares_by_way(scored, ways, RUSSIA, None)
    table = shares.pivot(index="name", columns="label", values="share")
    assert table.loc["Every comment (10 comments)"].tolist() == pytest.approx([0.7, 0.2, 0.1])
    assert table.loc["Every author once (4 authors)"].tolist() == pytest.approx([0.25, 0.5, 0.25])
    assert table.loc["With likes (1,213 voices)", "favor"] == pytest.approx(1_205 / 1_213)
    assert counting_sentence(shares, "Russia") == (
        "It depends on the counting: where every comment counts, more is counted against than in favor "
        "of Russia; not so with “Every author once (4 authors)”, “With likes (1,213 voices)”. "
        "In 5 of 5 ways the "
        "intervals of the two sides overlap: their order may be chance or mistakes."
    )
    same = shares[shares["name"].str.startswith(("Every comment", "No replies", "Copies"))]
    sure = same.assign(low=same["share"] - 0.01, high=same["share"] + 0.01)
    assert counting_sentence(sure, "Russia") == (
        "In all 3 ways of counting, more is counted against than in favor of Russia."
    )


def test_one_comment_with_all_likes_says_no_more_than_one_comment(fake):
    """Kish: the effective number of comments of these weights is little more than one."""
    scored, ways = made(LOUD, fake)
    shares = shares_by_way(scored, ways, RUSSIA, None).set_index(["name", "label"])
    low, high = shares.loc[("With likes (1,213 voices)", "favor"), ["low", "high"]]
    assert low < 0.25 and high == pytest.approx(1.0)
    counts = np.full((3, 3), 50)
    known = Mistakes(450, counts, {RUSSIA.key: np.array([counts, counts])})
    wide = shares_by_way(scored, ways, RUSSIA, known)
    assert (wide["low"] <= wide["corrected"]).all() and (wide["corrected"] <= wide["high"]).all()


def test_every_comment_once_says_what_the_overview_says_labels_by_hand_included(fake):
    rows = [("", f"bad of {'Moscow' if n % 2 else 'it'} {n}", "", "") for n in range(30)]
    scored, ways = made(rows, fake)
    counts = np.array([[40, 8, 2], [12, 30, 8], [2, 8, 40]])
    known = Mistakes(150, counts, {RUSSIA.key: np.array([counts, counts])})
    held = {
        (str(n), RUSSIA.key): HandLabel(
            str(n), RUSSIA.key, "favor", "AB", "2026-11-27T03:00:00Z", blind=False
        )
        for n in range(12)
    }
    for table in (scored, put_right(scored, held)):
        expected = stance_shares(table, [RUSSIA], mistakes=known)
        (every,) = [way for way in ways if way.title == "Every comment"]
        shares = shares_by_way(table, [every], RUSSIA, known)
        for column in ("count", "n", "share", "low", "high", "corrected"):
            assert shares[column].tolist() == pytest.approx(expected[column].tolist()), column


def test_a_hundred_comments_of_two_authors_are_two_voices(fake):
    scored, ways = made([("Ann", "bad", "", ""), ("Bob", "good", "", "")] * 50, fake)
    shares = shares_by_way(scored, ways, RUSSIA, None).set_index(["name", "label"])
    bounds = shares.loc[("Every author once (2 authors)", "against"), ["low", "high"]].tolist()
    assert bounds == pytest.approx(wilson_interval(1, 2))


def test_six_sixths_against_one_is_a_tie(fake):
    rows = [*(("Ann", f"bad {n}", "", "") for n in range(6)), ("Bob", "good", "", "")]
    scored, ways = made(rows, fake)
    sentence = counting_sentence(shares_by_way(scored, ways, RUSSIA, None), "Russia")
    assert "not so with “Every author once (2 authors)”" in sentence
    first = shares_by_way(scored, ways[1:], RUSSIA, None)
    assert counting_sentence(first, "Russia").startswith(
        "Only one way of counting fits this set: as much is counted in favor of as against Russia."
    )


def test_likes_that_nobody_can_read_or_of_a_comment_without_score(fake):
    _, ways = made([("Ann", "good", "many", ""), ("Bob", "bad", "", "")], fake)
    assert ways[2].missing == "no likes could be read"
    _, ways = made([("Ann", "good", "", ""), ("Bob", "!!", "12", "")], fake)
    assert ways[2].missing == "no comment has likes"


def test_what_a_set_cannot_be_counted_by_is_said(fake):
    scored, ways = made([("Ann", "good", "", ""), ("Bob", "bad", "0", "")], fake)
    assert {way.title: way.missing for way in ways} == {
        "Every comment": "",
        "Every author once": "no author wrote twice",
        "With likes": "no comment has likes",
        "No replies": "no comment is known to be a reply",
        "Copies once": "no comment repeats an earlier one",
    }
    shares = shares_by_way(scored, ways, RUSSIA, None)
    assert shares["name"].unique().tolist() == ["Every comment (2 comments)"]
    assert counting_sentence(shares, "Russia") == (
        "Only one way of counting fits this set: as much is counted in favor of as against Russia. The "
        "intervals of the two sides overlap: their order may be chance or mistakes."
    )
    _, ways = made([("", "good", "", "")], fake)
    assert ways[1].missing == "no author is known"
    empty, ways = made([("", "!!", "", "")], fake)
    assert shares_by_way(empty, ways, RUSSIA, None).empty


@pytest.mark.parametrize(
    ("text", "number"),
    [("7", 7), (" 1.234 ", 1_234), ("1 234 567", 1_234_567), ("3,5k", 3_500), ("2M", 2_000_000),
     ("12.0", 12), ("1.5", None), ("-1", None), ("1,234,567K", None), ("9" * 400, None),
     ("²", None), ("1e9", None), ("", None)],
)  # fmt: skip
def test_likes_as_pages_write_them(text, number):
    assert number_of_likes(text) == number


def test_one_comment_that_has_most_of_the_likes_is_told(fake):
    written = [Comment(str(n), "good America", n + 2, likes="1") for n in range(5)]
    loud = [*written[1:], replace(written[0], likes="88")]
    for comments, told in ((written, ""), (loud, "; one comment alone has 92 % of these voices")):
        likes = ways_of_counting(comments, score_comments(comments, fake), ())[2]
        assert likes.note == f"a comment counts once for its author and once for each like{told}"
