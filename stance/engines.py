"""What scores the chunks of a job: one after the other here, or another engine that gives the same.

Knows no network, no file and no cluster; that of Ray is in `ray_engine`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from stance.records import Comment
from stance.scoring import Classifier, Progress, score_comments
from stance.targets import Target


class Engine(Protocol):
    """Scores chunks of comments, on one machine or many."""

    def tables(
        self,
        chunks: Iterable[Sequence[Comment]],
        targets: Sequence[Target],
        any_language: bool,
        on_progress: Callable[[Progress], None],
    ) -> Iterator[pd.DataFrame]:
        """The table of each chunk as `score_comments` makes it, in their order.

        Args:
            chunks: taken as they are needed, so that few are in memory.
            targets: what stance is asked about.
            any_language: as for `score_comments`.
            on_progress: told of the comments that are done beyond the tables given.
        """
        ...


@dataclass(frozen=True, slots=True)
class InTurn:
    """The engine of one machine: one chunk after the other."""

    classifier: Classifier

    def tables(
        self,
        chunks: Iterable[Sequence[Comment]],
        targets: Sequence[Target],
        any_language: bool,
        on_progress: Callable[[Progress], None],
    ) -> Iterator[pd.DataFrame]:
        """See `Engine`."""
        for comments in chunks:
            yield score_comments(
                comments,
                self.classifier,
                targets=targets,
                any_language=any_language,
                on_progress=on_progress,
            )
