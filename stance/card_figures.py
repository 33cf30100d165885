"""Measures everything that the model card states, as one JSON-able record. Writes no sentence.

The card is made of this record alone (`stance.model_card`), so no figure in it is typed.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.behaviour import measure_behaviour, read_cases
from stance.conformal import label_sets
from stance.evaluation import Evaluated, agreement_of_readings, evaluate
from stance.evenness import measure_comment_swaps, measure_evenness, read_swap_set
from stance.metrics import reliability_figures
from stance.model.manifest import Manifest
from stance.public_sets import evaluate_public, read_public
from stance.records import Comment
from stance.reliability import calibration_bins, kept_above, risk_coverage
from stance.scoring import Classifier, score_comments

COVERAGES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Points of the risk–coverage curve in the card."""

N_TIMED = 200


def measure(
    labelled: Path,
    classifier: Classifier,
    manifest: Manifest,
    *,
    weights: Path,
    held_out: Path | None = None,
    public: Path | None = None,
    threads: int,
    on_step: Callable[[str], None],
) -> dict[str, Any]:
    """All figures of the card.

    Args:
        labelled: JSONL of labelled comments that the model never learned from.
        classifier: the checkpoint in question.
        manifest: its manifest.
        weights: its weights' file, for the size.
        held_out: labelled comments that it neither learned from nor was chosen on; without them the
            card has none of their figures.
        public: folder of the public sets; without it the card has none of their figures.
        threads: that the classifier computes with, to be named beside the speed.
        on_step: told what is measured next.

    Raises:
        ReadingError: a file is missing or not of its form.
    """
    # Read first: a folder that is not as expected must not cost the measuring of all the rest.
    sets = None if public is None else read_public(public)
    on_step("labelled comments")
    evaluated = evaluate(labelled, classifier)
    readings = agreement_of_readings(labelled)
    on_step("reliability")
    entry: dict[str, Any] = {
        "model": {
            "name": manifest.name,
            "version": manifest.version,
            "sha256": manifest.sha256,
            "max_tokens": manifest.max_tokens,
            "megabytes": weights.stat().st_size / 1e6,
            "training_data": manifest.training_data,
            "unsure_below": manifest.unsure_below,
            "normalisation": manifest.normalisation,
        },
        "labelled": {
            "file": labelled.name,
            "n": len(evaluated.comments),
            "figures": [asdict(figure) for figure in evaluated.figures()],
            "slices": [asdict(part) for part in evaluated.slices()],
            "reliability": [asdict(f) for f in reliability_figures(evaluated.predictions)],
            "heads": _heads(evaluated, manifest),
            "readings": None if readings is None else asdict(readings),
        },
    }
    if held_out is not None:
        on_step("held-out comments")
        other = evaluate(held_out, classifier)
        entry["elsewhere"] = {
            "file": held_out.name,
            "n": len(other.comments),
            "figures": [asdict(figure) for figure in other.figures()],
        }
    on_step("swap set")
    entry["evenness"] = _jsonable(asdict(measure_evenness(read_swap_set(), classifier)))
    on_step("labelled comments with their names exchanged")
    entry["comment_swaps"] = asdict(measure_comment_swaps(labelled, classifier))
    on_step("behaviour")
    entry["behaviour"] = [
        asdict(kind) | {"share": kind.share} for kind in measure_behaviour(read_cases(), classifier)
    ]
    on_step("speed")
    entry["speed"] = _speed(evaluated.comments, classifier) | {"threads": threads}
    if sets is not None:
        results = evaluate_public(sets, classifier, on_set=on_step)
        learned = {one.name: one.learned(manifest.training_data) for one in sets}
        entry["public"] = [asdict(r) | {"learned": learned[r.name]} for r in results]
    return entry


def _heads(evaluated: Evaluated, manifest: Manifest) -> dict[str, Any]:
    """Of each head: calibration plot, risk–coverage curve, and what its fitted thresholds do here."""
    found = {}
    pairs = {
        "stance": evaluated.predictions.stance_pairs(),
        "sentiment": evaluated.predictions.sentiments(),
    }
    for head, (gold, probabilities) in pairs.items():
        curve = risk_coverage(gold, probabilities)
        at = [int(np.argmax(curve.coverage >= share - 1e-12)) for share in COVERAGES]
        kept = kept_above(gold, probabilities, manifest.unsure_below[head])
        found[head] = {
            "n": len(gold),
            "kept": asdict(kept) | {"ratio": kept.ratio},
            "sets": [
                {"coverage": coverage, "held": _held(gold, label_sets(probabilities, least))}
                for coverage, least in manifest.conformal.get(head, {}).items()
            ],
            "bins": [asdict(one) for one in calibration_bins(gold, probabilities)],
            "risk_coverage": [
                {
                    "coverage": float(curve.coverage[i]),
                    "error": float(curve.risk[i]),
                    "threshold": float(curve.threshold[i]),
                }
                for i in at
            ],
        }
    return found


def _held(gold: NDArray[np.int64], sets: NDArray[np.bool_]) -> list[float | None]:
    """How many sets hold the true label, by what it is; None of a label that is nowhere."""
    inside = np.take_along_axis(sets, gold[:, None], axis=1)[:, 0]
    by_label = [inside[gold == label] for label in range(sets.shape[1])]
    return [float(each.mean()) if len(each) else None for each in by_label]


def _speed(comments: list[Comment], classifier: Classifier) -> dict[str, Any]:
    few = comments[:N_TIMED]
    score_comments(few[:32], classifier, any_language=True)
    started = time.perf_counter()
    score_comments(few, classifier, any_language=True)
    seconds = time.perf_counter() - started
    return {
        "comments": len(few),
        "per_second": len(few) / seconds,
        "machine": platform.machine(),
        "words": float(np.mean([len(comment.text.split()) for comment in few])),
    }


def _jsonable(entry: dict[str, Any]) -> dict[str, Any]:
    pairs = entry["follow_by_pair"]
    entry["follow_by_pair"] = {f"{one} – {other}": found for (one, other), found in pairs.items()}
    return entry
