"""Where an interrupted stage stands, kept in a file and read back. Trains nothing."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from stance.errors import StanceError

SECONDS_BETWEEN_SAVES = 120


@dataclass(slots=True)
class Progress:
    """Where a stage stands: `batch` of `epoch` is next, after `step` steps in all."""

    epoch: int = 0
    batch: int = 0
    step: int = 0


class StateFile:
    """Saves and restores all that a stage changes, so that a cut loses two minutes at most.

    `parts` have `state_dict` and `load_state_dict`, as all of torch that can be stored.
    """

    def __init__(
        self, path: Path, parts: dict[str, Any], device: torch.device
    ) -> None:
        self._path = path
        self._device = device.type
        self._parts = parts
        self._saved = time.monotonic()

    def restore(self) -> Progress:
        """Load the state of an interrupted run into the parts; where none is, the beginning.

        Raises:
            StanceError: it was interrupted on another kind of device, whose random numbers are others.
        """
        if not self._path.exists():
            return Progress()
        state = torch.load(self._path, weights_only=True, map_location="cpu")
        if state["device"] != self._device:
            raise StanceError(
                f"A stage was interrupted on another device: go on with --device {state['device']}, or "
                f"remove {self._path} to begin it anew on {self._device}."
            )
        for name, part in self._parts.items():
            part.load_state_dict(state[name])
        # Dropout and masked words go on as they would have without the interruption.
        torch.set_rng_state(state["random"])
        torch.cuda.set_rng_state_all(state["random_cuda"])
        return Progress(**state["progress"])

    def save_now_and_then(self, progress: Progress) -> None:
        """Save, if the last time was `SECONDS_BETWEEN_SAVES` ago."""
        if time.monotonic() - self._saved < SECONDS_BETWEEN_SAVES:
            return
        state: dict[str, Any] = {name: part.state_dict() for name, part in self._parts.items()}
        state["random"] = torch.get_rng_state()
        state["random_cuda"] = torch.cuda.get_rng_state_all()  # empty without a GPU
        state["device"] = self._device
        state["progress"] = {"epoch": progress.epoch, "batch": progress.batch, "step": progress.step}
        partial = self._path.with_suffix(".partial")
        torch.save(state, partial)
        partial.replace(self._path)
        self._saved = time.monotonic()
