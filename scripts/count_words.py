"""Counts in how many raw comments each word stands, for `stance/spelling.py`.

    PYTHONPATH=. python scripts/count_words.py DATA/public/comments_unlabelled.jsonl.gz \\
        -o stance/spelling_words.txt
"""

import argparse
import gzip
import json
import re
from collections import Counter
from pathlib import Path

from stance.spelling import COMMON

NAME_FEWEST = 3
"""Comments in which a word must stand with a capital inside a sentence to count as a name."""

WORD = re.compile(r"(?<![\w'’@#/.-])[A-Za-z]{2,}(?![\w'’@/-])")
INSIDE = re.compile(r"(?<=[a-z,;] )[A-Z][a-z]{2,}(?![\w'’@/-])")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("comments", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    counts, names, n_comments = Counter(), Counter(), 0
    with gzip.open(options.comments, "rt", encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            n_comments += 1
            counts.update({word.lower() for word in WORD.findall(text)})
            names.update({word.lower() for word in INSIDE.findall(text)})
    kept = {word: n for word, n in counts.items() if n >= COMMON}
    # Mostly with a capital: "the Goverment" is a slip, "Merz" a name.
    rare = {w: counts[w] for w, n in names.items() if n >= max(NAME_FEWEST, counts[w] / 2)}
    lines = [f"{word} {n}\n" for word, n in sorted((rare | kept).items())]
    options.output.write_text("".join(lines), encoding="utf-8")
    print(f"{n_comments:,} comments (N_COUNTED).")
    print(f"{len(kept):,} words of {len(counts):,} stand in {COMMON} comments or more; "
          f"with them {len(lines) - len(kept):,} rarer names.")  # fmt: skip


if __name__ == "__main__":
    main()
