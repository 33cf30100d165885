"""Turns masked texts into packed token ids. Knows no network and no labels."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, cast

from stance.masking import MaskedText, Piece
from stance.model.packed import PackedText
from stance.spelling import mend_slips

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from stance.model.stored import StoredTokenizer

    AnyTokenizer = PreTrainedTokenizerBase | StoredTokenizer

N_PLACEHOLDERS = 64
"""Placeholders that a vocabulary of BERT has room for: its unused entries 1 to 64."""

MAX_SLOT_TOKENS = 48
"""Word pieces of a slot; a built-in target needs at most 12, a typed name must not cost any time."""


class TextEncoder:
    """Token ids of masked texts; a fast tokenizer, so not for two threads at once."""

    def __init__(self, tokenizer: AnyTokenizer, *, max_tokens: int) -> None:
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens
        self.first, self.last = int(tokenizer.cls_token_id), int(tokenizer.sep_token_id)
        self.pad = int(tokenizer.pad_token_id)
        self.placeholders = [placeholder_id(tokenizer, n) for n in range(N_PLACEHOLDERS)]

    def encode(self, texts: Sequence[MaskedText]) -> list[PackedText]:
        """Pack texts; a comment longer than the limit is cut and marked as truncated.

        Slips of the keyboard are mended in comments, never in slots: a name is as it was given.
        """
        comments = [[_mended(piece) for piece in text.comment] for text in texts]
        slots = [[[piece.content for piece in slot] for slot in text.slots] for text in texts]
        contents = [content for comment in comments for content in comment]
        contents += [content for text in slots for slot in text for content in slot]
        ids = self._ids(contents)
        return [self._packed(*parts, ids) for parts in zip(comments, slots, strict=True)]

    def _packed(
        self,
        contents: Sequence[str | int],
        slot_contents: Sequence[Sequence[str | int]],
        ids: dict[str, tuple[int, ...]],
    ) -> PackedText:
        limit = self._max_tokens - 1
        comment = [self.first, *self._tokens(contents, ids)]
        slots = tuple(
            (*self._tokens(slot, ids)[:MAX_SLOT_TOKENS], self.last) for slot in slot_contents
        )
        return PackedText((*comment[:limit], self.last), slots, len(comment) > limit)

    def _tokens(
        self, contents: Sequence[str | int], ids: dict[str, tuple[int, ...]]
    ) -> list[int]:
        tokens: list[int] = []
        for content in contents:
            if isinstance(content, int):
                tokens.append(self.placeholders[content % N_PLACEHOLDERS])
            else:
                tokens += ids[content]
        return tokens

    def _ids(self, contents: Iterable[str | int]) -> dict[str, tuple[int, ...]]:
        """Token ids of all distinct words; nothing that a comment says is obeyed as a token."""
        words = list(dict.fromkeys(c for c in contents if isinstance(c, str)))
        if not words:
            return {}
        tokens = self._tokenizer(
            words, add_special_tokens=False, split_special_tokens=True, return_attention_mask=False
        )["input_ids"]
        return {word: tuple(found) for word, found in zip(words, tokens, strict=True)}


def _mended(piece: Piece) -> str | int:
    return mend_slips(piece.content) if isinstance(piece.content, str) else piece.content


def placeholder_id(tokenizer: AnyTokenizer, number: int) -> int:
    """Token id of a placeholder: an entry of the vocabulary that no text is tokenised to."""
    return cast(int, tokenizer.convert_tokens_to_ids(f"[unused{number + 1}]"))
