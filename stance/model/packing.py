"""Lays one comment and its targets out as one sequence, and many as one batch. Holds no network.

The sequence is `[CLS] comment [SEP] slot₁ [SEP] slot₂ [SEP] …`; what a slot says of its target is
decided in `stance.masking`. Comment tokens see the comment only; the
tokens of a slot see the comment and their own slot; every slot starts at the same position. So
the comment is encoded once however many targets are asked, and the answer for one target does not
depend on which others are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class PackedText:
    """Token ids of one comment with its slots.

    `comment` holds `[CLS] … [SEP]`, each slot ends with `[SEP]`. `truncated` if tokens were cut.
    """

    comment: tuple[int, ...]
    slots: tuple[tuple[int, ...], ...]
    truncated: bool = False

    def __len__(self) -> int:
        return len(self.comment) + sum(len(slot) for slot in self.slots)


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
    length = max(len(text) for text in texts)
    n_slots = max(len(text.slots) for text in texts)
    input_ids = np.full((len(texts), length), pad_id, dtype=np.int64)
    position_ids = np.zeros((len(texts), length), dtype=np.int64)
    # Segment 0 is the comment, 1 and up are the slots, -1 is padding.
    segments = np.full((len(texts), length), -1, dtype=np.int64)
    slot_ends = np.full((len(texts), n_slots), -1, dtype=np.int64)
    for row, text in enumerate(texts):
        start = len(text.comment)
        input_ids[row, :start] = text.comment
        position_ids[row, :start] = np.arange(start)
        segments[row, :start] = 0
        end = start
        for index, slot in enumerate(text.slots):
            begin, end = end, end + len(slot)
            input_ids[row, begin:end] = slot
            position_ids[row, begin:end] = np.arange(start, start + len(slot))
            segments[row, begin:end] = index + 1
            slot_ends[row, index] = end - 1
    segment = torch.from_numpy(segments)
    # Padding sees the comment as well: a row of the mask with nothing in it would give NaN.
    sees_comment = (segment == 0)[:, None, :].expand(-1, length, -1)
    sees_own_slot = (segment[:, :, None] == segment[:, None, :]) & (segment > 0)[:, None, :]
    return PackedBatch(
        input_ids=torch.from_numpy(input_ids),
        position_ids=torch.from_numpy(position_ids),
        token_type_ids=(segment > 0).long(),
        attention=(sees_comment | sees_own_slot)[:, None],
        slot_ends=torch.from_numpy(slot_ends),
    )
