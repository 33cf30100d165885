"""Turns examples into packed batches of about equal cost. Holds no network."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset
from transformers import PreTrainedTokenizerBase

from stance.labels import Stance
from stance.masking import mask_names
from stance.model.encoding import TextEncoder
from stance.model.packed import PackedText
from stance.model.packing import PackedBatch, collate
from stance.training.examples import UNKNOWN, Example


@dataclass(frozen=True, slots=True)
class Targets:
    """What a batch should give: probabilities of the labels, zeros where nobody labelled.

    Shapes: `sentiment` (n, 3), `stance` (n, k, 3).
    """

    sentiment: Tensor
    stance: Tensor

    def to(self, device: torch.device) -> Targets:
        """The same labels on another device."""
        return Targets(self.sentiment.to(device), self.stance.to(device))


_SHARED_AT_ONCE = 2_000

Given = TypeVar("Given")
Made = TypeVar("Made")


class _MadeOnDemand(Dataset[Made], Generic[Given, Made]):
    def __init__(self, batches: Sequence[Given], make: Callable[[Given], Made]) -> None:
        self._batches = batches
        self._make = make

    def __len__(self) -> int:
        return len(self._batches)

    def __getitem__(self, number: int) -> Made:
        return self._make(self._batches[number])


def made_ahead(
    batches: Sequence[Given], make: Callable[[Given], Made], *, workers: int
) -> Iterator[Made]:
    """`make` of each batch in order, by `workers` processes that run ahead; 0 for none.

    A small network on a GPU computes a batch faster than one process makes it.
    """
    loader: DataLoader[Made] = DataLoader(
        _MadeOnDemand(batches, make),
        batch_size=None,
        collate_fn=_as_it_is,
        num_workers=workers,
        multiprocessing_context="fork" if workers else None,
        # Of its own: drawing from the common one would move every dropout after it.
        generator=torch.Generator(),
    )
    return iter(loader)


def _as_it_is(made: Made) -> Made:
    return made


def spread(
    work: Callable[[Sequence[Given]], list[Made]], items: Sequence[Given], *, workers: int
) -> Iterator[Made]:
    """What `work` makes of all items in their order, shared among `workers` processes; 0 for none."""
    if workers:
        work(items[:1])  # what is loaded once is handed to all of them
    starts = range(0, len(items), _SHARED_AT_ONCE)
    parts = made_ahead(starts, lambda n: work(items[n : n + _SHARED_AT_ONCE]), workers=workers)
    for part in parts:
        yield from part


def pack(
    examples: Sequence[Example],
    tokenizer: PreTrainedTokenizerBase,
    *,
    max_tokens: int,
    workers: int = 0,
) -> list[PackedText]:
    """Token ids of examples; comments are cut at `max_tokens`, with `[CLS]` and `[SEP]`."""
    return list(spread(partial(_pack, tokenizer, max_tokens), examples, workers=workers))


def _pack(
    tokenizer: PreTrainedTokenizerBase, max_tokens: int, examples: Sequence[Example]
) -> list[PackedText]:
    masked = [mask_names(e.text, [slot.target for slot in e.slots]) for e in examples]
    return TextEncoder(tokenizer, max_tokens=max_tokens).encode(masked)


@dataclass(frozen=True, slots=True)
class Collated:
    """Makes the tensors of a batch, given as indices of packed texts."""

    packed: Sequence[PackedText]
    pad_id: int

    def __call__(self, indices: Sequence[int]) -> PackedBatch:
        """The tensors of the texts at `indices`."""
        return collate([self.packed[i] for i in indices], pad_id=self.pad_id)


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
