"""What the report command does once its arguments are read. Holds no logic; slow to load."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from stance import __version__
from stance.aggregate import scored_rows
from stance.amounts import counted
from stance.answers.corrections import corrections, put_right
from stance.cli_measuring import show_progress
from stance.cli_store import tell_known, with_store
from stance.copies import find_copies
from stance.errors import ScoringCancelled, WritingError
from stance.exported import said_beside
from stance.model.devices import CPU
from stance.model.hub import keep_offline, locate
from stance.model.manifest import SHIPPED
from stance.reading import ColumnChoice, read_comments
from stance.records import SURE
from stance.report import Model, Subject, Wishes, known_model, make_report, unknown_model
from stance.restoring import Restored, restore
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.writing import check_writable, write_whole

if TYPE_CHECKING:
    from stance.model.loading import AnyClassifier

_ENDINGS = (".html", ".htm")


def make(options: argparse.Namespace) -> None:
    """Score or open the input and write the report; raises StanceError."""
    if options.model is None and (options.download or options.revision is not None):
        options.parser.error("--download and --revision need --model")
    keep_offline(download=options.download)
    if options.output.suffix.lower() not in _ENDINGS:
        raise WritingError(
            f"Expected an output that ends in .html, found {options.output.suffix[:20]!r}. Name "
            "another; for a PDF, print the report from a browser."
        )
    check_writable(options.output, overwrite=options.force, source=options.input)
    try:
        subject, model = _scored(options)
        day = options.date or date.today()
        wishes = Wishes(day, __version__, options.authors, tuple(options.quoted))
        write_whole(options.output, make_report(subject, model, wishes))
    except KeyboardInterrupt as error:
        raise ScoringCancelled(f"Stopped; {options.output} was not written.") from error
    print(_summary(subject, options.output, model), file=sys.stderr)


def _scored(options: argparse.Namespace) -> tuple[Subject, Model]:
    """What the input holds, with its scores, and what is known of the model that gave them."""
    result = read_comments(
        options.input,
        columns=ColumnChoice(text=options.text_column),
        encoding=options.encoding,
        delimiter=options.delimiter,
        sheet=options.sheet,
    )
    if result.confidence < SURE:
        sure = f"{result.confidence:.0%}"
        print(f"warning: the split into comments is uncertain ({sure} sure)", file=sys.stderr)
    anew = options.again or options.targets or options.model or options.any_language
    found = None if anew else restore(result)
    if isinstance(found, Restored):
        hand = f" with {counted(len(found.labels), 'label')} by hand" if found.labels else ""
        said = said_beside(options.input)
        by = ", which by its manifest are the shipped model's" if said.by_shipped else ""
        print(
            f"an export of ours: its scores are taken{hand}{by}; --again scores it anew", file=sys.stderr
        )
        if idle := _idle(options):
            print(f"warning: nothing is scored, so {idle} did nothing", file=sys.stderr)
        model = known_model() if said.by_shipped else unknown_model(found.learned_from)
        found = replace(found, targets=said.as_typed(found.targets))
        return _subject(options, found, restored=not said.by_shipped), model
    if found is not None:
        print(f"scored anew, for its scores cannot be taken: {found}", file=sys.stderr)
    targets = (*load_targets(), *options.targets)
    classifier = options.load(options)
    with with_store(options, classifier) as asked_first:
        scored = score_comments(
            result.comments,
            asked_first,
            targets=targets,
            any_language=options.any_language,
            on_progress=show_progress,
        )
        print(file=sys.stderr)
        tell_known(asked_first)
    made = Restored(result, scored, targets, options.any_language, ())
    return _subject(options, made, restored=False), _model_of(options, classifier)


def _idle(options: argparse.Namespace) -> str:
    """The given options that matter only where comments are scored."""
    given = {
        "--device": options.device != CPU.name,
        "--precision": options.precision != CPU.precision,
        "--threads": options.threads is not None,
        "--no-store": options.no_store,
    }
    return ", ".join(name for name, is_given in given.items() if is_given)


def _subject(options: argparse.Namespace, made: Restored, *, restored: bool) -> Subject:
    return Subject(
        options.name or made.result.name,
        made.result,
        put_right(made.scored, corrections(made.labels)),
        made.targets,
        made.any_language,
        find_copies(made.result.comments),
        restored,
        made.learned_from,
    )


def _model_of(options: argparse.Namespace, classifier: AnyClassifier) -> Model:
    """What is known of a classifier: of another's model its name and hash alone."""
    from stance.model.classifier import StanceClassifier
    from stance.model.loading import describe

    if isinstance(classifier, StanceClassifier):
        named = options.model
        return known_model(
            SHIPPED if named is None else locate(named, revision=options.revision).folder
        )
    return Model(describe(classifier), "", dict.fromkeys(("sentiment", "stance"), 0.0))


def _summary(subject: Subject, output: Path, model: Model) -> str:
    n_scored = len(scored_rows(subject.scored))
    comments = f"{counted(len(subject.scored), 'comment')}, {n_scored:,} scored"
    size = f"{output.stat().st_size / 1000:,.0f} kB"
    return f"wrote {output} ({size}) on {comments}; model: {model.name}"
