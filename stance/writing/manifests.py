"""What an output was made of: input, model, counts, rows left out. A small JSON file beside it.

It holds no comment and no author, so it may go into a log or a mail.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from stance.records import UNSCORED, ReadResult
from stance.targets import Target
from stance.text import NORMALISATION_VERSION

ENDING = ".manifest.json"


def output_manifest(
    result: ReadResult,
    scored: pd.DataFrame,
    data: bytes,
    *,
    source_sha256: str,
    model: dict[str, Any],
    targets: Sequence[Target],
    any_language: bool,
) -> dict[str, Any]:
    """The manifest of one output.

    Args:
        result: what was read.
        scored: its scored table.
        data: the output's bytes.
        source_sha256: of the input's bytes.
        model: name, hash, thresholds and what else tells the model apart.
        targets: what stance was asked about.
        any_language: whether comments in other languages were scored too.
    """
    unscored = Counter(reason for reason in scored[UNSCORED] if reason)
    n_unscored = sum(unscored.values())
    return {
        "input": {"name": result.name, "sha256": source_sha256},
        "rows": {
            "read": len(result.comments) + len(result.rejected),
            "scored": len(scored) - n_unscored,
            "unscored": dict(sorted(unscored.items())),
            "rejected": dict(sorted(Counter(row.reason for row in result.rejected).items())),
        },
        "rejected": [{"line": row.line, "reason": row.reason} for row in result.rejected],
        "model": model,
        "text_cleaning": NORMALISATION_VERSION,
        "targets": {target.key: list(target.names()) for target in targets},
        "any_language": any_language,
        "output": {"sha256": hashlib.sha256(data).hexdigest(), "rows": len(scored)},
    }


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """The manifest as its file holds it; equal for equal outputs, so it has no time stamp."""
    return (json.dumps(manifest, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def manifest_path(output: Path) -> Path:
    """Where the manifest of an output stands.

    >>> manifest_path(Path("scores.csv")).name
    'scores.csv.manifest.json'
    """
    return output.with_name(output.name + ENDING)
