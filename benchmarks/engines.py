"""Comments a second with one and two Ray processes, as ratios of one thread without Ray, in one run.

Chunks of one file go to the processes of Ray, then eight files of a folder through Ray Data.

    python -m benchmarks.engines [--comments N] [--rounds N]

The comments are put together from the words of data/sample_page.txt, all different, of its lengths.
Start-up is outside the clock: every process has scored a chunk before; but for the folder, whose
processes load the model within it. Rounds are interleaved.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import os
import platform
import random
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from stance import load_classifier, read_comments
from stance.engines import Engine, InTurn
from stance.folder_jobs import FORM, FolderJob
from stance.folders import Folder, list_folder
from stance.jobs import score_file
from stance.model.loading import describe
from stance.model.threads import use_threads
from stance.ray_engine import Asked, RayEngine, code_hash, connected
from stance.ray_folders import outcomes
from stance.reading.streams import open_comments
from stance.records import Comment
from stance.scoring import CHUNK_ROWS
from stance.targets import load_targets
from tests.conftest import FakeClassifier
from tests.killed_job import job

CHUNK = 128
FILES = 8
WRITTEN = 100_000
SAMPLE = Path(__file__).parents[1] / "data" / "sample_page.txt"


def main() -> None:
    """Print the rates, and the ratios of their medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--comments", type=int, default=2_048)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    comments = _comments(options.comments)
    use_threads(1)
    classifier = load_classifier()
    rates: dict[str, list[float]] = {}
    for _ in range(options.rounds):
        for name, engine in _engines(describe(classifier), InTurn(classifier)):
            with engine as ready:
                # Some chunks for each of two processes: both have loaded the model then.
                _rate(ready, comments[: 8 * CHUNK])
                rates.setdefault(name, []).append(_rate(ready, comments))
                if isinstance(ready, RayEngine):
                    files = f"{name}, a folder of {FILES} files"
                    rates.setdefault(files, []).append(_folder_rate(ready, comments))
    base = statistics.median(next(iter(rates.values())))
    print(f"{platform.machine()}, {os.cpu_count()} cores, {len(comments):,} comments")
    print(f"reading and writing alone: {_written_a_second(comments):,.0f} comments a second")
    for name, found in rates.items():
        median = statistics.median(found)
        print(f"{name}: {median:.0f} comments a second, {median / base:.2f} x")


def _engines(
    described: str, one: Engine
) -> Iterator[tuple[str, contextlib.AbstractContextManager[Engine]]]:
    yield "one thread, no Ray", contextlib.nullcontext(one)
    asked = Asked(None, None, described, code_hash())
    for workers in (1, 2):
        yield f"Ray, {workers} of one thread", connected(None, asked, workers=workers)


@dataclass(frozen=True, slots=True)
class _Stored:
    """Gives the same scores again and again: what is left is the work of the process that asks."""

    table: pd.DataFrame

    def tables(
        self, chunks: Iterable[Sequence[Comment]], *_: object
    ) -> Iterator[pd.DataFrame]:
        for chunk in chunks:
            ids = [comment.comment_id for comment in chunk]
            yield self.table.iloc[: len(chunk)].assign(comment_id=ids)


def _written_a_second(comments: Sequence[Comment]) -> float:
    """Comments that a job with a row report reads, marks for copies and writes as CSV."""
    targets = load_targets()
    (table,) = InTurn(FakeClassifier()).tables([comments], targets, True, lambda done: None)
    often = pd.concat([table] * (CHUNK_ROWS // len(table) + 1), ignore_index=True)
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with source.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(["id", "text"])
            # A number makes every text another one, so that none is a copy.
            rows.writerows([n, f"{comments[n % len(comments)].text} {n}"] for n in range(WRITTEN))
        started = time.perf_counter()
        score_file(open_comments(source), _Stored(often), job(output, output.with_suffix(".rows.csv")))
        return WRITTEN / (time.perf_counter() - started)


def _rate(engine: Engine, comments: Sequence[Comment]) -> float:
    chunks = (comments[n : n + CHUNK] for n in range(0, len(comments), CHUNK))
    started = time.perf_counter()
    for _ in engine.tables(chunks, load_targets(), False, lambda done: None):
        pass
    return len(comments) / (time.perf_counter() - started)


def _folder_rate(engine: RayEngine, comments: Sequence[Comment]) -> float:
    """Of files that are read, scored and written as Parquet, each by one process."""
    with tempfile.TemporaryDirectory() as folder:
        source, output = Folder(f"{folder}/in"), Folder(f"{folder}/out")
        for place in (source, output):
            Path(place.address).mkdir()
        for number in range(FILES):
            with Path(source.address, f"{number}.csv").open("w", newline="") as file:
                rows = csv.writer(file)
                rows.writerow(["id", "text"])
                rows.writerows([c.comment_id, c.text] for c in comments[number::FILES])
        asked = FolderJob(source, output, replace(job(Path(), None), form=FORM))
        started = time.perf_counter()
        done = list(outcomes(engine, asked, list_folder(source).files))
        seconds = time.perf_counter() - started
    assert [outcome.failed for outcome in done] == [""] * FILES
    return len(comments) / seconds


def _comments(number: int) -> list[Comment]:
    texts = [comment.text.split() for comment in read_comments(SAMPLE).comments]
    words = [word for text in texts for word in text]
    generator = random.Random(3)
    return [
        Comment(str(n), " ".join(generator.choices(words, k=len(generator.choice(texts)))), n + 1)
        for n in range(number)
    ]


if __name__ == "__main__":
    main()
