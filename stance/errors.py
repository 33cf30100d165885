"""The errors that a person can mend. Each message says what was expected, found, where, what to do.

StanceError
├── ReadingError       the input is not a set of comments that we can read
├── CheckpointError    the model's folder is missing, incomplete or was changed
├── EngineError        there is no cluster to score on, or it is not what was asked for
├── ScoringCancelled   the person asked to stop
├── StoreError         scores cannot be kept for the next run
└── WritingError       the output cannot be written

Messages never hold a comment's text: they go to the screen and may go to a log. One that the page can
show is a `Sentence`: English as a string, and spoken where it is shown.
"""

from __future__ import annotations

import traceback
from pathlib import Path


class StanceError(Exception):
    """Root of all errors of this package; its message is one line for the person at the screen."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class ReadingError(StanceError):
    """The input could not be read as comments."""


class CheckpointError(StanceError):
    """The checkpoint cannot be trusted to give the scores it was published with."""


class DeviceError(StanceError):
    """The device that was asked for is not here, or cannot be used with what was asked."""


class EngineError(StanceError):
    """The machines that were to score cannot."""


class ScoringCancelled(StanceError):
    """Scoring was stopped on request; nothing of it is kept."""


class StoreError(StanceError):
    """The store of scores cannot be used; scoring goes on without it."""


class WritingError(StanceError):
    """The scores could not be written."""


def place_of(error: BaseException) -> str:
    """Of an error that nobody foresaw, whose own message may hold a comment: its kind, and where."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
