"""The command line: arguments in, calls into the package, one line per error. Holds no logic."""

from __future__ import annotations

import argparse
import os
import select
import sys
from collections.abc import Sequence

from stance import __version__, cli_loading
from stance.cli_measuring import add_measuring
from stance.cli_options import add_reading_and_scoring, add_score, add_threads
from stance.cli_report import add_report
from stance.cli_score import score
from stance.cli_store import add_store
from stance.errors import ScoringCancelled, StanceError, place_of

_PIPE_CLOSED = 141
"""As a shell tells of a program that the closed pipe ended."""

_KEPT = "What was scored so far is kept; once it is mended, the same command goes on."


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns:
        0 when it is done, 1 for bad input (one line on stderr), 141 where nobody reads on; wrong usage
        exits with 2.
    """
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
        if sys.stdout is not None:
            sys.stdout.flush()
    except ScoringCancelled as error:
        print(f"\n{error}", file=sys.stderr)
        return 130
    except StanceError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped at once; the same command goes on after the last whole rows", file=sys.stderr)
        return 130
    except MemoryError:
        print(f"error: There is too little memory. {_KEPT}", file=sys.stderr)
        return 1
    except Exception as error:
        if isinstance(error, BrokenPipeError) and _nobody_reads():
            return _PIPE_CLOSED
        # Its message and traceback may hold a comment, and a log may hold what is printed here.
        if isinstance(error, RuntimeError) and "memory" in str(error):
            print(f"error: There is too little memory. {_KEPT}", file=sys.stderr)
            return 1
        place = place_of(error)
        print(f"error: Something went wrong that nobody foresaw ({place}). {_KEPT}", file=sys.stderr)
        return 1
    return 0


def _nobody_reads() -> bool:
    """Whether who read our output has enough of it (`| head`); if so, what is left of it is dropped."""
    try:
        output = sys.stdout.fileno()
        watched = select.poll()
    except (AttributeError, OSError):  # no output, or a system without it
        return False
    watched.register(output, 0)
    if not any(event & select.POLLERR for _, event in watched.poll(0)):
        return False
    # What is left would fail once more when the program ends.
    os.dup2(os.open(os.devnull, os.O_WRONLY), output)
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m stance",
        description="Scores reader comments for sentiment and for stance toward countries.",
    )
    parser.add_argument("--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    scoring = add_score(commands)
    scoring.set_defaults(command=score, parser=scoring)
    add_report(commands, add_reading_and_scoring, cli_loading.load_model)
    add_store(commands)
    add_measuring(commands, add_threads)
    return parser
