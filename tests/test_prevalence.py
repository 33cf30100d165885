"""Corrected shares against truths that the test knows, because it made them."""

import json

import numpy as np
import pytest

from stance.aggregate import corrected_shares, rows_of, sentiment_shares, stance_shares
from stance.coverage import (
    count_mistakes,
    coverage_lines,
    difference_lines,
    measure_coverage,
    measure_differences,
    measure_elsewhere,
)
from stance.errors import StanceError
from stance.evaluation import Evaluated
from stance.metrics import Predictions
from stance.model.manifest import SHIPPED, read_manifest
from stance.model.mistakes import MISTAKES, Mistakes, mistakes_json, read_mistakes
from stance.prevalence import sentiment_question, stance_question, true_shares
from stance.scoring import score_comments
from stance.targets import load_targets, typed_target
from stance.wording.shares import CHANCE_NOTE, distrust_notes, edge_note, interval_note, share_table
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
    assert covered(true_shares(questions), truths).mean() >= 0.93


def test_two_strata_are_covered_with_the_chance_of_who_names_a_country():
    generator = np.random.default_rng(5)
    hidden = np.array([[0.2, 0.78, 0.02], [0.01, 0.98, 0.01], [0.02, 0.7, 0.28]])
    questions, truths = [], []
    for _ in range(200):
        naming = generator.uniform(0.2, 0.8)
        parts = np.array([generator.dirichlet([1, 20, 1]), generator.dirichlet([3, 4, 2])])
        n = generator.multinomial(60, [1 - naming, naming])
        given = np.array([
            sum(map(generator.multinomial, generator.multinomial(m, part), rates))
            for m, part, rates in zip(n, parts, (hidden, RATES), strict=True)
        ])  # fmt: skip
        # As common among the held-out comments as they are in the mean.
        held_out = {
            key: np.array([
                list(map(generator.multinomial, sizes, rates))
                for sizes, rates in (((10, 200, 10), hidden), ((60, 80, 40), RATES))
            ])
            for key in KEYS
        }  # fmt: skip
        questions.append(stance_question("uk", given, Mistakes(500, np.eye(3), held_out)))
        truths.append((1 - naming) * parts[0] + naming * parts[1])
    found = true_shares(questions)
    assert covered(found, truths).mean() >= 0.93
    # Who names the country is half of what is not known here: without that chance they are narrower.
    width = np.mean([each.high - each.low for each in found])
    assert width > 0.25


def covered(found, truths):
    return np.array([(f.low <= t) & (t <= f.high) for f, t in zip(found, truths, strict=True)])


def test_a_label_that_was_never_given_is_not_ruled_out(fake):
    generator = np.random.default_rng(6)
    rates = np.array([[0.9, 0.1, 0.0], [0.25, 0.73, 0.02], [0.35, 0.15, 0.5]])  # near those on dev
    truth, held_out = np.array([0.96, 0.02, 0.02]), np.round(60 * rates).astype(int)
    hits = []
    for _ in range(200):
        given = sum(map(generator.multinomial, generator.multinomial(50, truth), rates))
        if given[2] == 0:
            (found,) = true_shares([sentiment_question(given, Mistakes(180, held_out, {}))])
            hits.append(found.high[2] >= truth[2])
    assert len(hits) > 5 and np.mean(hits) >= 0.93
    # And never surer than counting is.
    scored = score_comments(comments(*["bad"] * 100), fake)
    counted, known = sentiment_shares(scored), sentiment_shares(scored, mistakes=mistakes(RIGHT))
    assert (known["high"] >= counted["high"]).all() and (known["low"] <= counted["low"]).all()


def labelled(true_mood, given_mood, true_side, given_side):
    """Evaluated comments of which the first two name Russia; sides are toward Russia."""
    texts = ["Moscow did it", "the Kremlin again", "he did it", "so what", "no idea"]
    places = [t.key for t in load_targets()].index("ru")
    stance = np.full((5, 4), 1)
    stance[:, places] = true_side
    sides = np.tile(np.array([1] * 5)[:, None], (1, 4))
    sides[:, places] = given_side
    found = Predictions(np.array(true_mood), stance, np.eye(3)[given_mood], np.eye(3)[sides])
    return Evaluated(comments(*texts), found)


def test_mistakes_are_counted_true_by_given_and_by_naming():
    found = count_mistakes(labelled([0, 0, 1, 2, -1], [0, 1, 1, 0, 2], [0, 0, 0, 2, 1], [0, 2, 1, 1, 1]))
    assert found.n_comments == 5
    assert found.sentiment.tolist() == [[1, 1, 0], [0, 1, 0], [1, 0, 0]]
    not_named, named = found.stance["ru"].tolist()
    assert named == [[1, 0, 1], [0, 0, 0], [0, 0, 0]]
    assert not_named == [[0, 1, 0], [0, 1, 0], [0, 1, 0]]
    assert found.stance["us"].tolist()[0] == [[0, 0, 0], [0, 5, 0], [0, 0, 0]]


def test_coverage_of_a_classifier_without_mistakes_is_full_and_its_lines_say_so():
    one = labelled([0, 1, 2, 0, 1], [0, 1, 2, 0, 1], [0, 1, 2, 0, 1], [0, 1, 2, 0, 1])
    found = one.predictions.take(np.tile(np.arange(5), 40))
    many = Evaluated([one.comments[n % 5] for n in range(200)], found)
    results = list(measure_coverage(many, n_sets=3))
    assert [r.kind for r in results][:1] + [r.kind for r in results][-1:] == [
        "12 comments", "200 comments, Ukraine: 3 times as many favor"
    ]  # fmt: skip
    assert len(results) == 4 + 2 + 8 and all(0.8 < r.covered <= 1 for r in results)
    assert all(r.worst <= r.covered and r.width > 0 for r in results)
    assert results[3].counted_error < 0.05 and results[3].error < 0.1
    head, first, *_ = coverage_lines(results)
    assert head.split()[2:] == ["covered", "worst", "counted", "error", "counted", "width"]
    assert first.split()[:3] == ["12", "comments", f"{results[0].covered:.3f}"]


def test_coverage_elsewhere_takes_mistakes_of_one_file_and_readers_of_another():
    """Mistakes of a classifier that sees no favor toward Russia; readers whom it reads rightly."""

    def many(given_sides):
        one = labelled([0, 1, 2, 0, 1], [0, 1, 2, 0, 1], [0, 1, 2, 0, 1], given_sides)
        found = one.predictions.take(np.tile(np.arange(5), 40))
        return Evaluated([one.comments[n % 5] for n in range(200)], found)

    right, blind = many([0, 1, 2, 0, 1]), many([0, 1, 1, 0, 1])
    alike, other = (list(measure_elsewhere(mistakes, right, n_sets=10)) for mistakes in (right, blind))
    assert [r.kind for r in other] == [f"{n} comments" for n in ("12", "50", "200", "1,000")]
    # What is counted hangs on the readers alone; what is corrected on the mistakes of the others.
    assert other[3].counted_error == alike[3].counted_error < 0.02
    assert other[3].error > alike[3].error


def test_readers_whom_nobody_labelled_are_refused():
    one = labelled([0, 1, 2, 0, 1], [0, 1, 2, 0, 1], [0, 1, 2, 0, 1], [0, 1, 2, 0, 1])
    nobody = labelled([-1] * 5, [0, 1, 2, 0, 1], [0, 1, 2, 0, 1], [0, 1, 2, 0, 1])
    with pytest.raises(StanceError, match="found 1 of these questions without any"):
        next(measure_elsewhere(one, nobody))


def test_coverage_of_differences_is_told_by_kind_of_pair():
    one = labelled([0, 1, 2, 0, 1], [0, 1, 2, 0, 1], [0, 1, 2, 0, 1], [0, 1, 2, 0, 1])
    found = one.predictions.take(np.tile(np.arange(5), 40))
    many = Evaluated([one.comments[n % 5] for n in range(200)], found)
    results = list(measure_differences(many, n_pairs=1))
    assert len(results) == 3 + 2 + 10 and results[0].kind == "12 + 12 comments, same readers"
    assert all(r.covered > 0.8 and r.worst <= r.covered and r.width > 0 for r in results)
    assert results[0].said == 0 and results[5].kind.startswith("100 + 100, sentiment: 3 times")
    head, first, *_ = difference_lines(results)
    assert head.split()[-6:] == ["covered", "worst", "together", "counted", "said", "width"]
    assert first.split()[-6:][0] == f"{results[0].covered:.3f}" and len(first) == len(head)


def test_the_shipped_mistakes_are_those_of_the_shipped_weights(tmp_path):
    known = read_mistakes()
    assert known is not None and set(known.stance) == set(KEYS)
    # The errors that the model card states, and the held-out labels' own numbers (rows, not columns).
    card = json.loads((SHIPPED / "card.json").read_text())["labelled"]
    figures = {f["name"]: f["value"] for f in card["reliability"]}
    for name, table in (("sentiment", known.sentiment), ("stance", sum(known.stance.values()).sum(axis=0))):
        assert 1 - np.trace(table) / table.sum() == pytest.approx(figures[f"{name} error"], abs=1e-6)
    assert known.n_comments == 500 and known.sentiment.sum(axis=1).tolist() == [260, 187, 35]
    assert known.stance["ru"].sum(axis=(0, 2)).tolist() == [80, 390, 18]
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
    assert "as counted on 100,000 other comments" in interval_note(known)
    assert interval_note(None) == CHANCE_NOTE

    many = ["good", "bad", "meh"] * 20

    def notes(*more, texts=many, any_language=False, known=known):
        targets = (*load_targets(), *more)
        scored = score_comments(comments(*texts), fake, targets=targets)
        moods = sentiment_shares(scored, mistakes=known)
        sides = stance_shares(scored, targets, mistakes=known)
        return " ".join(distrust_notes(moods, sides, targets, known, any_language=any_language))

    assert notes() == ""
    assert notes(texts=many[:9]).startswith("9 comments say next to nothing")
    assert "errs on NATO was never measured: the mistakes on the other targets" in notes(nato)
    assert "in other languages than English" in notes(any_language=True)
    # A third of those in favor are seen: fewer are counted in favor than against, more there are.
    found = notes(texts=["bad"] * 30 + ["good"] * 20 + ["meh"] * 50, known=mistakes(SHY))
    assert "disagree on which side is larger: sentiment, " in found


def test_why_a_share_stands_at_the_edge_of_its_interval_is_said_where_one_does(fake):
    # A third of those in favor are seen, so more are in favor than are counted.
    scored = score_comments(comments(*["bad Putin"] * 1_500, *["good"] * 1_000, *["meh"] * 2_500), fake)
    shy, right = (sentiment_shares(scored, mistakes=mistakes(rates)) for rates in (SHY, RIGHT))
    assert edge_note(right) == ""
    favor = rows_of(shy)[2]
    assert favor.share == 0.2 and 0.18 < favor.low < 0.2 and favor.high > 0.4
    assert edge_note(right, shy).startswith("A share at the edge of its interval is no slip")
    assert edge_note(corrected_shares(shy)) == ""
    # Nothing is known of the mistakes, or the interval is at an end because the count is.
    assert edge_note(shy.assign(corrected=float("nan"))) == ""
    assert edge_note(shy.iloc[2:].assign(share=0.0, low=0.0, high=0.3)) == ""
    assert edge_note(shy.iloc[2:].assign(share=0.3, low=0.29, high=0.32)) == ""
    assert edge_note(shy.iloc[2:].assign(share=0.3, low=0.27, high=0.6)) == ""
    assert edge_note(shy.iloc[2:].assign(share=0.3, low=0.2, high=0.31)) != ""


SHY = np.array([[0.98, 0.01, 0.01], [0.01, 0.98, 0.01], [0.01, 0.65, 0.34]])
