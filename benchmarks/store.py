"""What the store of scores costs the first time and gains the second, in one run.

    python -m benchmarks.store [--comments N] [--rounds N] [--held N]

Rounds are interleaved, figures are medians. The store's own time is measured with a model that answers at
once; `--held` texts of others are in it before.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from stance import load_classifier, read_comments
from stance.engines import InTurn
from stance.jobs import score_file
from stance.model.threads import use_threads
from stance.reading.streams import open_comments
from stance.records import Comment
from stance.scoring import Classifier, score_comments
from stance.store.classifier import StoredClassifier
from stance.store.rows import HASH_BYTES, ScoreStore
from tests.conftest import FakeClassifier
from tests.killed_job import job

SAMPLE = Path(__file__).parents[1] / "data" / "sample_page.txt"
ANSWERS = 5


def main() -> None:
    """Print seconds, ratios and bytes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--comments", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--held", type=int, default=100_000)
    options = parser.parse_args()
    use_threads(None)
    model, at_once = load_classifier(), FakeClassifier()
    comments = _comments(options.comments)
    seconds: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as place, contextlib.ExitStack() as opened:
        folder = Path(place)
        store = opened.enter_context(contextlib.closing(ScoreStore(folder / "held", print)))
        _fill(store, options.held)
        for number in range(options.rounds):
            # Another key is another model, to which all texts are new.
            key = b"%d" % number

            def stored(classifier: Classifier, name: bytes = key) -> StoredClassifier:
                return StoredClassifier(classifier, store, name, print)

            for name, classifier in (
                ("model alone", model),
                ("model and store, first time", stored(model)),
                ("model and store, second time", stored(model)),
                ("no model", at_once),
                ("store, first time", stored(at_once, b"fake" + key)),
                ("store, second time", stored(at_once, b"fake" + key)),
            ):
                seconds.setdefault(name, []).append(_scored(comments, classifier))
            for name, classifier in (
                ("whole job, model alone", model),
                ("whole job, second time", stored(model)),
            ):
                seconds.setdefault(name, []).append(_job(folder, comments, classifier))
        found = store.contents()
    _print({name: statistics.median(times) for name, times in seconds.items()}, len(comments))
    print(f"{found.n_bytes / found.n_rows:.0f} bytes a row, {found.n_rows:,} rows")


def _print(seconds: dict[str, float], n: int) -> None:
    print(f"{platform.machine()}, {os.cpu_count()} cores, {n:,} comments")
    for name, taken in seconds.items():
        print(f"{name:30}{taken:8.3f} s {n / taken:9,.0f} comments a second")
    alone, none = seconds["model alone"], seconds["no model"]
    for time_ in ("first", "second"):
        own = seconds[f"store, {time_} time"] - none
        share = own / alone
        print(f"the store's own, {time_} time: {own / n * 1e6:.0f} µs a text, {share:.2%} of the model's")
    print(f"second scoring: {alone / seconds['model and store, second time']:.0f} x as fast")
    ratio = seconds["whole job, model alone"] / seconds["whole job, second time"]
    print(f"second job, with reading and writing: {ratio:.0f} x as fast")


def _comments(number: int) -> list[Comment]:
    texts = [comment.text for comment in read_comments(SAMPLE).comments]
    return [Comment(str(n), f"{texts[n % len(texts)]} {n}", n + 1) for n in range(number)]


def _fill(store: ScoreStore, n_texts: int) -> None:
    generator = random.Random(1)
    for start in range(0, n_texts, 1_000):
        texts = [generator.randbytes(HASH_BYTES) for _ in range(min(1_000, n_texts - start))]
        targets = [0, *(10**17 * target for target in range(1, ANSWERS))]
        store.keep({(text, target): b"x" * 13 for text in texts for target in targets})


def _scored(comments: Sequence[Comment], classifier: Classifier) -> float:
    started = time.perf_counter()
    score_comments(comments, classifier)
    return time.perf_counter() - started


def _job(folder: Path, comments: Sequence[Comment], classifier: Classifier) -> float:
    source, output = folder / "in.jsonl", folder / "out.jsonl"
    if not source.exists():
        rows = (json.dumps({"id": c.comment_id, "text": c.text}) for c in comments)
        source.write_text("".join(f"{row}\n" for row in rows))
    for old in folder.glob("out.*"):
        old.unlink()
    started = time.perf_counter()
    score_file(open_comments(source), InTurn(classifier), job(output, None))
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
