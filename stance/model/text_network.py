"""A text-classification network and its tokenizer: texts in, probabilities out. Loads nothing."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from stance.model.threads import threads_in_use

MAX_TOKENS = 256
"""Word pieces that are read of a text, as the shipped model does; less where a model has less."""

BATCH_SIZE = 32
"""Texts, or pairs of texts, in one pass: an entailment model is asked eight pairs for a comment."""


class TextNetwork:
    """Computes in float32 on the CPU; one call at a time, whichever thread it is from."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        torch.set_num_threads(threads_in_use())
        self.model = model
        self.tokenizer = tokenizer
        self.max_tokens = _token_limit(model, tokenizer)
        known = inspect.signature(model.forward).parameters
        segments = int(getattr(model.config, "type_vocab_size", None) or 0)
        self._inputs = {
            name
            for name in tokenizer.model_input_names
            if name in known and (name != "token_type_ids" or segments > 1)
        }
        # Long ones first, so that none is left after a part of it was broken up.
        self._special = sorted(set(tokenizer.all_special_tokens), key=len, reverse=True)
        # A fast tokenizer must not be used by two threads.
        self._turn = threading.Lock()

    def probabilities(
        self, texts: Sequence[str], pairs: Sequence[str] | None = None
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Classify texts, or pairs of a text and a second sentence.

        Returns:
            Softmax of the logits, shape (n, labels), and which texts were not read to their end, (n,).
        """
        parts, cut = [], []
        for first in range(0, len(texts), BATCH_SIZE):
            part = slice(first, first + BATCH_SIZE)
            with self._turn, torch.inference_mode():
                batch, lengths = self._encode(texts[part], None if pairs is None else pairs[part])
                logits = self.model(**batch).logits
            parts.append(torch.softmax(logits.float(), dim=-1).numpy())
            cut += [length > self.max_tokens for length in lengths]
        return np.concatenate(parts), np.array(cut, dtype=np.bool_)

    def _encode(
        self, texts: Sequence[str], pairs: Sequence[str] | None
    ) -> tuple[dict[str, torch.Tensor], list[int]]:
        """The batch of a pass, and how many word pieces each text would have if it were not cut."""
        sentences = [[self._harmless(text) for text in texts]]
        if pairs is not None:
            sentences.append([self._harmless(text) for text in pairs])
        whole = self.tokenizer(*sentences, split_special_tokens=True, verbose=False)
        batch = self.tokenizer(
            *sentences,
            split_special_tokens=True,
            truncation="only_first",  # never the hypothesis; alone, a text is the first
            max_length=self.max_tokens,
            padding=True,
            return_tensors="pt",
        )
        lengths = [len(ids) for ids in whole["input_ids"]]
        return {name: batch[name] for name in self._inputs if name in batch}, lengths

    def _harmless(self, text: str) -> str:
        """Break up what a comment says that would be read as a control token.

        `split_special_tokens` is not enough: a SentencePiece vocabulary holds "</s>" itself.
        """
        for token in self._special:
            if token in text:
                text = text.replace(token, " ".join(token))
        return text


def _token_limit(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> int:
    limits = [MAX_TOKENS, int(tokenizer.model_max_length)]
    positions = getattr(model.config, "max_position_embeddings", None) or 0
    if positions > 0:
        # RoBERTa's family counts positions from behind the padding's number, and often does not
        # say so in its tokenizer; two fewer do the others no harm.
        limits.append(positions - 2)
    return min(limits)
