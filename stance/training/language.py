"""Adapts the encoder to the language of comments by predicting masked words (Gururangan et al. 2020)."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR
from transformers import PreTrainedTokenizerBase

from stance.model.network import StanceNetwork
from stance.model.packing import PackedBatch
from stance.training.batches import Collated, length_buckets, made_ahead, pack
from stance.training.config import Stage
from stance.training.examples import UNKNOWN, Example
from stance.training.precision import Precision, mixed_precision
from stance.training.schedule import warmup_rate
from stance.training.state import StateFile

log = logging.getLogger(__name__)

MASKED_SHARE = 0.2
"""Share of word pieces to predict; 80 % of them are masked, 10 % replaced, 10 % left (BERT)."""

_IGNORED = -100


class _WordHead(nn.Module):
    """Predicts word pieces; its output matrix is the encoder's embedding, as in BERT."""

    def __init__(self, network: StanceNetwork) -> None:
        super().__init__()
        width = network.encoder.config.hidden_size
        self.dense = nn.Linear(width, width)
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(network.encoder.config.vocab_size))

    def forward(self, states: Tensor, embedding: Tensor) -> Tensor:
        hidden = self.norm(functional.gelu(self.dense(states)))
        return functional.linear(hidden, embedding, self.bias)


def adapt(
    network: StanceNetwork,
    texts: Sequence[str],
    tokenizer: PreTrainedTokenizerBase,
    stage: Stage,
    *,
    seed: int,
    state_file: Path,
    workers: int = 0,
) -> None:
    """Train the encoder in place on raw prepared texts; the two heads are left as they are.

    The texts are masked as for scoring, so that the placeholders learn what is said of countries.
    A `state_file` of an interrupted stage is continued at its step.
    """
    device = next(network.parameters()).device
    torch.manual_seed(seed)
    examples = [Example(text, UNKNOWN, ()) for text in texts]
    packed = pack(examples, tokenizer, max_tokens=stage.max_tokens, workers=workers)
    batches = _batches([len(text) for text in packed], stage, seed=seed)
    head = _WordHead(network).to(device)
    optimizer = AdamW(
        [*network.encoder.parameters(), *head.parameters()],
        lr=stage.learning_rate,
        betas=(0.9, 0.98),
        eps=1e-6,
        weight_decay=stage.weight_decay,
        fused=True,
    )
    schedule = LambdaLR(optimizer, lambda step: warmup_rate(step, len(batches), stage.warmup))
    parts = {"network": network, "head": head, "optimizer": optimizer, "schedule": schedule}
    state = StateFile(state_file, parts, device)
    progress = state.restore()
    network.train()
    make = Collated(packed, pad_id=int(tokenizer.pad_token_id))
    for batch in made_ahead(batches[progress.step :], make, workers=workers):
        loss = _loss(network, head, batch, tokenizer, stage.precision)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        progress.step += 1
        if progress.step % 100 == 0:
            log.info("%s: step %d of %d, loss %.4f", stage.name, progress.step, len(batches), loss.item())
        state.save_now_and_then(progress)
    network.eval()


def _batches(lengths: Sequence[int], stage: Stage, *, seed: int) -> list[list[int]]:
    rng = random.Random(seed)
    batches: list[list[int]] = []
    for _ in range(max(1, round(stage.epochs))):
        batches += length_buckets(lengths, tokens_per_batch=stage.tokens_per_batch, rng=rng)
    return batches


def _loss(
    network: StanceNetwork,
    head: _WordHead,
    batch: PackedBatch,
    tokenizer: PreTrainedTokenizerBase,
    precision: Precision,
) -> Tensor:
    """Cross-entropy of the masked word pieces of a batch."""
    device = next(network.parameters()).device
    masked, wanted = _mask(batch.input_ids, tokenizer)
    batch.input_ids.copy_(masked)
    inputs, wanted = batch.to(device), wanted.to(device)
    asked = wanted != _IGNORED
    with mixed_precision(device, precision):
        logits = head(network.states(inputs)[asked], word_table(network))
    return functional.cross_entropy(logits.float(), wanted[asked])


def word_table(network: StanceNetwork) -> Tensor:
    """The encoder's word embeddings, shape (vocabulary, width)."""
    embeddings: Any = network.encoder.get_input_embeddings()
    table: Tensor = embeddings.weight
    return table


def _mask(ids: Tensor, tokenizer: PreTrainedTokenizerBase) -> tuple[Tensor, Tensor]:
    """Masked input ids and the ids to predict, `_IGNORED` elsewhere."""
    special = torch.isin(ids, torch.tensor(tokenizer.all_special_ids))
    chosen = (torch.rand(ids.shape) < MASKED_SHARE) & ~special
    wanted = torch.where(chosen, ids, torch.tensor(_IGNORED))
    fate = torch.rand(ids.shape)
    masked = torch.where(chosen & (fate < 0.8), torch.tensor(tokenizer.mask_token_id), ids)
    random_ids = torch.randint(len(tokenizer), ids.shape)
    return torch.where(chosen & (fate >= 0.9), random_ids, masked), wanted
