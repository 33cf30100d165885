"""The forward pass on a graphics card, in torch, in float32 or bfloat16. Loaded where it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from stance.errors import DeviceError
from stance.model.checkpoint import load_checkpoint
from stance.model.classifier import StanceClassifier
from stance.model.devices import Device
from stance.model.fast import Readings
from stance.model.network import StanceNetwork
from stance.model.packed import PackedText
from stance.model.packing import collate

_TYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


class CardNetwork:
    """`StanceNetwork` on a device of torch; the heads compute in float32 at either precision."""

    def __init__(self, network: StanceNetwork, *, device: str, precision: str) -> None:
        """Move a network to a device of torch; `precision` is that of the encoder."""
        self._device = torch.device(device)
        self._type = _TYPES[precision]
        self._network = network.to(self._device)

    @torch.inference_mode()
    def read(self, texts: Sequence[PackedText]) -> Readings:
        """What the heads make of packed texts, at least one, in one batch."""
        batch = collate(texts, pad_id=0).to(self._device)
        with torch.autocast(self._device.type, self._type, enabled=self._type != torch.float32):
            first, slots = self._network.encode(batch)
        sentiment, stance = self._network.sentiment, self._network.stance
        moods, sides = sentiment.hidden(first.float()), stance.hidden(slots.float())
        logits = sentiment.projection(moods), stance.projection(sides)
        return Readings(*(found.cpu().numpy() for found in (moods, sides, *logits)))


def require_card() -> None:
    """Raise DeviceError if torch has no graphics card here."""
    if not torch.cuda.is_available():
        raise DeviceError(
            "Expected a graphics card that torch can use, found none. Leave out --device, or "
            f"install torch {torch.__version__.partition('+')[0]} as a build for CUDA."
        )


def on_card(folder: Path, device: Device) -> StanceClassifier:
    """The classifier of a checkpoint folder, on a graphics card.

    Raises:
        DeviceError: torch has no such device here.
        CheckpointError: see `checkpoint.load_checkpoint`.
    """
    require_card()
    checkpoint = load_checkpoint(folder)
    network = CardNetwork(checkpoint.network, device=device.name, precision=device.precision)
    return StanceClassifier(network, checkpoint.tokenizer, checkpoint.manifest)
