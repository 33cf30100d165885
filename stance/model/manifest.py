"""What a checkpoint says of itself, read without torch: the page needs it before any model is loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stance.errors import CheckpointError
from stance.labels import Sentiment, Stance
from stance.text import NORMALISATION_VERSION

MANIFEST = "manifest.json"
SHIPPED = Path(__file__).resolve().parents[1] / "weights"
"""The checkpoint that comes with the package."""

HASH_DIGITS = 12
"""Of a hash where a person reads it."""


def _no_bias() -> dict[str, list[float]]:
    return {"sentiment": [0.0] * len(Sentiment), "stance": [0.0] * len(Stance)}


def _never_unsure() -> dict[str, float]:
    return {"sentiment": 0.0, "stance": 0.0}


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a checkpoint says of itself.

    Everything by head, "sentiment" and "stance"; lists are in label order. `bias` is added to the
    logits, then `temperature` divides them. A label is *unsure* where its probability is less
    than `unsure_below`. `conformal` holds, by coverage ("0.9"), the least probability with which
    each label is in a prediction set; it is empty where none were fitted. All four are made by
    `stance.training.calibration`. `figures` are those of the development set, `training_data`
    the files that it learned from.
    """

    name: str
    version: str
    max_tokens: int
    temperature: dict[str, float]
    bias: dict[str, list[float]] = field(default_factory=_no_bias)
    unsure_below: dict[str, float] = field(default_factory=_never_unsure)
    conformal: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    training_data: list[str] = field(default_factory=list)
    figures: dict[str, Any] = field(default_factory=dict)
    sentiment_labels: list[str] = field(default_factory=lambda: [str(x) for x in Sentiment])
    stance_labels: list[str] = field(default_factory=lambda: [str(x) for x in Stance])
    normalisation: int = NORMALISATION_VERSION
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class ModelName:
    """Which weights they are: `revision` is the hub's commit, "" for a folder on this disk."""

    name: str
    revision: str
    sha256: str

    def __str__(self) -> str:
        revision = f"revision {self.revision[:HASH_DIGITS]}, " if self.revision else ""
        return f"{self.name} ({revision}sha256 {self.sha256[:HASH_DIGITS]})"


def model_name(manifest: Manifest) -> ModelName:
    """The name of a checkpoint of ours."""
    return ModelName(f"{manifest.name} {manifest.version}", "", manifest.sha256)


def read_manifest(folder: Path = SHIPPED) -> Manifest:
    """Read and check a checkpoint's manifest, without its weights.

    Raises:
        CheckpointError: there is none, it is not one of ours, or its labels or text cleaning are
            not this version's.
    """
    path = folder / MANIFEST
    try:
        manifest = Manifest(**json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise CheckpointError(
            f"Expected a checkpoint with {MANIFEST} in {folder}: {error.strerror}."
        ) from error
    except (ValueError, TypeError) as error:
        raise CheckpointError(f"{path} is no manifest of a checkpoint of ours.") from error
    ours = ([str(x) for x in Sentiment], [str(x) for x in Stance], NORMALISATION_VERSION)
    theirs = (manifest.sentiment_labels, manifest.stance_labels, manifest.normalisation)
    if ours != theirs:
        raise CheckpointError(
            f"{path}: expected labels and text cleaning {ours}, found {theirs}. "
            "The checkpoint was made by another version of this package."
        )
    return manifest
