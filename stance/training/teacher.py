"""Labels raw comments with the averaged probabilities of several networks (self-training).

The students learn from soft labels (knowledge distillation, Hinton et al. 2015).
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from stance.model.network import StanceNetwork
from stance.model.packing import PackedText, collate
from stance.targets import load_targets
from stance.training.batches import length_buckets
from stance.training.examples import UNKNOWN, Example, SlotLabel, built_in_slots
from stance.training.precision import mixed_precision

Probabilities = NDArray[np.float32]

TOKENS_PER_BATCH = 65_536


def unlabelled(texts: Sequence[str]) -> list[Example]:
    """Prepared texts as examples with the four slots and no labels."""
    unknown = {target.key: UNKNOWN for target in load_targets()}
    return [Example(text, UNKNOWN, built_in_slots(unknown)) for text in texts]


def predict(
    network: StanceNetwork, packed: Sequence[PackedText], *, pad_id: int
) -> tuple[Probabilities, Probabilities]:
    """Probabilities of sentiment, shape (n, 3), and of stance, (n, 4, 3), without temperature."""
    device = next(network.parameters()).device
    sentiment = np.zeros((len(packed), 3), dtype=np.float32)
    stance = np.zeros((len(packed), len(load_targets()), 3), dtype=np.float32)
    lengths = [len(text) for text in packed]
    batches = length_buckets(lengths, tokens_per_batch=TOKENS_PER_BATCH, rng=random.Random(0))
    network.eval()
    with torch.inference_mode(), mixed_precision(device):
        for indices in batches:
            batch = collate([packed[i] for i in indices], pad_id=pad_id).to(device)
            mood, side = network(batch)
            sentiment[indices] = torch.softmax(mood.float(), dim=-1).cpu().numpy()
            stance[indices] = torch.softmax(side.float(), dim=-1).cpu().numpy()
    return sentiment, stance


def taught(
    examples: Sequence[Example], sentiment: Probabilities, stance: Probabilities
) -> list[Example]:
    """The examples with a teacher's probabilities as labels."""
    result = []
    for example, mood, sides in zip(examples, sentiment.tolist(), stance.tolist(), strict=True):
        slots = tuple(
            SlotLabel(slot.target, tuple(side))
            for slot, side in zip(example.slots, sides, strict=True)
        )
        result.append(Example(example.text, tuple(mood), slots))
    return result
