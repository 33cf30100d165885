import random

import pytest

from stance import records
from stance.answers.camps import Camp, camp_words, find_camps
from stance.answers.corrections import put_right
from stance.hand_labels import HandLabel
from stance.labels import Stance
from stance.records import LEARNED_FROM, Comment
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.camps import (
    camp_text,
    camp_words_sentence,
    camps_sentence,
    camps_table,
    labels_are,
)
from stance.wording.report import camps_note
from stance.wording.titles import target_titles
from tests.conftest import comments

TITLES = target_titles(load_targets())


@pytest.fixture
def scored(fake):
    """Ten comments: four against Russia and for Ukraine, three against the US, one of its own, two none."""
    table = score_comments(comments(*["meh"] * 10, "!!"), fake)
    for target in load_targets():
        table[records.stance_label(target.key)] = ["none"] * 10 + [""]
    table.loc[:3, records.stance_label("ru")] = "against"
    table.loc[:3, records.stance_label("ua")] = "favor"
    table.loc[4:6, records.stance_label("us")] = "against"
    table.loc[7, records.stance_label("uk")] = "favor"
    return table


def test_camps_are_the_combinations_that_comments_hold(scored):
    found = find_camps(scored, load_targets())
    first, second = found.largest
    assert first.stances == {"ru": Stance.AGAINST, "ua": Stance.FAVOR}
    assert first.comment_ids == tuple(scored[records.COMMENT_ID][:4])
    assert (first.n, first.n_scored) == (4, 10)
    assert (first.low, first.high) == pytest.approx((0.1682, 0.6873), abs=1e-3)
    # By chance: 0.4 against Russia times 0.4 for Ukraine, 0.7 nothing on the US, 0.9 on the UK.
    assert first.expected == pytest.approx(10 * 0.4 * 0.4 * 0.7 * 0.9)
    assert second.stances == {"us": Stance.AGAINST} and second.n == 3
    assert (found.without, found.rest) == (2, 1)
    assert sum(camp.n for camp in found.largest) + found.without + found.rest == 10


def test_camps_in_words_and_as_a_table(scored, fake):
    found = find_camps(scored, load_targets())
    assert camp_text(found.largest[0], TITLES) == "against Russia, in favor of Ukraine"
    assert camps_sentence(found, TITLES) == (
        "The largest camp is against Russia, in favor of Ukraine and toward nobody else: 4 of 10 comments, "
        "40 % (17–69). 2 comments take no side that the model sees, 1 is in combinations that are not "
        "shown."
    )
    table = camps_table(found.largest, TITLES)
    assert table["Comments"].tolist() == ["4 of 10", "3 of 10"]
    assert table["Times as many as by chance"][0] == pytest.approx(4 / 1.008)
    nobody = find_camps(score_comments(comments("meh", "!!"), fake), load_targets())
    assert camps_sentence(nobody, TITLES).startswith("No combination of stances is held by enough")


def test_whose_labels_stand_in_the_table_is_told(scored):
    given = "Labels are as the model gave them"
    assert labels_are(scored) == given
    first = scored["comment_id"].iloc[0]
    label = HandLabel(first, "ru", "favor", "Ann", "2026-11-27T03:00:00Z", blind=False)
    put = put_right(scored, {(first, "ru"): label})
    assert labels_are(put) == f"{given}, but for those by hand in 1 comment"
    taught = put.assign(**{LEARNED_FROM: "12 labels"})
    told = f"{given} after it was taught by labels by hand, but for those by hand in 1 comment"
    assert labels_are(taught) == told
    assert camps_note(taught).startswith(f"{told}; in brackets")


def camp_of(n):
    """The first n comments."""
    return Camp({"ru": Stance.AGAINST}, tuple(map(str, range(n))), 100, 0.0, 1.0, 1.0)


def test_short_comments_and_comments_without_score_mark_nothing():
    # Half of the short ones have the word, four of five of the long ones.
    texts = ["thank you all" if n % 2 else "no more war" for n in range(20)]
    long = " ".join(f"filler{letter}" for letter in "abcdefghijklmnopqrst")
    texts += [f"{long} thank" if n % 5 else long for n in range(80)]
    texts += ["die Regierung und das Geld"] * 50
    written = [Comment(str(n), text, n + 1) for n, text in enumerate(texts)]
    words = camp_words(camp_of(20), written, set(map(str, range(100))))
    assert "thank" not in words and words
    assert camp_words(camp_of(100), written, set(map(str, range(100)))) == []
    same = [Comment(str(n), ("Shame", "Shame!", "SHAME 1 @ann")[n % 3], n + 1) for n in range(9)]
    assert camp_words(camp_of(3), same, {comment.comment_id for comment in same}) == []


def test_the_words_of_a_camp_are_those_that_others_lack():
    texts = ["The invaders must leave the land"] * 20 + ["The money of the state, the money"] * 30
    written = [Comment(str(n), text, n + 1) for n, text in enumerate(texts)]
    camp, ids = camp_of(20), {comment.comment_id for comment in written}
    words = camp_words(camp, written, ids)
    assert words == ["invaders", "land", "leave", "must"]
    assert camp_words_sentence(words) == (
        "A larger part of its comments than of the others says: invaders, land, leave, must."
    )
    assert camp_words_sentence([]) == "No word marks it more than chance could."
    # One comment that says a word ten times is one comment.
    loud = [Comment("0", "unique " * 10, 1), *written[1:]]
    assert "unique" not in camp_words(camp, loud, ids)


def test_chance_alone_marks_hardly_any_camp_with_a_word():
    generator = random.Random(8)
    words = [f"word{letter}{other}" for letter in "abcdefghij" for other in "abcdefghij"]
    marked = 0
    for _ in range(100):
        texts = [" ".join(generator.choices(words, k=15)) for _ in range(120)]
        written = [Comment(str(n), text, n + 1) for n, text in enumerate(texts)]
        camp, ids = camp_of(40), {comment.comment_id for comment in written}
        marked += bool(camp_words(camp, written, ids))
    assert marked <= 5
