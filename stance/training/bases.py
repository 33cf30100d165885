"""What a run starts from: a pretrained encoder, checked by its hash, or a checkpoint of ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase

from stance.errors import StanceError
from stance.model.checkpoint import Checkpoint, load_checkpoint
from stance.model.encoding import placeholder_id
from stance.model.network import StanceNetwork
from stance.model.stored import file_hash
from stance.targets import load_targets
from stance.training.config import RunConfig
from stance.training.language import word_table
from stance.training.mpnet import MPNetStanceNetwork


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


def start_network(
    config: RunConfig, base: Path
) -> tuple[StanceNetwork, PreTrainedTokenizerBase]:
    """The network and tokenizer of the base encoder, or of `config.start`.

    Raises:
        StanceError: the base is not one of `BASES`, or its weights are not those expected.
    """
    if config.start:
        start = load_any_base(Path(config.start))
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
    except (OSError, ValueError, AttributeError) as error:
        raise StanceError(f"Expected an encoder's config.json in {folder}.") from error
    if found not in BASES:
        raise StanceError(f"{path}: expected a model_type of {sorted(BASES)}, found {found!r}.")
    return found


def load_any_base(folder: Path) -> Checkpoint:
    """A checkpoint of ours, also one of a teacher."""
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
