"""The benchmark of speed runs, in a short form; how fast it is is not tested here."""

import subprocess
import sys

from benchmarks.throughput import forward_operations
from stance.model.packed import PackedText


def test_the_benchmark_prints_all_that_it_promises():
    sizes = ["--comments", "16", "--rounds", "1", "--slow", "1", "--memory-rows", "50"]
    command = ["-m", "benchmarks.throughput", *sizes]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True)
    for asked in ("ours", "torch, forward", "RoBERTa", "DeBERTa", "GFLOP/s", "share", "thread",
                  "start-up", "peak memory", "pair passes"):  # fmt: skip
        assert asked in done.stdout


def test_the_operations_are_counted_by_hand():
    # Two layers of width 2 and 4: one comment token, one slot of one token that sees both.
    text = PackedText((1,), ((2,),))
    tokens, seen, own, read = 2, 1 + 2, 2 * 2 * 2 + 2 * 2 * 4, 2
    first = tokens * 2 * 4 + tokens * own + 2 * 2 * seen
    last = tokens * 2 * 4 + read * own + 2 * 2 * seen + read * 4
    assert forward_operations(text, width=2, inner=4, layers=2) == 2 * (first + last)
