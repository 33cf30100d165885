"""Labels raw comments with the averaged probabilities of one or several networks (self-training).

The students learn from soft labels (knowledge distillation, Hinton et al. 2015).
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from stance.labels import Sentiment, Stance
from stance.model.manifest import read_manifest
from stance.model.network import StanceNetwork
from stance.model.packed import PackedText
from stance.model.stored import file_hash
from stance.targets import load_targets
from stance.training.bases import load_any_base
from stance.training.batches import Collated, length_buckets, made_ahead, pack
from stance.training.examples import UNKNOWN, Example, SlotLabel, built_in_slots
from stance.training.precision import mixed_precision

log = logging.getLogger(__name__)

Probabilities = NDArray[np.float32]

TOKENS_PER_BATCH = 8_192

CHUNK = {"cpu": 2_000, "cuda": 50_000}
"""Texts labelled between two saves, by device: some minutes' work."""


def teach(
    texts: Sequence[str],
    teachers: Sequence[Path],
    cache: Path,
    *,
    max_tokens: int,
    device: torch.device,
    workers: int = 0,
) -> list[Example]:
    """Raw prepared texts as examples with the teachers' mean probabilities as labels.

    Args:
        texts: prepared comments.
        teachers: checkpoint folders.
        cache: folder where labelled chunks are kept; an interrupted run goes on after the last. What
            is labelled to the end is not labelled again, on whatever device.
        max_tokens: word pieces that the teachers read of a comment.
        device: where the teachers compute.
        workers: processes that make batches, 0 for none.
    """
    # Labels belong to these texts and teachers: other ones get a folder of their own.
    marks = [max_tokens, *(read_manifest(folder).sha256 for folder in teachers), *texts]
    cache = cache / hashlib.sha256("\n".join(map(str, marks)).encode()).hexdigest()[:16]
    cache.mkdir(parents=True, exist_ok=True)
    unknown = {target.key: UNKNOWN for target in load_targets()}
    examples = [Example(text, UNKNOWN, built_in_slots(unknown)) for text in texts]
    whole = cache / "all.npz"
    if not whole.exists():
        files = _label(examples, teachers, cache, max_tokens=max_tokens, device=device, workers=workers)
        parts = [np.load(file) for file in files]
        moods, sides = (np.concatenate([one[head] for one in parts]) for head in ("sentiment", "stance"))
        _save(whole, moods, sides)
    labels = np.load(whole)
    sentiment, stance = labels["sentiment"].tolist(), labels["stance"].tolist()
    return [
        _with_labels(example, mood, sides)
        for example, mood, sides in zip(examples, sentiment, stance, strict=True)
    ]


def _label(
    examples: Sequence[Example],
    teachers: Sequence[Path],
    cache: Path,
    *,
    max_tokens: int,
    device: torch.device,
    workers: int,
) -> list[Path]:
    """Files of the teachers' mean probabilities, chunk after chunk; those that are there are kept."""
    size = CHUNK[device.type]
    files = {first: cache / f"{first:07d}-{size}.npz" for first in range(0, len(examples), size)}
    missing = {first: file for first, file in files.items() if not file.exists()}
    loaded = [load_any_base(folder) for folder in teachers if missing]
    for first, file in missing.items():
        chunk = examples[first : first + size]
        moods, sides = (len(chunk), len(Sentiment)), (len(chunk), len(load_targets()), len(Stance))
        sums = [np.zeros(moods), np.zeros(sides)]
        packed: dict[str, list[PackedText]] = {}
        for folder, one in zip(teachers, loaded, strict=True):
            # Teachers of one base read the same token ids.
            words = file_hash(folder / "tokenizer.json")
            if words not in packed:
                packed[words] = pack(chunk, one.tokenizer, max_tokens=max_tokens, workers=workers)
            network, pad = one.network.to(device), int(one.tokenizer.pad_token_id)
            found = predict(network, packed[words], pad_id=pad, precise=False, workers=workers)
            for total, one_head in zip(sums, found, strict=True):
                total += one_head / len(loaded)
        _save(file, sums[0], sums[1])
        log.info("taught %d of %d", first + len(chunk), len(examples))
    return list(files.values())


def _save(file: Path, sentiment: NDArray[np.float64], stance: NDArray[np.float64]) -> None:
    partial = file.with_suffix(".partial.npz")
    np.savez(partial, sentiment=sentiment, stance=stance)
    partial.replace(file)


def predict(
    network: StanceNetwork,
    packed: Sequence[PackedText],
    *,
    pad_id: int,
    precise: bool,
    workers: int = 0,
) -> tuple[Probabilities, Probabilities]:
    """Probabilities of sentiment, shape (n, 3), and of stance, (n, 4, 3), without temperature.

    `precise` computes in float32, as scoring does; without it as training does.
    """
    device = next(network.parameters()).device
    sentiment = np.zeros((len(packed), len(Sentiment)), dtype=np.float32)
    stance = np.zeros((len(packed), len(load_targets()), len(Stance)), dtype=np.float32)
    lengths = [len(text) for text in packed]
    batches = list(length_buckets(lengths, tokens_per_batch=TOKENS_PER_BATCH, rng=random.Random(0)))
    made = made_ahead(batches, Collated(packed, pad_id), workers=workers)
    network.eval()
    with torch.inference_mode(), contextlib.nullcontext() if precise else mixed_precision(device, "mixed"):
        for indices, batch in zip(batches, made, strict=True):
            mood, side = network(batch.to(device))
            sentiment[indices] = torch.softmax(mood.float(), dim=-1).cpu().numpy()
            stance[indices] = torch.softmax(side.float(), dim=-1).cpu().numpy()
    return sentiment, stance


def _with_labels(example: Example, mood: list[float], sides: list[list[float]]) -> Example:
    slots = tuple(
        SlotLabel(slot.target, (side[0], side[1], side[2]))
        for slot, side in zip(example.slots, sides, strict=True)
    )
    return Example(example.text, (mood[0], mood[1], mood[2]), slots)
