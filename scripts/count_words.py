"""Counts in how many raw comments each word stands, for `stance/spelling.py`.

    python scripts/count_words.py DATA/public/comments_unlabelled.jsonl.gz -o stance/spelling_words.txt
"""

import argparse
import gzip
import json
import re
from collections import Counter
from pathlib import Path

FEWEST = 10
"""Comments that a word must stand in: below are one-off slips and the names of private people."""

WORD = re.compile(r"(?<![\w'’@#/.-])[a-z]{2,}(?![\w'’@/-])")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("comments", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    counts = Counter()
    with gzip.open(options.comments, "rt", encoding="utf-8") as lines:
        for line in lines:
            counts.update(set(WORD.findall(json.loads(line)["text"].lower())))
    kept = sorted((word, n) for word, n in counts.items() if n >= FEWEST)
    options.output.write_text("".join(f"{w} {n}\n" for w, n in kept), encoding="utf-8")
    print(f"{len(kept):,} words of {len(counts):,} stand in {FEWEST} comments or more.")


if __name__ == "__main__":
    main()
