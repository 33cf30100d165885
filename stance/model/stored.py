"""Verifies and reads a checkpoint folder for scoring: weights as arrays. Loads no torch, builds no network.

The weights' SHA-256 stands in the manifest and is checked at every load: safetensors has no checksum,
and one flipped bit changes scores without an error.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from stance.errors import CheckpointError
from stance.model.manifest import SHIPPED, Manifest, read_manifest

WEIGHTS = "model.safetensors"
CONFIG = "config.json"
_NUMBERS = ("vocab_size", "num_attention_heads", "num_hidden_layers", "layer_norm_eps")
"""Of the config, what the forward pass needs to know beside the weights."""


class StoredTokenizer:
    """The tokenizer of a checkpoint of ours, with the names that transformers gives to the same."""

    def __init__(self, folder: Path) -> None:
        """Raises CheckpointError where its files are missing or another model's."""
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            names = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
            ids = [self.convert_tokens_to_ids(names[f"{kind}_token"]) for kind in ("cls", "sep", "pad")]
        except Exception as error:  # tokenizers raises nothing narrower
            raise CheckpointError(
                f"Expected the tokenizer's files in {folder}, found them missing or broken."
            ) from error
        self.cls_token_id, self.sep_token_id, self.pad_token_id = ids
        # Nothing that a comment says is obeyed as a token.
        self._tokenizer.encode_special_tokens = True

    def __len__(self) -> int:
        return int(self._tokenizer.get_vocab_size())

    def convert_tokens_to_ids(self, token: str) -> int:
        """Raises KeyError for a token that is not in the vocabulary."""
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise KeyError(token)
        return int(found)

    def __call__(
        self,
        words: Sequence[str],
        *,
        add_special_tokens: Literal[False],
        split_special_tokens: Literal[True],
        return_attention_mask: Literal[False],
    ) -> dict[str, list[list[int]]]:
        """Token ids of words, without the tokens that begin and end a text: the one way it is asked."""
        found = self._tokenizer.encode_batch_fast(list(words), add_special_tokens=add_special_tokens)
        return {"input_ids": [one.ids for one in found]}


@dataclass(frozen=True, slots=True)
class Stored:
    """What scoring needs of a checkpoint; `weights` are float32, by their names in the network."""

    weights: dict[str, NDArray[np.float32]]
    config: dict[str, Any]
    tokenizer: StoredTokenizer
    manifest: Manifest


def read_stored(folder: Path = SHIPPED) -> Stored:
    """Read and verify a checkpoint.

    Raises:
        CheckpointError: the folder or a file is missing, the weights are not those that the
            manifest names, or the labels or the text cleaning are not this version's.
    """
    manifest = verified(folder)
    config = _config(folder / CONFIG)
    tokenizer = StoredTokenizer(folder)
    check_vocabulary(len(tokenizer), config["vocab_size"], folder)
    weights = load_file(folder / WEIGHTS)
    return Stored(
        {name: weights.pop(name).astype(np.float32) for name in list(weights)},
        config,
        tokenizer,
        manifest,
    )


def _config(path: Path) -> dict[str, Any]:
    """The encoder's config.json; all numbers are there that the forward pass needs."""
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        numbers = {name: config[name] for name in _NUMBERS}
        kind = config["model_type"], config["hidden_act"]
    except OSError as error:
        raise CheckpointError(f"Expected the network's shape in {path}: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise CheckpointError(f"{path} is no config.json of a checkpoint of ours.") from error
    if kind != ("bert", "gelu"):
        raise CheckpointError(f"Expected a BERT with GELU in {path}.")
    for name, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            raise CheckpointError(f"Expected a number above 0 as {name} in {path}.")
    return dict(config)


def verified(folder: Path) -> Manifest:
    """The manifest, if the weights are those that it names.

    Raises:
        CheckpointError: they are not, or something is missing.
    """
    manifest = read_manifest(folder)
    weights = folder / WEIGHTS
    if not weights.is_file():
        raise CheckpointError(f"Expected the weights in {weights}, found no such file.")
    found = file_hash(weights)
    if found != manifest.sha256:
        raise CheckpointError(
            f"The weights in {weights} were changed or cut: expected SHA-256 "
            f"{manifest.sha256[:12]}…, found {found[:12]}…. Restore the file, e.g. with "
            f"git checkout -- {weights}."
        )
    return manifest


def check_vocabulary(found: int, expected: int, folder: Path) -> None:
    """Raise CheckpointError if the tokenizer has another number of word pieces than the network."""
    if found != expected:
        raise CheckpointError(
            f"Expected a tokenizer of {expected} word pieces in {folder}, "
            f"found {found}: the tokenizer's files are missing or another model's."
        )


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
