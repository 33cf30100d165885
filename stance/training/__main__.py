"""`python -m stance.training`: trains a checkpoint from a run's config. Holds no method of its own."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from stance.errors import StanceError
from stance.model.card import require_card
from stance.model.threads import threads_in_use
from stance.training.config import read_config
from stance.training.run import run


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and train; 0 if all stages asked for are done, 1 or 130 if not."""
    parser = argparse.ArgumentParser(prog="python -m stance.training", description=__doc__)
    parser.add_argument("config", type=Path, help="TOML file of the run, see stance/training/configs")
    parser.add_argument("--data", type=Path, required=True, help="folder of the training sets")
    parser.add_argument("--base", type=Path, required=True, help="folder of the base encoder")
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint and state")
    parser.add_argument("--device", default="cpu", choices=("cpu", "cuda"))
    parser.add_argument(
        "--threads",
        type=_at_least(1),
        default=threads_in_use(),
        help="CPU threads; one fewer than cores is fastest (default %(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=_at_least(0),
        default=0,
        help="processes that make batches; 0 (default) on a CPU, 6 keep a GPU busy",
    )
    parser.add_argument("--seed", type=_at_least(0), help="another seed than the config's")
    parser.add_argument(
        "--stages",
        type=_at_least(1),
        help="only so many of the stages, to go on on another device; no checkpoint",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    torch.set_num_threads(options.threads)
    # cuBLAS adds in one order only with a workspace of its own.
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    try:
        if options.device == "cuda":
            require_card()
        config = read_config(options.config)
        if options.seed is not None:
            config = replace(config, seed=options.seed)
        run(
            config,
            data=options.data,
            base=options.base,
            out=options.out,
            device=torch.device(options.device),
            workers=options.workers,
            stages=options.stages,
        )
    except (StanceError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; the same command goes on", file=sys.stderr)
        return 130
    return 0


def _at_least(least: int) -> Callable[[str], int]:
    def number(word: str) -> int:
        if not word.isdecimal() or int(word) < least:
            raise argparse.ArgumentTypeError(f"expected a whole number from {least} on, found {word!r}")
        return int(word)

    return number


if __name__ == "__main__":
    sys.exit(main())
