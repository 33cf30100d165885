"""One stage of training over labelled or teacher-labelled examples. Reads no data files."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR
from transformers import PreTrainedTokenizerBase

from stance.model.network import StanceNetwork
from stance.model.packed import PackedText
from stance.model.packing import PackedBatch, collate
from stance.training.batches import Targets, label_targets, length_buckets, made_ahead, pack
from stance.training.config import Stage
from stance.training.examples import Example
from stance.training.losses import LabelWeights, batch_loss, label_weights
from stance.training.noise import with_slips
from stance.training.precision import mixed_precision
from stance.training.schedule import warmup_rate
from stance.training.state import Progress, StateFile

log = logging.getLogger(__name__)

Batch = list[tuple[int, int | None]]
"""Indices of examples, each with the seed of its slips of the keyboard, or None."""


def fit(
    network: StanceNetwork,
    examples: Sequence[Example],
    tokenizer: PreTrainedTokenizerBase,
    stage: Stage,
    *,
    seed: int,
    state_file: Path,
    after_epoch: Callable[[int], None],
    workers: int = 0,
) -> None:
    """Train in place. A `state_file` of an interrupted stage is continued at its step.

    Batches of an epoch depend on the seed and the epoch alone, so a continued stage sees what an
    uninterrupted one would have seen. `workers` processes make them, 0 for none.
    """
    device = next(network.parameters()).device
    weights = _weights(examples, stage, device)
    packed = pack(examples, tokenizer, max_tokens=stage.max_tokens, workers=workers)
    make = _Maker(examples, packed, tokenizer, stage.max_tokens)
    batches = _epoch(packed, stage, seed=seed, epoch=0)
    n_steps = max(1, round(stage.epochs * len(batches)))
    last = min(n_steps, stage.ends_at or n_steps)
    optimizer = AdamW(_parameter_groups(network, stage), betas=(0.9, 0.98), eps=1e-6, fused=True)
    schedule = LambdaLR(optimizer, lambda step: warmup_rate(step, n_steps, stage.warmup))
    parts = {"network": network, "optimizer": optimizer, "schedule": schedule}
    state = StateFile(state_file, parts, device)
    progress = state.restore()
    network.train()
    while progress.step < last:
        if progress.epoch > 0:
            batches = _epoch(packed, stage, seed=seed, epoch=progress.epoch)
        due = batches[progress.batch : progress.batch + last - progress.step]
        for inputs, targets in made_ahead(due, make, workers=workers):
            loss = _step(network, inputs.to(device), targets.to(device), weights, stage)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            progress.batch += 1
            progress.step += 1
            if progress.step % 50 == 0:
                log.info("%s: step %d of %d, loss %.4f", stage.name, progress.step, last, loss.item())
            state.save_now_and_then(progress)
        progress = Progress(progress.epoch + 1, 0, progress.step)
        network.eval()
        after_epoch(progress.epoch)
        network.train()
    network.eval()


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the tensors of a batch: indices of examples, each with the seed of its slips or None."""

    examples: Sequence[Example]
    packed: Sequence[PackedText]
    tokenizer: PreTrainedTokenizerBase
    max_tokens: int

    def __call__(self, batch: Batch) -> tuple[PackedBatch, Targets]:
        examples = [self.examples[index] for index, _ in batch]
        texts = [self.packed[index] for index, _ in batch]
        slipped = {row: slips for row, (_, slips) in enumerate(batch) if slips is not None}
        mistyped = [
            replace(examples[row], text=with_slips(examples[row].text, random.Random(slips)))
            for row, slips in slipped.items()
        ]
        if mistyped:
            again = pack(mistyped, self.tokenizer, max_tokens=self.max_tokens)
            for row, text in zip(slipped, again, strict=True):
                texts[row] = text
        return collate(texts, pad_id=int(self.tokenizer.pad_token_id)), label_targets(examples)


def _epoch(packed: Sequence[PackedText], stage: Stage, *, seed: int, epoch: int) -> list[Batch]:
    """Batches of one epoch, with other slips of the keyboard in each.

    The seed, the stage and the epoch alone decide which, so an interrupted epoch can be continued.
    """
    rng = random.Random(f"{seed} {stage.name} {epoch}")
    slips = [rng.getrandbits(32) if rng.random() < stage.slips else None for _ in packed]
    lengths = [len(text) for text in packed]
    buckets = length_buckets(lengths, tokens_per_batch=stage.tokens_per_batch, rng=rng)
    return [[(index, slips[index]) for index in indices] for indices in buckets]


def _step(
    network: StanceNetwork,
    inputs: PackedBatch,
    targets: Targets,
    weights: LabelWeights,
    stage: Stage,
) -> Tensor:
    with mixed_precision(inputs.input_ids.device, stage.precision):
        sentiment, stance = network(inputs)
    outputs = sentiment.float(), stance.float()
    return batch_loss(outputs, targets, weights, sentiment_weight=stage.sentiment_weight)


def _weights(examples: Sequence[Example], stage: Stage, device: torch.device) -> LabelWeights:
    weights = label_weights(label_targets(examples), power=stage.class_power)
    return LabelWeights(weights.sentiment.to(device), weights.stance.to(device))


def _parameter_groups(network: StanceNetwork, stage: Stage) -> list[dict[str, object]]:
    """Learning rates fall by `layer_decay` from the top layer down; norms and biases don't decay."""
    n_layers = network.encoder.config.num_hidden_layers
    groups: dict[tuple[float, float], list[nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        depth = 0
        rate = stage.learning_rate
        if name.startswith("encoder.encoder.layer."):
            depth = n_layers - 1 - int(name.split(".")[3])
        elif name.startswith("encoder.embeddings"):
            depth = n_layers
        elif stage.head_learning_rate and not name.startswith("encoder."):
            rate = stage.head_learning_rate
        decay = 0.0 if parameter.ndim == 1 else stage.weight_decay
        groups.setdefault((rate * stage.layer_decay**depth, decay), []).append(parameter)
    return [
        {"params": parameters, "lr": rate, "weight_decay": decay}
        for (rate, decay), parameters in groups.items()
    ]
