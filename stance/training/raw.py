"""Reads unlabelled comments: which of them a stage learns from. Holds no network."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from stance.labelled import raw_text, read_rows
from stance.targets import built_in_finder, load_targets
from stance.text import prepare_text
from stance.training.batches import spread
from stance.training.examples import text_key

_SHORTEST = 8
"""Letters and digits of the shortest comment that teaches anything."""


def read_raw(
    paths: Sequence[Path],
    *,
    known: set[str],
    limit: int | None,
    naming: float,
    seed: int,
    workers: int = 0,
) -> list[str]:
    """Prepared raw comments, each once, in an order that the seed decides.

    Args:
        paths: JSONL files of rows with a `text`.
        known: keys (`text_key`) of texts to leave out, e.g. those that are held out.
        limit: the most comments to give; all if None.
        naming: the least share of them that names a target.
        seed: of the order.
        workers: processes that prepare texts, 0 for none.
    """
    seen = set(known)
    texts: list[str] = []
    found = [text for path in paths for text in read_rows(path, raw_text, "a text")]
    for text, key in spread(_prepared, found, workers=workers):
        if len(key) >= _SHORTEST and key not in seen:
            seen.add(key)
            texts.append(text)
    random.Random(seed).shuffle(texts)
    if limit is None or limit >= len(texts):
        return texts
    chosen = dict.fromkeys(_naming(texts, round(limit * naming), workers))
    others = [text for text in texts if text not in chosen]
    return [*chosen, *others[: limit - len(chosen)]]


def _prepared(texts: Sequence[str]) -> list[tuple[str, str]]:
    prepared = [prepare_text(text).text for text in texts]
    return [(text, text_key(text)) for text in prepared]


def _naming(texts: Sequence[str], limit: int, workers: int) -> list[str]:
    """The first `limit` texts that name a target, equally many for each as far as there are."""
    keys = [target.key for target in load_targets()]
    chosen: dict[str, str] = {}
    counts = dict.fromkeys(keys, 0)
    for text, named in zip(texts, spread(_named, texts, workers=workers), strict=False):
        # The target that is furthest behind counts the text; one that has its share takes no more.
        for key in sorted(named, key=lambda k: (counts[k], keys.index(k)))[:1]:
            if counts[key] < limit / len(keys):
                counts[key] += 1
                chosen[text] = key
        if len(chosen) >= limit:
            break
    return list(chosen)


def _named(texts: Sequence[str]) -> list[set[str]]:
    return [{mention.target for mention in built_in_finder().find(text)} for text in texts]
