"""Peak memory of scoring files of any size: `python -m benchmarks.memory [--bytes N]`.

The baseline is a file of 100,000 comments in the same run. A quick stand-in scores, since the model's
own memory does not grow with the file; each file is read, scored and written in a process of its own.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

BASELINE_ROWS = 100_000
BAR_MB = 200
WORDS = ("the", "war", "was", "lost", "nobody", "asked", "us", "who", "pays", "for", "all", "thank", "you")

CHILD = """
import re, sys
from pathlib import Path
from stance.engines import InTurn
from stance.jobs import score_file
from stance.reading.streams import open_comments
from tests.conftest import FakeClassifier
from tests.killed_job import job
class Forgetting(FakeClassifier):
    # The tests' stand-in keeps the texts that it was given, which is not what is measured.
    def predict(self, texts, targets):
        self.batches.clear()
        return super().predict(texts, targets)
source, output = map(Path, sys.argv[1:])
score_file(open_comments(source), InTurn(Forgetting()), job(output, output.with_suffix(".rows.csv")))
print(re.search(r"VmHWM:\\s*([0-9]+)", Path("/proc/self/status").read_text())[1])
"""


def main() -> None:
    """Print both peaks and their difference."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bytes", type=int, default=2_000_000_000, help="of the large file")
    parser.add_argument("--words", type=int, default=150, help="a comment of the large file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / "small.csv"
        _write(small, lambda rows, size: rows < BASELINE_ROWS, 15)
        large = Path(folder) / "large.csv"
        _write(large, lambda rows, size: size < options.bytes, options.words)
        base, peak = _measure(small), _measure(large)
    print(f"{(peak - base):,.0f} MB more for the large file (bar {BAR_MB} MB)")


def _write(path: Path, wanted: Callable[[int, int], bool], n_words: int) -> None:
    generator = random.Random(1)
    # Few different texts: what is measured is memory, not the language check of each.
    texts = [" ".join(generator.choices(WORDS, k=n_words)) for _ in range(500)]
    rows = size = 0
    with path.open("w") as file:
        file.write("id,author,text\n")
        while wanted(rows, size):
            size += file.write(f"{rows},reader {rows % 977},{texts[rows * 7919 % 500]}\n")
            rows += 1
    print(f"{path.name}: {rows:,} comments, {size:,} bytes")


def _measure(path: Path) -> float:
    started = time.monotonic()
    command = [sys.executable, "-c", CHILD, str(path), str(path.with_suffix(".out.csv"))]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    megabytes = int(done.stdout) / 1000
    print(f"{path.name}: peak {megabytes:,.0f} MB, {time.monotonic() - started:.0f} s")
    return megabytes


if __name__ == "__main__":
    main()
