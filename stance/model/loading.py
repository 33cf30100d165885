"""The door to all classifiers: the shipped one without torch, anyone's with it. Loads nothing itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from stance.errors import DeviceError
from stance.model.classifier import StanceClassifier, load_classifier
from stance.model.devices import CPU, Device
from stance.model.manifest import SHIPPED, model_name

if TYPE_CHECKING:
    from stance.model.foreign import ForeignClassifier

    AnyClassifier: TypeAlias = StanceClassifier | ForeignClassifier


def load(
    name: str | Path,
    *,
    download: bool = False,
    revision: str | None = None,
    device: Device = CPU,
) -> AnyClassifier:
    """As `foreign.load_any`, which is loaded only for another classifier than the shipped one.

    Raises:
        DeviceError: another classifier is asked for elsewhere than on the CPU.
    """
    if Path(name).resolve() == SHIPPED:
        return load_classifier(device=device)
    if device != CPU:
        raise DeviceError(
            f"Expected the shipped model for {device}, found --model: others compute on the CPU. "
            "Leave out --device or --model."
        )
    from stance.model.foreign import load_any

    return load_any(name, download=download, revision=revision)


def describe(classifier: AnyClassifier) -> str:
    """Name, revision and hash of the weights of a classifier, in one line."""
    if not isinstance(classifier, StanceClassifier):
        return classifier.describe()
    return str(model_name(classifier.manifest))
