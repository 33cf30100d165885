"""What the shipped model computes on, and how precisely. Loads nothing, and looks for no device."""

from __future__ import annotations

from dataclasses import dataclass

from stance.errors import DeviceError

DEVICES = ("cpu", "cuda")
PRECISIONS = ("float32", "bfloat16")


@dataclass(frozen=True, slots=True)
class Device:
    """A kind of device and the precision of the encoder on it; bfloat16 is for graphics cards.

    In bfloat16 probabilities differ by some thousandths, at worst hundredths; and a text's depend on
    its batch.
    """

    name: str = DEVICES[0]
    precision: str = PRECISIONS[0]

    def __post_init__(self) -> None:
        """Raises DeviceError if the device does not compute so."""
        if self.name == "cpu" and self.precision != "float32":
            raise DeviceError(
                f"Expected a graphics card for {self.precision}, found the CPU. Add --device cuda, or "
                "leave out --precision."
            )

    def __str__(self) -> str:
        return f"{self.name}, {self.precision}"


CPU = Device()
