"""Training on a handful of rows and a tiny encoder: it learns, resumes and skips nothing."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from transformers import BertConfig, BertTokenizerFast

from stance.errors import StanceError
from stance.labels import Stance
from stance.model.checkpoint import save_checkpoint
from stance.model.manifest import Manifest
from stance.model.network import StanceNetwork
from stance.targets import load_targets
from stance.training.__main__ import main
from stance.training.batches import pack
from stance.training.config import RunConfig, Stage
from stance.training.examples import (
    UNKNOWN,
    Example,
    built_in_slots,
    read_labelled,
    read_public,
    text_key,
    without,
)
from stance.training.fit import fit
from stance.training.sets import check_data
from stance.training.teacher import teach
from tests.conftest import ROOT

AGAINST, NONE, FAVOR = (tuple(float(i == j) for j in range(3)) for i in range(3))


@pytest.fixture
def tokenizer(tmp_path):
    words = "[PAD] [UNK] [CLS] [SEP] [MASK] [unused1] [unused2] "
    words += "good bad russia ukraine united states kingdom"
    path = tmp_path / "vocab.txt"
    path.write_text("\n".join(words.split()))
    return BertTokenizerFast(vocab=str(path))


def example(text, **labels):
    stances = {t.key: labels.get(t.key, NONE) for t in load_targets()}
    return Example(text, labels.get("sentiment", UNKNOWN), built_in_slots(stances))


def stage(**settings):
    return Stage(**{
        "name": "s", "kind": "labels", "data": (), "epochs": 30, "learning_rate": 5e-3,
        "limits": {}, "tokens_per_batch": 64, "warmup": 0.0, **settings,
    })  # fmt: skip


def small_network(*, dropout=0.0):
    torch.manual_seed(0)
    return StanceNetwork(BertConfig(
        vocab_size=14, hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0,
    ), head_dropout=dropout)  # fmt: skip


EXAMPLES = [
    example("good russia", ru=FAVOR, sentiment=FAVOR),
    example("bad russia", ru=AGAINST, sentiment=AGAINST),
    example("good ukraine", ua=FAVOR, sentiment=FAVOR),
    example("bad ukraine", ua=AGAINST, sentiment=AGAINST),
]


def weights_of(network):
    return torch.cat([p.detach().flatten() for p in network.parameters()])


def test_an_interrupted_stage_ends_as_an_uninterrupted_one(tokenizer, tmp_path, monkeypatch):
    """With dropout and slips of the keyboard: the random numbers go on where they stopped."""
    monkeypatch.setattr("stance.training.state.SECONDS_BETWEEN_SAVES", -1)
    settings = {"seed": 1, "state_file": tmp_path / "x.state"}
    whole, broken = small_network(dropout=0.2), small_network(dropout=0.2)

    def train(network, after_epoch):
        torch.manual_seed(7)
        fit(network, EXAMPLES, tokenizer, stage(epochs=4, slips=0.5), **settings, after_epoch=after_epoch)

    train(whole, lambda _: 0)
    (tmp_path / "x.state").unlink()

    def power_cut(epoch):
        if epoch == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        train(broken, power_cut)
    again = small_network(dropout=0.2)
    train(again, lambda _: 0)
    assert torch.allclose(weights_of(whole), weights_of(again), atol=1e-6)


def test_a_stage_is_not_continued_on_another_kind_of_device(tokenizer, tmp_path, monkeypatch):
    monkeypatch.setattr("stance.training.state.SECONDS_BETWEEN_SAVES", -1)
    path = tmp_path / "x.state"

    def train():
        fit(
            small_network(), EXAMPLES, tokenizer, stage(epochs=1), seed=1, state_file=path,
            after_epoch=lambda _: None,
        )  # fmt: skip

    train()
    torch.save({**torch.load(path), "device": "cuda"}, path)
    with pytest.raises(StanceError, match="go on with --device cuda, or remove .*x.state to begin"):
        train()


def test_a_stage_that_ends_early_ends_as_one_that_is_cut_off_there(tokenizer, tmp_path):
    """Its learning rate is still the one of the longer schedule."""
    cut = {}

    def train(epochs, ends_at=0):
        torch.manual_seed(7)
        network = small_network()
        steps = stage(epochs=epochs, ends_at=ends_at, tokens_per_batch=1_000)  # all four in a batch

        def keep(epoch):
            cut.setdefault(epoch, weights_of(network))

        fit(network, EXAMPLES, tokenizer, steps, seed=1, state_file=tmp_path / "x", after_epoch=keep)
        return weights_of(network)

    train(8)
    assert torch.equal(train(8, ends_at=4), cut[4])
    assert not torch.allclose(train(4), cut[4], atol=1e-4)


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
    public = tmp_path / "p.jsonl"
    public.write_text("\n".join(map(json.dumps, [
        {"text": "good kyiv", "target": "Ukraine", "stance": str(Stance.FAVOR), "split": "train"},
        {"text": "good kyiv", "target": "NATO", "stance": str(Stance.NONE), "split": "val"},
        {"text": "left out", "target": "NATO", "stance": "none", "split": "test"},
    ])))  # fmt: skip
    (merged,) = read_public(public)
    assert [(s.target.name, s.label) for s in merged.slots] == [("Ukraine", FAVOR), ("NATO", NONE)]
    assert without([merged], {text_key(read.text)}) == []
    assert without([merged], {text_key("other")}) == [merged]


def test_processes_that_make_batches_change_nothing(tokenizer, tmp_path):
    """With slips of the keyboard, and more examples than one process packs at once."""
    many = [replace(EXAMPLES[n % 4], text=f"{EXAMPLES[n % 4].text} {n}") for n in range(4_500)]
    assert pack(many, tokenizer, max_tokens=16, workers=2) == pack(many, tokenizer, max_tokens=16)

    def trained(workers):
        network = small_network(dropout=0.2)
        torch.manual_seed(7)
        fit(
            network, many[:40], tokenizer, stage(epochs=2, slips=0.5), seed=1, workers=workers,
            state_file=tmp_path / "x.state", after_epoch=lambda _: None,
        )  # fmt: skip
        return weights_of(network)

    alone = trained(0)
    assert torch.equal(trained(0), alone), "the same run gives the same bits"
    assert torch.equal(trained(2), alone)


def test_raw_comments_are_the_same_whoever_prepares_them_and_in_whatever_order_sets_are(tmp_path):
    """Two processes with other hash seeds, one of them with helpers; ties between targets are many."""
    file = tmp_path / "raw.jsonl"
    rows = (f"Putin and Zelensky, Biden and Starmer met, number {n}" for n in range(2_500))
    file.write_text("\n".join(json.dumps({"text": row}) for row in rows))
    code = (
        "import sys; from pathlib import Path; from stance.training.raw import read_raw\n"
        f"texts = read_raw([Path({str(file)!r})], known=set(), limit=40, naming=1.0, seed=1,"
        " workers=int(sys.argv[1]))\nprint(texts)"
    )
    one, other = (
        subprocess.run(
            [sys.executable, "-c", code, workers], cwd=ROOT, check=True, text=True,
            capture_output=True, env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for workers, seed in (("0", "1"), ("2", "2"))
    )  # fmt: skip
    assert one == other
    assert one.count("number") == 40


def test_what_teachers_labelled_is_not_labelled_again_by_another_device(tokenizer, tmp_path, monkeypatch):
    """A GPU labels more at once than a CPU; the last stage of the shipped run is made on a CPU."""
    save_checkpoint(tmp_path / "t", small_network(), tokenizer, Manifest("t", "1", 64, {}))
    chunks = iter(range(100))

    def fake(network, packed, **_):
        return next(chunks) + np.zeros((len(packed), 3)), np.zeros((len(packed), 4, 3))

    monkeypatch.setattr("stance.training.teacher.predict", fake)
    monkeypatch.setattr("stance.training.teacher.CHUNK", {"cpu": 2})
    texts, cpu = ["good", "bad", "russia"], torch.device("cpu")

    def ask():
        return teach(texts, [tmp_path / "t"], tmp_path / "c", max_tokens=9, device=cpu)

    first = ask()
    assert [example.sentiment[0] for example in first] == [0, 0, 1]
    monkeypatch.setattr("stance.training.teacher.CHUNK", {"cpu": 1})
    assert ask() == first and next(chunks) == 2


def test_teachers_that_are_gone_are_not_missed_where_all_is_labelled(tmp_path, monkeypatch, tokenizer):
    """A run that ended between the last chunk and the file of all goes on without loading them."""
    save_checkpoint(tmp_path / "t", small_network(), tokenizer, Manifest("t", "1", 64, {}))

    def ask():
        cpu = torch.device("cpu")
        return teach(["good", "bad"], [tmp_path / "t"], tmp_path / "c", max_tokens=9, device=cpu)

    first = ask()
    (whole,) = (tmp_path / "c").glob("*/all.npz")
    whole.unlink()
    monkeypatch.setattr("stance.training.teacher.load_any_base", lambda _: pytest.fail("loaded"))
    assert ask() == first


STAGE = '[[stage]]\nname = "a"\nkind = "labels"\ndata = ["x"]\nepochs = 1\nlearning_rate = 1e-4\n'


def test_what_a_run_lacks_is_told_in_one_line(tmp_path, capsys, tokenizer):
    places = [f"--{name}={tmp_path / name}" for name in ("data", "base", "out")]
    threads = f"--threads={torch.get_num_threads()}"

    def said(*options, start=""):
        (tmp_path / "run.toml").write_text(f"seed = 1\n{start}{STAGE}")
        assert main([str(tmp_path / "run.toml"), *places, threads, *options]) == 1
        (line,) = [line for line in capsys.readouterr().err.splitlines() if "error: " in line]
        return line

    deterministic = torch.are_deterministic_algorithms_enabled()
    try:
        assert "Expected 1 to 1 stages of this run, found 2." in said("--stages", "2")
        assert "Expected an encoder's config.json in" in said()
        save_checkpoint(tmp_path / "s" / "c", small_network(), tokenizer, Manifest("t", "1", 64, {}))
        assert "Could not read" in said(start="start = 's/c'\n")
        dev = tmp_path / "data" / "labelled" / "dev.jsonl"
        dev.parent.mkdir(parents=True)
        labels = {"sentiment": "neutral", "us": "none", "uk": "none", "ru": "none", "ua": "none"}
        dev.write_text(json.dumps({"text": "so", **labels}))
        assert "Expected files x in" in said(start="start = 's/c'\n")
    finally:
        torch.use_deterministic_algorithms(deterministic)


def test_limits_of_no_file_are_told_before_anything_is_learned(tmp_path):
    (tmp_path / "x").write_text("")
    config = RunConfig(1, (stage(name="a", data=("x",), limits={"x": 1, "y": 1}),))
    with pytest.raises(StanceError, match=r"Stage a: its limits hold \['y'\], in none of \['x'\]"):
        check_data(config, tmp_path)
