"""Where a model's folder is: on this disk, or on the Hugging Face hub, and then only if asked.

Looks at the disk first. Checks nothing inside the folder and imports neither torch nor transformers.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from stance.errors import CheckpointError

TOKENIZER_FILES = (
    "tokenizer.json",
    "vocab.txt",
    "vocab.json",
    "spm.model",
    "sentencepiece.bpe.model",
    "spiece.model",
    "tokenizer.model",
)
"""Files of which a tokenizer needs at least one."""

SMALL_FILES = (
    "config.json",
    "manifest.json",
    "model.safetensors.index.json",
    "tokenizer_config.json",
    "special_tokens_map.json",
    "added_tokens.json",
    "merges.txt",
    *TOKENIZER_FILES,
)
WEIGHT_FILES = ("model.safetensors", "model-?????-of-?????.safetensors")
"""With the small files all that is ever fetched: no pickle and no code."""

_HUB_NAME = re.compile(r"\w[\w.\-]*(?:/\w[\w.\-]*)?", re.ASCII)
_REVISION = re.compile(r"\w[\w.\-]*(?:/\w[\w.\-]*)*", re.ASCII)
_WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Located:
    """A model's folder; `revision` is the hub's commit, "" for a folder that is no hub's."""

    folder: Path
    name: str
    revision: str = ""


def keep_offline(*, download: bool = False) -> None:
    """Tell the Hugging Face libraries, before they are imported, to stay off the network.

    Without it, a missing file makes them ask the hub, which takes 46 s where there is no network.
    """
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    if not download:
        os.environ["HF_HUB_OFFLINE"] = "1"


def locate(name: str, *, download: bool = False, revision: str | None = None) -> Located:
    """Find the folder of a model by its path, or by its name on the hub.

    A hub's model that was fetched before is found again without `download`. With it the small
    files are fetched, so that they can be checked before `fetch_weights`.

    Raises:
        CheckpointError: there is no such folder, or it is a hub's name and is not on this disk.
    """
    try:
        folder = Path(name).expanduser()
    except RuntimeError:  # "~nobody": there is no such person here
        folder = Path(name)
    if folder.is_dir():
        if revision is not None or download:
            raise CheckpointError(
                f"{one_line(name)} is a folder on this disk; leave out --download and --revision, "
                "which are for names on the Hugging Face hub."
            )
        return Located(folder, folder.resolve().name)
    if folder.exists():
        raise CheckpointError(
            f"Expected a model's folder, found the file {one_line(name)}: give the folder it is in."
        )
    if not _HUB_NAME.fullmatch(name):
        raise CheckpointError(
            f"Expected a model's folder at {one_line(name)}, found none; "
            "and it is no name on the Hugging Face hub, which looks like owner/name."
        )
    if revision is not None and not _REVISION.fullmatch(revision):
        raise CheckpointError(
            f"Expected a commit, branch or tag as --revision, found {one_line(revision)}."
        )
    return _fetch(name, revision, SMALL_FILES) if download else _cached(name, revision)


def fetch_weights(located: Located) -> None:
    """Fetch the weights of the very commit whose small files `locate` fetched, after their check.

    Raises:
        CheckpointError: the hub cannot be reached or has no such files.
    """
    _fetch(located.name, located.revision, WEIGHT_FILES)


def one_line(text: str, limit: int = 200) -> str:
    """A name or message from outside, fit for one line of ours: printable, and not too long."""
    plain = "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"


def _cached(name: str, revision: str | None) -> Located:
    from huggingface_hub import snapshot_download

    try:
        folder = Path(snapshot_download(name, revision=revision, local_files_only=True))
    except Exception as error:  # their classes differ by version; each means "not here"
        wanted = f" in revision {one_line(revision)}" if revision else ""
        raise CheckpointError(
            f"Expected a model's folder named {name}, found none, nor a model of that name fetched "
            f"before{wanted}. If it is a name on the Hugging Face hub, add --download to fetch it."
        ) from error
    return Located(folder, name, folder.name)


def _fetch(name: str, revision: str | None, files: tuple[str, ...]) -> Located:
    from huggingface_hub import snapshot_download

    try:
        # Anonymous: a gated model is fetched with the hub's own tools and given as a folder.
        folder = snapshot_download(
            name,
            revision=revision,
            allow_patterns=list(files),
            etag_timeout=_WAIT_SECONDS,
            token=False,
        )
    except Exception as error:  # network, hub, disk: whatever it is, there is no model
        raise CheckpointError(
            f"Could not fetch {name} from the Hugging Face hub: "
            f"{type(error).__name__}: {one_line(str(error))}"
        ) from error
    return Located(Path(folder), name, Path(folder).name)
