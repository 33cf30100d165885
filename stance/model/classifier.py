"""The classifier: a list of texts and targets in, probability arrays out. Reads no comment files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from stance.labels import Stance
from stance.model.checkpoint import SHIPPED, Checkpoint, Manifest, load_checkpoint
from stance.model.packing import PackedText, collate, slot_text
from stance.records import Scores
from stance.targets import MentionFinder, Target, mentioned_words
from stance.text import PreparedText, prepare_text


class StanceClassifier:
    """Scores texts with one encoder pass each, however many targets are asked.

    Probabilities do not depend on the batch, its order, the other targets or the number of
    threads, to 1e-5 (tested).
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._network = checkpoint.network
        self._tokenizer = checkpoint.tokenizer
        self.manifest: Manifest = checkpoint.manifest
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
            packed = self._pack(prepared, targets)
            sentiment, stance = self._network(
                collate(packed, pad_id=int(self._tokenizer.pad_token_id))
            )
        heat = self.manifest.temperature
        return Scores(
            sentiment=torch.softmax(sentiment / heat["sentiment"], dim=-1).numpy(),
            stance=torch.softmax(stance / heat["stance"], dim=-1)
            .numpy()
            .reshape(len(texts), len(targets), len(Stance)),
            truncated=np.array([text.truncated for text in packed]),
        )

    def _pack(
        self, prepared: Sequence[PreparedText], targets: Sequence[Target]
    ) -> list[PackedText]:
        limit = self.manifest.max_tokens - 2
        # Nothing that a comment says is obeyed: "[SEP]" typed in it is text.
        comments = self._tokenizer(
            [text.text for text in prepared], add_special_tokens=False, split_special_tokens=True
        )["input_ids"]
        first, last = self._tokenizer.cls_token_id, self._tokenizer.sep_token_id
        return [
            PackedText(
                comment=(first, *tokens[:limit], last),
                slots=slots,
                truncated=text.truncated or len(tokens) > limit,
            )
            for text, tokens, slots in zip(
                prepared, comments, self._slots(prepared, targets), strict=True
            )
        ]

    def _slots(
        self, prepared: Sequence[PreparedText], targets: Sequence[Target]
    ) -> list[tuple[tuple[int, ...], ...]]:
        """Token ids of the slots of each text; equal slots are tokenised once."""
        finder = MentionFinder(targets)
        wanted = []
        for text in prepared:
            mentions = finder.find(text.text)
            wanted.append(
                [slot_text(t.name, mentioned_words(text.text, mentions, t.key)) for t in targets]
            )
        distinct = list(dict.fromkeys(slot for slots in wanted for slot in slots))
        if not distinct:
            return [() for _ in prepared]
        tokens = self._tokenizer(distinct, add_special_tokens=False, split_special_tokens=True)
        ids = {
            slot: (*pieces, self._tokenizer.sep_token_id)
            for slot, pieces in zip(distinct, tokens["input_ids"], strict=True)
        }
        return [tuple(ids[slot] for slot in slots) for slots in wanted]


def load_classifier(folder: str | Path = SHIPPED) -> StanceClassifier:
    """Load the shipped classifier, or one from another checkpoint folder of ours.

    Raises:
        CheckpointError: the checkpoint is missing, incomplete or was changed.
    """
    return StanceClassifier(load_checkpoint(Path(folder)))
