"""How often a checkpoint takes one label for another on held-out comments; read without torch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from stance.errors import CheckpointError
from stance.labels import Sentiment, Stance
from stance.model.manifest import SHIPPED, read_manifest

MISTAKES = "mistakes.json"

Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Mistakes:
    """Counts of held-out comments by true label (rows) and given label (columns), in label order.

    `sentiment` has shape (3, 3). `stance` has, by target, shape (2, 3, 3): first the comments that
    do not name the target, then those that do; the model errs otherwise in them.
    """

    n_comments: int
    sentiment: Counts
    stance: dict[str, Counts]


def read_mistakes(folder: Path = SHIPPED) -> Mistakes | None:
    """What was counted for the checkpoint in a folder; None if nothing was for these very weights.

    Raises:
        CheckpointError: the file holds something else.
    """
    path = folder / MISTAKES
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        if found["sha256"] != read_manifest(folder).sha256:
            return None
        return Mistakes(
            int(found["n_comments"]),
            np.array(found["sentiment"], dtype=np.int64).reshape(3, 3),
            {
                key: np.array(counts, dtype=np.int64).reshape(2, 3, 3)
                for key, counts in found["stance"].items()
            },
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CheckpointError(
            f"{path}: expected counts by `python -m stance evaluate --write-mistakes`, found something "
            "else. Write it anew, or remove it."
        ) from error


def mistakes_json(mistakes: Mistakes, sha256: str) -> str:
    """The file's text, for the weights with this hash."""
    return json.dumps(
        {
            "about": "held-out comments by true label (rows) and given label (columns): "
            f"sentiment {[str(x) for x in Sentiment]}, stance {[str(x) for x in Stance]} for "
            "comments that do not name the target, then for those that do",
            "sha256": sha256,
            "n_comments": mistakes.n_comments,
            "sentiment": mistakes.sentiment.tolist(),
            "stance": {key: counts.tolist() for key, counts in mistakes.stance.items()},
        },
        indent=1,
    )
