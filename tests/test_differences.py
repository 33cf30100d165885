"""Differences against truths that the test knows, because it made them."""

import numpy as np
import pytest

from stance.answers.differences import (
    WEIGHTS,
    Measure,
    chance_intervals,
    differences,
    label_counts,
    measures,
)
from stance.model.mistakes import Mistakes
from stance.prevalence import sentiment_question, true_differences, true_measures, true_shares
from stance.records import BY_HAND
from stance.scoring import score_comments
from stance.targets import load_targets
from tests.conftest import comments

RATES = np.array([[0.7, 0.25, 0.05], [0.1, 0.8, 0.1], [0.05, 0.35, 0.6]])
US = load_targets()[0]


def known(rates, n=300):
    return Mistakes(n, np.round(n / 3 * rates).astype(np.int64), {})


def given(*counts, by_hand=(0, 0, 0)):
    return np.array([counts, by_hand], dtype=np.int64)


def test_without_known_mistakes_it_is_newcombes_interval():
    # The worked example of Newcombe (1998), table II, method 10: 56 of 70 and 48 of 80.
    first, last, net = differences([given(56, 14, 0), given(48, 32, 0)], [(0, 1)], None, None, n_compared=1)
    assert (first.counted, first.low, first.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    assert first.enough and np.isnan(first.corrected)
    assert last.counted == 0 and last.low < 0 < last.high and not last.enough
    # Nobody is on the other side, but somebody might: the net share is less sure than the share.
    assert net.counted == pytest.approx(-0.2) and net.low < -first.high and net.high > -first.low


def test_the_net_interval_is_that_of_shares_that_exclude_each_other():
    low, high = chance_intervals(np.array([300, 400, 300]))[1:, 2]
    # The standard error of a net share is the root of (p + q - (p - q)²) / n.
    assert (low, high) == pytest.approx((-1.96 * np.sqrt(0.6 / 1000), 1.96 * np.sqrt(0.6 / 1000)), abs=1e-3)
    assert chance_intervals(np.array([0, 0, 0])).tolist() == [[0, 0, 0], [0, 0, -1], [1, 1, 1]]


def test_more_comparisons_widen_each_interval_by_the_normal_quantiles():
    groups = [given(50, 30, 20), given(40, 30, 30), given(20, 50, 30)]
    one = differences(groups[:2], [(1, 0)], None, known(RATES), n_compared=1)
    three = differences(groups[:2], [(1, 0)], None, known(RATES))
    six = differences(groups, [(1, 0), (2, 0)], None, known(RATES))
    assert [d.n_compared for d in (one[0], three[0], six[0])] == [1, 3, 6] and len(six) == 6
    widths = [found[0].high - found[0].low for found in (one, three, six)]
    assert widths[1] / widths[0] == pytest.approx(2.394 / 1.96, abs=0.01)
    assert widths[2] / widths[0] == pytest.approx(2.638 / 1.96, abs=0.01)
    assert one[0].corrected == three[0].corrected == six[0].corrected


def test_what_both_sides_share_cancels_out_and_chance_does_not():
    """The same counts twice: no difference, as sure as chance and errors of a source leave it."""
    few = known(RATES, 90)
    asked = sentiment_question(np.array([5_000, 3_000, 2_000]), few)
    (one,) = true_shares([asked])
    (both,) = true_differences([(asked, asked)], WEIGHTS)
    alone, between = one.high[0] - one.low[0], both.high[0] - both.low[0]
    # Apart, they would be as unsure as the root of two times one; together not at all.
    assert 0.3 * alone < between < 1.15 * alone
    assert both.value == pytest.approx(0, abs=0.02)
    # Chance alone, with a model that makes no mistakes.
    asked = sentiment_question(np.array([500, 300, 200]), known(np.eye(3), 3_000_000))
    (both,) = true_differences([(asked, asked)], WEIGHTS)
    assert both.high[0] - both.low[0] > 2 * 1.96 * np.sqrt(2 * 0.25 / 1000)


def test_sides_with_other_mistakes_are_refused():
    one = sentiment_question(np.array([5, 3, 2]), known(RATES))
    other = sentiment_question(np.array([5, 3, 2]), known(np.eye(3)))
    with pytest.raises(ValueError, match="same held-out counts"):
        true_differences([(one, other)], WEIGHTS)
    assert true_differences([], WEIGHTS) == []


def test_measures_agree_with_the_shares():
    counts = given(50, 30, 20)
    (share,) = true_shares([sentiment_question(counts[0], known(RATES))])
    (measure,) = true_measures([sentiment_question(counts[0], known(RATES))], WEIGHTS)
    assert measure.value[:2] == pytest.approx(share.share[[0, 2]])
    assert measure.value[2] == pytest.approx(share.share[2] - share.share[0])
    value, corrected, low, high = measures([counts], None, known(RATES))[0]
    assert value == pytest.approx([0.5, 0.2, -0.3]) and corrected == pytest.approx(measure.value)
    chance = chance_intervals(counts[0])
    assert (low <= chance[1]).all() and (high >= chance[2]).all()
    assert np.isnan(measures([counts], None, None)[0][1]).all()


def drawn(generator, mixes, size):
    """Given labels of two sets, and held-out counts of the model that gave them."""
    tables = [
        sum(map(generator.multinomial, generator.multinomial(size, mix), RATES)) for mix in mixes
    ]
    held_out = np.array([generator.multinomial(100, row) for row in RATES])
    return [given(*table) for table in tables], Mistakes(300, held_out, {})


@pytest.mark.parametrize("size", [12, 50, 400])
def test_95_percent_intervals_cover_at_least_93_percent(size):
    generator = np.random.default_rng(7)
    hits = []
    for _ in range(120):
        mixes = generator.dirichlet([2, 4, 1], size=2)
        counts, mistakes = drawn(generator, mixes, size)
        truth = WEIGHTS @ (mixes[0] - mixes[1])
        found = differences(counts, [(0, 1)], None, mistakes, n_compared=1)
        hits += [d.low <= t <= d.high for d, t in zip(found, truth, strict=True)]
    assert np.mean(hits) >= 0.93


def test_where_mixes_are_equal_enough_evidence_is_said_in_at_most_one_of_twenty_cases():
    """Of four groups against one, of which none differs: twelve intervals at once."""
    generator = np.random.default_rng(8)
    said = []
    for _ in range(60):
        mix = generator.dirichlet([2, 4, 1])
        counts, mistakes = drawn(generator, [mix] * 5, 200)
        found = differences(counts, [(n, 0) for n in range(1, 5)], None, mistakes)
        said.append(any(d.enough for d in found))
    assert np.mean(said) <= 0.05


def test_a_large_difference_is_found():
    generator = np.random.default_rng(10)
    counts, mistakes = drawn(generator, [[0.7, 0.2, 0.1], [0.2, 0.6, 0.2]], 200)
    first, _, net = differences(counts, [(0, 1)], None, mistakes)
    assert first.enough and first.low > 0 and first.measure == Measure.FIRST
    assert net.enough and net.high < 0


def test_labels_are_counted_by_group_and_by_naming(fake):
    scored = score_comments(comments("good America", "bad America", "bad", "meh", "good"), fake)
    codes = np.array([0, 0, 1, 1, -1])
    named, not_named = 1, 0
    counts = label_counts(scored, US, codes, 3)
    assert counts[0, named].tolist() == [1, 0, 1] and counts[0, not_named].sum() == 0
    assert counts[1, not_named].tolist() == [1, 1, 0] and counts[2].sum() == 0
    moods = label_counts(scored, None, codes, 2)
    assert moods[:, 0].tolist() == [[1, 0, 1], [1, 1, 0]] and moods[:, 1].sum() == 0
    # Labels by hand are counted apart: the model's mistakes are not in them.
    hand = scored.assign(**{BY_HAND: ["sentiment", "us; ru", "", "", ""]})
    assert label_counts(hand, None, codes, 2)[0].tolist() == [[1, 0, 0], [0, 0, 1]]
    assert label_counts(hand, US, codes, 2)[0].tolist() == [[0, 0, 0], [0, 0, 1], [1, 0, 0]]


def test_labels_by_hand_on_one_side_leave_less_open():
    model = differences([given(50, 100, 50), given(50, 100, 50)], [(0, 1)], None, known(RATES))
    some = given(0, 0, 0, by_hand=(50, 100, 50))
    mixed = differences([some, given(50, 100, 50)], [(0, 1)], None, known(RATES))
    both = differences([some, some], [(0, 1)], None, known(RATES))
    widths = [found[2].high - found[2].low for found in (model, mixed, both)]
    assert widths[0] > widths[1] > widths[2] > 0.2
    assert all(each.counted == 0 for found in (model, mixed, both) for each in found)
    assert abs(both[2].corrected) < 0.02
