"""Looks at a foreign model's folder before anything of it is built. Builds and runs nothing.

Whoever made the folder is not trusted: it may hold code, pickles, links to other places, weights
that were cut, or a config.json that would fill the memory. Each is refused in one line.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open

from stance.errors import CheckpointError
from stance.model.foreign_labels import MAX_LABELS
from stance.model.hub import TOKENIZER_FILES, one_line
from stance.model.manifest import MANIFEST
from stance.model.stored import WEIGHTS, file_hash

INDEX = "model.safetensors.index.json"
_MAX_JSON_BYTES = 64 << 20
"""Above the largest vocabulary we know, 17 MB."""

_LFS = b"version https://git-lfs"
_PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl", "*.h5", "*.msgpack")

# The first that fits a key is its limit; the last fits all.
_LIMITS = (
    (re.compile(r"theta"), math.inf),
    (re.compile(r"layers?$|^depths?$"), 100),
    (re.compile(r"labels$"), MAX_LABELS),
    (re.compile(r"heads?$"), 1024),
    (re.compile(r"hidden_size|^d_model$|^dim$|^n_embd$|^embedding_size$"), 8192),
    (re.compile(r"intermediate|ffn|^hidden_dim$|^d_ff$|^n_inner$"), 65_536),
    (re.compile(r""), 1_000_000),
)
_ATTENTIONS = (None, "eager", "sdpa")


def check_folder(folder: Path) -> dict[str, Any]:
    """Check a folder's files, and the numbers in its config.json.

    Returns:
        The content of config.json.

    Raises:
        CheckpointError: something is missing, or must not be loaded.
    """
    config = check_own_folder(folder)
    _check_architecture(config, one_line(str(folder)))
    return config


def check_own_folder(folder: Path) -> dict[str, Any]:
    """As `check_folder`, of a checkpoint of our form, which names no architecture."""
    where = one_line(str(folder))
    _check_links(folder, where)
    if not (folder / "config.json").is_file():
        raise CheckpointError(f"{where}: expected a model's folder with a config.json, found none.")
    _check_pointers(folder, where)
    config = _read_json(folder / "config.json")
    _check_code(folder, config, where)
    _check_sizes(config, where)
    if not any((folder / name).is_file() for name in TOKENIZER_FILES):
        raise CheckpointError(
            f"{where}: expected the tokenizer's files, e.g. tokenizer.json, found none. "
            "Copy them from where the model is from."
        )
    return config


def is_ours(folder: Path) -> bool:
    """Whether a folder holds a manifest of our form; another program's `manifest.json` is none."""
    path = folder / MANIFEST
    try:
        return path.is_file() and "stance_labels" in _read_json(path)
    except CheckpointError:
        return False


def weight_files(folder: Path) -> tuple[Path, ...]:
    """The files with the weights, in order.

    Raises:
        CheckpointError: there are none, only pickles, or the index names a file elsewhere.
    """
    where = one_line(str(folder))
    if (folder / WEIGHTS).is_file():
        return (folder / WEIGHTS,)
    if (folder / INDEX).is_file():
        shards = _read_json(folder / INDEX).get("weight_map")
        names = sorted({str(name) for name in shards.values()}) if isinstance(shards, dict) else []
        for name in names:
            if Path(name).name != name or not (folder / name).is_file():
                raise CheckpointError(
                    f"{where}: expected the file {one_line(name)} that {INDEX} names, in the folder, "
                    "found none."
                )
        if names:
            return tuple(folder / name for name in names)
    pickles = sorted(path.name for kind in _PICKLES for path in folder.glob(kind))
    if pickles:
        raise CheckpointError(
            f"{where}: expected the weights as {WEIGHTS}, found only {one_line(pickles[0], 60)}, "
            "which can run code when it is read. Convert it to safetensors, where you trust it."
        )
    raise CheckpointError(f"{where}: expected the weights as {WEIGHTS}, found no such file.")


def count_weights(files: tuple[Path, ...]) -> int:
    """Numbers that the files hold, by their headers: nothing is loaded.

    Raises:
        CheckpointError: a file was cut or is no safetensors file.
    """
    total = 0
    for path in files:
        try:
            with safe_open(path, framework="pt") as tensors:
                for key in tensors.keys():  # noqa: SIM118  (no mapping, only looks like one)
                    total += math.prod(tensors.get_slice(key).get_shape())
        except (SafetensorError, OSError) as error:
            raise CheckpointError(
                f"{one_line(str(path))}: expected a whole safetensors file, found one that was cut "
                "or is of another kind. Fetch it again."
            ) from error
    return total


def weights_hash(files: tuple[Path, ...]) -> str:
    """SHA-256 of the weights: the file's, or that of the hashes of several, one after the other."""
    hashes = [file_hash(path) for path in files]
    return hashes[0] if len(hashes) == 1 else hashlib.sha256("".join(hashes).encode()).hexdigest()


def _check_links(folder: Path, where: str) -> None:
    real = _resolved(folder, where)
    # The hub's cache keeps the files beside the snapshots that link to them.
    cached = real.parent.name == "snapshots" and real.parents[1].name.startswith("models--")
    root = real.parents[1] if cached else real
    for entry in sorted(folder.iterdir()):
        if not _resolved(entry, where).is_relative_to(root):
            raise CheckpointError(
                f"{where}: expected the model's own files, found the link {one_line(entry.name)} "
                "that leads out of the folder."
            )


def _resolved(path: Path, where: str) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:  # RuntimeError: a link to itself, on Python 3.11
        raise CheckpointError(
            f"{where}: expected the model's own files, found a link that leads nowhere."
        ) from error


def _check_pointers(folder: Path, where: str) -> None:
    for path in sorted(folder.iterdir()):
        if path.suffix in {".safetensors", ".json", ".txt", ".model"} and path.is_file():
            with path.open("rb") as file:
                start = file.read(len(_LFS))
            if start == _LFS:
                raise CheckpointError(
                    f"{where}: expected {one_line(path.name)} itself, found a Git LFS pointer to it. "
                    "Fetch the files with `git lfs pull`."
                )


def _check_code(folder: Path, config: dict[str, Any], where: str) -> None:
    settings = folder / "tokenizer_config.json"
    tokenizer = _read_json(settings) if settings.is_file() else {}
    if config.get("auto_map") or tokenizer.get("auto_map"):
        raise CheckpointError(
            f"{where}: expected a model that transformers knows, found one that brings its own code "
            "(auto_map), which is never run here."
        )
    attentions = {key: value for key, value in config.items() if "attn_implementation" in key}
    for key in ("quantization_config", "transformers_weights"):
        if config.get(key):
            raise CheckpointError(f"{where}: expected plain weights, found {key} in config.json.")
    if any(value not in _ATTENTIONS for value in attentions.values()):
        raise CheckpointError(
            f"{where}: expected eager or sdpa attention in config.json, found another, whose code "
            "would have to be fetched."
        )
    if (folder / "adapter_config.json").exists():
        raise CheckpointError(
            f"{where}: expected a whole model, found an adapter (adapter_config.json). "
            "Merge it into its base model first."
        )


def _check_architecture(config: dict[str, Any], where: str) -> None:
    found = config.get("architectures") or []
    architectures = found if isinstance(found, list) else [found]
    if architectures and not any("SequenceClassification" in str(name) for name in architectures):
        raise CheckpointError(
            f"{where}: expected a model with a classification head "
            f"(…ForSequenceClassification), found {one_line(str(architectures[0]), 60)}."
        )


def _check_sizes(config: dict[str, Any], where: str) -> None:
    for key, number in _numbers(config):
        limit = next(limit for pattern, limit in _LIMITS if pattern.search(key))
        if number > limit:
            raise CheckpointError(
                f"{where}: expected {one_line(key, 40)} of at most {limit:,} in config.json, "
                f"found {one_line(f'{number:,}', 30)}."
            )


def _numbers(config: dict[str, Any]) -> Iterator[tuple[str, float]]:
    """All numbers of nested settings, each with the nearest key above it."""
    waiting: list[tuple[str, Any]] = list(config.items())
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += value.items()
        elif isinstance(value, list):
            waiting += [(key, item) for item in value]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            yield key, value


def _read_json(path: Path) -> dict[str, Any]:
    where = one_line(str(path))
    try:
        if path.stat().st_size > _MAX_JSON_BYTES:
            raise CheckpointError(f"{where}: expected a small file, found {path.stat().st_size:,} bytes.")
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise CheckpointError(f"{where}: expected JSON, found something else.") from error
    if not isinstance(content, dict):
        raise CheckpointError(f"{where}: expected a JSON object, found a {type(content).__name__}.")
    return content
