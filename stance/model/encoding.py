"""Turns masked texts into packed token ids. Knows no network and no labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import cast

from transformers import PreTrainedTokenizerBase

from stance.masking import MaskedText, Piece
from stance.model.packing import PackedText
from stance.spelling import mend_slips

N_PLACEHOLDERS = 64
"""Placeholders that a vocabulary of BERT has room for: its unused entries 1 to 64."""

MAX_SLOT_TOKENS = 48
"""Word pieces of a slot; a built-in target needs at most 12, a typed name must not cost any time."""


class TextEncoder:
    """Token ids of masked texts; a fast tokenizer, so not for two threads at once."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, *, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self.first, self.last = int(tokenizer.cls_token_id), int(tokenizer.sep_token_id)
        self.pad = int(tokenizer.pad_token_id)
        self.placeholders = [placeholder_id(tokenizer, n) for n in range(N_PLACEHOLDERS)]

    def encode(self, texts: Sequence[MaskedText]) -> list[PackedText]:
        """Pack texts; a comment longer than the limit is cut and marked as truncated."""
        pieces = [piece for text in texts for piece in text.comment]
        pieces += [piece for text in texts for slot in text.slots for piece in slot]
        ids = self._ids(pieces)
        return [self._packed(text, ids) for text in texts]

    def _packed(self, text: MaskedText, ids: dict[str, tuple[int, ...]]) -> PackedText:
        limit = self._max_tokens - 1
        comment = [self.first]
        for piece in text.comment:
            comment += self._tokens(piece, ids)
        truncated = len(comment) > limit
        slots = tuple(
            (*[t for piece in slot for t in self._tokens(piece, ids)][:MAX_SLOT_TOKENS], self.last)
            for slot in text.slots
        )
        return PackedText((*comment[:limit], self.last), slots, truncated)

    def _tokens(self, piece: Piece, ids: dict[str, tuple[int, ...]]) -> tuple[int, ...]:
        if isinstance(piece.content, int):
            return (self.placeholders[piece.content % N_PLACEHOLDERS],)
        return ids[piece.content]

    def _ids(self, pieces: Iterable[Piece]) -> dict[str, tuple[int, ...]]:
        """Token ids of all distinct words, slips of the keyboard mended.

        Nothing that a comment says is obeyed as a token.
        """
        words = list(dict.fromkeys(p.content for p in pieces if isinstance(p.content, str)))
        if not words:
            return {}
        tokens = self._tokenizer(
            [mend_slips(word) for word in words],
            add_special_tokens=False,
            split_special_tokens=True,
            return_attention_mask=False,
        )["input_ids"]
        return {word: tuple(found) for word, found in zip(words, tokens, strict=True)}


def placeholder_id(tokenizer: PreTrainedTokenizerBase, number: int) -> int:
    """Token id of a placeholder: an entry of the vocabulary that no text is tokenised to."""
    return cast(int, tokenizer.convert_tokens_to_ids(f"[unused{number + 1}]"))
