"""Other people's checkpoints as classifiers: sentiment models, and entailment models as stance.

`load_any` is the door. What a foreign model cannot answer comes from the shipped one. The checks
before anything is built are in `foreign_checks`, the meaning of the labels in `foreign_labels`,
the hypotheses in `hypotheses`, those of the built model in `foreign_trial`.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

from stance.errors import CheckpointError
from stance.labels import Sentiment, Stance
from stance.model.classifier import StanceClassifier, load_classifier
from stance.model.foreign_checks import (
    check_folder,
    check_own_folder,
    count_weights,
    is_ours,
    weight_files,
    weights_hash,
)
from stance.model.foreign_labels import ForeignHead, read_head
from stance.model.foreign_trial import TRIAL, check_answers, check_tokenizer
from stance.model.hub import Located, fetch_weights, locate, one_line
from stance.model.hypotheses import hypotheses, stance_from_entailment
from stance.model.loading import describe
from stance.model.manifest import SHIPPED, ModelName
from stance.model.text_network import TextNetwork
from stance.records import Scores
from stance.targets import Target, load_targets
from stance.text import prepare_text


class ForeignClassifier:
    """A foreign model for one of sentiment and stance, the shipped classifier for the other.

    The foreign model reads the names as they stand; nothing is masked, so what it says of a country
    depends on what it has learned of it. A sentiment model without "neutral" gives it 0.
    """

    def __init__(
        self, network: TextNetwork, head: ForeignHead, name: ModelName, shipped: StanceClassifier
    ) -> None:
        self._network = network
        self._head = head
        self._shipped = shipped
        self.name = name

    def predict(self, texts: Sequence[str], targets: Sequence[Target]) -> Scores:
        """Score texts toward targets; see `stance.scoring.Classifier`."""
        ours = self._shipped.predict(texts, targets)
        prepared = [prepare_text(text).text for text in texts]
        if self._head.kind == "sentiment":
            sentiment, cut = self._sentiment(prepared)
            return Scores(sentiment, ours.stance, ours.truncated | cut)
        stance, cut = self._stance(prepared, targets)
        return Scores(ours.sentiment, stance, ours.truncated | cut)

    def describe(self) -> str:
        """Which model gave what, in one line."""
        ours = describe(self._shipped)
        if self._head.kind == "sentiment":
            return f"sentiment by {self.name}, stance by {ours}"
        return f"stance by {self.name}, sentiment by {ours}"

    def _sentiment(self, texts: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        probabilities, cut = self._network.probabilities(texts)
        sentiment = np.zeros((len(texts), len(Sentiment)), dtype=np.float32)
        for index, column in enumerate(self._head.columns):
            if column is not None:
                sentiment[:, index] = probabilities[:, column]
        return sentiment, cut

    def _stance(
        self, texts: Sequence[str], targets: Sequence[Target]
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        asked = [sentence for target in targets for sentence in hypotheses(target)]
        if not asked:
            return np.zeros((len(texts), 0, len(Stance)), np.float32), np.zeros(len(texts), np.bool_)
        probabilities, cut = self._network.probabilities(
            [text for text in texts for _ in asked], asked * len(texts)
        )
        entailed = probabilities[:, self._head.columns[0]].reshape(len(texts), len(targets), 2)
        return stance_from_entailment(entailed), np.any(cut.reshape(len(texts), -1), axis=1)


def load_any(
    name: str | Path, *, download: bool = False, revision: str | None = None
) -> StanceClassifier | ForeignClassifier:
    """Load a checkpoint of ours, or anyone's text-classification checkpoint.

    Args:
        name: a folder, or a name on the Hugging Face hub, which is looked up on this disk only.
        download: whether the hub may be asked for a model that is not on this disk.
        revision: the hub's commit, branch or tag; its main branch if None.

    Raises:
        CheckpointError: there is no such model, it is of another kind, or it cannot be trusted.
    """
    located = locate(str(name), download=download, revision=revision)
    if located.folder.resolve() == SHIPPED.resolve():
        return load_classifier(located.folder)
    if not is_ours(located.folder):
        return _load_foreign(located, download=download)
    # A manifest of our form makes nobody trusted: its hash comes from the same folder.
    where = one_line(str(located.folder))
    check_own_folder(located.folder)
    if download:
        fetch_weights(located)
    with _refusing_in_one_line(where):
        classifier = load_classifier(located.folder)
        scores = classifier.predict(list(TRIAL), load_targets())
    if not (np.isfinite(scores.sentiment).all() and np.isfinite(scores.stance).all()):
        raise CheckpointError(f"{where}: found values that are no numbers: the weights are broken.")
    return classifier


def _load_foreign(located: Located, *, download: bool) -> ForeignClassifier:
    where = one_line(str(located.folder))
    head = read_head(check_folder(located.folder), where)
    if download:
        fetch_weights(located)
    files = weight_files(located.folder)
    n_held = count_weights(files)
    with _refusing_in_one_line(where):
        network = _build(located.folder, n_held, where)
        check_tokenizer(network, where)
        check_answers(network, head, where)
    name = ModelName(one_line(located.name), located.revision, weights_hash(files))
    return ForeignClassifier(network, head, name, load_classifier())


def _build(folder: Path, n_held: int, where: str) -> TextNetwork:
    local: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    config = AutoConfig.from_pretrained(folder, **local)
    with torch.device("meta"):  # shapes only, no memory
        plan = AutoModelForSequenceClassification.from_config(  # type: ignore[no-untyped-call]
            config, trust_remote_code=False
        )
    n_needed = sum(parameter.numel() for parameter in plan.parameters())
    if n_needed > 2 * n_held:
        raise CheckpointError(
            f"{where}: expected weights for the {n_needed:,} numbers that config.json describes, "
            f"found {n_held:,}: one of the two is another model's."
        )
    tokenizer = AutoTokenizer.from_pretrained(folder, **local)
    model, report = AutoModelForSequenceClassification.from_pretrained(
        folder,
        config=config,
        use_safetensors=True,
        dtype=torch.float32,
        output_loading_info=True,
        ignore_mismatched_sizes=True,  # they are refused below, by name
        **local,
    )
    _check_report(report, where)
    return TextNetwork(model.eval(), tokenizer)


def _check_report(report: dict[str, Any], where: str) -> None:
    """Refuse what transformers would fill with random numbers."""
    if report["mismatched_keys"]:
        key, held, built = sorted(report["mismatched_keys"])[0]
        raise CheckpointError(
            f"{where}: expected {one_line(key, 80)} of shape {tuple(built)} by config.json, found "
            f"{tuple(held)} in the weights: one of the two is another model's."
        )
    missing = sorted(report["missing_keys"])
    if missing:
        raise CheckpointError(
            f"{where}: expected weights for all of the model, found none for "
            f"{one_line(missing[0], 80)}{f' and {len(missing) - 1} more' if missing[1:] else ''}: "
            "it has no trained classification head, or was cut."
        )


@contextmanager
def _refusing_in_one_line(where: str) -> Iterator[None]:
    """Turn whatever a strange folder makes transformers raise, log or draw into one refusal."""
    log = transformers.utils.logging
    verbosity, bars = log.get_verbosity(), log.is_progress_bar_enabled()
    log.set_verbosity(logging.CRITICAL)
    log.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        with warnings.catch_warnings(action="ignore"):
            yield
    except CheckpointError:
        raise
    except Exception as error:  # any class at all, depending on the folder
        raise CheckpointError(
            f"{where}: transformers could not load it: {type(error).__name__}: {one_line(str(error))}"
        ) from error
    finally:
        log.set_verbosity(verbosity)
        if bars:
            log.enable_progress_bar()  # type: ignore[no-untyped-call]
