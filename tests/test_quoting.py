import pytest

from stance import records
from stance.answers.corrections import put_right
from stance.answers.quoting import (
    LONGEST,
    MOST_CHOSEN,
    SUREST,
    Judgement,
    cut_text,
    quote_chosen,
    quote_sides,
)
from stance.copies import find_copies
from stance.errors import StanceError
from stance.hand_labels import HandLabel
from stance.labels import Stance
from stance.records import Comment
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.report import judgement_text

RU, UA = (target for target in load_targets() if target.key in ("ru", "ua"))
LIMITS = {"sentiment": 0.6, "stance": 0.6}


def scored_set(fake, *rows):
    """Comments with the given text and probabilities of (against Russia, in favor of Ukraine)."""
    comments = [Comment(f"c{n}", text, n, author=f"Ann {n}") for n, (text, _, _) in enumerate(rows, 1)]
    table = score_comments(comments, fake, targets=[RU, UA])
    for target, label, place in ((RU, Stance.AGAINST, 1), (UA, Stance.FAVOR, 2)):
        given = [row[place] for row in rows]
        table[records.stance_label(target.key)] = [str(label) if p else "none" for p in given]
        table[records.stance_probability(target.key, label)] = given
    return comments, table


def test_the_surest_two_and_the_least_sure_are_quoted_each_once(fake):
    comments, table = scored_set(
        fake,
        ("a", 0.7, 0), ("b", 0.9, 0.99), ("c", 0.5, 0), ("d", 0.95, 0), ("e", 0.45, 0.7), ("f", 0, 0.8),
    )  # fmt: skip
    against, favor = quote_sides(comments, table, [RU, UA], copies=(), unsure_below=0.6)
    assert (against.target, against.stance, against.n, against.n_unsure) == (RU, Stance.AGAINST, 5, 2)
    assert [quotation.text for quotation in against.quotations] == ["d", "b", "e"]
    assert against.quotations[2].judgements == (Judgement("ru", "against", 0.45, True),)
    # "b" is the surest for Ukraine too, and "e" takes that side: both stand above already.
    assert [quotation.text for quotation in favor.quotations] == ["f"]
    assert (favor.n, favor.n_unsure) == (3, 0)


def test_a_side_that_only_repeats_is_named_without_quotations(fake):
    comments, table = scored_set(fake, ("Shame", 0.9, 0), ("shame!", 0.95, 0.9), ("so", 0, 0))
    sides = quote_sides(
        comments, table, [RU, UA], copies=find_copies(comments), unsure_below=0.6
    )
    assert [[q.text for q in side.quotations] for side in sides] == [["Shame"], []]
    assert sides[1].n == 1


def test_without_a_threshold_nothing_is_unsure_and_no_third_one_is_quoted(fake):
    comments, table = scored_set(fake, *((word, 0.5 + n / 100, 0) for n, word in enumerate("abcdef")))
    (side,) = quote_sides(comments, table, [RU, UA], copies=(), unsure_below=0.0)
    assert [quotation.text for quotation in side.quotations] == ["f", "e"]
    assert len(side.quotations) == SUREST and side.n_unsure == 0


def test_equally_sure_ones_stand_in_the_order_of_the_set(fake):
    comments, table = scored_set(fake, *((word, 0.7, 0) for word in "abc"))
    (side,) = quote_sides(comments, table, [RU], copies=(), unsure_below=0.6)
    assert [quotation.text for quotation in side.quotations] == ["a", "b"]


def test_labels_by_hand_are_not_what_the_model_is_sure_of(fake):
    comments, table = scored_set(fake, ("a", 0.7, 0), ("b", 0.9, 0), ("c", 0.4, 0.9))
    held = {("c3", "ru"): HandLabel("c3", "ru", "against", "Ann", "2026-11-27T03:00:00Z", blind=False)}
    table = put_right(table, held)
    against, _ = quote_sides(comments, table, [RU, UA], copies=(), unsure_below=0.6)
    assert (against.n, [quotation.text for quotation in against.quotations]) == (3, ["b", "a"])
    (quotation,) = quote_chosen(comments, table, [RU, UA], ["c3"], LIMITS)
    titles = {"ru": "Russia", "ua": "Ukraine"}
    assert [judgement_text(given, titles) for given in quotation.judgements] == [
        "neutral, 60 %", "against Russia, by hand", "in favor of Ukraine, 90 %"
    ]  # fmt: skip


def test_chosen_comments_have_all_their_labels_and_their_order(fake):
    comments, table = scored_set(fake, ("a good one", 0.7, 0.55), ("so", 0, 0), ("!!", 0, 0))
    table.loc[2, records.UNSCORED] = "no words"
    quotations = quote_chosen(comments, table, [RU, UA], ["c3", "c1", "c3"], LIMITS)
    assert [quotation.comment_id for quotation in quotations] == ["c3", "c1"]
    assert (quotations[0].judgements, quotations[0].unscored) == ((), "no words")
    assert [(j.target, j.label, j.unsure) for j in quotations[1].judgements] == [
        ("", "positive", False), ("ru", "against", False), ("ua", "favor", True)
    ]  # fmt: skip
    assert quotations[1].author == "Ann 1"


def test_ids_of_no_comment_and_too_many_are_refused(fake):
    comments, table = scored_set(fake, ("a", 0, 0))
    with pytest.raises(StanceError, match="Expected ids of comments of this set to quote, found 'x'"):
        quote_chosen(comments, table, [RU, UA], ["c1", "x"], LIMITS)
    with pytest.raises(StanceError, match=f"at most {MOST_CHOSEN} comments to quote, found 21"):
        quote_chosen(comments, table, [RU, UA], ["c1"] * 21, LIMITS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x" * LONGEST, "x" * LONGEST),
        ("x" * (LONGEST + 1), "x" * (LONGEST - 1) + "…"),
        ("word " * 100, "word " * 58 + "word wor"),
    ],
)
def test_texts_are_cut_behind_a_word_where_one_ends(text, expected):
    cut = cut_text(text)
    assert len(cut) <= LONGEST
    if text.startswith("word"):
        assert cut == " ".join(["word"] * 59) + "…"
    else:
        assert cut == expected
