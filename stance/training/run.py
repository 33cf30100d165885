"""Runs the stages of a config, from the base encoder to a saved checkpoint. Knows no loss."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedTokenizerBase

from stance import metrics
from stance.errors import StanceError
from stance.labels import Stance
from stance.model.checkpoint import half_precision, save_checkpoint
from stance.model.manifest import Manifest, read_manifest
from stance.model.network import StanceNetwork
from stance.model.stored import file_hash
from stance.text import NORMALISATION_VERSION
from stance.training.bases import start_network
from stance.training.batches import pack
from stance.training.calibration import calibrate
from stance.training.config import RunConfig, Stage
from stance.training.examples import (
    UNKNOWN,
    Distribution,
    Example,
    read_labelled,
    read_public,
    text_key,
    without,
    without_labels,
)
from stance.training.fit import fit
from stance.training.language import adapt
from stance.training.plain import plain_examples
from stance.training.raw import read_raw
from stance.training.sets import check_data, files_in
from stance.training.teacher import predict, teach
from stance.training.unseen import DEVELOPMENT, LABELLED, is_held_out, unseen_keys

log = logging.getLogger(__name__)

MAX_TOKENS = 256
"""Comment length of the checkpoint; 99 % of real comments are shorter than 150 word pieces."""


_READ_BY = ("targets.toml", "spelling_words.txt", "training/plain.toml")
"""Files of the package that decide how a text is read, or which are made."""


@dataclass(slots=True)
class Workshop:
    """What all stages of a run share."""

    network: StanceNetwork
    tokenizer: PreTrainedTokenizerBase
    config: RunConfig
    data: Path
    out: Path
    development: list[Example]
    held_out: list[Example]
    """What biases, temperatures and thresholds are fitted on."""
    kept_out: frozenset[str]
    """Keys of the texts that no stage may learn from, wherever they stand."""
    workers: int
    """Processes that make batches, 0 for none."""
    state_file: Path = Path()
    """Of the stage that runs."""


def run(
    config: RunConfig,
    *,
    data: Path,
    base: Path,
    out: Path,
    device: torch.device,
    workers: int = 0,
    stages: int | None = None,
) -> None:
    """Train from the base encoder, or from `config.start`, and write `out`/checkpoint.

    Finished stages are kept in `out` and skipped when the same run is started again. Runs that this
    one starts from or learns from lie beside `out`. `workers` processes make batches, 0 for none. Of
    `stages` only the first so many are run, and no checkpoint is written.

    Raises:
        StanceError: data are missing, the base encoder is not the one expected, or there are not so
            many stages.
    """
    if stages is not None and not 1 <= stages <= len(config.stages):
        raise StanceError(f"Expected 1 to {len(config.stages)} stages of this run, found {stages}.")
    config = _beside(config, out)
    # Sums in one order. Filling new memory besides would double the work of a small network on a GPU.
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    torch.manual_seed(config.seed)
    out.mkdir(parents=True, exist_ok=True)
    network, tokenizer = start_network(config, base)
    network.to(device)
    development = read_labelled(data / DEVELOPMENT)
    check_data(config, data)
    # What must stay unseen: the development set and what the model card measures on; of the rest
    # a part is held out for calibration.
    unseen = unseen_keys(data)
    held_out = [e for e in read_labelled(data / LABELLED) if is_held_out(e.text, unseen)]
    kept_out = frozenset(unseen | {text_key(example.text) for example in held_out})
    shop = Workshop(network, tokenizer, config, data, out, development, held_out, kept_out, workers)
    marks = _marks(config, data, base, kept_out, config.stages[:stages])
    for number, (stage, mark) in enumerate(marks, start=1):
        finished = out / f"stage-{number}-{stage.name}-{mark}.pt"
        if finished.exists():
            log.info("stage %d of %d: %s is there already", number, len(config.stages), finished.name)
            network.load_state_dict(torch.load(finished, weights_only=True, map_location=device))
            continue
        log.info("stage %d of %d: %s", number, len(config.stages), stage.name)
        torch.manual_seed(config.seed + number)
        shop.state_file = finished.with_suffix(".state")
        _run_stage(shop, stage)
        partial = finished.with_suffix(".partial")
        torch.save(network.state_dict(), partial)
        partial.replace(finished)
        shop.state_file.unlink(missing_ok=True)
    if stages is None:
        _finish(shop)


def _beside(config: RunConfig, out: Path) -> RunConfig:
    """The config with the folders of other runs found beside this one's."""
    return replace(
        config,
        start=config.start and str(out.parent / config.start),
        stages=tuple(
            replace(stage, teachers=tuple(str(out.parent / folder) for folder in stage.teachers))
            for stage in config.stages
        ),
    )


def _marks(
    config: RunConfig, data: Path, base: Path, kept_out: Collection[str], stages: Sequence[Stage]
) -> list[tuple[Stage, str]]:
    """Each stage with a hash of all that its weights rest on; all teachers are there, or it raises.

    That is the stages before it, the files that it reads, and what decides how a text is read.
    """
    chain = [str(NORMALISATION_VERSION), _base_mark(config, base), *sorted(kept_out)]
    chain += [file_hash(Path(str(resources.files("stance"))) / name) for name in _READ_BY]
    marks = []
    for stage in stages:
        files = [file for one in (*stage.data, *stage.taught) for file in files_in(data, one)]
        learned_from = [read_manifest(Path(folder)).sha256 for folder in stage.teachers]
        chain.append(f"{replace(stage, teachers=())!r} {learned_from} {[*map(file_hash, files)]}")
        marks.append((stage, hashlib.sha256("\n".join(chain).encode()).hexdigest()[:8]))
    return marks


def _base_mark(config: RunConfig, base: Path) -> str:
    """What a run's first weights depend on."""
    start = Path(config.start) / "manifest.json" if config.start else base / "model.safetensors"
    dropouts = (config.encoder_dropout, config.attention_dropout, config.head_dropout)
    return f"{config.seed} {dropouts} {file_hash(start)}"


def _run_stage(shop: Workshop, stage: Stage) -> None:
    if stage.kind == "language":
        texts = _raw_texts(shop, stage, stage.data)
        _expect(texts, stage)
        adapt(
            shop.network,
            texts,
            shop.tokenizer,
            stage,
            seed=shop.config.seed,
            state_file=shop.state_file,
            workers=shop.workers,
        )
        return
    examples = _labelled(shop, stage)
    if stage.taught:
        examples += teach(
            _raw_texts(shop, stage, stage.taught),
            [Path(folder) for folder in stage.teachers],
            shop.out / "taught",
            max_tokens=stage.max_tokens,
            device=next(shop.network.parameters()).device,
            workers=shop.workers,
        )
    log.info("%s: %d examples", stage.name, len(examples))
    _expect(examples, stage)
    fit(
        shop.network,
        examples,
        shop.tokenizer,
        stage,
        seed=shop.config.seed,
        state_file=shop.state_file,
        after_epoch=lambda epoch: _report(shop, f"{stage.name}, epoch {epoch}"),
        workers=shop.workers,
    )
    _report(shop, stage.name)


def _expect(found: Sequence[object], stage: Stage) -> None:
    if not found:
        raise StanceError(f"Expected texts to learn from in stage {stage.name}, found none.")


def _labelled(shop: Workshop, stage: Stage) -> list[Example]:
    examples: list[Example] = []
    for pattern in stage.data:
        for path in files_in(shop.data, pattern):
            name = str(path.relative_to(shop.data))
            if name.startswith("labelled"):
                found = read_labelled(path)
            else:
                limits = [n for part, n in stage.limits.items() if part in name]
                found = read_public(path, limit=min(limits, default=None), seed=shop.config.seed)
            examples += found
            log.info("%6d examples of %s", len(found), path.name)
    examples += plain_examples(stage.plain, seed=shop.config.seed)
    examples = without(examples, shop.kept_out)
    return [without_labels(example, stage.hidden) for example in examples]


def _raw_texts(shop: Workshop, stage: Stage, patterns: Sequence[str]) -> list[str]:
    paths = [path for pattern in patterns for path in files_in(shop.data, pattern)]
    # Below the data folder only: where that lies must not decide what is read.
    names = [str(path.relative_to(shop.data)) for path in paths]
    limits = (n for part, n in stage.limits.items() if any(part in name for name in names))
    limit = min(limits, default=None)
    known, seed = set(shop.kept_out), shop.config.seed
    return read_raw(
        paths, known=known, limit=limit, naming=stage.naming, seed=seed, workers=shop.workers
    )


def _predictions(shop: Workshop, examples: Sequence[Example]) -> metrics.Predictions:
    packed = pack(examples, shop.tokenizer, max_tokens=MAX_TOKENS)
    sentiment, stance = predict(
        shop.network, packed, pad_id=int(shop.tokenizer.pad_token_id), precise=True
    )
    return metrics.Predictions(
        np.array([_index(example.sentiment) for example in examples]),
        np.array([[_index(slot.label) for slot in example.slots] for example in examples]),
        sentiment.astype(np.float64),
        stance.astype(np.float64),
    )


def _index(label: Distribution) -> int:
    return metrics.UNKNOWN if label == UNKNOWN else label.index(max(label))


def _report(shop: Workshop, when: str) -> None:
    figures = "; ".join(f"{name} {value:.4f}" for name, value in _figures(shop).items())
    log.info("DEV %s: %s", when, figures)


def _figures(shop: Workshop) -> dict[str, float]:
    """Figures on the development set, for the manifest; those with intervals are the card's."""
    found = _predictions(shop, shop.development)
    return {
        "pooled stance macro-F1": metrics.pooled_stance_f1(found),
        "sentiment macro-F1": metrics.sentiment_f1(found),
        "F1 of favor": metrics.stance_label_f1(found, Stance.FAVOR),
        "share error": metrics.share_error(found),
    }


def _finish(shop: Workshop) -> None:
    half_precision(shop.network)
    learned = {p for stage in shop.config.stages for p in (*stage.data, *stage.taught)}
    if shop.config.start:
        learned.update(read_manifest(Path(shop.config.start)).training_data)
    manifest = Manifest(
        name=shop.config.name,
        version=shop.config.version,
        max_tokens=MAX_TOKENS,
        training_data=sorted(learned),
        # Before calibration: a temperature moves no label, and the shipped run has no more.
        figures=_figures(shop),
        **calibrate(_predictions(shop, shop.held_out), method=shop.config.calibration),
    )
    save_checkpoint(shop.out / "checkpoint", shop.network, shop.tokenizer, manifest)
    _report(shop, "as saved, without calibration")
