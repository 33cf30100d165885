"""Corrected shares against truths that the test knows, because it made them."""

import json

import numpy as np
import pytest

from stance.aggregate import corrected_shares, sentiment_shares, stance_shares
from stance.model.manifest import SHIPPED, read_manifest
from stance.model.mistakes import MISTAKES, Mistakes, mistakes_json, read_mistakes
from stance.prevalence import sentiment_question, stance_question, true_shares
from stance.scoring import score_comments
from stance.targets import load_targets, typed_target
from stance.wording import CHANCE_NOTE, distrust_notes, interval_note, share_table
from tests.conftest import comments

RATES = np.array([[0.7, 0.25, 0.05], [0.1, 0.8, 0.1], [0.05, 0.35, 0.6]])
RIGHT = np.eye(3)
KEYS = ("us", "uk", "ru", "ua")


def mistakes(rates, n=100_000, stance=None):
    counts = np.round(n / 3 * rates).astype(np.int64)
    alike = {key: np.array([counts, counts]) for key in KEYS}
    return Mistakes(n, counts, alike if stance is None else stance)


def test_known_mistakes_are_put_right():
    truth = np.array([0.5, 0.3, 0.2])
    given = np.round(50_000 * truth @ RATES).astype(np.int64)
    (found,) = true_shares([sentiment_question(given, mistakes(RATES))])
    assert given / given.sum() == pytest.approx([0.39, 0.435, 0.175])
    assert found.share == pytest.approx(truth, abs=0.01)
    assert (found.low < truth).all() and (truth < found.high).all()
    assert (found.high - found.low < 0.03).all()


def test_without_mistakes_it_is_the_count_and_chance():
    (found,) = true_shares([sentiment_question(np.array([500, 300, 200]), mistakes(RIGHT))])
    assert found.share == pytest.approx([0.5, 0.3, 0.2], abs=0.01)
    # At least 1.96 standard errors of a share of a half of 1,000 to each side, at most 1.5 times that.
    assert 1 <= (found.high[0] - found.low[0]) / (2 * 1.96 * 0.0158) <= 1.5


def test_few_held_out_comments_leave_more_open():
    given = np.array([500, 300, 200])
    many, few = (true_shares([sentiment_question(given, mistakes(RATES, n))])[0] for n in (30_000, 150))
    assert (few.high - few.low > 2 * (many.high - many.low)).all()


def test_who_is_not_named_is_put_right_on_its_own():
    named, not_named = 300 * RATES, 1_000 * np.array([[0.1, 0.9, 0], [0, 1, 0], [0, 0.7, 0.3]])
    counts = {key: np.array([not_named, named]).astype(np.int64) for key in KEYS}
    known = mistakes(RATES, stance=counts)
    # One in ten of those against is seen where the country is not named.
    asked = stance_question("ru", np.array([[20, 980, 0], [0, 0, 0]]), known)
    (found,) = true_shares([asked])
    assert found.share[0] == pytest.approx(0.2, abs=0.04)
    (found,) = true_shares([stance_question("ru", np.array([[0, 0, 0], [70, 25, 5]]), known)])
    assert found.share[0] > 0.8


def test_an_answer_does_not_depend_on_what_else_is_asked():
    asked = [stance_question(key, np.array([[3, 50, 1], [9, 8, 7]]), mistakes(RATES)) for key in KEYS]
    together, alone = true_shares(asked), [true_shares([question])[0] for question in asked]
    for one, other in zip(together, alone, strict=True):
        assert one.low.tolist() == other.low.tolist() and one.share.tolist() == other.share.tolist()
    assert true_shares([]) == []


@pytest.mark.parametrize("size", [12, 50, 200, 1_000])
def test_95_percent_intervals_cover_at_least_93_percent(size):
    """Readers and held-out comments are drawn anew for each; the opinions are of any mix."""
    generator = np.random.default_rng(4)
    questions, truths = [], []
    for _ in range(200):
        truth = generator.dirichlet([2, 4, 1])
        held_out = np.array([generator.multinomial(100, row) for row in RATES])
        true = generator.multinomial(size, truth)
        given = sum(map(generator.multinomial, true, RATES))
        questions.append(sentiment_question(given, Mistakes(300, held_out, {})))
        truths.append(truth)
    found = true_shares(questions)
    hit = [(f.low <= t) & (t <= f.high) for f, t in zip(found, truths, strict=True)]
    assert np.mean(hit) >= 0.93


def test_the_shipped_mistakes_are_those_of_the_shipped_weights(tmp_path):
    known = read_mistakes()
    assert known is not None and set(known.stance) == set(KEYS)
    # Each of the held-out comments is in one cell of the sentiment, or has no label that is agreed on.
    assert 450 < known.sentiment.sum() <= known.n_comments == 500
    assert all(450 < counts.sum() <= 500 for counts in known.stance.values())
    manifest = (SHIPPED / "manifest.json").read_text()
    (tmp_path / "manifest.json").write_text(manifest)
    assert read_mistakes(tmp_path) is None
    (tmp_path / MISTAKES).write_text(mistakes_json(known, read_manifest().sha256))
    again = read_mistakes(tmp_path)
    assert again is not None and again.stance["ru"].tolist() == known.stance["ru"].tolist()
    (tmp_path / "manifest.json").write_text(json.dumps(json.loads(manifest) | {"sha256": "0" * 64}))
    assert read_mistakes(tmp_path) is None, "of other weights"


def test_share_tables_hold_counts_and_corrected_shares(fake):
    scored = score_comments(comments(*["good"] * 30, *["bad"] * 60, *["meh"] * 30), fake)
    known = mistakes(RATES)
    moods = sentiment_shares(scored, mistakes=known)
    sides = stance_shares(scored, load_targets(), mistakes=known)
    assert list(moods["count"]) == [60, 30, 30] and list(moods["share"]) == [0.5, 0.25, 0.25]
    assert moods["corrected"].sum() == pytest.approx(1)
    # Half are given as negative, but three in ten of the negative ones are missed.
    assert moods["corrected"][0] > 0.6
    put_right = corrected_shares(sides)
    assert list(put_right["share"]) == list(put_right["corrected"])
    assert list(put_right["count"]) == list(sides["count"])
    against, _, favor = put_right["share"][:3]
    assert put_right["net"][0] == pytest.approx(favor - against)
    assert sentiment_shares(scored)["corrected"].isna().all()
    assert "Corrected share" in share_table(moods) and "Corrected share" not in share_table(
        sentiment_shares(scored)
    )


def test_no_scored_comment_leaves_the_widest_interval(fake):
    moods = sentiment_shares(score_comments(comments("?"), fake), mistakes=mistakes(RATES))
    assert list(moods["low"]) == [0.0] * 3 and list(moods["high"]) == [1.0] * 3


def test_what_speaks_against_a_corrected_share_is_said(fake):
    known, nato = mistakes(RIGHT), typed_target("NATO")
    assert "as counted on 100000 other comments" in interval_note(known)
    assert interval_note(None) == CHANCE_NOTE

    def notes(texts, *more, any_language=False, by=known):
        targets = (*load_targets(), *more)
        scored = score_comments(comments(*texts), fake, targets=targets)
        moods = sentiment_shares(scored, mistakes=by)
        sides = stance_shares(scored, targets, mistakes=by)
        return " ".join(distrust_notes(moods, sides, targets, any_language=any_language))

    many = ["good", "bad", "meh"] * 20
    assert notes(many) == ""
    assert "2 comments say little: below 30" in notes(["good", "bad"])
    assert "No mistakes were counted for NATO" in notes(many, nato)
    assert "in other languages than English" in notes(many, any_language=True)
    # All that is said to be good is not, as far as is known.
    odd = np.array([[0.5, 0.0, 0.5], [0.0, 0.5, 0.5], [0.0, 0.0, 1.0]])
    found = notes([*["good"] * 60, *["bad"] * 30, *["meh"] * 30], by=mistakes(odd))
    assert "For the sentiment, " in found and "a counted share lies outside its interval" in found
