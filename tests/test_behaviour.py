"""The cases are what they say, harmless changes are harmless, and results are counted right."""

import json
import random
from collections import Counter

import numpy as np
import pytest

from stance import records
from stance.aggregate import wilson_interval
from stance.behaviour import (
    INVARIANCES,
    behaviour_lines,
    lower_cased,
    measure_behaviour,
    mistyped,
    read_cases,
)
from stance.errors import ReadingError, StanceError
from stance.labels import Sentiment, Stance
from stance.records import Scores
from stance.targets import built_in_finder, load_targets
from stance.text import prepare_text

CASES = read_cases()
KINDS = {"negation", "opposite", "reported", "sarcasm", "question", "comparative", "nickname"}
EYE = np.eye(3, dtype=np.float32)


class Knows:
    """Gives what is expected of every text it knows, in any spelling that `key` makes equal."""

    def __init__(self, key):
        self.key = key
        self.known = {key(case.text): case.expect for case in CASES}

    def predict(self, texts, targets):
        moods, sides = [], []
        for text in texts:
            expect = self.known.get(self.key(text))
            wrong = expect is None
            expect = expect or {}
            moods.append(list(Sentiment).index(expect.get(records.SENTIMENT, "neutral")))
            stances = [expect.get(records.stance_label(t.key), "none") for t in targets]
            sides.append([(list(Stance).index(s) + wrong) % 3 for s in stances])
        return Scores(EYE[moods], EYE[np.array(sides)], np.zeros(len(texts), dtype=bool))


def letters(text):
    """Blind to everything that the invariances change."""
    plain = prepare_text(text).text.lower().removesuffix(" http")
    return "".join(sorted(plain))


def test_one_who_knows_passes_everything():
    results = measure_behaviour(CASES, Knows(letters))
    assert {r.kind for r in results if not r.invariance} == KINDS
    assert [r.kind for r in results if r.invariance] == list(INVARIANCES)
    for result in results:
        assert (result.passed, result.share, result.failing) == (result.n, 1.0, ())
        assert (result.low, result.high) == wilson_interval(result.n, result.n)


def test_one_who_knows_exact_spellings_fails_the_changes_that_cleaning_does_not_undo():
    results = {r.kind: r for r in measure_behaviour(CASES, Knows(lambda text: prepare_text(text).text))}
    assert results["negation"].share == 1.0
    assert results["trailing space"].share == 1.0
    assert results["link added"].share == 1.0
    for kind in ("one typo", "capitals", "small letters"):
        assert results[kind].passed == 0
        assert results[kind].failing == tuple(case.case_id for case in CASES)
    lines = "\n".join(behaviour_lines(list(results.values())))
    assert f"and {len(CASES) - 12} more" in lines
    assert "fails: negation-01, negation-02" in lines


class Silent:
    """None and neutral to everything."""

    def predict(self, texts, targets):
        n = len(texts)
        sides = EYE[np.ones((n, len(targets)), dtype=int)]
        return Scores(EYE[[1] * n], sides, np.zeros(n, dtype=bool))


def test_given_labels_are_counted_and_the_failing_named():
    results = {r.kind: r for r in measure_behaviour(CASES, Silent())}
    question = results["question"]
    right = {
        case.case_id
        for case in CASES
        if case.kind == "question" and not {"against", "favor"} & set(case.expect.values())
    }
    assert len(right) == 12
    assert (question.passed, question.n) == (12, 22)
    assert not right & set(question.failing) and len(question.failing) == 10
    assert results["opposite"].share == results["sarcasm"].share == 0.0
    assert all(results[kind].share == 1.0 for kind in INVARIANCES)


def test_there_are_enough_cases_of_every_kind_over_all_targets():
    assert len({case.case_id for case in CASES}) == len({case.text for case in CASES}) == len(CASES)
    counts = Counter(case.kind for case in CASES)
    assert set(counts) == KINDS
    assert min(counts.values()) >= 20
    for kind in KINDS:
        asked = Counter(column for case in CASES if case.kind == kind for column in case.expect)
        for target in load_targets():
            assert asked[records.stance_label(target.key)] >= 3, (kind, target.key)


def test_cases_are_spread_over_targets_and_labels():
    labels = Counter(item for case in CASES for item in case.expect.items())
    for target in load_targets():
        column = records.stance_label(target.key)
        assert labels[column, "none"] >= 5
        assert labels[column, "favor"] >= 15
        assert labels[column, "against"] >= 15


def test_an_expected_opinion_is_about_a_target_that_the_text_names():
    for case in CASES:
        named = {records.stance_label(m.target) for m in built_in_finder().find(case.text)}
        assert {c for c in case.expect if c != records.SENTIMENT} <= named, case.case_id


@pytest.mark.parametrize("kind", INVARIANCES)
def test_a_change_changes_the_text_and_no_name(kind):
    for case in CASES:
        changed = INVARIANCES[kind](case.text, random.Random(case.case_id))
        assert changed != case.text, case.case_id
        before, after = (
            [m.target for m in built_in_finder().find(prepare_text(text).text)]
            for text in (case.text, changed)
        )
        assert before == after, case.case_id


def test_a_typo_exchanges_two_neighbours_within_a_word():
    assert mistyped("Putin stays put", random.Random(0)) in ("Putin satys put", "Putin styas put")
    with pytest.raises(StanceError, match="word of four letters"):
        mistyped("Putin is bad", random.Random(0))


def test_small_letters_keep_the_us_apart_from_us():
    assert lower_cased("Trump and the US help Us", random.Random(0)) == "trump and the US help us"


@pytest.mark.parametrize("expect", [{}, {"us": "for"}, {"fr": "favor"}, {"sentiment": "favor"}])
def test_a_case_without_a_proper_label_is_refused(expect, tmp_path):
    path = tmp_path / "cases.jsonl"
    row = {"id": "c", "kind": "negation", "text": "No secret", "expect": expect}
    path.write_text(json.dumps(row) + "\n")
    with pytest.raises(ReadingError, match=r"cases\.jsonl, line 1: expected .*expect") as caught:
        read_cases(path)
    assert "secret" not in str(caught.value)
