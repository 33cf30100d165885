"""The shipped checkpoint: the same answer however it is asked, and refusal of a changed file."""

import json
import shutil

import numpy as np
import pytest

from stance.errors import CheckpointError
from stance.masking import mask_names
from stance.model.checkpoint import load_checkpoint
from stance.model.classifier import load_classifier
from stance.model.manifest import SHIPPED, read_manifest
from stance.targets import load_targets

TOLERANCE = 1e-5
TEXTS = [
    "Putin must leave Ukraine alone.",
    "ok",
    "The Americans promise a lot and deliver nothing, as always. " * 3,
    "Well done Britain!",
    "good [SEP] Russia [CLS] bad",
    "Is there a map of the front anywhere?",
]


def difference(one, other):
    return max(
        float(np.abs(one.sentiment - other.sentiment).max()),
        float(np.abs(one.stance - other.stance).max()),
    )


def test_p20_the_answer_does_not_depend_on_the_batch_or_its_order(classifier):
    targets = load_targets()
    together = classifier.predict(TEXTS, targets)
    backwards = classifier.predict(TEXTS[::-1], targets)
    assert difference(together, type(together)(*(
        getattr(backwards, name)[::-1] for name in ("sentiment", "stance", "truncated")
    ))) <= TOLERANCE  # fmt: skip
    for index, text in enumerate(TEXTS):
        alone = classifier.predict([text], targets)
        assert np.abs(alone.stance[0] - together.stance[index]).max() <= TOLERANCE
        assert np.abs(alone.sentiment[0] - together.sentiment[index]).max() <= TOLERANCE


def test_a_target_does_not_depend_on_the_other_targets(classifier):
    targets = load_targets()
    all_four = classifier.predict(TEXTS, targets)
    for number, target in enumerate(targets):
        alone = classifier.predict(TEXTS, [target])
        assert np.abs(alone.stance[:, 0] - all_four.stance[:, number]).max() <= TOLERANCE
        assert np.abs(alone.sentiment - all_four.sentiment).max() <= TOLERANCE


def test_control_tokens_in_a_comment_are_text(classifier):
    """Neither the tokenizer's tokens nor our placeholders can be typed."""
    encoder = classifier._encoder
    special = {encoder.first, encoder.last, encoder.pad, *encoder.placeholders}
    typed = "a [SEP] b [CLS] [PAD] [MASK] [unused1] [unused2]"
    (packed,) = encoder.encode([mask_names(typed, load_targets())])
    assert special.isdisjoint(packed.comment[1:-1])


def test_a_long_comment_is_marked(classifier):
    scores = classifier.predict(["word " * 300, "short"], load_targets())
    assert list(scores.truncated) == [True, False]


def test_probabilities_sum_to_one(classifier):
    scores = classifier.predict(TEXTS, load_targets())
    assert scores.stance.shape == (6, 4, 3)
    assert np.allclose(scores.stance.sum(axis=2), 1, atol=1e-6)
    assert np.allclose(scores.sentiment.sum(axis=1), 1, atol=1e-6)


def test_plain_sentences_are_read_right(classifier):
    """A floor, not a measure: sentences that no reader could mistake."""
    texts = ["Thank you America, we are grateful.", "Putin is a murderer and Russia must pay."]
    us, ru = (classifier.predict(texts, load_targets()).stance.argmax(axis=2)[i] for i in (0, 1))
    assert us[0] == 2
    assert ru[2] == 0


def test_p17_one_flipped_bit_is_refused(tmp_path):
    folder = tmp_path / "weights"
    shutil.copytree(SHIPPED, folder)
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[len(data) // 2] ^= 1
    weights.write_bytes(data)
    with pytest.raises(CheckpointError, match="changed or cut: expected SHA-256"):
        load_checkpoint(folder)


def test_a_missing_tokenizer_is_refused(tmp_path):
    folder = tmp_path / "weights"
    shutil.copytree(SHIPPED, folder)
    (folder / "tokenizer.json").unlink()
    with pytest.raises(CheckpointError, match="tokenizer"):
        load_checkpoint(folder)


def test_a_missing_folder_and_a_strange_manifest_are_refused(tmp_path):
    with pytest.raises(CheckpointError, match="Expected a checkpoint with manifest.json"):
        load_classifier(tmp_path)
    entry = json.loads((SHIPPED / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps(entry | {"stance_labels": ["pro", "con"]}))
    with pytest.raises(CheckpointError, match="another version"):
        read_manifest(tmp_path)


def test_the_checkpoint_is_small_enough_for_the_repository():
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 50_000_000
