"""Writes the labelled comments that training holds out, to measure a checkpoint on them.

    PYTHONPATH=. python scripts/held_out.py DATA -o held_out.jsonl
    python -m stance evaluate held_out.jsonl
"""

import argparse
import json
import sys
from pathlib import Path

from stance.errors import StanceError
from stance.labelled import raw_text, read_rows
from stance.text import prepare_text
from stance.training.unseen import LABELLED, is_held_out, unseen_keys


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the data folder of docs/training.md")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    try:
        unseen = unseen_keys(options.data)
        rows = read_rows(options.data / LABELLED, lambda row: (raw_text(row), row), "a text")
        kept = [row for text, row in rows if is_held_out(prepare_text(text).text, unseen)]
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept)
        options.output.write_text(lines, encoding="utf-8")
    except (StanceError, OSError) as error:
        sys.exit(f"error: {error}")
    print(f"{len(kept):,} of {len(rows):,} comments are held out.")


if __name__ == "__main__":
    main()
