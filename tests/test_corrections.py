"""Labels by hand: what they change, what they leave, what comes next, and what is learned from them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from stance import records
from stance.aggregate import by_hand, sentiment_shares, stance_shares
from stance.answers.corrections import corrections, how_sure, n_changed, put_right, review_queue
from stance.answers.teaching import latest_answers, taught_by
from stance.copies import find_copies
from stance.hand_labels import UNCLEAR, HandLabel
from stance.learning import FEWEST, Taught, fitted, learn, why_not
from stance.model.learned import LearnedClassifier, moved_probabilities
from stance.model.mistakes import read_mistakes
from stance.records import HeadStates
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.corrections import by_hand_sentence, by_hand_text, lesson_sentence, model_says
from tests.conftest import comments

US, UK, RU, UA = load_targets()
TEXTS = ["good America", "bad Russia", "a map of Ukraine", "bad London", "…", "good good"]


def hand(comment_id, label, question="sentiment", annotator="AB", blind=False, at="2026-11-27T03:00:00Z"):
    return HandLabel(comment_id, question, label, annotator, at, blind)


@pytest.fixture
def scored(fake):
    return score_comments(comments(*TEXTS), fake)


def test_a_label_by_hand_takes_the_place_of_the_models_and_says_so(scored):
    held = corrections([hand("c2", "neutral"), hand("c2", "favor", "ru"), hand("c1", "positive")])
    table = put_right(scored, held)
    row = table.iloc[1]
    assert (row["sentiment"], row["stance_ru"], row["stance_ua"]) == ("neutral", "favor", "against")
    assert row[["sentiment_negative", "sentiment_neutral", "sentiment_positive"]].tolist() == [0, 1, 0]
    assert row[list(records.HAND_COLUMNS)].tolist() == [
        "sentiment; ru",
        "negative; against",
        "AB; AB",
        "2026-11-27T03:00:00Z; 2026-11-27T03:00:00Z",
    ]
    assert by_hand_text(row, {"sentiment": "Sentiment", "ru": "Russia"}) == (
        "By hand: Sentiment (the model said negative; AB, 2026-11-27T03:00:00Z), Russia (the model said "
        "against; AB, 2026-11-27T03:00:00Z). 100 % there means “by hand”: it is no probability of the "
        "model."
    )
    untouched = [0, 2, 3, 4, 5]
    pd.testing.assert_frame_equal(
        table.loc[untouched[1:], list(scored.columns)], scored.loc[untouched[1:]]
    )
    assert n_changed(scored, held) == 2, "positive was the model's own answer"
    assert by_hand_sentence(3, 2) == "3 labels are by hand: 2 differ from the model’s, 1 confirms it."
    assert by_hand(table, "sentiment").tolist() == [True, True, False, False, False, False]
    assert by_hand(table, "ru").tolist() == [False, True, False, False, False, False]
    assert "by_hand" not in scored, "the model's own table is left alone"


def test_the_latest_label_holds_and_audits_and_strangers_change_nothing(scored):
    labels = [
        hand("c1", "negative"),
        hand("c1", "neutral"),
        hand("c2", "positive", blind=True),
        hand("nobody", "positive"),
        hand("c2", "favor", "nato"),
    ]
    table = put_right(scored, corrections(labels))
    assert table["sentiment"].tolist()[:2] == ["neutral", "negative"]
    assert put_right(scored, corrections(labels[2:])) is scored


def test_an_older_label_that_comes_later_overturns_nothing(scored):
    labels = [hand("c1", "neutral"), hand("c1", "negative", annotator="CD", at="2026-11-20T03:00:00Z")]
    assert put_right(scored, corrections(labels))["sentiment"][0] == "neutral"
    same_second = [hand("c1", "neutral"), hand("c1", "negative", annotator="CD")]
    assert put_right(scored, corrections(same_second))["sentiment"][0] == "negative"


def test_how_sure_the_model_was_is_not_known_where_all_labels_are_alike(scored):
    assert how_sure(scored.iloc[0], "ru") == pytest.approx(0.7)
    columns = ["stance_ru_against", "stance_ru_none", "stance_ru_favor"]
    alike = scored.assign(**dict.fromkeys(columns, 0.333333))
    assert how_sure(alike.iloc[0], "ru") is None
    assert model_says("Russia", "against", None) == (
        "Russia: the model says against, how sure it was is not known."
    )


def test_a_second_round_keeps_what_the_model_said_first(scored):
    once = put_right(scored, corrections([hand("c2", "neutral")]))
    twice = put_right(once, corrections([hand("c2", "positive", annotator="C; D")]))
    assert twice.iloc[1][list(records.HAND_COLUMNS)].tolist()[:3] == ["sentiment", "negative", "C, D"]


def test_labels_by_hand_have_no_mistakes_to_be_put_right(sample, classifier):
    mistakes = read_mistakes()
    scored = score_comments(sample.comments, classifier)
    labels = [
        hand(comment_id, label)
        for comment_id, label in zip(scored["comment_id"], scored["sentiment"], strict=True)
        if label
    ]
    before = sentiment_shares(scored, mistakes=mistakes)
    after = sentiment_shares(put_right(scored, corrections(labels)), mistakes=mistakes)
    assert after["share"].tolist() == before["share"].tolist()
    assert (after["corrected"] - after["share"]).abs().max() < 0.03
    assert (before["corrected"] - before["share"]).abs().max() > 0.1
    assert ((after["high"] - after["low"]) < (before["high"] - before["low"])).all()
    # Other questions are the model's as before.
    pd.testing.assert_frame_equal(
        stance_shares(put_right(scored, corrections(labels)), [RU], mistakes=mistakes),
        stance_shares(scored, [RU], mistakes=mistakes),
    )


def test_the_queue_asks_for_doubtful_unlike_comments_once_each(fake):
    # All are equally doubtful for the fake but "good" and "bad" ones.
    texts = ["The map of the coast", "the MAP of the coast!", "The map of the coast now", "Winter is cold",
             "good", "bad", "…"]
    written = comments(*texts)
    scored = score_comments(written, fake)
    copies = find_copies(written)
    queue = review_queue(written, scored, "sentiment", copies, ())
    assert queue[0] == "c1"
    assert queue[1] == "c4", "unlike the first, so before what is nearly the same"
    assert "c2" not in queue, "says what c1 says"
    assert "c7" not in queue, "has no words"
    assert set(queue) == {"c1", "c3", "c4", "c5", "c6"}
    after = review_queue(written, scored, "sentiment", copies, ["c2"])
    assert after[0] == "c4" and "c1" not in after, "its copy was looked at"
    assert review_queue(written, scored, "ru", copies, [f"c{n}" for n in range(1, 7)]) == []


def taught(n=60, width=8, seed=3, n_random=None):
    """Labels that the states tell and the model does not know, the first ones drawn at random."""
    generator = np.random.default_rng(seed)
    states = np.tanh(generator.normal(size=(n, width)))
    labels = np.where(states[:, 0] > 0.2, 2, np.where(states[:, 0] < -0.2, 0, 1))
    probabilities = np.tile([0.2, 0.6, 0.2], (n, 1))
    at_random = np.arange(n) < (n if n_random is None else n_random)
    nobody = np.zeros((0, 3)), np.zeros((0, width))
    return Taught(probabilities, states, labels.astype(np.int64), np.arange(n), at_random, *nobody)


def test_what_states_tell_is_learned_and_measured_on_labels_that_were_held_out():
    lesson = learn(taught(n=200))
    assert lesson.n == lesson.n_random == 200 and lesson.right_after > lesson.right_before + 40
    assert lesson.change_high < 0
    said = lesson_sentence("stance", lesson)
    right = f"of 200 labels by hand {lesson.right_after} are right"
    assert said.startswith(f"Stance toward all targets: {right}")
    assert "By the 200 drawn at random it helps: " in said
    picked = learn(taught(n=200, n_random=FEWEST - 1))
    assert (picked.right_before, picked.right_after) == (lesson.right_before, lesson.right_after)
    assert not picked.judged
    assert f"can’t be told by comments that were picked: label {FEWEST} at random in an Audit (14 are" in (
        lesson_sentence("sentiment", picked)
    )


def null(seed, n_groups, per_group):
    """States that tell nothing, of a model whose probabilities are true."""
    generator = np.random.default_rng(seed)
    n = n_groups * per_group
    groups = np.repeat(np.arange(n_groups), per_group)
    probabilities = np.repeat(generator.dirichlet([1, 2, 1], size=n_groups), per_group, axis=0)
    states = np.repeat(np.tanh(generator.normal(size=(n_groups, 6))), per_group, axis=0)
    drawn = [generator.choice(3, p=p) for p in probabilities[::per_group]]
    labels = np.repeat(drawn, per_group).astype(np.int64)
    others = generator.dirichlet([1, 2, 1], size=40), np.tanh(generator.normal(size=(40, 6)))
    return Taught(probabilities, states, labels, groups, np.ones(n, dtype=bool), *others)


@pytest.mark.parametrize(("n_groups", "per_group"), [(FEWEST, 1), (FEWEST, 4), (40, 3)])
def test_chance_is_seldom_taken_for_help(n_groups, per_group):
    helped = 0
    for seed in range(60):
        found = null(seed, n_groups, per_group)
        if not why_not(found):
            helped += learn(found).change_high < 0
    assert helped <= 3, "of sixty, at 2.5 %"


def test_mistakes_that_were_picked_do_not_turn_the_model_against_itself():
    """Thirty labels, all of them where the model is wrong; it is right in nine of ten."""
    generator = np.random.default_rng(2)
    # As real ones, states are many and not centred: a linear layer moves all texts alike with ease.
    states = np.tanh(0.5 + 0.2 * generator.normal(size=(600, 200)))
    truth = generator.integers(0, 3, size=600)
    missed, taken = generator.random(600) < 0.25, generator.random(600) < 0.05
    given = np.where((truth == 1) & missed, 0, np.where((truth == 0) & taken, 2, truth))
    probabilities = np.full((600, 3), 0.05)
    probabilities[np.arange(600), given] = 0.9
    picked = np.flatnonzero(given != truth)[:30]
    rest = np.setdiff1d(np.arange(600), picked)
    others = probabilities[rest[:300]], states[rest[:300]]
    labels = (truth[picked], np.arange(30), np.zeros(30, dtype=bool))
    found = Taught(probabilities[picked], states[picked], *labels, *others)
    lesson = learn(found)
    assert not lesson.judged
    moved = moved_probabilities(probabilities[rest], states[rest], lesson.weights)
    right = [(p.argmax(axis=1) == truth[rest]).mean() for p in (probabilities[rest], moved)]
    assert right[1] >= right[0] - 0.02
    alone = fitted(found, np.ones(30, dtype=bool), hold=0.0)
    ruined = moved_probabilities(probabilities[rest], states[rest], alone)
    assert (ruined.argmax(axis=1) == truth[rest]).mean() < right[0] - 0.1, "what the others prevent"


def test_equal_texts_are_never_on_both_sides_of_a_fold():
    one = taught(n=20)
    # Each text ten times: to know a copy is to know the answer, and must not count.
    tens = (np.repeat(getattr(one, name), 10, axis=0) for name in ("probabilities", "states"))
    labels, groups = np.random.default_rng(1).integers(0, 3, 20), np.arange(20)
    random, nobody = np.ones(200, dtype=bool), (one.other_probabilities, one.other_states)
    many = Taught(*tens, np.repeat(labels, 10), np.repeat(groups, 10), random, *nobody)
    apart, together = learn(replace(many, groups=np.arange(200))), learn(many)
    assert apart.right_after > together.right_after + 20


@pytest.mark.parametrize(
    ("n", "labels", "reason"),
    [
        (FEWEST - 1, None, f"{FEWEST} labels of different comments are needed, {FEWEST - 1} are there"),
        (30, 1, "all labels are the same, so there is nothing to tell apart"),
    ],
)
def test_too_little_teaches_nothing_and_says_why(n, labels, reason):
    found = taught(n=n)
    if labels is not None:
        found = replace(found, labels=np.full(n, labels))
    assert why_not(found) == reason
    with pytest.raises(ValueError, match=reason):
        learn(found)


class Stating:
    """Says nothing of a text, but its states tell how many letters it has."""

    def predict_with_states(self, texts, targets):
        n, k = len(texts), len(targets)
        scores = records.Scores(
            np.tile(np.float32([0.3, 0.4, 0.3]), (n, 1)),
            np.tile(np.float32([0.3, 0.4, 0.3]), (n, k, 1)),
            np.zeros(n, dtype=bool),
        )
        states = np.array([[len(text)] for text in texts], dtype=np.float32)
        slots = np.array([[[len(text) + 100 * t] for t in range(k)] for text in texts], dtype=np.float32)
        return scores, HeadStates(states, slots)


def test_each_label_is_taught_with_the_states_of_its_comment_and_target():
    written = comments("a", "bb", "A!", "cccc", "eeeee", "ffffff", "EEEEE.")
    labels = [
        hand("c4", "positive"), hand("c1", "negative"), hand("c1", "neutral", blind=True),
        hand("c3", "negative"), hand("c2", "favor", "ru"), hand("c4", "against", "ua"),
        hand("gone", "none", "us"),
        # Who audits and can't tell teaches nothing and takes nothing back.
        hand("c2", UNCLEAR, "ru", blind=True), hand("c4", UNCLEAR, "us", blind=True),
    ]
    asked = latest_answers(labels, written, load_targets())
    found = taught_by(asked, written, load_targets(), find_copies(written), Stating())
    moods, sides = found["sentiment"], found["stance"]
    assert moods.states[:, 0].tolist() == [4, 1, 2]
    assert moods.labels.tolist() == [2, 1, 0]
    assert moods.at_random.tolist() == [False, True, False]
    assert moods.groups[1] == moods.groups[2] != moods.groups[0], "c3 says what c1 says"
    assert sorted(moods.other_states[:, 0]) == [5, 6, 6], "those that nobody labelled"
    assert sorted(sides.other_states[:, 0]) == sorted(n + 100 * t for n in (5, 6, 6) for t in range(4))
    assert sides.states[:, 0].tolist() == [202, 304]
    assert sides.labels.tolist() == [2, 0]
    assert taught_by({}, written, load_targets(), {}, Stating()) == {}


def test_a_taught_classifier_without_weights_is_the_classifier_itself(classifier):
    texts = ["Putin must go.", "Thank you, America!"]
    plain = classifier.predict(texts, load_targets())
    same = LearnedClassifier(classifier, {}).predict(texts, load_targets())
    np.testing.assert_array_equal(plain.sentiment, same.sentiment)
    np.testing.assert_array_equal(plain.stance, same.stance)
    width = classifier.predict_with_states(texts, [US])[1].sentiment.shape[1]
    nothing = {"stance": np.zeros((width + 1, 3))}
    zero = LearnedClassifier(classifier, nothing).predict(texts, load_targets())
    np.testing.assert_allclose(plain.stance, zero.stance, atol=1e-6)
    pushed = np.zeros((width + 1, 3))
    pushed[-1, 0] = 50.0
    moved = LearnedClassifier(classifier, {"sentiment": pushed}).predict(texts, load_targets())
    assert moved.sentiment[:, 0].min() > 0.999
    np.testing.assert_array_equal(plain.stance, moved.stance)


def test_moved_probabilities_are_logits_plus_a_layer():
    p = np.array([[0.5, 0.25, 0.25]])
    weights = np.array([[np.log(2), 0, 0], [0, 0, np.log(4)]])
    np.testing.assert_allclose(moved_probabilities(p, np.array([[1.0]]), weights), [[4 / 9, 1 / 9, 4 / 9]])
