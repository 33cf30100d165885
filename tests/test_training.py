"""Training on a handful of rows and a tiny encoder: it learns, resumes and skips nothing."""

import json
import random

import pytest
import torch
from transformers import BertConfig, BertTokenizerFast

from stance.labels import Stance
from stance.model.network import StanceNetwork
from stance.targets import load_targets
from stance.training.config import Stage
from stance.training.examples import (
    UNKNOWN,
    Example,
    built_in_slots,
    read_labelled,
    read_public,
    without,
)
from stance.training.fit import fit
from stance.training.swap import swapped

AGAINST, NONE, FAVOR = (tuple(float(i == j) for j in range(3)) for i in range(3))


@pytest.fixture
def tokenizer(tmp_path):
    words = "[PAD] [UNK] [CLS] [SEP] [MASK] good bad russia ukraine united states kingdom : ,"
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join(words.split()))
    return BertTokenizerFast(vocab=str(path))


def example(text, **labels):
    stances = {t.key: labels.get(t.key, NONE) for t in load_targets()}
    return Example(text, labels.get("sentiment", UNKNOWN), built_in_slots(text, stances))


def stage(**settings):
    return Stage(**{
        "name": "s", "kind": "labels", "data": (), "epochs": 30, "learning_rate": 5e-3,
        "limits": {}, "tokens_per_batch": 64, "warmup": 0.0, **settings,
    })  # fmt: skip


def small_network():
    torch.manual_seed(0)
    return StanceNetwork(BertConfig(
        vocab_size=14, hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    ), head_dropout=0.0)  # fmt: skip


EXAMPLES = [
    example("good russia", ru=FAVOR, sentiment=FAVOR),
    example("bad russia", ru=AGAINST, sentiment=AGAINST),
    example("good ukraine", ua=FAVOR, sentiment=FAVOR),
    example("bad ukraine", ua=AGAINST, sentiment=AGAINST),
]


def weights_of(network):
    return torch.cat([p.detach().flatten() for p in network.parameters()])


def test_random_copies_do_not_stall_the_last_epochs(tokenizer, tmp_path):
    """Epochs with copies differ in their number of batches; the stage still ends on time."""
    epochs = []
    fit(small_network(), EXAMPLES, tokenizer, stage(copies=0.5, tokens_per_batch=16, epochs=6),
        seed=1, state_file=tmp_path / "x.state", after_epoch=epochs.append)  # fmt: skip
    assert epochs == list(range(1, len(epochs) + 1))


def test_an_interrupted_stage_ends_as_an_uninterrupted_one(tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr("stance.training.fit.SECONDS_BETWEEN_SAVES", -1)
    settings = {"seed": 1, "state_file": tmp_path / "x.state"}
    whole, broken = small_network(), small_network()
    fit(whole, EXAMPLES, tokenizer, stage(epochs=4, copies=0.5), **settings, after_epoch=lambda _: 0)

    def power_cut(epoch):
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(broken, EXAMPLES, tokenizer, stage(epochs=4, copies=0.5), **settings, after_epoch=power_cut)
    again = small_network()
    fit(again, EXAMPLES, tokenizer, stage(epochs=4, copies=0.5), **settings, after_epoch=lambda _: 0)
    assert torch.allclose(weights_of(whole), weights_of(again), atol=1e-6)
    assert not (tmp_path / "x.state").exists()


def test_swapping_moves_names_and_labels_together():
    original = example("Ukraine is bad but Moscow is good", ua=AGAINST, ru=FAVOR)
    copy = swapped(original, random.Random(3))
    labels = {slot.name: slot.label for slot in copy.slots}
    named = {slot.name: slot.words for slot in copy.slots if slot.words}
    assert copy.text != original.text
    assert sorted(labels.values()) == sorted([AGAINST, FAVOR, NONE, NONE])
    assert {name for name, label in labels.items() if label != NONE} == set(named)
    against = next(name for name, label in labels.items() if label == AGAINST)
    assert copy.text.startswith(named[against][0])


def test_an_implied_stance_is_not_swapped():
    assert swapped(example("he crossed that border, said Kyiv", ru=AGAINST), random.Random(0)) is None


def test_readers_keep_labels_merge_texts_and_drop_held_out(tmp_path):
    rows = [
        {"id": "1", "text": "Good  Kyiv!", "sentiment": None, "us": "none", "uk": "none",
         "ru": "against", "ua": "favor"},
    ]  # fmt: skip
    labelled = tmp_path / "l.jsonl"
    labelled.write_text("\n".join(map(json.dumps, rows)))
    (read,) = read_labelled(labelled)
    assert read.text == "Good Kyiv!"
    assert read.sentiment == UNKNOWN
    assert [slot.label for slot in read.slots] == [NONE, NONE, AGAINST, FAVOR]
    assert read.slots[3].words == ("Kyiv",)
    public = tmp_path / "p.jsonl"
    public.write_text("\n".join(map(json.dumps, [
        {"text": "good kyiv", "target": "Ukraine", "stance": str(Stance.FAVOR), "split": "train"},
        {"text": "good kyiv", "target": "NATO", "stance": str(Stance.NONE), "split": "val"},
        {"text": "left out", "target": "NATO", "stance": "none", "split": "test"},
    ])))  # fmt: skip
    (merged,) = read_public(public)
    assert [(s.name, s.label) for s in merged.slots] == [("Ukraine", FAVOR), ("NATO", NONE)]
    assert without([merged], [read]) == []
