"""What an output was made of: input, model, counts, rows left out. A small JSON file beside it.

It holds no comment and no author, so it may go into a log or a mail.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from stance.copies import Copy
from stance.records import UNSCORED, Comment, ReadResult, RejectedRow
from stance.targets import Target
from stance.text import NORMALISATION_VERSION

ENDING = ".manifest.json"


@dataclass(slots=True)
class RowCounts:
    """What became of the rows: comments + rejected = all rows; unscored and copies are comments."""

    n_comments: int = 0
    unscored: Counter[str] = field(default_factory=Counter)
    rejected: list[tuple[int, str]] = field(default_factory=list)
    copies: Counter[str] = field(default_factory=Counter)

    @property
    def n_rows(self) -> int:
        """All rows of the source."""
        return self.n_comments + len(self.rejected)

    @property
    def n_scored(self) -> int:
        """Comments with scores."""
        return self.n_comments - self.unscored.total()

    @property
    def rejected_reasons(self) -> dict[str, int]:
        """How many rows were not used, by reason, the most frequent first."""
        return dict(Counter(reason for _, reason in self.rejected).most_common())

    def add_read(
        self, comments: Sequence[Comment], rejected: Iterable[RejectedRow], copies: Iterable[Copy]
    ) -> None:
        """Count rows as they were read."""
        self.n_comments += len(comments)
        self.rejected.extend((row.line, row.reason) for row in rejected)
        self.copies.update(str(copy.kind) for copy in copies)

    def add_scored(self, scored: pd.DataFrame) -> None:
        """Count which of the comments got no scores."""
        self.unscored.update(reason for reason in scored[UNSCORED] if reason)


def row_counts(
    result: ReadResult, scored: pd.DataFrame, copies: Mapping[str, Copy]
) -> RowCounts:
    """The counts of what was read and scored whole."""
    counts = RowCounts()
    counts.add_read(result.comments, result.rejected, copies.values())
    counts.add_scored(scored)
    return counts


def output_manifest(
    counts: RowCounts,
    *,
    name: str,
    source_sha256: str,
    way_of_reading: str,
    output_sha256: str,
    model: dict[str, Any],
    targets: Sequence[Target],
    any_language: bool,
) -> dict[str, Any]:
    """The manifest of one output.

    Args:
        counts: what became of the rows.
        name: of the source.
        source_sha256: of the source's bytes.
        way_of_reading: a hash of how they were understood, by which two readings are told apart.
        output_sha256: of the output's bytes.
        model: name, hash, thresholds and what else tells the model apart.
        targets: what stance was asked about.
        any_language: whether comments in other languages were scored too.
    """
    return {
        "input": {"name": name, "sha256": source_sha256, "way_of_reading": way_of_reading},
        "rows": {
            "read": counts.n_rows,
            "scored": counts.n_scored,
            "unscored": dict(sorted(counts.unscored.items())),
            "rejected": dict(sorted(counts.rejected_reasons.items())),
            "copies": dict(sorted(counts.copies.items())),
        },
        "rejected": [{"line": line, "reason": reason} for line, reason in counts.rejected],
        "model": model,
        "text_cleaning": NORMALISATION_VERSION,
        "targets": {target.key: list(target.names()) for target in targets},
        "any_language": any_language,
        "output": {"sha256": output_sha256, "rows": counts.n_comments},
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
