"""Tries a foreign model that was just built, on words and on whole sentences.

A model without its vocabulary, with broken weights or with a head that was never trained loads
without an error and gives numbers; here it is refused.
"""

from __future__ import annotations

from typing import cast

import numpy as np
from torch import nn

from stance.errors import CheckpointError
from stance.model.foreign_labels import ForeignHead
from stance.model.hypotheses import FAVOR
from stance.model.text_network import TextNetwork

PLAIN = "The people of this country want their leaders to make peace and to tell them the truth."
TRIAL = (
    "I love this, thank you so much!",
    "This is a disgrace and a shame.",
    "The meeting is at five.",
    "Who wrote this article?",
    "We will never forgive them for what they did to us.",
    "Great work, I hope they win.",
    "No.",
    "It was said again and again that nothing would change, and nothing did. " * 40,
)
"""Eight sentences of own making; the last is longer than any model reads."""

_MIN_KNOWN = 0.5
_SAME = 1e-6


def check_tokenizer(network: TextNetwork, where: str) -> None:
    """Refuse a tokenizer that does not know ordinary English words, or belongs to another model.

    Raises:
        CheckpointError: fewer than half of the pieces of a plain sentence are known.
    """
    tokenizer = network.tokenizer
    if tokenizer.pad_token_id is None:
        raise CheckpointError(f"{where}: expected a tokenizer with a padding token, found none.")
    largest = max(tokenizer.get_vocab().values(), default=0)
    n_rows = len(cast(nn.Embedding, network.model.get_input_embeddings()).weight)
    if largest >= n_rows:
        raise CheckpointError(
            f"{where}: expected a tokenizer of at most {n_rows:,} word pieces, found "
            f"{largest + 1:,}: the tokenizer's files are another model's."
        )
    ids = tokenizer(PLAIN, add_special_tokens=False)["input_ids"]
    # A lone mark of a word's beginning says nothing, known or not.
    words = [i for i in ids if i == tokenizer.unk_token_id or str(tokenizer.decode([i])).strip()]
    known = sum(i != tokenizer.unk_token_id for i in words) / max(len(words), 1)
    if known < _MIN_KNOWN:
        raise CheckpointError(
            f"{where}: expected a tokenizer that knows at least half of a plain English sentence, "
            f"found {known:.0%}: its vocabulary is missing or another model's."
        )


def check_answers(network: TextNetwork, head: ForeignHead, where: str) -> None:
    """Refuse a model whose answers to eight sentences are not numbers, all the same, or vary.

    Raises:
        CheckpointError: as above, or the head has another number of labels than config.json.
    """
    second = [FAVOR.format(name="Ukraine")] * len(TRIAL) if head.kind == "entailment" else None
    once, _ = network.probabilities(TRIAL, second)
    again, _ = network.probabilities(TRIAL, second)
    if once.shape != (len(TRIAL), head.n_labels):
        raise CheckpointError(
            f"{where}: expected {head.n_labels} answers for a text, as config.json has labels, "
            f"found {once.shape[-1]}."
        )
    if not np.isfinite(once).all():
        raise CheckpointError(
            f"{where}: expected probabilities for eight trial sentences, found values that are no "
            "numbers: the weights are broken. Fetch them again."
        )
    if np.ptp(once, axis=0).max() <= _SAME:
        raise CheckpointError(
            f"{where}: expected different answers to eight trial sentences, found one and the same: "
            "the weights are empty or broken."
        )
    if np.abs(once - again).max() > _SAME:
        raise CheckpointError(
            f"{where}: expected the same answers when asked twice, found different ones."
        )
