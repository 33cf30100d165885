import math
from collections import Counter

import numpy as np
import pytest

from stance import records
from stance.answers.agreement import agreement
from stance.answers.audit import audit_result, draw_sample
from stance.answers.corrections import corrections, labels_of
from stance.answers.joining import joined
from stance.charts.audit import audit_chart
from stance.hand_labels import UNCLEAR, HandLabel
from stance.labels import SENTIMENT_STYLES
from stance.scoring import score_comments
from stance.wording.audit import (
    agreement_sentence,
    audit_sentence,
    audit_table,
    open_notes,
    pairs_table,
    sample_sentence,
    sorted_pairs,
)
from stance.wording.label_files import contradicted_sentence, joined_sentence, left_out_sentence
from tests.conftest import comments

AT = "2026-11-27T03:00:00Z"


def scored_by(fake, given, named=None, question="ru"):
    """A scored table in which the model gives these labels; `named` comments name the target."""
    table = score_comments(comments(*["meh"] * len(given)), fake)
    column = records.SENTIMENT if question == "sentiment" else records.stance_label(question)
    table[column] = given
    if question != "sentiment":
        table[records.mentions(question)] = [
            "Russia" if n else "" for n in named or [0] * len(given)
        ]
    return table


def given_by(found, question="ru", annotator="AB", blind=True):
    """Labels of comments by one person."""
    return [HandLabel(i, question, label, annotator, AT, blind) for i, label in found.items()]


@pytest.fixture
def rare(fake):
    """A thousand comments: many "none", few that name Russia, hardly any in favor."""
    given = ["none"] * 900 + ["against"] * 92 + ["favor"] * 8
    return scored_by(fake, given, [0] * 850 + [1] * 150)


def test_a_sample_is_stratified_random_and_the_same_for_everybody(rare):
    sample = draw_sample(rare, "ru", 50)
    assert len(sample.order) == len(set(sample.order)) == 50 and sample.n_scored == 1000
    parts = {(s.given, s.named): (s.size, len(s.drawn)) for s in sample.strata}
    # By the square roots of 850, 50, 92 and 8, but at least five of each.
    assert parts == {
        ("none", False): (850, 29), ("none", True): (50, 7),
        ("against", True): (92, 9), ("favor", True): (8, 5),
    }  # fmt: skip
    assert draw_sample(rare.sample(frac=1, random_state=3), "ru", 50).order == sample.order
    assert draw_sample(rare, "ru", 50, draw=2).order != sample.order
    assert set(draw_sample(rare, "ru", 90).order) > set(sample.order)
    # The order tells nothing: each kind is all over it.
    favor = next(s for s in sample.strata if s.given == "favor")
    places = sorted(sample.order.index(i) for i in favor.drawn)
    assert places[0] < 15 and places[-1] >= 30 and places != list(range(5))
    first_fifth = set(sample.order[:12])
    assert all(first_fifth & set(s.drawn) for s in sample.strata), "so that there is a result early"


def test_every_comment_of_a_kind_is_drawn_as_often_as_another(rare):
    seen = Counter(i for draw in range(400) for i in draw_sample(rare, "ru", 30, draw=draw).order)
    against = [seen[i] for i in rare[records.COMMENT_ID][900:992]]
    n = len(next(s for s in draw_sample(rare, "ru", 30).strata if s.given == "against").drawn)
    expected = 400 * n / 92
    assert np.mean(against) == pytest.approx(expected)
    # As much as by chance: the variance of a binomial.
    assert np.var(against) == pytest.approx(expected * (1 - n / 92), rel=0.5)


def test_what_is_not_scored_is_never_drawn_and_a_small_set_is_drawn_whole(fake):
    table = score_comments(comments("good", "!!", "bad", ""), fake)
    sample = draw_sample(table, "sentiment", 50)
    assert set(sample.order) == {"c1", "c3"} and sample.n_scored == 2
    assert sample_sentence(sample) == "All 2 scored comments are to be labelled, in random order."
    nothing = draw_sample(score_comments(comments("!!"), fake), "us")
    assert nothing.order == () and nothing.n_scored == 0
    result = audit_result(nothing, [], "AB")
    assert math.isnan(result.accuracy.share) and (result.accuracy.low, result.accuracy.high) == (
        0,
        1,
    )


def test_the_whole_set_labelled_is_the_truth(fake):
    table = scored_by(fake, ["negative", "negative", "positive"], question="sentiment")
    sample = draw_sample(table, "sentiment")
    labels = given_by({"c1": "negative", "c2": "neutral", "c3": "positive"}, "sentiment")
    result = audit_result(sample, labels, "AB")
    assert [(r.label, r.counted) for r in result.labels] == [
        ("negative", 2), ("neutral", 0), ("positive", 1)
    ]  # fmt: skip
    for row in result.labels:
        assert (row.true.share, row.true.low, row.true.high) == pytest.approx((1 / 3,) * 3)
    assert result.accuracy.share == pytest.approx(2 / 3) and result.accuracy.low == 2 / 3
    assert result.pairs == {
        ("negative", "negative"): ("c1",), ("negative", "neutral"): ("c2",),
        ("positive", "positive"): ("c3",),
    }  # fmt: skip
    assert audit_sentence(result, "Sentiment") == (
        "Sentiment: the model is right about 67 % (67–67) of 3 scored comments, by 3 labels. It counts "
        "too many as “negative”: 67 % instead of 33 % (33–33). It counts too few as “neutral”: 0 % "
        "instead of 33 % (33–33)."
    )
    assert open_notes(result) == []


def test_the_estimate_is_the_count_put_right_by_the_errors_of_each_stratum(rare):
    sample = draw_sample(rare, "ru", 50)
    drawn = {(s.given, s.named): s.drawn for s in sample.strata}
    found = {i: stratum[0] for stratum, ids in drawn.items() for i in ids}
    # Two of nine "against" are none, one of seven "none" that name Russia is against.
    found |= dict.fromkeys(drawn["against", True][:2], "none")
    found[drawn["none", True][0]] = "against"
    result = audit_result(sample, given_by(found), "AB")
    against, none, favor = result.labels
    assert against.true.share == pytest.approx((92 - 92 * 2 / 9 + 50 / 7) / 1000)
    assert none.true.share == pytest.approx((900 + 92 * 2 / 9 - 50 / 7) / 1000)
    assert result.accuracy.share == pytest.approx((1000 - 92 * 2 / 9 - 50 / 7) / 1000)
    for row in result.labels:
        assert row.true.low < row.true.share < row.true.high
    # The 850 of which 29 were read without a mistake hide up to a tenth.
    assert 0.08 < favor.true.high < 0.16 and favor.true.low < 0.008


def test_only_this_persons_blind_labels_of_this_question_and_sample_count(rare):
    sample = draw_sample(rare, "ru", 20)
    first, *rest = sample.order
    outside = next(i for i in rare[records.COMMENT_ID] if i not in sample.order)
    others = [
        *given_by({first: "favor"}, annotator="CD"),
        *given_by({first: "favor"}, question="ua"),
        *given_by({first: "favor"}, blind=False),
        *given_by({outside: "favor"}),
    ]
    assert audit_result(sample, others, "AB").n_labelled == 0
    result = audit_result(sample, [*others, *given_by({rest[0]: "none"})], "AB")
    assert result.n_labelled == 1 and sum(map(len, result.pairs.values())) == 1


def test_what_is_not_labelled_or_left_open_may_be_anything(rare):
    sample = draw_sample(rare, "ru", 50)
    drawn = {(s.given, s.named): s.drawn for s in sample.strata}
    found = {i: stratum[0] for stratum, ids in drawn.items() for i in ids}
    for comment_id in drawn["favor", True]:
        del found[comment_id]
    result = audit_result(sample, given_by(found), "AB")
    favor = result.labels[2].true
    assert math.isnan(favor.share) and favor.low == 0 and favor.high > 8 / 1000
    assert result.n_unread == 8
    assert open_notes(result)[1].startswith("Of 8 scored comments none that is like them")
    assert "right about between " in audit_sentence(result, "Russia")
    full = found | dict.fromkeys(drawn["favor", True], "favor")
    open_ones = full | dict.fromkeys(drawn["against", True][:3], UNCLEAR)
    one, other = (audit_result(sample, given_by(f), "AB") for f in (full, open_ones))
    assert (other.n_labelled, other.n_unclear, other.n_unread) == (47, 3, 0)
    assert other.labels[0].true.share == one.labels[0].true.share == 0.092
    assert other.labels[0].true.low < one.labels[0].true.low
    assert other.labels[2].true.high > one.labels[2].true.high, "they may be in favor"
    assert open_notes(other) == [
        "3 comments left open: the intervals hold whatever they are, and are wider for it; the "
        "estimates leave them out."
    ]


def test_intervals_of_whole_audits_hold_although_the_model_is_biased(fake):
    """From drawing to the interval, also where only the first half of the sample is labelled."""
    given = ["none"] * 220 + ["against"] * 60 + ["favor"] * 20
    truth = ["favor"] * 60 + ["none"] * 160 + ["against"] * 40 + ["none"] * 20 + ["favor"] * 20
    table = scored_by(fake, given, [n % 3 == 0 for n in range(300)])
    true_of = dict(zip(table[records.COMMENT_ID], truth, strict=True))
    inside = []
    for draw in range(80):
        sample = draw_sample(table, "ru", 40, draw=draw)
        for n in (20, 40):
            found = {i: true_of[i] for i in sample.order[:n]}
            result = audit_result(sample, given_by(found), "AB")
            shares = [truth.count(label) / 300 for label in labels_of("ru")]
            inside.append([
                r.true.low <= share <= r.true.high
                for r, share in zip(result.labels, shares, strict=True)
            ])  # fmt: skip
    assert np.mean(inside) >= 0.95 and np.mean(inside, axis=0).min() >= 0.93


def test_the_result_in_words_a_chart_and_its_table(fake):
    table = scored_by(fake, ["negative"] * 60 + ["positive"] * 40, question="sentiment")
    sample = draw_sample(table, "sentiment", 40)
    found = {i: s.given for s in sample.strata for i in s.drawn}
    result = audit_result(sample, given_by(found, "sentiment"), "AB")
    farthest = max(
        max(r.counted / 100 - r.true.low, r.true.high - r.counted / 100) for r in result.labels
    )
    assert audit_sentence(result, "Sentiment").endswith(
        "No counted share is shown to be wrong; each could be off by up to "
        f"{100 * farthest:.0f} points (95 %), as far as these labels can tell."
    )
    shown = audit_table(result)
    assert shown["Label"].tolist() == ["Negative", "Neutral", "Positive"]
    assert shown["Counted by the model"].tolist() == [
        "60 of 100, 60 %",
        "0 of 100, 0 %",
        "40 of 100, 40 %",
    ]
    negative = result.labels[0].true
    low, high = 100 * negative.low, 100 * negative.high
    assert shown["True share (95 % interval)"][0] == f"60 % ({low:.0f}–{high:.0f})"
    assert shown["True minus counted (points)"][0] == (
        f"{low - 60:+.0f} to {high - 60:+.0f}".replace("-", "−")
    )
    figure = audit_chart(result)
    bars = [trace for trace in figure.data if trace.type == "bar"][:3]
    assert [bar.x[0] for bar in bars] == [0.6, 0, 0.4]
    assert [bar.marker.color for bar in bars] == [s.colour for s in SENTIMENT_STYLES.values()]
    true = [trace for trace in figure.data if trace.type == "scatter"][0]
    assert list(true.x) == [negative.low, negative.share, negative.high]
    # Bounds without an estimate: no point is drawn.
    partial = audit_result(sample, given_by({sample.order[0]: "negative"}, "sentiment"), "AB")
    assert [len(t.x) for t in audit_chart(partial).data if t.type == "scatter"][:3] == [2, 2, 2]


def test_mistakes_stand_first_and_many_before_few(rare):
    sample = draw_sample(rare, "ru", 50)
    drawn = {(s.given, s.named): s.drawn for s in sample.strata}
    found = dict.fromkeys(drawn["none", False], "none") | {drawn["none", False][0]: "against"}
    found |= dict.fromkeys(drawn["against", True], "none")
    result = audit_result(sample, given_by(found), "AB")
    shown = pairs_table(result)
    assert shown.to_numpy().tolist() == [
        ["Against", "None", 9, "mistaken"], ["None", "Against", 1, "mistaken"],
        ["None", "None", 28, "right"],
    ]  # fmt: skip
    assert sorted_pairs(result)[1][1] == (drawn["none", False][0],)
    assert set(sorted_pairs(result)[0][1]) == set(drawn["against", True])


def twice(first, second, question="ru"):
    """Labels of the same comments by two people; None where one gave none."""
    labels = []
    for name, given in (("AB", first), ("CD", second)):
        found = {f"c{n}": label for n, label in enumerate(given) if label}
        labels += given_by(found, question, name)
    return labels


def test_agreement_is_krippendorffs_alpha():
    # The binary example of Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", part A.
    first, second = (
        ["against" if sign == "1" else "none" for sign in signs]
        for signs in ("0100000000", "1110010100")
    )
    found = agreement(twice(first, second), "ru")
    assert found.alpha == pytest.approx(0.095, abs=5e-4)
    assert (found.n, found.n_equal, found.annotators) == (10, 6, ("AB", "CD"))
    assert found.low < found.alpha < found.high
    assert found == agreement(twice(first, second), "ru"), "the same every time"
    assert agreement_sentence(found).endswith(
        "That is too little to rely on either: talk about where you differ (0.67 is the least)."
    )
    assert "AB and CD gave the same label to 6 of 10 comments: Krippendorff's alpha 0.1" in (
        agreement_sentence(found)
    )


def test_agreement_counts_what_two_labelled_blind_and_is_careful_with_few():
    labels = twice(["none", UNCLEAR, "favor", "against"], ["none", "none", None, "against"])
    found = agreement([*labels, *given_by({"c2": "favor"}, annotator="CD", blind=False)], "ru")
    assert (found.n, found.n_equal, found.alpha) == (2, 2, 1)
    assert math.isnan(found.low)
    assert "without an interval: nothing differs" in agreement_sentence(found)
    assert agreement_sentence(found).endswith(
        "So few say next to nothing; label at least 10 twice."
    )
    same = agreement(twice(["none"] * 12, ["none"] * 12), "ru")
    assert math.isnan(same.alpha) and same.n == 12
    assert agreement_sentence(same) == (
        "AB and CD gave the same label to 12 of 12 comments; all of it is one label, so that chance "
        "alone may agree as much."
    )
    nobody = agreement(labels, "ua")
    assert nobody.n == 0 and nobody.annotators == ()
    both = ["none", "favor", "against"] * 20
    sure = agreement(twice(both, ["favor", *both[1:]]), "ru")
    assert sure.low >= 0.8 and agreement_sentence(sure).endswith("That is enough to rely on.")


def test_the_bootstrap_interval_of_alpha_holds():
    generator = np.random.default_rng(4)
    labels = np.array(labels_of("ru"))
    kinds, others = generator.integers(3, size=20_000), generator.integers(3, size=20_000)
    second = np.where(generator.random(20_000) < 0.75, kinds, others)
    # What alpha is in all of them: 0.75, as chance agreement is the same for both.
    inside = []
    for start in range(0, 10_000, 50):
        part = slice(start, start + 50)
        found = agreement(twice(labels[kinds[part]], labels[second[part]]), "ru")
        inside.append(found.low <= 0.75 <= found.high)
    # 200 of them tell the 91 of 100 that it claims at least to two standard errors of 0.02.
    assert np.mean(inside) >= 0.87


def test_what_came_of_a_file_is_said():
    assert left_out_sentence(1, {}) == "1 label read."
    assert left_out_sentence(48, {"given again later": 2}) == (
        "48 labels read. Left out: 2 given again later."
    )
    assert left_out_sentence(48, {"given again later": 2}, 1) == (
        "48 labels read. 1 label had a time in the future: taken as of now. Left out: 2 given again later."
    )


def test_what_a_file_replaces_and_what_of_it_is_not_used_is_counted_by_kind():
    early, late = "2026-11-27T03:00:00Z", "2026-11-27T04:00:00Z"

    def by(name, comment_id, label, at, blind):
        return HandLabel(comment_id, "ru", label, name, at, blind)

    held = [
        by("AB", "c1", "favor", early, True), by("AB", "c2", "favor", late, True),
        by("AB", "c3", "favor", early, True), by("AB", "c4", "none", early, False),
        by("AB", "c5", "none", late, False), by("AB", "c6", "none", early, False),
    ]  # fmt: skip
    added = [
        by("AB", "c1", "none", late, True), by("AB", "c2", "none", early, True),
        by("AB", "c3", "favor", late, True), by("CD", "c1", "against", early, True),
        by("CD", "c4", "favor", late, False), by("CD", "c5", "favor", early, False),
        by("AB", "c6", "against", late, False), by("AB", "c7", "against", late, False),
    ]  # fmt: skip
    both = joined(held, added)
    assert [label.comment_id for label in both.replaced] == ["c1", "c4", "c6"]
    assert [label.comment_id for label in both.unused] == ["c2", "c5"]
    assert [label.comment_id for label in both.contradicted] == ["c1", "c2", "c6"]
    assert {key[0]: label.label for key, label in corrections(both.labels).items()} == {
        "c4": "favor", "c5": "none", "c6": "against", "c7": "against"
    }  # fmt: skip
    assert joined_sentence(both.replaced, both.unused) == (
        "Given before and replaced by later ones of the file: 1 label of an audit and 2 corrections. "
        "In the file and not used, as later ones are here: 1 label of an audit and 1 correction."
    )
    assert "3 labels of the file" in contradicted_sentence(both.contradicted)
    assert "(AB)" in contradicted_sentence(both.contradicted)
    again = joined(both.labels, both.labels)
    assert again.labels == both.labels and not again.contradicted
    assert joined_sentence(again.replaced, again.unused) == "" == contradicted_sentence([])
