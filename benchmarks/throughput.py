"""Comments a second, against what a user would pick instead and against the machine, in one run.

    python -m benchmarks.throughput [--comments N] [--rounds N] [--threads N] [--slow N]

Ours, our network in torch on the same batches, a RoBERTa-base pipeline with a pair pass for each
target, and a zero-shot pipeline of DeBERTa-v3-base shape take turns; medians are printed. The shapes
hold random weights: time does not depend on their values. The slow ones score `--slow` comments each.
The limit is what the best of torch and ONNX Runtime multiplies a second, in shapes of our forward pass.
"""

from __future__ import annotations

import argparse
import csv
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from onnx import TensorProto, helper

from benchmarks.engines import _comments as made_comments
from benchmarks.rivals import pair_pass, zero_shot_pass
from stance import load_classifier, score_comments
from stance.masking import mask_names
from stance.model.checkpoint import load_checkpoint
from stance.model.classifier import StanceClassifier
from stance.model.onnx_runtime import ort
from stance.model.packed import PackedText
from stance.model.packing import collate
from stance.model.threads import cores, threads_in_use, use_threads
from stance.records import Comment
from stance.scoring import BATCH_SIZE
from stance.targets import load_targets
from stance.text import prepare_text

BARS = {"pair": 150.0, "eager": 1.6, "share": 0.70, "start": 3.0, "memory": 700.0}
Work = Callable[[], object]


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--comments", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=threads_in_use())
    parser.add_argument("--slow", type=int, default=32, help="comments of the two slow ones")
    parser.add_argument("--memory-rows", type=int, default=100_000, help="of the file; 0 for none")
    options = parser.parse_args()
    use_threads(options.threads)
    torch.set_num_threads(options.threads)
    comments = made_comments(options.comments)
    ours = load_classifier()
    packed = _packed(ours, comments)
    eager, pair, zero_shot = _eager(packed), pair_pass(comments), zero_shot_pass(comments)
    few = comments[:: max(1, len(comments) // options.slow)][: options.slow]
    works: dict[str, tuple[int, Work]] = {
        "ours": (len(comments), lambda: score_comments(comments, ours)),
        "ours, forward pass": (len(comments), lambda: _forward(ours, packed)),
        "torch, forward pass": (len(comments), eager),
        "RoBERTa-base, pair passes": (len(few), lambda: pair(few)),
        "DeBERTa-v3-base, zero-shot": (len(few), lambda: zero_shot(few)),
    }
    score_comments(comments[:64], ours)  # loads what is loaded once
    rates, limits = _take_turns(works, options.rounds, options.threads)
    _print(rates, statistics.median(limits), packed, options.threads)
    print(f"start-up, 10 comments: {_start_up(comments):.1f} s (bar {BARS['start']} s)")
    if options.memory_rows:
        peak = _peak(comments, options.memory_rows)
        print(f"peak memory, {options.memory_rows:,} rows: {peak:.0f} MB (bar {BARS['memory']:.0f} MB)")


def _take_turns(
    works: dict[str, tuple[int, Work]], rounds: int, threads: int
) -> tuple[dict[str, float], list[float]]:
    found: dict[str, list[float]] = {name: [] for name in works}
    limits = []
    for turn in range(1, rounds + 1):
        limits.append(gemm_rate(threads))
        for name, (number, work) in works.items():
            started = time.perf_counter()
            work()
            found[name].append(number / (time.perf_counter() - started))
            print(f"round {turn}, {name}: {found[name][-1]:.2f}", file=sys.stderr, flush=True)
    return {name: statistics.median(values) for name, values in found.items()}, limits


def _print(
    rates: dict[str, float], limit: float, packed: Sequence[PackedText], threads: int
) -> None:
    tokens = statistics.mean(map(len, packed))
    print(f"{_cpu()}, {cores()} cores, {counted_threads(threads)}")
    print(f"{len(packed):,} comments of {tokens:.0f} tokens with their targets")
    ours = rates["ours"]
    for name, rate in rates.items():
        print(f"{name:28} {rate:7.2f} comments a second, ours is {ours / rate:6.2f} x")
    operations = statistics.mean(map(forward_operations, packed))
    share, own = (operations * rates[name] / limit for name in ("ours", "ours, forward pass"))
    print(f"multiplying alone            {limit / 1e9:7.0f} GFLOP/s")
    print(f"share of it: {share:.0%} with all around it, {own:.0%} in the forward pass "
          f"(bar {BARS['share']:.0%})")  # fmt: skip
    faster = rates["ours, forward pass"] / rates["torch, forward pass"]
    print(f"forward pass against torch's: {faster:.2f} x (bar {BARS['eager']} x)")
    print(f"against the pair passes: {ours / rates['RoBERTa-base, pair passes']:.0f} x "
          f"(bar {BARS['pair']:.0f} x)")  # fmt: skip


def counted_threads(number: int) -> str:
    """In words."""
    return f"{number} thread{'' if number == 1 else 's'}"


def _packed(ours: StanceClassifier, comments: Sequence[Comment]) -> list[PackedText]:
    """In the order in which `score_comments` batches them."""
    texts = [prepare_text(comment.text).text for comment in sorted(comments, key=lambda c: len(c.text))]
    return ours._encoder.encode([mask_names(text, load_targets()) for text in texts])


def _forward(ours: StanceClassifier, packed: Sequence[PackedText]) -> None:
    for first in range(0, len(packed), BATCH_SIZE):
        ours._network.read(packed[first : first + BATCH_SIZE])


def _eager(packed: Sequence[PackedText]) -> Work:
    network = load_checkpoint().network

    def work() -> None:
        with torch.inference_mode():
            for first in range(0, len(packed), BATCH_SIZE):
                network(collate(packed[first : first + BATCH_SIZE], pad_id=0))

    return work


def forward_operations(text: PackedText, *, width: int = 384, inner: int = 1_536, layers: int = 6) -> int:
    """Floating-point operations that a text needs: no padding, and of the last layer what is read."""
    tokens, read = len(text), 1 + len(text.slots)
    seen = len(text.comment) ** 2 + sum(len(s) * (len(text.comment) + len(s)) for s in text.slots)
    seen_by_read = len(text.comment) + sum(len(text.comment) + len(s) for s in text.slots)
    own = width * width * 2 + width * inner * 2  # query, output and the two of the wide layer
    both = tokens * 2 * width * width  # keys and values
    whole = (layers - 1) * (both + tokens * own + 2 * width * seen)
    return 2 * (whole + both + read * own + 2 * width * seen_by_read + read * width * width)


def gemm_rate(threads: int, rows: int = 640) -> float:
    """Operations a second of the better of torch and ONNX Runtime, over the shapes that we multiply."""
    shapes = ((384, 1_152), (384, 384), (384, 1_536), (1_536, 384))
    seconds = 0.0
    for inner, columns in shapes:
        left = np.random.default_rng(1).standard_normal((rows, inner), dtype=np.float32)
        right = np.random.default_rng(2).standard_normal((inner, columns), dtype=np.float32)
        session = _multiplier(right, threads)
        tensors = torch.from_numpy(left), torch.from_numpy(right)
        out = torch.empty(rows, columns)
        seconds += min(
            _median_seconds(lambda t=tensors, o=out: torch.mm(*t, out=o)),
            _median_seconds(lambda s=session, x=left: s.run(None, {"x": x})),
        )
    return sum(2 * rows * inner * columns for inner, columns in shapes) / seconds


def _multiplier(right: np.ndarray, threads: int) -> ort.InferenceSession:
    value = [helper.make_tensor("w", TensorProto.FLOAT, right.shape, right.tobytes(), raw=True)]
    made = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, size])
        for name, size in (("x", right.shape[0]), ("y", right.shape[1]))
    ]
    node = helper.make_node("MatMul", ["x", "w"], ["y"])
    graph = helper.make_graph([node], "multiply", made[:1], made[1:], value)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    return ort.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def _median_seconds(work: Work, times: int = 20) -> float:
    work()
    found = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        found.append(time.perf_counter() - started)
    return statistics.median(found)


def _start_up(comments: Sequence[Comment]) -> float:
    """Median seconds of the whole command."""
    return statistics.median(_command(comments, 10)[0] for _ in range(3))


def _peak(comments: Sequence[Comment], rows: int) -> float:
    """MB at most of the whole command; few different texts, so that it ends soon."""
    return _command(comments[:200], rows)[1]


def _command(comments: Sequence[Comment], rows: int) -> tuple[float, float]:
    """Seconds and peak megabytes of scoring a file from the command line."""
    code = (
        "import sys, re; from stance.cli import main; status = main(sys.argv[1:]); "
        "print(re.search('VmHWM:\\\\s*([0-9]+)', open('/proc/self/status').read())[1]); sys.exit(status)"
    )
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.csv"
        with source.open("w", newline="") as file:
            lines = csv.writer(file)
            lines.writerow(["id", "text"])
            lines.writerows([n, comments[n % len(comments)].text] for n in range(rows))
        asked = ["score", "--no-store", str(source), "-o", str(Path(folder) / "out.csv")]
        started = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", code, *asked], capture_output=True, text=True, check=True
        )
        return time.perf_counter() - started, int(done.stdout) / 1000


def _cpu() -> str:
    found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return found[1] if found else platform.machine()


if __name__ == "__main__":
    main()
