"""Times the costliest single comments: `python -m benchmarks.one_comment`.

Each goes all the way: read, cleaned, scored, written, restored. The baseline is an ordinary comment in
the same run; the bar is one second for any.
"""

from __future__ import annotations

import json
import time

from stance import load_classifier
from stance.reading import read_comments
from stance.restoring import restore
from stance.scoring import score_comments
from stance.writing import scores_csv

LIMIT_S = 1.0
MILLION = 1_000_000
COMMENTS = {
    "ordinary": "Thank you, London, for standing with Kyiv.",
    "words": "peace talks " * (MILLION // 12),
    "punctuation": "?!,.;:" * (MILLION // 6),
    "chinese": "和平谈判" * (MILLION // 4),
    "marks on a letter": "e" + "\u0301\u0316" * (MILLION // 2 - 1),
    "one word": "a" * MILLION,
    "ligatures": "\ufdfa" * MILLION,
    "invisible": "\u200b" * (MILLION - 4) + "Kyiv",
    "spaces": " " * (MILLION - 4) + "Kyiv",
    "entities": "&amp;" * (MILLION // 5),
    "handles": "@a.b " * (MILLION // 5),
    "links": "http://a.b " * (MILLION // 11),
    "names": "Ukraine " * (MILLION // 8),
}


def main() -> None:
    """Print seconds and the ratio to the ordinary comment, of a million characters each."""
    classifier = load_classifier()
    _seconds("Good.", classifier)  # loads what is loaded once
    base = _seconds(COMMENTS["ordinary"], classifier)
    worst = 0.0
    for name, text in COMMENTS.items():
        taken = _seconds(text, classifier)
        worst = max(worst, taken)
        print(f"{name:18} {len(text):9,} characters {taken:6.2f} s, {taken / base:6.1f} × ordinary")
    print(f"worst {worst:.2f} s (bar {LIMIT_S:.0f} s)")


def _seconds(text: str, classifier: object) -> float:
    data = json.dumps([{"id": "1", "text": "So it is."}, {"id": "2", "text": text}]).encode()
    started = time.perf_counter()
    result = read_comments(data)
    scored = score_comments(result.comments, classifier)  # type: ignore[arg-type]
    restore(read_comments(scores_csv(result, scored)))
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
