"""Whether texts are those that the scores beside them are of: the words and reasons must be theirs.

Reads no file, scores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pandas as pd

from stance import records
from stance.scoring import mention_columns
from stance.targets import load_targets
from stance.text import why_unscored

_AT_ONCE = 256
_CALLED_NOW = {"empty": "only a link"}
"""A reason in exports of earlier versions, and what some of its comments have now."""


def are_of(
    texts: Sequence[str], scored: pd.DataFrame, on_progress: Callable[[float], None] | None
) -> bool | None:
    """Whether these scores, in the same order, can be of these texts.

    Args:
        texts: the cells of a column.
        scored: the scored table, as an export had it.
        on_progress: called again and again with the part of the texts that was compared, 0 to 1.

    Returns:
        None where they cannot; else whether comments in other languages were scored too.
    """
    targets, other = load_targets(), False
    for start in range(0, len(texts), _AT_ONCE):
        if on_progress is not None:
            on_progress(start / len(texts))
        part, rows = texts[start : start + _AT_ONCE], scored.iloc[start : start + _AT_ONCE]
        # First what is quick, for most columns end here.
        words = mention_columns(part, targets)
        if any(found != list(rows[records.mentions(key)]) for key, found in words.items()):
            return None
        for text, reason in zip(part, rows[records.UNSCORED], strict=True):
            # To tell the language takes longest, and is of no use once others are known to be scored.
            now = why_unscored(text, any_language=other and not reason)
            if now in (reason, _CALLED_NOW.get(reason)):
                continue
            if reason or now != "other language":
                return None
            other = True
    return other
