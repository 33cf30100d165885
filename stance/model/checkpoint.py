"""Saves a checkpoint folder, and loads it for training. Does no scoring: see `stored`.

The folder holds `model.safetensors` (half precision), `config.json` (the encoder's), the
tokenizer's files and `manifest.json`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from stance.errors import CheckpointError
from stance.model.manifest import MANIFEST, SHIPPED, Manifest
from stance.model.network import StanceNetwork
from stance.model.stored import WEIGHTS, check_vocabulary, file_hash, verified


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded checkpoint: everything that a classifier needs."""

    network: StanceNetwork
    tokenizer: PreTrainedTokenizerBase
    manifest: Manifest


def save_checkpoint(
    folder: Path,
    network: StanceNetwork,
    tokenizer: PreTrainedTokenizerBase,
    manifest: Manifest,
) -> Manifest:
    """Write the folder; returns the manifest with the hash of the weights as written."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {
        name: value.detach().cpu().half().contiguous()
        for name, value in network.state_dict().items()
        if value.is_floating_point()
    }
    save_file(state, folder / WEIGHTS)
    config = network.encoder.config.to_diff_dict()
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    tokenizer.save_pretrained(folder)
    entry = asdict(manifest) | {"sha256": file_hash(folder / WEIGHTS)}
    text = json.dumps(entry, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return Manifest(**entry)


def load_checkpoint(
    folder: Path = SHIPPED, *, network_class: type[StanceNetwork] = StanceNetwork
) -> Checkpoint:
    """Load and verify a checkpoint; computation is in float32 on the CPU.

    `network_class` is another one for a teacher of training only.

    Raises:
        CheckpointError: the folder or a file is missing, the weights are not those that the
            manifest names, or the labels or the text cleaning are not this version's.
    """
    manifest = verified(folder)
    weights = folder / WEIGHTS
    tokenizer = AutoTokenizer.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    config = network_class.config_class.from_json_file(folder / "config.json")
    tokenizer.model_max_length = sys.maxsize  # we cut ourselves, and mark it; no warning is due
    check_vocabulary(len(tokenizer), config.vocab_size, folder)
    network = network_class(config)
    state = {name: value.float() for name, value in load_file(weights).items()}
    missing, unexpected = network.load_state_dict(state, strict=False)
    learned = {name for name, _ in network.named_parameters()}
    if learned & set(missing) or unexpected:
        raise CheckpointError(
            f"The weights in {weights} don't fit the network: "
            f"{len(missing)} tensors are missing and {len(unexpected)} unknown."
        )
    return Checkpoint(network.eval(), tokenizer, manifest)


def half_precision(network: StanceNetwork) -> StanceNetwork:
    """Round the weights as saving does, so that figures measured now are those of the file."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.half().float())
    return network
