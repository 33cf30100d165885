"""Saves, verifies and loads a checkpoint folder. Does no scoring.

The folder holds `model.safetensors` (half precision), `config.json` (the encoder's), the
tokenizer's files and `manifest.json`. The weights' SHA-256 stands in the manifest and is checked
at every load: safetensors has no checksum, and one flipped bit changes scores without an error.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from transformers import AutoTokenizer, PreTrainedTokenizerBase

from stance.errors import CheckpointError
from stance.model.manifest import MANIFEST, SHIPPED, Manifest, read_manifest
from stance.model.network import StanceNetwork

__all__ = [
    "SHIPPED", "Checkpoint", "Manifest", "file_hash", "half_precision", "load_checkpoint",
    "read_manifest", "save_checkpoint",
]  # fmt: skip

WEIGHTS = "model.safetensors"


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
    tokenizer = AutoTokenizer.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False
    )
    config = network_class.config_class.from_json_file(folder / "config.json")
    tokenizer.model_max_length = sys.maxsize  # we cut ourselves, and mark it; no warning is due
    if len(tokenizer) != config.vocab_size:
        raise CheckpointError(
            f"Expected a tokenizer of {config.vocab_size} word pieces in {folder}, "
            f"found {len(tokenizer)}: the tokenizer's files are missing or another model's."
        )
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


def file_hash(path: Path) -> str:
    """SHA-256 of a file, as hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def half_precision(network: StanceNetwork) -> StanceNetwork:
    """Round the weights as saving does, so that figures measured now are those of the file."""
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.copy_(parameter.half().float())
    return network
