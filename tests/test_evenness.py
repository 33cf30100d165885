"""The swap set is what it says, and classifiers of known evenness get the figures worked out by hand."""

import json
import re
import zlib
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from stance.errors import ReadingError, StanceError
from stance.evenness import (
    comment_swap_lines,
    evenness_lines,
    measure_comment_swaps,
    measure_evenness,
    read_swap_set,
)
from stance.labels import Sentiment, Stance
from stance.masking import mask_names
from stance.records import Scores
from stance.swapping import NAMES, fill_in
from stance.targets import built_in_finder, load_targets

PLACE = re.compile(r"\{([AB]):(\w+)\}")
SENTENCES = read_swap_set()
PAIRS = list(combinations([target.key for target in load_targets()], 2))
EYE = np.eye(3, dtype=np.float32)


def read(text):
    return tuple(piece.content for piece in mask_names(text, load_targets()).comment)


class Even:
    """Judges by the words around names, and by which name comes first: never by whose it is."""

    def predict(self, texts, targets):
        moods, sides = [], []
        for text in texts:
            number = zlib.crc32(repr(read(text)).encode())
            order = list(dict.fromkeys(m.target for m in built_in_finder().find(text)))
            moods.append(number % 3)
            sides.append([
                (number + order.index(t.key)) % 3 if t.key in order else 1 for t in targets
            ])
        return Scores(EYE[moods], EYE[np.array(sides)], np.zeros(len(texts), dtype=bool))


class LikesUkraine:
    """Always in favor of Ukraine, none toward the others, neutral."""

    def predict(self, texts, targets):
        sides = [[2 if t.key == "ua" else 1 for t in targets] for _ in texts]
        return Scores(EYE[[1] * len(texts)], EYE[np.array(sides)], np.zeros(len(texts), dtype=bool))


def values(figures):
    return {figure.name: figure.value for figure in figures}


def test_an_even_classifier_follows_every_swap_and_leans_nowhere():
    evenness = measure_evenness(SENTENCES, Even())
    assert (evenness.n_texts, evenness.n_swaps) == (len(SENTENCES), len(SENTENCES) * 6)
    assert values(evenness.follow) == {
        "exchanged": 1.0, "others": 1.0, "sentiment": 1.0, "all three": 1.0,
    }  # fmt: skip
    assert values(evenness.change) == {"stance": 0.0, "sentiment": 0.0}
    lean = values(evenness.lean)
    assert lean["largest difference, by probability"] == pytest.approx(0.0, abs=1e-12)
    assert lean["largest difference, by label"] == pytest.approx(0.0, abs=1e-12)
    assert len({round(lean[f"{t.name}, by label"], 9) for t in load_targets()}) == 1


def test_one_who_always_likes_ukraine_follows_only_swaps_without_it():
    evenness = measure_evenness(SENTENCES, LikesUkraine())
    assert values(evenness.follow) == {
        "exchanged": 0.5, "others": 1.0, "sentiment": 1.0, "all three": 0.5,
    }  # fmt: skip
    for pair, figures in evenness.follow_by_pair.items():
        assert values(figures)["all three"] == (0.0 if "ua" in pair else 1.0)
    lean = values(evenness.lean)
    for what in ("probability", "label"):
        assert lean[f"Ukraine, by {what}"] == 1.0
        assert lean[f"Russia, by {what}"] == 0.0
        assert lean[f"largest difference, by {what}"] == 1.0
        assert lean[f"Ukraine where not named, by {what}"] == 1.0
        assert lean[f"largest difference where not named, by {what}"] == 1.0
    # Two of four targets differ by 2 in sum over three labels, in half of the swaps.
    assert values(evenness.change)["stance"] == pytest.approx(1 / 6)


def test_accuracy_counts_labels_as_meant():
    accuracy = values(measure_evenness(SENTENCES, LikesUkraine()).accuracy)
    named = Counter(label for s in SENTENCES for label in s.stances.values())
    n = sum(named.values())
    # Each role is Ukraine in a quarter of its texts.
    right = (named[Stance.NONE] * 3 / 4 + named[Stance.FAVOR] / 4) / n
    assert accuracy["stance toward a named target"] == pytest.approx(right)
    assert accuracy["stance toward a named target: against"] == 0.0
    assert accuracy["stance toward a named target: none"] == pytest.approx(3 / 4)
    assert accuracy["stance toward a named target: favor"] == pytest.approx(1 / 4)
    assert accuracy["none toward a target not named"] == pytest.approx(3 / 4)
    neutral = sum(s.sentiment == Sentiment.NEUTRAL for s in SENTENCES) / len(SENTENCES)
    assert accuracy["sentiment"] == pytest.approx(neutral)


def test_lines_for_the_command_line_name_pairs_and_countries():
    lines = "\n".join(evenness_lines(measure_evenness(SENTENCES[:20], LikesUkraine())))
    assert "20 texts, 120 swaps" in lines
    assert re.search(r"United States – United Kingdom +1\.000 +1\.000 +1\.000 +1\.000", lines)
    assert re.search(r"Russia – Ukraine +0\.000 +1\.000 +1\.000 +0\.000", lines)
    assert re.search(r"Ukraine, by label +\+1\.000", lines)


def test_there_are_enough_texts_each_with_its_labels_and_all_kinds_of_names():
    assert len(SENTENCES) >= 300
    assert len({s.text for s in SENTENCES}) == len({s.sentence_id for s in SENTENCES}) == len(SENTENCES)
    kinds = Counter(kind for s in SENTENCES for _, kind in PLACE.findall(s.text))
    assert set(kinds) == set(NAMES["us"])
    assert min(kinds.values()) >= 20
    assert sum(len(s.stances) == 2 for s in SENTENCES) >= 150


@pytest.mark.parametrize("role", ["A", "B"])
def test_labels_are_balanced(role):
    labels = Counter(s.stances[role] for s in SENTENCES if role in s.stances)
    for label in Stance:
        assert 0.3 <= labels[label] / labels.total() <= 0.37


def test_no_text_names_a_country_or_can_only_mean_one():
    for sentence in SENTENCES:
        bare = PLACE.sub("", sentence.text)
        assert not built_in_finder().find(bare), sentence.sentence_id
        assert not re.search(r"invad|annex|nato\b|\bcrimea|donbas|tsar|brexit", bare, re.IGNORECASE)
        assert "{" not in bare, sentence.sentence_id
        # Articles come with the names, and leaders are women and men.
        assert not re.search(r"\b(the|an?) \{[AB]:(?!demonym)", sentence.text, re.IGNORECASE)
        if ":leader}" in sentence.text:
            assert not re.search(r"\b(he|she|him|his|her)\b", bare), sentence.sentence_id


@pytest.mark.parametrize("pair", PAIRS)
def test_the_two_texts_of_a_swap_are_one_comment_to_the_model(pair):
    for number, sentence in enumerate(SENTENCES):
        one = fill_in(sentence.text, dict(zip("AB", pair, strict=True)), number)
        other = fill_in(sentence.text, dict(zip("BA", pair, strict=True)), number)
        assert one != other
        assert read(one) == read(other), sentence.sentence_id


def test_names_are_those_of_the_targets_by_kind():
    assert list(NAMES) == [target.key for target in load_targets()]
    for key, kinds in NAMES.items():
        assert list(kinds) == list(NAMES["us"])
        for kind, names in kinds.items():
            for name in names:
                (mention,) = built_in_finder().find(name)
                assert (mention.target, mention.kind) == (key, kind)
                assert name[mention.end :] == "" and name[: mention.start] in ("", "the ")


def test_a_name_begins_a_sentence_with_a_capital():
    text = "{A:seat} lies. {A:seat}? \"{A:seat}\" and {A:seat}"
    filled = 'The White House lies. The White House? "The White House" and the White House'
    assert fill_in(text, {"A": "us"}) == filled
    assert fill_in("{A:leader}", {"A": "uk"}, variant=5) == "Lammy"


@pytest.mark.parametrize("place", ["{C:leader}", "{A:nickname}"])
def test_an_unknown_place_holder_is_refused(place):
    with pytest.raises(StanceError, match=f"found {place}"):
        fill_in(f"Well, {place}", {"A": "us", "B": "ru"})


ROW = {"id": "s", "text": "{A:leader} and {B:people}", "a": "none", "b": "favor", "sentiment": "neutral"}


@pytest.mark.parametrize(
    "change", [{"b": "for"}, {"text": "{A:leader} only"}, {"text": "nobody"}, {"sentiment": "sad"}]
)
def test_a_wrong_row_is_refused_by_its_line_and_without_its_text(change, tmp_path):
    path = tmp_path / "swap.jsonl"
    path.write_text(f"{json.dumps(ROW)}\n{json.dumps(ROW | change)}\n")
    with pytest.raises(ReadingError, match=r"swap\.jsonl, line 2: expected") as caught:
        read_swap_set(path)
    assert "leader" not in str(caught.value)


def test_names_in_comments_are_exchanged_once_in_each_that_has_some(tmp_path):
    path = tmp_path / "comments.jsonl"
    texts = ["Ukraine again!", "Kyiv, wake up", "nothing named", "🤦", "Zelensky spoke http://x.example"]
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    even = measure_comment_swaps(path, Even())
    assert (even.n_texts, even.n_named) == (5, 3)
    assert values(even.follow)["all three"] == 1.0
    biased = measure_comment_swaps(path, LikesUkraine())
    assert values(biased.follow) == {
        "exchanged": 0.0, "others": 1.0, "sentiment": 1.0, "all three": 0.0,
    }  # fmt: skip
    assert comment_swap_lines(biased)[0] == "5 comments, 3 name a target and were exchanged once"


def test_comments_without_any_name_are_refused(tmp_path):
    path = tmp_path / "comments.jsonl"
    path.write_text('{"text": "nothing here"}\n')
    with pytest.raises(ReadingError, match="names a built-in target .* found none in 1"):
        measure_comment_swaps(path, Even())
