"""The public test sets of the model card: where they lie, how the papers measure, what they publish.

Knows no network: a classifier is an argument. Reads the sets' one form (rows of text, target,
stance or polarity or sentiment, split), gzipped JSONL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score, recall_score

from stance.errors import ReadingError
from stance.labelled import raw_text, read_rows
from stance.labels import Sentiment, Stance
from stance.records import Scores
from stance.scoring import BATCH_SIZE, Classifier
from stance.targets import load_targets, target_named
from stance.text import why_unscored

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PublicSet:
    """One test set.

    `file` lies below the folder of public sets. `published` is a figure of the same metric that
    was published for the set, with the model and the source, to read ours beside. `training_file`
    holds the part that others train on, where that is another file.
    """

    name: str
    file: str
    split: str
    metric: str
    published: str
    training_file: str = ""

    def learned(self, training_data: Sequence[str]) -> bool:
        """Whether a model that was trained on these files has learned from the set's training part."""
        return f"public/{self.training_file or self.file}" in training_data


_POLARITY = {"negative": Stance.AGAINST, "neutral": Stance.NONE, "positive": Stance.FAVOR}

PUBLIC_SETS = (
    PublicSet(
        "TweetEval sentiment", "sentiment/tweeteval_valtest.jsonl.gz", "test", "macro recall",
        "0.713 RoBERTa-base, 0.737 TimeLMs, 125 M (TweetEval leaderboard)",
        "sentiment/semeval2013_2017_tweets.jsonl.gz",
    ),
    PublicSet(
        "VAST", "stance/vast.jsonl.gz", "test", "macro-F1",
        "0.665 TGA-Net, BERT-base, trained on it (Allaway and McKeown 2020)",
    ),
    PublicSet(
        "RUW", "stance/ruw.jsonl.gz", "val", "macro-F1",
        "none on this part; the copy at hand has no test part",
    ),
    PublicSet(
        "NewsMTSC", "tds/newsmtsc.jsonl.gz", "test", "macro-F1",
        "0.831 GRU-TSC, RoBERTa-base (Hamborg and Donnay 2021)",
    ),
    PublicSet(
        "P-Stance", "stance/pstance.jsonl.gz", "test", "F1 of against and favor, mean",
        "0.805 BERTweet, 135 M, trained on it (Li et al. 2021)",
    ),
    PublicSet(
        "SemEval-2016 task 6A", "evaluation_only/semeval2016.jsonl.gz", "test",
        "F1 of against and favor, mean",
        "0.678 best entrant, trained on it (Mohammad et al. 2016)",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PublicResult:
    """A set with our figure: `value` over `n` rows, its 95 % bootstrap interval, and the floor.

    `majority` is what the most frequent label for every row would reach.
    """

    name: str
    split: str
    metric: str
    n: int
    value: float
    low: float
    high: float
    majority: float
    published: str


PublicRows = list[dict[str, str]]


def read_public(folder: Path) -> dict[PublicSet, PublicRows]:
    """The rows to measure on of the sets that a folder holds; absent sets are left out.

    Raises:
        ReadingError: it holds none of them, or a file is not of the sets' form.
    """
    sets = {one: _rows(folder / one.file, one) for one in PUBLIC_SETS if (folder / one.file).is_file()}
    if not sets:
        files = ", ".join(one.file for one in PUBLIC_SETS)
        raise ReadingError(f"Expected at least one of {files} in {folder}, found none.")
    return sets


def evaluate_public(
    sets: Mapping[PublicSet, PublicRows],
    classifier: Classifier,
    *,
    on_set: Callable[[str], None] | None = None,
) -> list[PublicResult]:
    """Measure a classifier on public sets, as their papers do."""
    results = []
    for one, rows in sets.items():
        if on_set is not None:
            on_set(one.name)
        gold, predicted = (
            _sentiments(rows, classifier) if "sentiment" in one.file else _stances(rows, classifier)
        )
        results.append(_result(one, gold, predicted))
    return results


def measured_texts(folder: Path) -> list[str]:
    """The texts of all rows that `evaluate_public` measures on, of the sets that `folder` holds.

    Training leaves them out wherever they stand.

    Raises:
        ReadingError: a file is not of the sets' form.
    """
    files = [(folder / one.file, one) for one in PUBLIC_SETS]
    return [row["text"] for path, one in files if path.is_file() for row in _rows(path, one)]


def _rows(path: Path, one: PublicSet) -> PublicRows:
    kept = [
        row
        for row in read_rows(path, _row, "text, split, and a sentiment or a target with its label")
        if row["split"] == one.split and not why_unscored(row["text"], any_language=True)
    ]
    if "6A" in one.name:  # task A has five targets; Donald Trump is task B's
        kept = [row for row in kept if row["target"] != "Donald Trump"]
    if not kept:
        raise ReadingError(f"Expected rows of the split {one.split} in {path}, found none.")
    return kept


def _row(row: dict[str, str]) -> dict[str, str]:
    if "sentiment" not in row:
        _ = row["target"], row["stance" if "stance" in row else "polarity"]
    _ = raw_text(row), row["split"]
    return row


def _sentiments(rows: Sequence[dict[str, str]], classifier: Classifier) -> tuple[Labels, Labels]:
    labels = [str(label) for label in Sentiment]
    order = sorted(range(len(rows)), key=lambda i: len(rows[i]["text"]))
    predicted = np.zeros(len(rows), dtype=np.int64)
    for first in range(0, len(order), BATCH_SIZE):
        batch = order[first : first + BATCH_SIZE]
        scores = classifier.predict([rows[i]["text"] for i in batch], load_targets()[:1])
        predicted[batch] = scores.sentiment.argmax(axis=1)
    return np.array([labels.index(row["sentiment"]) for row in rows]), predicted


def _stances(rows: Sequence[dict[str, str]], classifier: Classifier) -> tuple[Labels, Labels]:
    by_target: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        by_target[row["target"]].append(index)
    predicted = np.zeros(len(rows), dtype=np.int64)
    for name, indices in by_target.items():
        target = target_named(name)
        indices.sort(key=lambda i: len(rows[i]["text"]))
        for first in range(0, len(indices), BATCH_SIZE):
            batch = indices[first : first + BATCH_SIZE]
            scores: Scores = classifier.predict([rows[i]["text"] for i in batch], [target])
            predicted[batch] = scores.stance[:, 0].argmax(axis=1)
    labels = list(Stance)
    gold = [row["stance"] if "stance" in row else _POLARITY[row["polarity"]] for row in rows]
    return np.array([labels.index(Stance(label)) for label in gold]), predicted


def _measure(metric: str, gold: Labels, predicted: Labels) -> float:
    if metric == "macro recall":
        return float(recall_score(gold, predicted, average="macro", zero_division=0.0))
    if metric == "macro-F1":
        wanted = [0, 1, 2]
    else:
        wanted = [list(Stance).index(Stance.AGAINST), list(Stance).index(Stance.FAVOR)]
    return float(f1_score(gold, predicted, labels=wanted, average="macro", zero_division=0.0))


def _result(one: PublicSet, gold: Labels, predicted: Labels) -> PublicResult:
    rng = np.random.default_rng(0)
    samples = [rng.integers(0, len(gold), len(gold)) for _ in range(300)]
    low, high = np.percentile([_measure(one.metric, gold[s], predicted[s]) for s in samples], [2.5, 97.5])
    most = np.full_like(gold, np.bincount(gold).argmax())
    return PublicResult(
        one.name,
        one.split,
        one.metric,
        len(gold),
        _measure(one.metric, gold, predicted),
        float(low),
        float(high),
        _measure(one.metric, gold, most),
        one.published,
    )
