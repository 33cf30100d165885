"""Lays one comment and its targets out as one sequence, and many in rows. Knows no torch and no network.

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
from numpy.typing import NDArray


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
class Layout:
    """Packed texts in rows as long as the longest; `n` texts, `k` slots each, `length` tokens.

    Shapes: `ids`, `positions`, `segments` (n, length), where segment 0 is the comment, 1 and up are
    the slots and -1 is padding; `slot_ends` (n, k), the index of each slot's last token, where the
    answer for that target is read; -1 where a text has fewer slots.
    """

    ids: NDArray[np.int64]
    positions: NDArray[np.int64]
    segments: NDArray[np.int64]
    slot_ends: NDArray[np.int64]

    def sees(self) -> NDArray[np.bool_]:
        """Whether the row's token sees the column's, shape (n, length, length)."""
        segments = self.segments
        # Padding sees the comment as well: a row of the mask with nothing in it would give NaN.
        comment = (segments == 0)[:, None, :]
        own_slot = (segments[:, :, None] == segments[:, None, :]) & (segments > 0)[:, None, :]
        return np.asarray(comment | own_slot)


def lay_out(texts: Sequence[PackedText], *, pad_id: int) -> Layout:
    """Put packed texts, at least one, in rows."""
    length = max(len(text) for text in texts)
    n_slots = max(len(text.slots) for text in texts)
    ids = np.full((len(texts), length), pad_id, dtype=np.int64)
    positions = np.zeros((len(texts), length), dtype=np.int64)
    segments = np.full((len(texts), length), -1, dtype=np.int64)
    slot_ends = np.full((len(texts), n_slots), -1, dtype=np.int64)
    for row, text in enumerate(texts):
        start = len(text.comment)
        ids[row, :start] = text.comment
        positions[row, :start] = np.arange(start)
        segments[row, :start] = 0
        end = start
        for index, slot in enumerate(text.slots):
            begin, end = end, end + len(slot)
            ids[row, begin:end] = slot
            positions[row, begin:end] = np.arange(start, start + len(slot))
            segments[row, begin:end] = index + 1
            slot_ends[row, index] = end - 1
    return Layout(ids, positions, segments, slot_ends)
