"""Sentiment of reader comments, and their stance toward the US, the UK, Russia and Ukraine.

The flow is read, score, aggregate, chart, page; these names are the part without a screen:

    result = read_comments("comments.csv")
    scored = score_comments(result.comments, load_classifier())
    write_scores(result, scored, "scores.csv")

`prediction_sets(scored)` adds which labels can't be ruled out. Importing this package loads nothing;
each name loads what it needs, `load_classifier` ONNX Runtime.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.conformal import prediction_sets
    from stance.model.classifier import load_classifier
    from stance.reading import read_comments
    from stance.scoring import score_comments
    from stance.writing import write_scores

__version__ = "0.1.0"

__all__ = [
    "load_classifier", "prediction_sets", "read_comments", "score_comments", "write_scores",
]  # fmt: skip


_PLACES = {
    "load_classifier": "stance.model.classifier",
    "prediction_sets": "stance.conformal",
    "read_comments": "stance.reading",
    "score_comments": "stance.scoring",
    "write_scores": "stance.writing",
}


def __getattr__(name: str) -> object:
    # torch takes seconds to load and pandas half of one; who does not ask for them does not wait.
    if name in _PLACES:
        return getattr(import_module(_PLACES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
