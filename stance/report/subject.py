"""What a report is made of: a scored set, what is known of its model, and what a person wants. Records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pandas as pd

from stance.amounts import numbered
from stance.copies import Copy
from stance.model.held_out import HeldOut, read_held_out
from stance.model.manifest import SHIPPED, read_manifest
from stance.model.mistakes import Mistakes, read_mistakes
from stance.records import ReadResult
from stance.targets import Target
from stance.translation import _


@dataclass(frozen=True, slots=True)
class Subject:
    """A scored set; `name` is what to call it.

    The rest is as in the page's comment sets: what was asked about, whether comments in other
    languages were scored, which comments repeat an earlier one, whether the set was opened from an
    export of ours, and by how many labels its model was taught.
    """

    name: str
    result: ReadResult
    scored: pd.DataFrame
    targets: tuple[Target, ...]
    any_language: bool = False
    copies: Mapping[str, Copy] = field(default_factory=dict)
    restored: bool = False
    learned_from: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """What is known of the model that gave the labels; `sha256` is "" where its weights are not ours.

    `mistakes` and `held_out` are None where nothing was measured of these very weights.
    """

    name: str
    sha256: str
    unsure_below: Mapping[str, float]
    mistakes: Mistakes | None = None
    held_out: HeldOut | None = None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person wants of a report: authors named or not, ids of comments to quote.

    `day` and `version` say when it was made, and by which version of the program.
    """

    day: date
    version: str
    authors: bool = False
    quoted: tuple[str, ...] = ()


def known_model(folder: Path = SHIPPED) -> Model:
    """What is known of a checkpoint of ours.

    Raises:
        CheckpointError: the folder holds none, or files beside it that say something else.
    """
    manifest = read_manifest(folder)
    return Model(
        f"{manifest.name} {manifest.version}",
        manifest.sha256,
        manifest.unsure_below,
        read_mistakes(folder),
        read_held_out(folder),
    )


def taught_model(n_labels: int) -> Model:
    """What is known of the shipped checkpoint with heads that so many labels of a set taught."""
    model = known_model()
    name = numbered(
        "{model} with heads that {n} label of this set taught",
        "{model} with heads that {n} labels of this set taught",
        n_labels,
        model=model.name,
    )
    return replace(model, name=name, mistakes=None, held_out=None)


def unknown_model(learned_from: int = 0) -> Model:
    """What is known of the model of an export: at most by how many labels it was taught.

    What is unsure follows the shipped threshold.
    """
    name = _("not known: the set was opened from a download")
    if learned_from:
        name = numbered(
            "not known: the set was opened from a download, and its labels came from a model that was "
            "taught by {n} label",
            "not known: the set was opened from a download, and its labels came from a model that was "
            "taught by {n} labels",
            learned_from,
        )
    return Model(name, "", read_manifest().unsure_below)
