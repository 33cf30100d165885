"""The classifier: a list of texts and targets in, probability arrays out. Reads no comment files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from stance.labels import Stance
from stance.masking import mask_names
from stance.model.checkpoint import SHIPPED, Checkpoint, Manifest, load_checkpoint
from stance.model.encoding import TextEncoder
from stance.model.packing import collate
from stance.records import Scores
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
        prepared = [prepare_text(text) for text in texts]
        with self._turn, torch.inference_mode():
            packed = self._encoder.encode([mask_names(text.text, targets) for text in prepared])
            sentiment, stance = self._network(collate(packed, pad_id=self._encoder.pad))
        heat = self.manifest.temperature
        return Scores(
            sentiment=torch.softmax(sentiment / heat["sentiment"], dim=-1).numpy(),
            stance=torch.softmax(stance / heat["stance"], dim=-1)
            .numpy()
            .reshape(len(texts), len(targets), len(Stance)),
            truncated=np.array(
                [text.truncated or cut.truncated for text, cut in zip(packed, prepared, strict=True)]
            ),
        )


def load_classifier(folder: str | Path = SHIPPED) -> StanceClassifier:
    """Load the shipped classifier, or one from another checkpoint folder of ours.

    Raises:
        CheckpointError: the checkpoint is missing, incomplete or was changed.
    """
    return StanceClassifier(load_checkpoint(Path(folder)))
