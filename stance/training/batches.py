"""Turns examples into packed batches of about equal cost. Holds no network."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerBase

from stance.labels import Stance
from stance.model.packing import PackedText, slot_text
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
    encoded = tokenizer(
        [example.text for example in examples],
        add_special_tokens=True,
        truncation=True,
        max_length=max_tokens,
        split_special_tokens=True,
        return_attention_mask=False,
    )["input_ids"]
    slots = [slot_text(s.name, s.words) for example in examples for s in example.slots]
    distinct = list(dict.fromkeys(slots))
    separator = tokenizer.sep_token_id
    ids = {}
    if distinct:
        pieces = tokenizer(distinct, add_special_tokens=False, split_special_tokens=True)
        ids = {
            text: (*piece, separator)
            for text, piece in zip(distinct, pieces["input_ids"], strict=True)
        }
    remaining = iter(slots)
    return [
        PackedText(tuple(comment), tuple(ids[next(remaining)] for _ in example.slots))
        for comment, example in zip(encoded, examples, strict=True)
    ]


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
