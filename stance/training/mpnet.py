"""The teacher's network: MPNet (Song et al. 2020) over the packed layout. Only for training.

transformers' MPNet counts distances along the sequence, but our slots all start at the same
position, so its layers are called one by one with the distances of our layout.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional
from transformers import MPNetConfig, MPNetModel, PreTrainedConfig, PreTrainedModel

from stance.model.network import StanceNetwork
from stance.model.packing import PackedBatch

_FIRST_POSITION = 2
"""MPNet counts positions from the padding id on."""


class MPNetStanceNetwork(StanceNetwork):
    """As `StanceNetwork`, with an encoder of MPNet's kind, four times as wide and twice as deep."""

    config_class: type[PreTrainedConfig] = MPNetConfig

    @staticmethod
    def make_encoder(config: Any) -> PreTrainedModel:
        """The encoder, with random weights."""
        return MPNetModel(config, add_pooling_layer=False)

    def states(self, batch: PackedBatch) -> Tensor:
        """The encoder's last states, shape (n, length, width)."""
        positions = batch.position_ids
        encoder: Any = self.encoder
        states: Tensor = encoder.embeddings(
            input_ids=batch.input_ids, position_ids=positions + _FIRST_POSITION
        )
        stack = encoder.encoder
        distance = positions[:, None, :] - positions[:, :, None]
        bias = stack.relative_attention_bias(stack.relative_position_bucket(distance))
        bias = bias.permute(0, 3, 1, 2).masked_fill(~batch.attention, torch.finfo(bias.dtype).min)
        for layer in stack.layer:
            states = _layer(layer, states, bias)
        return states


def _layer(layer: Any, states: Tensor, bias: Tensor) -> Tensor:
    """One MPNet layer by PyTorch's fused attention, twice as fast as transformers' own."""
    inner = layer.attention.attn
    shape = (*states.shape[:-1], -1, inner.attention_head_size)
    q, k, v = (part(states).view(shape).transpose(1, 2) for part in (inner.q, inner.k, inner.v))
    mixed = functional.scaled_dot_product_attention(q, k, v, attn_mask=bias.to(q.dtype))
    mixed = inner.o(mixed.transpose(1, 2).flatten(2))
    attended = layer.attention.LayerNorm(layer.attention.dropout(mixed) + states)
    hidden: Tensor = layer.output(layer.intermediate(attended), attended)
    return hidden
