"""The classifier: a list of texts and targets in, probability arrays out. Reads no comment files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from stance.labels import Stance
from stance.masking import MaskedText, mask_names
from stance.model.devices import CPU, Device
from stance.model.encoding import TextEncoder
from stance.model.fast import FastNetwork, Readings
from stance.model.manifest import SHIPPED, Manifest
from stance.model.packed import PackedText
from stance.model.stored import Stored, read_stored
from stance.model.threads import threads_in_use
from stance.records import HeadStates, Scores
from stance.targets import Target
from stance.text import prepare_text

if TYPE_CHECKING:
    from stance.model.encoding import AnyTokenizer


class Network(Protocol):
    """What makes the forward pass."""

    def read(self, texts: Sequence[PackedText]) -> Readings:
        """What the heads make of packed texts, at least one."""


class StanceClassifier:
    """Scores texts with one encoder pass each, however many targets are asked.

    Probabilities do not depend on the batch, its order, the other targets or the number of
    threads, to 1e-5 in float32 (tested).
    """

    def __init__(self, network: Network, tokenizer: AnyTokenizer, manifest: Manifest) -> None:
        """`network` makes the forward pass, of the weights that `manifest` names."""
        self._network = network
        self.manifest = manifest
        self._encoder = TextEncoder(tokenizer, max_tokens=manifest.max_tokens)
        # Sessions share one classifier: two forward passes at once slow each other down many
        # times, and a fast tokenizer must not be used by two threads.
        self._turn = threading.Lock()

    def predict(self, texts: Sequence[str], targets: Sequence[Target]) -> Scores:
        """Score texts toward targets, all in one batch; choose its size to fit your memory.

        Args:
            texts: comments as their authors wrote them, at least one, none empty.
            targets: what stance is asked about, in the order of the result's columns.
        """
        return self.predict_with_states(texts, targets)[0]

    def predict_with_states(
        self, texts: Sequence[str], targets: Sequence[Target]
    ) -> tuple[Scores, HeadStates]:
        """As `predict`, and what the last layer of each head reads."""
        prepared = [prepare_text(text) for text in texts]
        scores, states = self._pass([mask_names(text.text, targets) for text in prepared])
        cut = np.array([text.truncated for text in prepared], dtype=np.bool_)
        return replace(scores, truncated=scores.truncated | cut), states

    def predict_masked(self, texts: Sequence[MaskedText]) -> Scores:
        """Score texts that `stance.masking` has masked, for callers that vary what the model reads.

        Args:
            texts: at least one; all ask about the same number of targets, which may be none.

        Returns:
            As `predict`; `truncated` tells of the limit on tokens only.
        """
        return self._pass(texts)[0]

    def _pass(self, texts: Sequence[MaskedText]) -> tuple[Scores, HeadStates]:
        with self._turn:
            packed = self._encoder.encode(texts)
            found = self._network.read(packed)
        shape = (len(texts), len(texts[0].slots), len(Stance))
        scores = Scores(
            sentiment=self._calibrated("sentiment", found.sentiment),
            stance=self._calibrated("stance", found.stance).reshape(shape),
            truncated=np.array([text.truncated for text in packed], dtype=np.bool_),
        )
        return scores, HeadStates(found.moods, found.sides)

    def _calibrated(self, head: str, logits: NDArray[np.float32]) -> NDArray[np.float32]:
        bias = np.array(self.manifest.bias[head], dtype=np.float32)
        logits = (logits + bias) / np.float32(self.manifest.temperature[head])
        powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def load_classifier(folder: str | Path = SHIPPED, *, device: Device = CPU) -> StanceClassifier:
    """Load the shipped classifier, or one from another checkpoint folder of ours.

    Raises:
        CheckpointError: the checkpoint is missing, incomplete or was changed.
        DeviceError: there is no such device here.
        MemoryError: there is too little memory.
    """
    if device == CPU:
        return on_cpu(read_stored(Path(folder)))
    from stance.model.card import on_card

    return on_card(Path(folder), device)


def on_cpu(stored: Stored) -> StanceClassifier:
    """The classifier of a checkpoint that was read; raises as `FastNetwork`."""
    network = FastNetwork(stored.weights, stored.config, n_threads=threads_in_use())
    return StanceClassifier(network, stored.tokenizer, stored.manifest)
