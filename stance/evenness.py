"""How even-handed a classifier is: names exchanged in a text must exchange its stances.

Two measures: on the swap set, own writing with place-holders for names (`data/swap_set.jsonl`),
and on any file of comments whose names are exchanged. Counterfactual token fairness after Garg et
al. 2019, "Counterfactual Fairness in Text Classification through Robustness". Measures only: the
texts are made in `swapping`, and a classifier is an argument.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.errors import ReadingError
from stance.following import (
    CHANGES,
    FOLLOWED,
    OnProgress,
    Probabilities,
    follows,
    mean_figures,
    resampled_means,
    score_texts,
)
from stance.labelled import raw_text, read_rows, text_of
from stance.labels import Sentiment, Stance
from stance.metrics import Figure
from stance.scoring import Classifier
from stance.swapping import exchange_names, fill_in, roles_of
from stance.targets import built_in_finder, load_targets
from stance.text import prepare_text

SWAP_SET = Path(__file__).resolve().parents[1] / "data" / "swap_set.jsonl"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with place-holders, the stance toward each role named in it, and its sentiment."""

    sentence_id: str
    text: str
    stances: dict[str, Stance]
    sentiment: Sentiment


@dataclass(frozen=True, slots=True)
class Evenness:
    """What the swap set says of a classifier; intervals are over texts, whose swaps go together.

    `follow`: shares of all swaps, in the order of `FOLLOWED`; `follow_by_pair`: the same for each
    pair of target keys. `accuracy`: shares of labels as they were meant (toward named
    targets over roles, else over texts). `lean`: mean of favor
    minus against in the same texts, by target, by probability, then the largest difference of two
    targets (never below 0, so its interval lies high), and the same five toward targets not named, then
    the same by label.
    `change`: mean absolute difference of probabilities after the exchange.
    """

    n_texts: int
    n_swaps: int
    follow: tuple[Figure, ...]
    follow_by_pair: dict[tuple[str, str], tuple[Figure, ...]]
    accuracy: tuple[Figure, ...]
    lean: tuple[Figure, ...]
    change: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class CommentSwaps:
    """What comments with their names exchanged say; of `n_texts`, `n_named` name a target."""

    n_texts: int
    n_named: int
    follow: tuple[Figure, ...]
    change: tuple[Figure, ...]


def read_swap_set(path: Path = SWAP_SET) -> list[Sentence]:
    """The sentences of a swap set.

    Raises:
        ReadingError: a row lacks a label, or its labels and its place-holders differ.
    """
    expected = "id, text with {A:...} and perhaps {B:...}, a label for each of them, and sentiment"
    return read_rows(path, _sentence, expected)


def measure_evenness(
    sentences: Sequence[Sentence], classifier: Classifier, *, on_progress: OnProgress | None = None
) -> Evenness:
    """Fill every ordered pair of targets into every sentence, score, and compare."""
    keys = [target.key for target in load_targets()]
    orders = list(permutations(range(len(keys)), 2))
    texts = [
        fill_in(sentence.text, {"A": keys[a], "B": keys[b]}, number)
        for number, sentence in enumerate(sentences)
        for a, b in orders
    ]
    flat = score_texts(texts, classifier, on_progress)
    n, k = len(sentences), len(keys)
    scored = Probabilities(
        flat.sentiment.reshape(n, len(orders), -1), flat.stance.reshape(n, len(orders), k, -1)
    )
    pairs = list(combinations(range(k), 2))
    before = [scored.take(np.s_[:, orders.index((a, b))]) for a, b in pairs]
    after = [scored.take(np.s_[:, orders.index((b, a))]) for a, b in pairs]
    swaps = np.stack(list(map(follows, before, after, pairs)), axis=1)
    overall = mean_figures((*FOLLOWED, *CHANGES), swaps.mean(axis=1))
    return Evenness(
        n_texts=n,
        n_swaps=n * len(pairs),
        follow=overall[: len(FOLLOWED)],
        follow_by_pair={
            (keys[a], keys[b]): mean_figures(FOLLOWED, swaps[:, number, : len(FOLLOWED)])
            for number, (a, b) in enumerate(pairs)
        },
        accuracy=_accuracy(sentences, scored, orders),
        lean=_lean(scored, orders),
        change=overall[len(FOLLOWED) :],
    )


def measure_comment_swaps(
    path: Path, classifier: Classifier, *, seed: int = 0, on_progress: OnProgress | None = None
) -> CommentSwaps:
    """Exchange the names in every comment of a JSONL file (rows with `text`) that names a target.

    Each comment is exchanged once: one of the targets that it names, by chance, with one of the
    others, by chance. Labels in the file are not read.

    Raises:
        ReadingError: the file is not of that form, or no comment names a target.
    """
    texts = read_rows(path, raw_text, "text")
    before, after, exchanged = _exchange(texts, random.Random(seed))
    if not before:
        raise ReadingError(
            f"Expected a text that names a built-in target in {path}, found none in {len(texts)}."
        )
    flat = score_texts([*before, *after], classifier, on_progress)
    n = len(before)
    swaps = np.concatenate([
        follows(flat.take([row]), flat.take([n + row]), pair)
        for row, pair in enumerate(exchanged)
    ])  # fmt: skip
    figures = mean_figures((*FOLLOWED, *CHANGES), swaps)
    return CommentSwaps(len(texts), n, figures[: len(FOLLOWED)], figures[len(FOLLOWED) :])


def evenness_lines(evenness: Evenness) -> list[str]:
    """What the swap set says, as lines for a command line."""
    names = {target.key: target.name for target in load_targets()}
    lines = [
        f"{evenness.n_texts} texts, {evenness.n_swaps} swaps",
        "",
        "Labels follow the names, share of swaps",
        *map(_share_line, evenness.follow),
        "",
        f"{'by pair':34}" + "".join(f"{name:>11}" for name in FOLLOWED),
    ]
    for (a, b), shares in evenness.follow_by_pair.items():
        cells = "".join(f"{share.value:11.3f}" for share in shares)
        last = shares[-1]
        lines.append(f"{f'{names[a]} – {names[b]}':34}{cells}  (95 % {last.low:.3f}–{last.high:.3f})")
    return [
        *lines,
        "",
        "Labels as they were meant, share",
        *map(_share_line, evenness.accuracy),
        "",
        "Favor minus against in the same texts, mean",
        *(f"{f.name:44} {f.value:+.3f}  (95 % {f.low:+.3f} to {f.high:+.3f})" for f in evenness.lean),
        "",
        "Mean absolute difference of probabilities after the exchange",
        *map(_share_line, evenness.change),
    ]


def comment_swap_lines(swaps: CommentSwaps) -> list[str]:
    """What exchanged names in comments say, as lines for a command line."""
    return [
        f"{swaps.n_texts} comments, {swaps.n_named} name a target and were exchanged once",
        "",
        "Labels follow the names, share of comments",
        *map(_share_line, swaps.follow),
        "",
        "Mean absolute difference of probabilities after the exchange",
        *map(_share_line, swaps.change),
    ]


def _share_line(figure: Figure) -> str:
    return f"{figure.name:44} {figure.value:.3f}  (95 % {figure.low:.3f}–{figure.high:.3f})"


def _sentence(row: dict[str, Any]) -> Sentence:
    text = text_of(row)
    stances = {role: Stance(row[role.lower()]) for role in ("A", "B") if role.lower() in row}
    if "A" not in stances or set(stances) != roles_of(text):
        raise ValueError("labels and place-holders differ")
    return Sentence(str(row["id"]), text, stances, Sentiment(row["sentiment"]))


def _exchange(
    texts: Sequence[str], rng: random.Random
) -> tuple[list[str], list[str], list[tuple[int, int]]]:
    """Texts that name a target, the same with names exchanged, and which targets were."""
    keys = [target.key for target in load_targets()]
    before, after, exchanged = [], [], []
    for text in texts:
        prepared = prepare_text(text).text
        mentions = built_in_finder().find(prepared)
        named = sorted({mention.target for mention in mentions})
        if not named:
            continue
        one = rng.choice(named)
        other = rng.choice([key for key in keys if key != one])
        becomes = {key: key for key in keys} | {one: other, other: one}
        before.append(prepared)
        after.append(exchange_names(prepared, mentions, becomes, rng))
        exchanged.append((keys.index(one), keys.index(other)))
    return before, after, exchanged


def _accuracy(
    sentences: Sequence[Sentence], scored: Probabilities, orders: Sequence[tuple[int, int]]
) -> tuple[Figure, ...]:
    """Shares of labels as they were meant, toward targets that are named and those that are not."""
    labels = scored.stance.argmax(axis=3)
    stances, moods = list(Stance), list(Sentiment)
    none = stances.index(Stance.NONE)
    first, second = (np.array(column) for column in zip(*orders, strict=True))
    each = np.arange(len(orders))
    named: list[float] = []
    golds: list[Stance] = []
    unnamed: list[float] = []
    for row, sentence in enumerate(sentences):
        open_targets = np.ones(labels.shape[1:], dtype=np.bool_)
        for role, gold in sentence.stances.items():
            column = first if role == "A" else second
            named.append(float(np.mean(labels[row, each, column] == stances.index(gold))))
            golds.append(gold)
            open_targets[each, column] = False
        unnamed.append(float(np.mean(labels[row][open_targets] == none)))
    gold_moods = np.array([moods.index(sentence.sentiment) for sentence in sentences])
    right = scored.sentiment.argmax(axis=2) == gold_moods[:, None]
    roles = np.array(named)
    figures = [*mean_figures(("stance toward a named target",), roles[:, None])]
    for label in Stance:
        chosen = roles[[gold == label for gold in golds]]
        if len(chosen):
            figures += mean_figures((f"stance toward a named target: {label}",), chosen[:, None])
    figures += mean_figures(("none toward a target not named",), np.array(unnamed)[:, None])
    figures += mean_figures(("sentiment",), right.mean(axis=1)[:, None])
    return tuple(figures)


def _lean(scored: Probabilities, orders: Sequence[tuple[int, int]]) -> tuple[Figure, ...]:
    """Favor minus against toward each target in the place of A, by probability, then by label."""
    against, favor = list(Stance).index(Stance.AGAINST), list(Stance).index(Stance.FAVOR)
    names = [target.name for target in load_targets()]
    by_label = np.eye(len(Stance))[scored.stance.argmax(axis=3)]
    figures: list[Figure] = []
    for what, stance in (("probability", scored.stance), ("label", by_label)):
        signed = stance[..., favor] - stance[..., against]
        lean = np.stack([
            signed[:, [a == target for a, _ in orders], target].mean(axis=1)
            for target in range(len(names))
        ], axis=1)  # fmt: skip
        figures += mean_figures([f"{name}, by {what}" for name in names], lean)
        figures.append(_largest_difference(f"largest difference, by {what}", lean))
        # Where names are masked a lean can remain only toward countries that a text does not name.
        absent = np.stack([
            signed[:, [target not in order for order in orders], target].mean(axis=1)
            for target in range(len(names))
        ], axis=1)  # fmt: skip
        figures += mean_figures([f"{name} where not named, by {what}" for name in names], absent)
        figures.append(_largest_difference(f"largest difference where not named, by {what}", absent))
    return tuple(figures)


def _largest_difference(name: str, lean: NDArray[np.float64]) -> Figure:
    low, high = np.percentile(np.ptp(resampled_means(lean), axis=1), [2.5, 97.5])
    return Figure(name, float(np.ptp(lean.mean(axis=0))), float(low), float(high))
