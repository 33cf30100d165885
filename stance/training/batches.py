"""Turns examples into packed batches of about equal cost. Holds no network."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from stance.labels import Stance
from stance.masking import mask_names
from stance.model.encoding import TextEncoder
from stance.model.packing import PackedText
from stance.training.examples import UNKNOWN, Example


@dataclass(frozen=True, slots=True)
class Targets:
    """What a batch should give: probabilities of the labels, zeros where nobody labelled.

    Shapes: `sentiment` (n, 3), `stance` (n, k, 3).
    """

    sentiment: Tensor
    stance: Tensor


def pack(
    examples: Sequence[Example], tokenizer: PreTrainedTokenizerBase, *, max_tokens: int
) -> list[PackedText]:
    """Token ids of examples; comments are cut at `max_tokens`, with `[CLS]` and `[SEP]`."""
    masked = [mask_names(e.text, [slot.target for slot in e.slots]) for e in examples]
    return TextEncoder(tokenizer, max_tokens=max_tokens).encode(masked)


def label_targets(examples: Sequence[Example]) -> Targets:
    """Labels of a batch, padded with zeros to the largest number of slots."""
    n_slots = max(len(example.slots) for example in examples)
    stance = [
        [*(slot.label for slot in example.slots), *[UNKNOWN] * (n_slots - len(example.slots))]
        for example in examples
    ]
    shape = (len(examples), n_slots, len(Stance))
    return Targets(
        torch.tensor([example.sentiment for example in examples]),
        torch.tensor(stance, dtype=torch.float32).reshape(shape),
    )


def length_buckets(
    lengths: Sequence[int], *, tokens_per_batch: int, rng: random.Random
) -> Iterator[list[int]]:
    """Indices of batches of similar length, in random order; a batch is padded to its longest."""
    order = sorted(range(len(lengths)), key=lambda i: (lengths[i], rng.random()))
    batches: list[list[int]] = [[]]
    for index in order:
        if (len(batches[-1]) + 1) * lengths[index] > tokens_per_batch and batches[-1]:
            batches.append([])
        batches[-1].append(index)
    rng.shuffle(batches)
    yield from batches
