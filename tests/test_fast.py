"""The forward pass that scores are made with gives what the network in torch gives."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from stance.errors import CheckpointError, DeviceError
from stance.masking import mask_names
from stance.model.card import CardNetwork
from stance.model.checkpoint import load_checkpoint
from stance.model.classifier import StanceClassifier, load_classifier, on_cpu
from stance.model.devices import Device
from stance.model.encoding import TextEncoder
from stance.model.fast import BATCH_TOKENS, FastNetwork, _batches
from stance.model.loading import load
from stance.model.manifest import SHIPPED
from stance.model.onnx_runtime import ort
from stance.model.packed import PackedText
from stance.model.packing import collate
from stance.model.stored import read_stored
from stance.model.threads import threads_in_use, use_threads
from stance.targets import load_targets, typed_target
from stance.text import prepare_text
from tests.conftest import ROOT

TOLERANCE = 1e-5
LONG = "The war is lost and Kyiv knows it, says nobody but Moscow. " * 60


@pytest.fixture(scope="module")
def reference():
    return load_checkpoint()


def probabilities(checkpoint, packed):
    """Of torch: sentiment (n, 3) and stance (n, k, 3)."""
    manifest = checkpoint.manifest
    with torch.inference_mode():
        logits = checkpoint.network(collate(packed, pad_id=0))
    return [
        torch.softmax((found + torch.tensor(manifest.bias[head])) / manifest.temperature[head], -1)
        for head, found in zip(("sentiment", "stance"), logits, strict=True)
    ]


def assert_same(classifier, reference, texts, targets):
    scores = classifier.predict(texts, targets)
    masked = [mask_names(prepare_text(text).text, targets) for text in texts]
    encoder = TextEncoder(reference.tokenizer, max_tokens=reference.manifest.max_tokens)
    packed = encoder.encode(masked)
    assert packed == classifier._encoder.encode(masked)  # transformers' tokenizer and ours
    sentiment, stance = probabilities(reference, packed)
    assert np.abs(scores.sentiment - sentiment.numpy()).max() <= TOLERANCE
    assert scores.stance.shape == tuple(stance.shape)
    if targets:
        assert np.abs(scores.stance - stance.numpy()).max() <= TOLERANCE


def test_p21_all_of_the_sample_as_torch_scores_it(classifier, reference, sample):
    texts = [comment.text for comment in sample.comments]
    assert_same(classifier, reference, texts, load_targets())
    assert_same(classifier, reference, texts[::7], [])


@pytest.mark.parametrize("texts", [["ok"], [LONG], [LONG, "a", "b c d e f", LONG[:300], "g"]])
def test_p21_odd_lengths_as_torch_scores_them(classifier, reference, texts):
    assert_same(classifier, reference, texts, load_targets())


def test_p21_up_to_64_targets_as_torch_scores_them(classifier, reference):
    targets = list(load_targets())
    while len(targets) < 64:
        targets.append(typed_target(f"Nation{len(targets)}", []))
    for number in (1, 5, 64):
        assert_same(classifier, reference, ["Nation5 is right.", LONG], targets[:number])


@pytest.mark.parametrize(("precision", "tolerance"), [("float32", TOLERANCE), ("bfloat16", 0.05)])
def test_a_card_gives_the_scores_of_the_cpu(classifier, sample, precision, tolerance):
    # No card is at hand in a test: torch computes the same on the CPU.
    loaded = load_checkpoint()
    network = CardNetwork(loaded.network, device="cpu", precision=precision)
    card = StanceClassifier(network, loaded.tokenizer, loaded.manifest)
    texts = [comment.text for comment in sample.comments]
    (ours, states), (found, card_states) = (
        one.predict_with_states(texts, load_targets()) for one in (classifier, card)
    )
    difference = np.abs(found.stance - ours.stance).max()
    assert difference <= tolerance
    assert (difference > TOLERANCE) == (precision == "bfloat16")
    assert np.abs(found.sentiment - ours.sentiment).max() <= tolerance
    assert card_states.stance.dtype == states.stance.dtype == np.float32
    assert card_states.stance.shape == states.stance.shape
    assert card.predict(texts[:2], []).stance.shape == (2, 0, 3)


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a graphics card")
def test_no_card_is_told():
    with pytest.raises(DeviceError, match="Expected a graphics card that torch can use, found none"):
        load_classifier(device=Device("cuda"))


def test_bfloat16_on_the_cpu_and_another_model_on_a_card_are_refused(tmp_path):
    with pytest.raises(DeviceError, match="Expected a graphics card for bfloat16, found the CPU"):
        Device("cpu", "bfloat16")
    with pytest.raises(DeviceError, match="Expected the shipped model for cuda, float32"):
        load(tmp_path, device=Device("cuda"))


def test_p18_what_computes_has_nobody_to_report_to():
    # From 1.29 on ONNX Runtime sends events to Microsoft, and keeps a device id in the home folder.
    (library,) = Path(ort.__file__).parent.glob("capi/onnxruntime_pybind11_state*")
    assert b"events.data.microsoft.com" not in library.read_bytes()
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"


def test_p18_nobody_else_loads_what_computes():
    loads = re.compile(r"^\s*(import|from) onnxruntime", re.MULTILINE)
    folders = ("stance", "benchmarks", "scripts", "tests")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    assert [path.name for path in files if loads.search(path.read_text("utf-8"))] == ["onnx_runtime.py"]


def test_a_pass_reads_every_text_once_and_few_tokens_at_a_time():
    texts = [PackedText(tuple(range(length)), ()) for length in (1, 2, 40, 41, 300, 301, 900, 901)]
    batches = list(_batches(texts))
    assert [text for batch in batches for text in batch] == texts
    assert all(len(b) * len(b[-1]) <= BATCH_TOKENS or len(b) == 1 for b in batches)
    assert len(batches) == 4


def test_p20_the_answer_does_not_depend_on_the_threads(classifier):
    texts = ["Kyiv deserves our thanks.", LONG]
    try:
        use_threads(threads_in_use() + 1)
        more = on_cpu(read_stored()).predict(texts, load_targets())
    finally:
        use_threads(None)
    assert np.abs(more.stance - classifier.predict(texts, load_targets()).stance).max() <= TOLERANCE


def test_p21_the_last_digit_does_not_hang_on_the_threads_of_the_environment():
    code = (
        "from stance import load_classifier; from stance.targets import load_targets; "
        "from stance.page.sample import sample_set; "
        "texts = [c.text for c in sample_set().result.comments][:40]; "
        "print(load_classifier().predict(texts, load_targets()).stance.tobytes().hex())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {name: n for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")},
            capture_output=True,
            check=True,
        ).stdout
        for n in ("1", "2")
    }
    assert len(said) == 1


def test_weights_of_another_network_are_refused():
    stored = read_stored()
    name = "encoder.encoder.layer.5.output.dense.bias"
    less = {key: value for key, value in stored.weights.items() if key != name}
    more = stored.weights | {"encoder.encoder.layer.6.output.dense.bias": stored.weights[name]}
    odd = stored.weights | {name: stored.weights[name][:-1]}
    for weights in (less, more, odd):
        with pytest.raises(CheckpointError, match="don't fit the network"):
            on_cpu(replace(stored, weights=weights))


def test_another_activation_is_refused(tmp_path):
    folder = tmp_path / "weights"
    shutil.copytree(SHIPPED, folder)
    config = json.loads((folder / "config.json").read_text()) | {"hidden_act": "relu"}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(CheckpointError, match="BERT with GELU"):
        read_stored(folder)


BROKEN = {
    "missing": None,
    "cut": "{",
    "no object": "[]",
    "without a vocabulary": {"vocab_size": None},
    "without heads": {"num_attention_heads": None},
    "heads in words": {"num_attention_heads": "twelve"},
    "no heads": {"num_attention_heads": 0},
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_config_is_a_broken_checkpoint(tmp_path, name):
    folder, config = tmp_path / "weights", BROKEN[name]
    shutil.copytree(SHIPPED, folder)
    path = folder / "config.json"
    if isinstance(config, dict):
        whole = json.loads(path.read_text()) | config
        config = json.dumps({key: value for key, value in whole.items() if value is not None})
    path.unlink()
    if config is not None:
        path.write_text(config)
    with pytest.raises(CheckpointError, match="config.json"):
        read_stored(folder)


def test_the_tokenizer_refuses_what_it_would_not_do():
    with pytest.raises(TypeError, match="truncation"):
        read_stored().tokenizer(["a"], truncation=True)


WITH_LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
from stance.model.fast import FastNetwork
from stance.model.packed import PackedText
from stance.model.stored import read_stored

def leave(n_bytes):
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + n_bytes,) * 2)

stored = read_stored()
when, megabytes = sys.argv[1], int(sys.argv[2])
if when == "load":
    leave(megabytes * 1_000_000)
network = FastNetwork(stored.weights, stored.config, n_threads=1)
text = PackedText(tuple(range(1_000, 1_250)), ((5,),) * 4)
hog = []
try:
    leave(0)
    while True:
        hog.append(bytearray(1 << 16))
except MemoryError:
    del hog[-20:]
network.read([text] * 64)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
@pytest.mark.parametrize(("when", "megabytes"), [("load", 20), ("load", 100), ("pass", 0)])
def test_p9_too_little_memory_is_a_memory_error(when, megabytes):
    """At load in numpy, at load in ONNX Runtime, in its pass."""
    command = [sys.executable, "-c", WITH_LITTLE_MEMORY, when, str(megabytes)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    last = done.stderr.splitlines()[-1]
    assert last.startswith(("MemoryError", "numpy._core._exceptions._ArrayMemoryError")), done.stderr


@pytest.mark.parametrize(
    "told",
    [
        "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Exception during initialization: std::bad_alloc",
        "[ONNXRuntimeError] : 1 : FAIL : Failed to allocate memory for requested buffer of size 780288",
    ],
)
def test_p9_what_the_runtime_says_of_memory_is_a_memory_error(monkeypatch, told):
    class Full:
        def run(self, *_):
            raise RuntimeError(told)

    stored = read_stored()
    monkeypatch.setattr("stance.model.fast._session", lambda *_: Full())
    with pytest.raises(MemoryError, match="too little memory"):
        FastNetwork(stored.weights, stored.config, n_threads=1)
