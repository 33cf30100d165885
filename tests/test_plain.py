"""Plainly worded training texts: labels go with the names, and no test text is among them."""

import json

from stance.labels import Stance
from stance.masking import mask_names
from stance.targets import built_in_finder, load_targets
from stance.training.examples import one_hot, text_key
from stance.training.plain import clauses, plain_examples
from tests.conftest import ROOT


def test_the_same_seed_makes_the_same_texts():
    assert plain_examples(20, seed=1) == plain_examples(20, seed=1)
    assert plain_examples(20, seed=1) != plain_examples(20, seed=2)


def test_a_stance_is_only_toward_a_named_target():
    for example in plain_examples(500, seed=3):
        named = {mention.target for mention in built_in_finder().find(example.text)}
        held = {s.target.key for s in example.slots if s.label != one_hot(Stance.NONE)}
        assert held <= named, example.text
        assert "{" not in example.text


def test_all_stances_and_targets_are_there_alike():
    examples = plain_examples(3000, seed=1)
    for target in range(len(load_targets())):
        counts = [sum(e.slots[target].label == one_hot(s) for e in examples) for s in Stance]
        assert min(counts[0], counts[2]) > 250
        assert 0.7 < counts[0] / counts[2] < 1.4


def test_no_text_of_the_swap_set_or_the_behaviour_cases_is_learned_from():
    tested = set()
    for name in ("swap_set.jsonl", "behaviour.jsonl"):
        for line in (ROOT / "data" / name).read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            tested.add(text_key(text.replace("{A:", "{").replace("{B:", "{")))
    learned = [text_key(c.replace("{X:", "{").replace("{Y:", "{")) for c in clauses()]
    assert len(learned) == len(set(learned))
    assert [clause for clause in learned if any(clause in text for text in tested)] == []


def test_the_model_reads_placeholders():
    pieces = mask_names(plain_examples(1, seed=5)[0].text, load_targets()).comment
    assert any(piece.content == 0 for piece in pieces)
