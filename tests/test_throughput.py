"""The benchmark of speed runs, in a short form; how fast it is is not tested here."""

import re
import subprocess
import sys

from benchmarks.throughput import forward_operations
from stance.model.packed import PackedText


def test_the_benchmark_prints_all_that_it_promises():
    sizes = ["--comments", "16", "--rounds", "1", "--slow", "1", "--memory-rows", "50"]
    command = ["-m", "benchmarks.throughput", *sizes]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=True)
    for asked in ("GFLOP/s", "thread", "start-up", "peak memory"):
        assert asked in done.stdout
    line = re.compile(r"^(\S.*?) +([\d.]+) comments a second, ours is +([\d.]+) x$", re.MULTILINE)
    printed = {name: (float(rate), float(ratio)) for name, rate, ratio in line.findall(done.stdout)}
    assert list(printed) == [
        "ours", "ours, forward pass", "torch, forward pass",
        "RoBERTa-base, pair passes", "DeBERTa-v3-base, zero-shot",
    ]  # fmt: skip
    rates = {name: rate for name, (rate, _) in printed.items()}
    for rate, ratio in printed.values():
        assert_ratio(ratio, rates["ours"], rate, 0.005)
    faster, pairs, share, own = (
        float(re.search(words + r" ([\d.]+)", done.stdout)[1])
        for words in ("against torch's:", "against the pair passes:", "share of it:", "all around it,")
    )
    assert_ratio(faster, rates["ours, forward pass"], rates["torch, forward pass"], 0.005)
    assert_ratio(pairs, rates["ours"], rates["RoBERTa-base, pair passes"], 0.5)
    assert 0 < share <= own <= 100


def assert_ratio(printed, above, below, half_digit):
    """`printed` is `above / below`, as far as rounded rates tell."""
    assert (above - 0.005) / (below + 0.005) - half_digit <= printed
    assert printed <= (above + 0.005) / (below - 0.005) + half_digit


def test_the_operations_are_counted_by_hand():
    # Two layers of width 2 and 4: one comment token, one slot of one token that sees both.
    text = PackedText((1,), ((2,),))
    tokens, seen, own, read = 2, 1 + 2, 2 * 2 * 2 + 2 * 2 * 4, 2
    first = tokens * 2 * 4 + tokens * own + 2 * 2 * seen
    last = tokens * 2 * 4 + read * own + 2 * 2 * seen + read * 4
    assert forward_operations(text, width=2, inner=4, layers=2) == 2 * (first + last)
