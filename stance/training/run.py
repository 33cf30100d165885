"""Runs the stages of a config, from the base encoder to a saved checkpoint. Knows no loss."""

from __future__ import annotations

import json
import logging
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase

from stance import metrics
from stance.errors import StanceError
from stance.labels import Stance
from stance.model.checkpoint import (
    Checkpoint,
    Manifest,
    file_hash,
    half_precision,
    load_checkpoint,
    save_checkpoint,
)
from stance.model.encoding import placeholder_id
from stance.model.network import StanceNetwork
from stance.targets import load_targets
from stance.text import prepare_text
from stance.training import teacher
from stance.training.batches import pack
from stance.training.calibration import fit_temperature
from stance.training.config import RunConfig, Stage
from stance.training.examples import (
    UNKNOWN,
    Distribution,
    Example,
    read_labelled,
    read_public,
    read_rows,
    text_key,
    without,
)
from stance.training.fit import fit
from stance.training.language import adapt, word_table
from stance.training.mpnet import MPNetStanceNetwork

log = logging.getLogger(__name__)

@dataclass(frozen=True, slots=True)
class Base:
    """A pretrained encoder to start from: its name on the hub, and the hash of model.safetensors."""

    name: str
    sha256: str
    network_class: type[StanceNetwork]


BASES = {
    "bert": Base(
        "sentence-transformers/all-MiniLM-L6-v2",
        "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        StanceNetwork,
    ),
    "mpnet": Base(
        "sentence-transformers/all-mpnet-base-v2",
        "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
        MPNetStanceNetwork,
    ),
}
"""By the `model_type` of their config.json; the hashes are those that the hub lists."""

MAX_TOKENS = 256
"""Comment length of the checkpoint; 99 % of real comments are shorter than 150 word pieces."""

HELD_OUT_SHARE = 0.05
"""Part of the labelled comments that is not trained on; temperatures are fitted on it."""


@dataclass(slots=True)
class Workshop:
    """What all stages of a run share."""

    network: StanceNetwork
    tokenizer: PreTrainedTokenizerBase
    config: RunConfig
    data: Path
    out: Path
    development: list[Example]

    def file(self, pattern: str) -> list[Path]:
        """Files of the data folder that fit a pattern."""
        found = sorted(self.data.glob(pattern))
        if not found:
            raise StanceError(f"Expected files {pattern} in {self.data}, found none.")
        return found


def run(config: RunConfig, *, data: Path, base: Path, out: Path, device: torch.device) -> None:
    """Train from the base encoder, or from `config.start`, and write `out`/checkpoint.

    Finished stages are kept in `out` and skipped when the same run is started again.

    Raises:
        StanceError: data are missing, or the base encoder is not the one expected.
    """
    torch.manual_seed(config.seed)
    out.mkdir(parents=True, exist_ok=True)
    network, tokenizer = _start(config, base)
    network.to(device)
    development = read_labelled(data / "labelled" / "dev.jsonl")
    shop = Workshop(network, tokenizer, config, data, out, development)
    for number, stage in enumerate(config.stages, start=1):
        finished = out / f"stage-{number}-{stage.name}.pt"
        if finished.exists():
            network.load_state_dict(torch.load(finished, weights_only=True, map_location=device))
            continue
        log.info("stage %d of %d: %s", number, len(config.stages), stage.name)
        torch.manual_seed(config.seed + number)
        _run_stage(shop, stage)
        torch.save(network.state_dict(), finished)
    _finish(shop)


def _start(config: RunConfig, base: Path) -> tuple[StanceNetwork, PreTrainedTokenizerBase]:
    if config.start:
        start = _load(Path(config.start))
        return start.network, start.tokenizer
    known = BASES[_model_type(base)]
    weights = base / "model.safetensors"
    if not weights.is_file() or file_hash(weights) != known.sha256:
        raise StanceError(
            f"Expected the weights of {known.name} (SHA-256 {known.sha256[:12]}…) in {weights}."
        )
    encoder = AutoModel.from_pretrained(
        base,
        add_pooling_layer=False,
        local_files_only=True,
        use_safetensors=True,
        trust_remote_code=False,
    )
    tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True, trust_remote_code=False)
    encoder.config.hidden_dropout_prob = config.encoder_dropout
    encoder.config.attention_probs_dropout_prob = config.attention_dropout
    network = known.network_class(encoder.config, head_dropout=config.head_dropout)
    network.encoder.load_state_dict(encoder.state_dict())
    _name_placeholders(network, tokenizer)
    return network, tokenizer


def _model_type(folder: Path) -> str:
    path = folder / "config.json"
    try:
        found = str(json.loads(path.read_text(encoding="utf-8")).get("model_type"))
    except (OSError, ValueError) as error:
        raise StanceError(f"Expected an encoder's config.json in {folder}.") from error
    if found not in BASES:
        raise StanceError(f"{path}: expected a model_type of {sorted(BASES)}, found {found!r}.")
    return found


def _load(folder: Path) -> Checkpoint:
    return load_checkpoint(folder, network_class=BASES[_model_type(folder)].network_class)


@torch.no_grad()
def _name_placeholders(network: StanceNetwork, tokenizer: PreTrainedTokenizerBase) -> None:
    """Start the placeholders as countries: each at the mean of the countries' names, a bit apart."""
    table = word_table(network)
    names = [target.aliases["country"][0] for target in load_targets()]
    pieces = tokenizer(names, add_special_tokens=False)["input_ids"]
    country = torch.stack([table[ids].mean(dim=0) for ids in pieces]).mean(dim=0)
    noise = torch.Generator().manual_seed(0)
    for number in range(len(names)):
        apart = torch.randn(country.shape, generator=noise) * table.std() / 2
        table[placeholder_id(tokenizer, number)] = country + apart


def _run_stage(shop: Workshop, stage: Stage) -> None:
    if stage.kind == "language":
        texts = _raw_texts(shop, stage)
        adapt(shop.network, texts, shop.tokenizer, stage, seed=shop.config.seed)
        return
    if stage.kind == "teacher":
        examples = _taught(shop, stage)
    else:
        examples = _labelled(shop, stage)
    log.info("%s: %d examples", stage.name, len(examples))
    fit(
        shop.network,
        examples,
        shop.tokenizer,
        stage,
        seed=shop.config.seed,
        state_file=shop.out / f"{stage.name}.state",
        after_epoch=lambda epoch: _report(shop, f"{stage.name}, epoch {epoch}"),
    )
    _report(shop, stage.name)


def _labelled(shop: Workshop, stage: Stage) -> list[Example]:
    examples: list[Example] = []
    for pattern in stage.data:
        for path in shop.file(pattern):
            if "labelled" in path.parts:
                found = [e for e in read_labelled(path) if not _is_held_out(e)]
            else:
                limits = [n for part, n in stage.limits.items() if part in str(path)]
                found = read_public(path, limit=min(limits, default=None), seed=shop.config.seed)
            examples += found
            log.info("%6d examples of %s", len(found), path.name)
    return without(examples, shop.development)


def _raw_texts(shop: Workshop, stage: Stage) -> list[str]:
    """Prepared raw comments, each once, without the held-out ones."""
    known = {text_key(example.text) for example in [*shop.development, *_held_out(shop)]}
    texts: list[str] = []
    for pattern in stage.data:
        for path in shop.file(pattern):
            for row in read_rows(path):
                text = prepare_text(row["text"]).text
                key = text_key(text)
                if len(key) >= 8 and key not in known:
                    known.add(key)
                    texts.append(text)
    limit = min(stage.limits.values(), default=len(texts))
    if limit < len(texts):
        texts = random.Random(shop.config.seed).sample(texts, limit)
    return texts


def _taught(shop: Workshop, stage: Stage) -> list[Example]:
    examples = teacher.unlabelled(_raw_texts(shop, stage))
    packed = pack(examples, shop.tokenizer, max_tokens=stage.max_tokens)
    device = next(shop.network.parameters()).device
    sums: list[np.ndarray] = []
    for folder in stage.teachers:
        network = _load(Path(folder)).network.to(device)
        scores = teacher.predict(network, packed, pad_id=int(shop.tokenizer.pad_token_id))
        sums = [s + t for s, t in zip(sums, scores, strict=True)] if sums else list(scores)
    sentiment, stance = (np.asarray(s / len(stage.teachers), np.float32) for s in sums)
    return teacher.taught(examples, sentiment, stance)


def _is_held_out(example: Example) -> bool:
    """Whether a text is one of those on which temperatures are fitted; by the text alone."""
    return random.Random(text_key(example.text)).random() < HELD_OUT_SHARE


def _held_out(shop: Workshop) -> list[Example]:
    examples = read_labelled(shop.data / "labelled" / "train.jsonl")
    return [example for example in examples if _is_held_out(example)]


def _predictions(shop: Workshop, examples: Sequence[Example]) -> metrics.Predictions:
    packed = pack(examples, shop.tokenizer, max_tokens=MAX_TOKENS)
    sentiment, stance = teacher.predict(
        shop.network, packed, pad_id=int(shop.tokenizer.pad_token_id)
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
    found = _predictions(shop, shop.development)
    log.info(
        "DEV %s: stance %.4f, sentiment %.4f, favor %.4f, share error %.4f",
        when,
        metrics.pooled_stance_f1(found),
        metrics.sentiment_f1(found),
        metrics.stance_label_f1(found, Stance.FAVOR),
        metrics.share_error(found),
    )


def _finish(shop: Workshop) -> None:
    half_precision(shop.network)
    held_out = _predictions(shop, _held_out(shop))
    temperature = {
        "sentiment": fit_temperature(held_out.sentiment, held_out.sentiment_probabilities),
        "stance": fit_temperature(held_out.stance.ravel(), held_out.stance_probabilities.reshape(-1, 3)),
    }
    manifest = Manifest(
        name="minilm-l6-stance",
        version="1",
        max_tokens=MAX_TOKENS,
        temperature=temperature,
        training_data=sorted({p for stage in shop.config.stages for p in stage.data}),
    )
    save_checkpoint(shop.out / "checkpoint", shop.network, shop.tokenizer, manifest)
    _report(shop, "as saved")
