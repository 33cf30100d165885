"""Sentiment of reader comments, and their stance toward the US, the UK, Russia and Ukraine.

The flow is read, score, aggregate, chart, page; these names are the part without a screen:

    result = read_comments("comments.csv")
    scored = score_comments(result.comments, load_classifier())
    write_scores(result, scored, "scores.csv")

`prediction_sets(scored)` adds which labels can't be ruled out. Importing this package loads
neither torch nor Streamlit; `load_classifier` does the first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.conformal import prediction_sets
from stance.reading import read_comments
from stance.scoring import score_comments
from stance.writing import write_scores

if TYPE_CHECKING:
    from stance.model.classifier import load_classifier

__version__ = "0.1.0"

__all__ = [
    "load_classifier", "prediction_sets", "read_comments", "score_comments", "write_scores",
]  # fmt: skip


def __getattr__(name: str) -> object:
    # torch takes seconds to load; those who only read or chart don't pay for it.
    if name == "load_classifier":
        from stance.model.classifier import load_classifier

        return load_classifier
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
