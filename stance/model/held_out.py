"""How good a checkpoint was on held-out comments, as its card's record says; read without torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from stance.errors import CheckpointError
from stance.model.manifest import SHIPPED, read_manifest

RECORD = "card.json"
"""Made by `python -m stance card`."""


@dataclass(frozen=True, slots=True)
class HeldOutFigure:
    """A figure of merit with its 95 % bootstrap interval."""

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Figures of merit on `n_comments` labelled comments that the checkpoint never learned from."""

    n_comments: int
    figures: tuple[HeldOutFigure, ...]


def read_held_out(folder: Path = SHIPPED) -> HeldOut | None:
    """What was measured of the checkpoint in a folder; None if nothing was of these very weights.

    Raises:
        CheckpointError: the record holds something else.
    """
    path = folder / RECORD
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
        if record["model"]["sha256"] != read_manifest(folder).sha256:
            return None
        labelled = record["labelled"]
        figures = tuple(
            HeldOutFigure(str(f["name"]), float(f["value"]), float(f["low"]), float(f["high"]))
            for f in labelled["figures"]
        )
        return HeldOut(int(labelled["n"]), figures)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"{path}: expected the record that `python -m stance card` writes, found something else. "
            "Write it anew, or remove it."
        ) from error
