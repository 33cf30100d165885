"""What a training run does, read from a TOML file: the stages, their data and their settings."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    ConfigDict,
    Field,
    NonNegativeFloat,
    NonNegativeInt,
    PositiveFloat,
    PositiveInt,
    TypeAdapter,
    ValidationError,
    with_config,
)

from stance.errors import StanceError
from stance.targets import load_targets
from stance.training.calibration import Method
from stance.training.precision import Precision

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

Share = Annotated[float, Field(ge=0, le=1)]
Name = Annotated[str, Field(pattern=r"^[\w-]+$", max_length=100)]
Seed = Annotated[int, Field(ge=0, lt=2**63)]

_OF_LABELS = (
    *("taught", "teachers", "plain", "slips", "ends_at", "hidden"),
    *("class_power", "layer_decay", "sentiment_weight", "head_learning_rate"),
)
_DROPOUTS = ("encoder_dropout", "attention_dropout", "head_dropout")

_known_only = with_config(ConfigDict(extra="forbid", allow_inf_nan=False))


@_known_only
@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a run; the next one starts from its weights.

    `kind`: "language" adapts the encoder to raw comments by masked-word prediction, "labels"
    learns from labels, those of `data` and those that the checkpoints `teachers` give to the raw
    comments of `taught`. `data` and `taught` are file patterns below the data folder, `limits` the
    most rows to take of a file, by a part of its path. `class_power` weights the labels of each
    head by their frequency to the power of its negative. `naming` is the least share of raw
    comments that name a target, equally many for each; 0 takes them as they come. `slips` is the
    share of texts with a slip of the keyboard, other ones in each epoch. `hidden` are keys of
    targets whose labels are not learned from, to see how a target does that is only asked about.
    `plain` is the number of plainly worded texts that are made (see `stance.training.plain`).
    `ends_at` is the step after which the stage ends though its learning rate would go on; 0 for none.
    `precision` is that of the forward passes (see `stance.training.precision`).
    """

    name: Name
    kind: Literal["language", "labels"]
    data: Annotated[tuple[str, ...], Field(min_length=1)]
    epochs: PositiveFloat
    learning_rate: PositiveFloat
    limits: dict[str, PositiveInt] = field(default_factory=dict)
    tokens_per_batch: PositiveInt = 8_192
    max_tokens: PositiveInt = 192
    warmup: Share = 0.1
    weight_decay: NonNegativeFloat = 0.01
    class_power: NonNegativeFloat = 0.0
    layer_decay: PositiveFloat = 1.0
    sentiment_weight: NonNegativeFloat = 0.5
    head_learning_rate: NonNegativeFloat = 0.0
    taught: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    naming: Share = 0.0
    slips: Share = 0.0
    hidden: tuple[str, ...] = ()
    plain: NonNegativeInt = 0
    ends_at: NonNegativeInt = 0
    precision: Precision = "mixed"


@_known_only
@dataclass(frozen=True, slots=True)
class RunConfig:
    """A run: its seed and its stages; `start` names the checkpoint it starts from, if not the base.

    With a `start` the dropouts are that checkpoint's.
    """

    seed: Seed
    stages: tuple[Stage, ...]
    start: str = ""
    name: str = "minilm-l6-stance"
    version: str = "0"
    calibration: Method = "temperature"
    encoder_dropout: Share = 0.1
    attention_dropout: Share = 0.1
    head_dropout: Share = 0.1


def read_config(path: Path) -> RunConfig:
    """Read a run's TOML file.

    Raises:
        StanceError: it cannot be read, or a setting is unknown, lacks, or has no sense; names it.
    """
    try:
        entry = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StanceError(f"Expected the config of a run in {path}: {error.strerror}.") from error
    except ValueError as error:
        raise StanceError(f"{path}: expected TOML in UTF-8, found {error}.") from error
    if "stages" in entry:
        raise StanceError(f"{path}: expected [[stage]] for each stage, found stages.")
    entry["stages"] = entry.pop("stage", [])
    try:
        # As JSON, for which strict does not mean that an array is no tuple.
        config = TypeAdapter(RunConfig).validate_json(json.dumps(entry), strict=True)
    except TypeError as error:
        raise StanceError(f"{path}: expected words and numbers, found a day or an hour.") from error
    except ValidationError as error:
        raise StanceError(f"{path}: {'; '.join(map(_problem, error.errors()))}.") from error
    for problem in _contradictions(config, entry):
        raise StanceError(f"{path}: {problem}")
    return config


def _problem(error: ErrorDetails) -> str:
    """A finding of the reader in our words: `stage 2, epochs: Field required`."""
    place = ["stage" if part == "stages" else part for part in error["loc"]]
    names = [str(part + 1) if isinstance(part, int) else part for part in place]
    return f"{' '.join(names[:2])}{''.join(', ' + n for n in names[2:])}: {error['msg']}"


def _contradictions(config: RunConfig, entry: dict[str, Any]) -> Iterator[str]:
    """What is well formed and would be passed over in silence; `entry` is as it was given."""
    if not config.stages:
        yield "expected one [[stage]] at least, found none."
    if config.start and (useless := set(entry).intersection(_DROPOUTS)):
        yield f"a run with a start has the dropouts of that; take {sorted(useless)} out."
    keys = [target.key for target in load_targets()]
    for number, stage in enumerate(config.stages, start=1):
        if stage.kind == "language" and stage.epochs != round(stage.epochs):
            yield f"stage {number}, epochs: expected a whole number for masked words, found {stage.epochs}."
        given = entry["stages"][number - 1]
        if stage.kind == "language" and (idle := [n for n in _OF_LABELS if n in given]):
            yield f"stage {number}: {idle} do nothing where masked words are learned; take them out."
        if out := [p for p in (*stage.data, *stage.taught) if not p or p[0] == "/" or ".." in p]:
            yield f"stage {number}: expected files below the data folder, found {out}."
        if stage.kind == "labels" and stage.naming and not stage.taught:
            yield f"stage {number}: naming is for raw comments, of which taught names none."
        if bool(stage.taught) != bool(stage.teachers):
            yield f"stage {number}: expected both of taught and teachers, or neither."
        if unknown := set(stage.hidden).difference(keys):
            yield f"stage {number}, hidden: expected some of {keys}, found {sorted(unknown)}."
