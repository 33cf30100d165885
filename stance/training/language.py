"""Adapts the encoder to the language of comments by predicting masked words (Gururangan et al. 2020)."""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR
from transformers import PreTrainedTokenizerBase

from stance.model.network import StanceNetwork
from stance.model.packing import PackedText, collate
from stance.training.batches import length_buckets
from stance.training.config import Stage
from stance.training.precision import mixed_precision

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
) -> None:
    """Train the encoder in place on raw texts; the two heads are left as they are."""
    device = next(network.parameters()).device
    torch.manual_seed(seed)
    rng = random.Random(seed)
    encoded = tokenizer(
        list(texts), truncation=True, max_length=stage.max_tokens, return_attention_mask=False
    )["input_ids"]
    packed = [PackedText(tuple(ids), ()) for ids in encoded]
    lengths = [len(text) for text in packed]
    head = _WordHead(network).to(device)
    optimizer = AdamW(
        [*network.encoder.parameters(), *head.parameters()],
        lr=stage.learning_rate,
        betas=(0.9, 0.98),
        eps=1e-6,
        weight_decay=stage.weight_decay,
    )
    batches: list[list[int]] = []
    for _ in range(max(1, round(stage.epochs))):
        batches += length_buckets(lengths, tokens_per_batch=stage.tokens_per_batch, rng=rng)
    rise = max(1, int(len(batches) * stage.warmup))
    schedule = LambdaLR(
        optimizer,
        lambda s: min((s + 1) / rise, (len(batches) - s) / max(1, len(batches) - rise)),
    )
    network.train()
    for step, indices in enumerate(batches, start=1):
        batch = collate([packed[i] for i in indices], pad_id=int(tokenizer.pad_token_id))
        masked, wanted = _mask(batch.input_ids, tokenizer)
        batch.input_ids.copy_(masked)
        inputs, wanted = batch.to(device), wanted.to(device)
        with mixed_precision(device):
            states = network.states(inputs)
            asked = wanted != _IGNORED
            embedding = word_table(network)
            logits = head(states[asked], embedding)
        loss = functional.cross_entropy(logits.float(), wanted[asked])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        if step % 200 == 0:
            log.info("%s: step %d of %d, loss %.4f", stage.name, step, len(batches), loss)
    network.eval()


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
