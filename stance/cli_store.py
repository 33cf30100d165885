"""The store of scores on the command line: the command that shows and empties it, and its use."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from datetime import date, timedelta

from stance.amounts import counted
from stance.cli_options import Commands
from stance.errors import StoreError
from stance.model.devices import Device
from stance.model.hub import locate
from stance.model.manifest import SHIPPED
from stance.ray_engine import code_hash
from stance.scoring import Classifier
from stance.store.classifier import StoredClassifier, model_key
from stance.store.database import VARIABLE, store_folder
from stance.store.rows import ScoreStore


def add_store(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command."""
    store = commands.add_parser(
        "store",
        help="show what is kept of earlier scores, or forget it",
        description="Scores are kept from run to run, so that no text is scored twice: hashes and "
        f"probabilities, no texts. {VARIABLE} in the environment names another folder, or is off. Prints "
        "place, number and size, and with --clear what went.",
    )
    store.add_argument("--clear", action="store_true", help="forget all scores that are kept")
    store.set_defaults(command=_store)


def _store(options: argparse.Namespace) -> None:
    folder = store_folder()
    if folder is None:
        print(f"No scores are kept: {VARIABLE} is off.")
        return
    with contextlib.closing(ScoreStore(folder, _tell)) as store:
        before = store.contents()
        if options.clear:
            store.clear()
        found = store.contents()
    if options.clear:
        freed = before.n_bytes - found.n_bytes
        print(f"forgotten  {counted(before.n_rows, 'score')}, {counted(freed, 'byte')}")
    print(f"place      {found.path}")
    print(f"texts      {found.n_texts:,} with {counted(found.n_rows, 'score')}")
    print(f"size       {found.n_bytes / 1e6:,.1f} MB of at most {found.limit_bytes / 1e6:,.0f} MB")
    if found.n_rows:
        print(f"last used  {date.today() - timedelta(found.days_unused)} or later")


@contextlib.contextmanager
def with_store(options: argparse.Namespace, classifier: Classifier) -> Iterator[Classifier]:
    """The classifier with the store before it; as it is where no scores are to be kept or none can be."""
    folder = None if options.no_store else store_folder()
    if folder is None:
        yield classifier
        return
    with contextlib.ExitStack() as opened:
        try:
            store = opened.enter_context(contextlib.closing(ScoreStore(folder, _tell)))
            classifier = StoredClassifier(classifier, store, _model_key(options), _tell)
        except StoreError as error:
            _tell(f"scores are not kept: {error}")
        yield classifier


def tell_known(classifier: Classifier) -> None:
    """Say how many texts were not given to the model since this was last said."""
    if isinstance(classifier, StoredClassifier) and classifier.n_known:
        known = counted(classifier.n_known, "text was", "texts were")
        _tell(f"{known} scored before and taken from the store; --no-store scores anew")
        classifier.n_known = 0


def _model_key(options: argparse.Namespace) -> bytes:
    folders = [SHIPPED]  # it gives what another model does not answer
    if options.model is not None:
        folders.append(locate(options.model, revision=options.revision).folder)
    device = Device(options.device, options.precision)
    return model_key(folders, f"{code_hash()} {device}")


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)
