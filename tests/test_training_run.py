"""A whole run on a handful of rows: what no stage may see, what makes a stage new, what is written."""

import gzip
import json
import random
import shutil

import pytest
import torch

from stance.errors import StanceError
from stance.model.checkpoint import load_checkpoint, save_checkpoint
from stance.model.manifest import Manifest, read_manifest
from stance.public_sets import PUBLIC_SETS
from stance.training import run as module
from stance.training.config import RunConfig, Stage
from stance.training.examples import text_key
from stance.training.run import run
from stance.training.unseen import HELD_OUT_SHARE
from tests.test_training import small_network, tokenizer  # noqa: F401 (a fixture)

NONE = {"us": "none", "uk": "none", "ru": "none", "ua": "none"}
VAST = next(one for one in PUBLIC_SETS if one.name == "VAST")


def is_lot(text):
    """The rule by which a text is held out, written once more."""
    return random.Random(text_key(text)).random() < HELD_OUT_SHARE


TEXTS = [f"good russia bad ukraine {n}" for n in range(200)]
HELD_OUT = [text for text in TEXTS if is_lot(text)]
LEARNED = [text for text in TEXTS if not is_lot(text)]


def labelled(texts):
    moods = ("negative", "neutral", "positive")
    return [{"text": t, "sentiment": moods[n % 3], **NONE, "ru": "favor"} for n, t in enumerate(texts)]


def write(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with (gzip.open if path.suffix == ".gz" else open)(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(map(json.dumps, rows)))


@pytest.fixture
def data(tmp_path):
    """A development comment, a measured one and a held-out one stand wherever there is room for them."""
    folder = tmp_path / "data"
    measured = "Measured, good UKRAINE."
    write(folder / "labelled" / "dev.jsonl", labelled(["A dev text: good russia!"]))
    write(folder / "labelled" / "train.jsonl", labelled([*TEXTS, "a DEV text - good russia", measured]))
    seen = (HELD_OUT[0], "a dev text good russia")
    rows = [{"text": text, "target": "NATO", "stance": "favor"} for text in seen]
    public = [{**row, "split": "train"} for row in [*rows, {**rows[0], "text": "good public russia"}]]
    write(folder / "public" / VAST.file, [*public, {**rows[0], "text": measured, "split": VAST.split}])
    raw = [HELD_OUT[1], "A dev text, good russia", measured.lower(), "raw bad ukraine"]
    write(folder / "public" / "raw.jsonl.gz", [{"text": text} for text in raw])
    return folder


@pytest.fixture
def train(tmp_path, data, tokenizer, monkeypatch):  # noqa: F811
    """Runs stages from a tiny checkpoint; returns the texts that each stage which ran has learned from."""
    manifest = Manifest("t", "1", 64, {}, training_data=["x"])
    for name in ("start", "teacher"):
        save_checkpoint(tmp_path / name, small_network(), tokenizer, manifest)
    learned = []
    fit, adapt = module.fit, module.adapt
    monkeypatch.setattr(module, "fit", lambda net, examples, *rest, **named: (
        learned.append([e.text for e in examples]), fit(net, examples, *rest, **named)
    ))  # fmt: skip
    monkeypatch.setattr(module, "adapt", lambda net, texts, *rest, **named: (
        learned.append(texts), adapt(net, texts, *rest, **named)
    ))  # fmt: skip

    def train(*stages, stop=None):
        learned.clear()
        config = RunConfig(1, stages, start="start")
        out, cpu = tmp_path / "out", torch.device("cpu")
        run(config, data=data, base=tmp_path, out=out, device=cpu, stages=stop)
        return [list(texts) for texts in learned]

    deterministic = torch.are_deterministic_algorithms_enabled()
    yield train
    torch.use_deterministic_algorithms(deterministic)


def stage(name, **settings):
    return Stage(**{"name": name, "kind": "labels", "epochs": 1, "learning_rate": 1e-3, **settings})


WORDS = stage("words", kind="language", data=("public/raw.jsonl.gz",))
TAUGHT = stage(
    "taught", data=("labelled/train.jsonl", f"public/{VAST.file}"), taught=("public/raw.jsonl.gz",),
    teachers=("teacher",),
)  # fmt: skip


def test_no_stage_sees_what_is_measured_on_or_held_out(train, tmp_path):
    """Dev, what the card measures on and what is held out, wherever and in whatever letters it stands."""
    assert 3 <= len(HELD_OUT) <= 25
    words, taught = train(WORDS, TAUGHT)
    assert words == ["raw bad ukraine"]
    assert sorted(taught) == sorted([*LEARNED, "good public russia", "raw bad ukraine"])
    saved = read_manifest(tmp_path / "out" / "checkpoint")
    files = ["labelled/train.jsonl", "public/raw.jsonl.gz", f"public/{VAST.file}"]
    assert saved.training_data == [*files, "x"]
    assert set(saved.figures) >= {"pooled stance macro-F1", "share error"}
    load_checkpoint(tmp_path / "out" / "checkpoint")


def test_a_finished_stage_is_kept_as_long_as_all_that_it_rests_on_is_the_same(train, data, tmp_path):
    assert len(train(WORDS, TAUGHT, stop=1)) == 1
    assert not (tmp_path / "out" / "checkpoint").exists()
    assert len(train(WORDS, TAUGHT)) == 1, "the second only"
    assert train(WORDS, TAUGHT) == []
    write(data / "labelled" / "train.jsonl", labelled(TEXTS)[::-1])
    assert len(train(WORDS, TAUGHT)) == 1, "words do not rest on labels"
    write(data / "public" / "raw.jsonl.gz", [{"text": "other raw bad ukraine"}])
    assert train(WORDS, TAUGHT)[0] == ["other raw bad ukraine"]


def test_a_missing_teacher_is_told_before_anything_is_learned(train, tmp_path):
    shutil.rmtree(tmp_path / "teacher")
    with pytest.raises(StanceError, match="Expected a checkpoint with manifest.json in .*teacher"):
        train(WORDS, TAUGHT)
    assert not list((tmp_path / "out").glob("stage*"))


def test_a_stage_without_a_text_is_told(train, data):
    write(data / "public" / "raw.jsonl.gz", [{"text": HELD_OUT[0]}])
    with pytest.raises(StanceError, match="Expected texts to learn from in stage words, found none"):
        train(WORDS)
