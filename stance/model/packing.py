"""Packed texts as tensors of torch, for training and for the network that scores are held against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from stance.model.packed import PackedText, lay_out


@dataclass(frozen=True, slots=True)
class PackedBatch:
    """Tensors of one batch; `n` texts, `k` slots each, `length` tokens.

    Shapes: `input_ids`, `position_ids`, `token_type_ids` (n, length); `attention` (n, 1, length,
    length), True where the row's token sees the column's; `slot_ends` (n, k), the index of each
    slot's last token, where the answer for that target is read; -1 where a text has fewer slots.
    """

    input_ids: Tensor
    position_ids: Tensor
    token_type_ids: Tensor
    attention: Tensor
    slot_ends: Tensor

    def to(self, device: torch.device) -> PackedBatch:
        """The same batch on another device."""
        return PackedBatch(*(getattr(self, name).to(device) for name in self.__slots__))


def collate(texts: Sequence[PackedText], *, pad_id: int) -> PackedBatch:
    """Pad packed texts to the longest of them and build the attention mask."""
    layout = lay_out(texts, pad_id=pad_id)
    return PackedBatch(
        input_ids=torch.from_numpy(layout.ids),
        position_ids=torch.from_numpy(layout.positions),
        token_type_ids=torch.from_numpy(layout.segments > 0).long(),
        attention=torch.from_numpy(layout.sees())[:, None],
        slot_ends=torch.from_numpy(layout.slot_ends),
    )
