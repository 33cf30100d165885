"""Times an explanation of 40-word comments: `python -m benchmarks.explain [--threads N]`.

The baseline is one plain prediction of the same comment toward the four targets, in the same run.
CPU seconds are printed too: on a busy machine they tell what the wall clock does not.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

from stance import load_classifier
from stance.explaining import explain
from stance.model.threads import use_threads
from stance.targets import load_targets

# 40 words each, without and with short clauses, with many names and with none.
COMMENTS = (
    "The British government has spent two years promising help that never came, and while Starmer "
    "smiles for the cameras the Russians keep shelling Kyiv every single night, so forgive me if I "
    "no longer believe one word that London says.",
    "I drove through those villages last summer and everyone I met wanted the same three things "
    "which were water that is clean a roof that holds and one night without sirens and nobody there "
    "asked me whose fault it was.",
    "Well said! Finally, a paper that prints the truth: Putin started this war, Trump wants to look "
    "away, Europe talks, Ukraine bleeds. Shame on the Kremlin, shame on Washington, and thank you, "
    "London, for at least not looking away again.",
)
ROUNDS = 5
LIMIT_S = 0.5


def main() -> None:
    """Print the medians over all comments and rounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=None, help="default: cores less one")
    use_threads(parser.parse_args().threads)
    classifier, targets = load_classifier(), load_targets()
    uk = targets[1]
    plain, explained = [], []
    for text in COMMENTS * (ROUNDS + 1):
        plain.append(_seconds(lambda text=text: classifier.predict([text], targets)))
        explained.append(_seconds(lambda text=text: explain(text, uk, classifier)))
    warm = len(COMMENTS)
    wall, cpu = (statistics.median(pair[i] for pair in explained[warm:]) for i in (0, 1))
    base, base_cpu = (statistics.median(pair[i] for pair in plain[warm:]) for i in (0, 1))
    n_words = [len(text.split()) for text in COMMENTS]
    print(f"comments of {n_words} words, {ROUNDS} rounds, medians")
    print(f"one plain prediction (baseline)  {base:.3f} s wall, {base_cpu:.3f} s CPU")
    print(f"one explanation                  {wall:.3f} s wall, {cpu:.3f} s CPU (limit {LIMIT_S} s)")
    print(f"explanation / baseline           {wall / base:.1f} wall, {cpu / base_cpu:.1f} CPU")


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Wall and CPU seconds of one call."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu


main()
