"""The classifier: a list of texts and targets in, probability arrays out. Reads no comment files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from stance.labels import Stance
from stance.masking import MaskedText, mask_names
from stance.model.checkpoint import SHIPPED, Checkpoint, Manifest, load_checkpoint
from stance.model.encoding import TextEncoder
from stance.model.packing import collate
from stance.records import HeadStates, Scores
from stance.targets import Target
from stance.text import prepare_text


class StanceClassifier:
    """Scores texts with one encoder pass each, however many targets are asked.

    Probabilities do not depend on the batch, its order, the other targets or the number of
    threads, to 1e-5 (tested).
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._network = checkpoint.network
        self.manifest: Manifest = checkpoint.manifest
        self._encoder = TextEncoder(checkpoint.tokenizer, max_tokens=self.manifest.max_tokens)
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
        with self._turn, torch.inference_mode():
            packed = self._encoder.encode(texts)
            first, slots = self._network.encode(collate(packed, pad_id=self._encoder.pad))
            moods = self._network.sentiment.hidden(first)
            sides = self._network.stance.hidden(slots)
            sentiment = self._network.sentiment.projection(moods)
            stance = self._network.stance.projection(sides)
        shape = (len(texts), len(texts[0].slots), len(Stance))
        scores = Scores(
            sentiment=self._calibrated("sentiment", sentiment),
            stance=self._calibrated("stance", stance).reshape(shape),
            truncated=np.array([text.truncated for text in packed], dtype=np.bool_),
        )
        return scores, HeadStates(moods.numpy(), sides.numpy())

    def _calibrated(self, head: str, logits: torch.Tensor) -> NDArray[np.float32]:
        bias = torch.tensor(self.manifest.bias[head])
        table = torch.softmax((logits + bias) / self.manifest.temperature[head], dim=-1)
        return table.numpy()


def load_classifier(folder: str | Path = SHIPPED) -> StanceClassifier:
    """Load the shipped classifier, or one from another checkpoint folder of ours.

    Raises:
        CheckpointError: the checkpoint is missing, incomplete or was changed.
    """
    return StanceClassifier(load_checkpoint(Path(folder)))
