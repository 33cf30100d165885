"""What learning from labels by hand is worth: `python scripts/learning_gain.py DEV.jsonl PUBLIC_FOLDER`.

Of 300 comments on one target some are taken for labels by hand, and the head that learns from them is
judged on the others: change of the right labels in points, and of the mean log loss. The labels are drawn
at random, are those that the model doubts most, or are mistakes of the model only: people do all three.
The sets and `dev` are not part of this repository; only rows that no test uses (`val`) are taken.
"""

from __future__ import annotations

import gzip
import json
import sys
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from stance import load_classifier
from stance.labels import Sentiment, Stance
from stance.learning import HOLD, Taught, fitted, log_losses
from stance.model.learned import moved_probabilities
from stance.model.threads import use_threads
from stance.targets import Target, load_targets, typed_target
from stance.text import why_unscored

SETS = (
    "brexit_comments",
    "covid19_stance",
    "israel_palestine_reddit",
    "mtcsd_reddit",
    "pstance",
    "ruw",
)
HOLDS, NUMBERS, WAYS = (0.0, 1.0, HOLD, 10.0), (15, 30, 60), ("random", "doubt", "mistakes")
N_TARGETS, N_ROWS, FEWEST_ROWS, N_DRAWS, N_SET = 3, 350, 150, 4, 300


def main() -> None:
    dev, public = Path(sys.argv[1]), Path(sys.argv[2])
    use_threads(None)
    found = {**on_dev(dev), **on_public(public)}
    print(f"points and log loss by how the other comments hold: {HOLDS}; ours is {HOLD}")
    for on, where in ((True, "dev"), (False, "other targets")):
        some_sets = [taught for name, taught in found.items() if (name in ON_DEV) == on]
        for way in WAYS:
            for n in NUMBERS:
                cells = []
                for hold in HOLDS:
                    gains = np.array([gain_of(taught, n, way, hold) for taught in some_sets])
                    points, loss = gains.mean(axis=0)
                    cells.append(f"{points:+6.1f} (worst {gains[:, 0].min():+6.1f}) {loss:+.3f}")
                print(f"{where:14} {way:9} {n:3} labels  " + "  ".join(cells), flush=True)


ON_DEV = ("sentiment", *(target.key for target in load_targets()))


def on_dev(path: Path) -> dict[str, Taught]:
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    rows = [row for row in rows if not why_unscored(row["text"], any_language=True)]
    moods, sides = read(rows, load_targets())
    found = {"sentiment": some(moods, [row["sentiment"] for row in rows], Sentiment)}
    for place, target in enumerate(load_targets()):
        states = tuple(part[:, place] for part in sides)
        found[target.key] = some(states, [row[target.key] for row in rows], Stance)
    return found


def on_public(folder: Path) -> dict[str, Taught]:
    found = {}
    for name in SETS:
        with gzip.open(folder / "stance" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
            rows = [row for row in map(json.loads, file) if row["split"] == "val"]
        rows.sort(key=lambda row: row["target"])
        parts = [(key, list(part)) for key, part in groupby(rows, key=lambda row: row["target"])]
        for about, part in sorted(parts, key=lambda item: -len(item[1]))[:N_TARGETS]:
            order = np.random.default_rng(1).permutation(len(part))[:N_ROWS]
            taken = [part[i] for i in order if not why_unscored(part[i]["text"], any_language=True)]
            if len(taken) >= FEWEST_ROWS:
                _, sides = read(taken, (named(about),))
                states = tuple(side[:, 0] for side in sides)
                found[f"{name}, {about}"] = some(states, [row["stance"] for row in taken], Stance)
    return found


def named(about: str) -> Target:
    known = [target for target in load_targets() if target.name == about]
    return known[0] if known else typed_target(about)


def read(rows: list[dict[str, Any]], targets: tuple[Target, ...]) -> tuple[Any, Any]:
    """Probabilities and states of the sentiment, shapes (n, …), and of the stances, (n, k, …)."""
    classifier = load_classifier()
    texts = [row["text"] for row in rows]
    parts = [classifier.predict_with_states(texts[i : i + 32], targets) for i in range(0, len(texts), 32)]
    return tuple(
        tuple(np.concatenate([getattr(one[side], head) for one in parts]) for side in (0, 1))
        for head in ("sentiment", "stance")
    )


def some(states: Any, labels: list[str | None], scale: type[Sentiment] | type[Stance]) -> Taught:
    known = [row for row, label in enumerate(labels) if label]
    order = [str(label) for label in scale]
    truth = np.array([order.index(str(labels[row])) for row in known])
    probabilities, read_by_head = (part[known].astype(np.float64) for part in states)
    n, nobody = len(known), (np.zeros((0, 3)), np.zeros((0, read_by_head.shape[1])))
    return Taught(probabilities, read_by_head, truth, np.arange(n), np.ones(n, dtype=bool), *nobody)


def gain_of(taught: Taught, n: int, way: str, hold: float) -> tuple[float, float]:
    gains = []
    for draw in range(N_DRAWS):
        kept = np.random.default_rng(draw).permutation(len(taught.labels))[:N_SET]
        p, states, truth = taught.probabilities[kept], taught.states[kept], taught.labels[kept]
        order = {
            "random": np.arange(len(kept)),
            "doubt": np.argsort(p.max(axis=1)),
            "mistakes": np.flatnonzero(p.argmax(axis=1) != truth),
        }[way]
        rest = np.setdiff1d(np.arange(len(kept)), order[:n])
        chosen = replace(
            taught,
            probabilities=p,
            states=states,
            labels=truth,
            other_probabilities=p[rest],
            other_states=states[rest],
        )
        inside = np.isin(np.arange(len(kept)), order[:n])
        after = moved_probabilities(p[rest], states[rest], fitted(chosen, inside, hold=hold))
        right = [(one.argmax(axis=1) == truth[rest]).mean() for one in (p[rest], after)]
        loss = [log_losses(one, truth[rest]).mean() for one in (p[rest], after)]
        gains.append((100 * (right[1] - right[0]), loss[1] - loss[0]))
    return tuple(np.mean(gains, axis=0))


main()
