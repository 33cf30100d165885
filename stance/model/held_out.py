"""How good a checkpoint was on held-out comments, as its card's record says; read without torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stance.errors import CheckpointError
from stance.model.manifest import SHIPPED, read_manifest

STANCE = "pooled stance macro-F1"
"""Name of the first figure of merit."""

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
    """Figures of merit on `n_comments` labelled comments that the checkpoint never learned from.

    `elsewhere` are those on comments that had no say in its choice either; None if there are none.
    """

    n_comments: int
    figures: tuple[HeldOutFigure, ...]
    elsewhere: HeldOut | None = None


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
        elsewhere = record.get("elsewhere")
        return HeldOut(*_measured(record["labelled"]), elsewhere and HeldOut(*_measured(elsewhere)))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CheckpointError(
            f"{path}: expected the record that `python -m stance card` writes, found something else. "
            "Write it anew, or remove it."
        ) from error


def _measured(found: dict[str, Any]) -> tuple[int, tuple[HeldOutFigure, ...]]:
    figures = (
        HeldOutFigure(str(f["name"]), float(f["value"]), float(f["low"]), float(f["high"]))
        for f in found["figures"]
    )
    return int(found["n"]), tuple(figures)
