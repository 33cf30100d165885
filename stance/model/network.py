"""The network: an encoder with one head for sentiment and one for stance. Loads and saves nothing."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel, PreTrainedConfig, PreTrainedModel

from stance.labels import Sentiment, Stance
from stance.model.packing import PackedBatch


class Head(nn.Module):
    """Dense layer, tanh and projection: the usual classification head of BERT."""

    def __init__(self, width: int, n_labels: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear(width, width)
        self.projection = nn.Linear(width, n_labels)

    def hidden(self, states: Tensor) -> Tensor:
        """What the projection reads, shape (…, width) to (…, width)."""
        return torch.tanh(self.dense(self.dropout(states)))

    def forward(self, states: Tensor) -> Tensor:
        """Shape: (…, width) to (…, n_labels)."""
        projected: Tensor = self.projection(self.dropout(self.hidden(states)))
        return projected


class StanceNetwork(nn.Module):
    """One encoder pass scores the sentiment of a comment and its stance toward every slot."""

    def __init__(self, config: PreTrainedConfig, *, head_dropout: float = 0.1) -> None:
        super().__init__()
        self.encoder = self.make_encoder(config)
        self.sentiment = Head(config.hidden_size, len(Sentiment), head_dropout)
        self.stance = Head(config.hidden_size, len(Stance), head_dropout)

    config_class: type[PreTrainedConfig] = BertConfig

    @staticmethod
    def make_encoder(config: Any) -> PreTrainedModel:
        """The encoder, with random weights."""
        return BertModel(config, add_pooling_layer=False)

    def states(self, batch: PackedBatch) -> Tensor:
        """The encoder's last states, shape (n, length, width)."""
        found: Tensor = self.encoder(
            input_ids=batch.input_ids,
            position_ids=batch.position_ids,
            token_type_ids=batch.token_type_ids,
            attention_mask=batch.attention,
        ).last_hidden_state
        return found

    def encode(self, batch: PackedBatch) -> tuple[Tensor, Tensor]:
        """States that the heads read.

        Returns:
            The state at `[CLS]`, shape (n, width), and at the end of each slot, (n, k, width).
        """
        states = self.states(batch)
        ends = batch.slot_ends.clamp(min=0)
        slots = states.gather(1, ends[:, :, None].expand(-1, -1, states.shape[-1]))
        return states[:, 0], slots

    def forward(self, batch: PackedBatch) -> tuple[Tensor, Tensor]:
        """Logits of sentiment, shape (n, 3), and of stance, shape (n, k, 3), in label order."""
        first, slots = self.encode(batch)
        return self.sentiment(first), self.stance(slots)
