"""What a training run does, read from a TOML file: the stages, their data and their settings."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from stance.errors import StanceError
from stance.training.calibration import Method


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a run; the next one starts from its weights.

    `kind`: "language" adapts the encoder to raw comments by masked-word prediction, "labels"
    learns from labels, those of `data` and those that the checkpoints `teachers` give to the raw
    comments of `taught`. `data` and `taught` are file patterns below the data folder, `limits` the
    most rows to take of a file, by a part of its path. `class_power` weights the labels of each
    head by their frequency to the power of its negative. `r_drop` is the weight of the symmetric
    KL divergence between two dropout passes (R-Drop, Liang et al. 2021). `naming` is the least share of raw
    comments that name a target, equally many for each; 0 takes them as they come. `slips` is the
    share of texts with a slip of the keyboard, other ones in each epoch. `hidden` are keys of
    targets whose labels are not learned from, to see how a target does that is only asked about.
    `plain` is the number of plainly worded texts that are made (see `stance.training.plain`).
    `ends_at` is the step after which the stage ends though its learning rate would go on; 0 for none.
    """

    name: str
    kind: Literal["language", "labels"]
    data: tuple[str, ...]
    epochs: float
    learning_rate: float
    limits: dict[str, int]
    tokens_per_batch: int = 8_192
    max_tokens: int = 192
    warmup: float = 0.1
    weight_decay: float = 0.01
    class_power: float = 0.0
    r_drop: float = 0.0
    layer_decay: float = 1.0
    sentiment_weight: float = 0.5
    head_learning_rate: float = 0.0
    label_smoothing: float = 0.0
    taught: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    average: float = 0.0
    naming: float = 0.0
    slips: float = 0.0
    hidden: tuple[str, ...] = ()
    plain: int = 0
    ends_at: int = 0


@dataclass(frozen=True, slots=True)
class RunConfig:
    """A run: its seed and its stages; `start` names the checkpoint it starts from, if not the base.

    With a `start` the dropouts are that checkpoint's, and the ones here count for nothing.
    """

    seed: int
    stages: tuple[Stage, ...]
    start: str = ""
    name: str = "minilm-l6-stance"
    version: str = "2"
    calibration: Method = "temperature"
    encoder_dropout: float = 0.1
    attention_dropout: float = 0.1
    head_dropout: float = 0.1


def read_config(path: Path) -> RunConfig:
    """Read a run's TOML file.

    Raises:
        StanceError: an unknown setting; names it and lists the known ones.
    """
    entry = tomllib.loads(path.read_text(encoding="utf-8"))
    stages = tuple(_stage(stage, path) for stage in entry.pop("stage"))
    return RunConfig(stages=stages, **entry)


def _stage(entry: dict[str, Any], path: Path) -> Stage:
    known = {setting.name for setting in fields(Stage)}
    if unknown := set(entry) - known:
        raise StanceError(f"{path}: unknown {sorted(unknown)}; known are {sorted(known)}.")
    for name in ("data", "taught", "teachers", "hidden"):
        if name in entry:
            entry[name] = tuple(entry[name])
    return Stage(**{"limits": {}, **entry})
