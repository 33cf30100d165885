"""Calibration on synthetic labels whose right answers are known."""

import json
import subprocess
import sys
from dataclasses import asdict, replace

import numpy as np
import pytest
from scipy.special import softmax

from stance.errors import StanceError
from stance.metrics import UNKNOWN, Predictions, share_error
from stance.model.classifier import on_cpu
from stance.model.manifest import Manifest, read_manifest
from stance.model.stored import read_stored
from stance.reliability import kept_at
from stance.targets import load_targets
from stance.training.calibration import (
    calibrate,
    fit_likelihood,
    fit_shares,
    fit_temperature,
)

BIAS, TEMPERATURE = np.array([0.5, -0.9, 0.4]), 1.7


def drawn(*shape, seed=0):
    """Logits, and labels drawn from softmax((logits + BIAS) / TEMPERATURE)."""
    rng = np.random.default_rng(seed)
    logits = rng.normal([0.0, 1.5, 0.0], 2.5, (*shape, 3))
    chances = softmax((logits + BIAS) / TEMPERATURE, axis=-1).cumsum(axis=-1)
    return (rng.random((*shape, 1)) > chances).sum(axis=-1).clip(0, 2), logits


def predictions(n, seed=0):
    gold, logits = drawn(n, 4, seed=seed)
    mood, mood_logits = drawn(n, seed=seed + 100)
    return Predictions(mood, gold, softmax(mood_logits, axis=-1), softmax(logits, axis=-1))


def shares(labels):
    return np.bincount(labels.ravel(), minlength=3) / labels.size


def test_likelihood_finds_the_bias_and_temperature_that_labels_were_drawn_with():
    gold, logits = drawn(40_000)
    found = fit_likelihood(gold, logits)
    assert found.bias == pytest.approx(BIAS, abs=0.05)
    assert found.temperature == pytest.approx(TEMPERATURE, abs=0.05)
    assert found.bias.sum() == pytest.approx(0, abs=1e-9)


def test_log_probabilities_do_as_logits():
    gold, logits = drawn(2_000)
    as_logits = fit_shares(gold, logits)
    as_logs = fit_shares(gold, np.log(softmax(logits, axis=-1)))
    assert as_logs.bias == pytest.approx(as_logits.bias, abs=1e-9)
    assert as_logs.temperature == pytest.approx(as_logits.temperature, abs=1e-4)


@pytest.mark.parametrize("seed", range(5))
def test_shares_of_the_labels_are_the_gold_shares_to_the_row(seed):
    gold, logits = drawn(731, seed=seed)
    found = fit_shares(gold, logits)
    before = logits.argmax(axis=1)
    after = found.probabilities(logits).argmax(axis=1)
    assert np.abs(shares(before) - shares(gold)).max() > 0.05
    assert np.bincount(after, minlength=3).tolist() == np.bincount(gold, minlength=3).tolist()


def test_a_label_that_no_row_has_is_given_to_none():
    gold, logits = drawn(300)
    gold[gold == 2] = 1
    after = fit_shares(gold, logits).probabilities(logits).argmax(axis=1)
    assert np.bincount(after, minlength=3).tolist() == np.bincount(gold, minlength=3).tolist()


def test_equal_rows_are_met_as_nearly_as_they_allow():
    gold = np.array([0, 0, 1, 2])
    logits = np.zeros((4, 3))
    found = fit_shares(gold, logits)
    assert np.isfinite(found.bias).all()
    assert 0.25 <= found.temperature <= 4


def test_targets_share_their_biases_and_the_error_of_each_targets_shares_shrinks():
    made = predictions(1_500)
    logits = np.log(made.stance_probabilities)
    # One target's names are read differently: no bias that all share can be right for each.
    logits[:, 2] += [0.6, 0.0, -0.6]
    pooled = fit_shares(made.stance.ravel(), logits.reshape(-1, 3))
    found = fit_shares(made.stance, logits)
    assert found.bias.shape == (3,)

    def error(scaling):
        table = scaling.probabilities(logits)
        return share_error(
            Predictions(made.sentiment, made.stance, made.sentiment_probabilities, table)
        )

    assert error(found) < error(pooled)


def test_the_temperature_after_the_shares_is_the_likeliest():
    gold, logits = drawn(3_000)
    found = fit_shares(gold, logits)
    rows = np.arange(len(gold))

    def likelihood(temperature):
        table = softmax((logits + found.bias) / temperature, axis=1)
        return np.log(table[rows, gold]).mean()

    assert likelihood(found.temperature) >= max(
        likelihood(found.temperature * factor) for factor in (0.9, 0.98, 1.02, 1.1)
    )


def test_unknown_labels_count_nowhere():
    gold, logits = drawn(900)
    more = np.append(gold, [UNKNOWN] * 50)
    padded = np.vstack([logits, np.full((50, 3), 9.0)])
    assert fit_shares(more, padded).bias == pytest.approx(fit_shares(gold, logits).bias)
    assert fit_shares(more, padded).temperature == pytest.approx(fit_shares(gold, logits).temperature)
    with pytest.raises(StanceError, match="none is known"):
        fit_shares(np.array([UNKNOWN]), np.zeros((1, 3)))


def test_calibrate_gives_the_manifest_all_its_fields():
    made = predictions(3_000)
    fields = calibrate(made, method="likelihood")
    manifest = Manifest(name="x", version="1", max_tokens=8, **fields)
    assert manifest.temperature["stance"] == pytest.approx(TEMPERATURE, abs=0.1)
    assert manifest.bias["stance"] == pytest.approx(BIAS, abs=0.1)
    assert list(manifest.conformal["sentiment"]) == ["0.8", "0.9", "0.95"]
    # Another draw: a fifth of its labels are below the threshold, and the rest are better.
    other = predictions(3_000, seed=7)
    gold, table = other.stance_pairs()
    table = softmax(
        (np.log(table) + manifest.bias["stance"]) / manifest.temperature["stance"], axis=1
    )
    unsure = table.max(axis=1) < manifest.unsure_below["stance"]
    assert unsure.mean() == pytest.approx(0.2, abs=0.02)
    wrong = table.argmax(axis=1) != gold
    assert wrong[~unsure].mean() == pytest.approx(kept_at(gold, table, 0.8).error, abs=0.01)
    assert wrong[unsure].mean() > 1.8 * wrong[~unsure].mean()


def test_calibrate_is_the_same_twice():
    assert calibrate(predictions(400), method="shares") == calibrate(
        predictions(400), method="shares"
    )


def test_a_manifest_keeps_its_calibration_and_an_older_one_is_without(tmp_path):
    fields = calibrate(predictions(400), method="shares")
    manifest = Manifest(name="x", version="1", max_tokens=8, **fields)
    (tmp_path / "manifest.json").write_text(json.dumps(asdict(manifest)))
    assert read_manifest(tmp_path) == manifest
    older = {key: value for key, value in asdict(manifest).items() if key not in fields}
    (tmp_path / "manifest.json").write_text(json.dumps(older | {"temperature": {}}))
    read = read_manifest(tmp_path)
    assert read.bias == {"sentiment": [0.0] * 3, "stance": [0.0] * 3}
    assert read.unsure_below == {"sentiment": 0.0, "stance": 0.0}
    assert read.conformal == {}


def test_reading_a_manifest_loads_no_torch():
    code = (
        "import sys; from stance import prediction_sets; from stance.model.manifest import "
        "read_manifest; read_manifest(); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_classifier_adds_the_bias_before_it_divides_by_the_temperature():
    checkpoint = read_stored()
    heat = {"sentiment": 2.0, "stance": 0.5}
    plain = replace(checkpoint.manifest, temperature=heat, bias=Manifest("", "", 8, heat).bias)
    moved = replace(plain, bias={"sentiment": [0.3, 0.0, 0.0], "stance": [0.0, 0.0, 0.4]})
    before, after = (
        on_cpu(replace(checkpoint, manifest=manifest)).predict(
            ["Kyiv deserves our thanks."], load_targets()
        )
        for manifest in (plain, moved)
    )
    odds = np.log(after.sentiment / before.sentiment)
    assert odds[0, 0] - odds[0, 1] == pytest.approx(0.3 / 2.0, abs=1e-4)
    odds = np.log(after.stance / before.stance)
    assert odds[0, :, 2] - odds[0, :, 1] == pytest.approx(0.4 / 0.5, abs=1e-4)


def test_the_temperature_alone_changes_no_label():
    made = predictions(400)
    fields = calibrate(made, method="temperature")
    assert fields["bias"] == {"sentiment": [0.0] * 3, "stance": [0.0] * 3}
    gold, logits = drawn(3_000)
    assert fit_temperature(gold, 2 * logits).temperature == pytest.approx(
        2 * fit_temperature(gold, logits).temperature, rel=1e-3
    )
