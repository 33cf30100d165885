"""The commands that measure: evaluate, coverage, evenness, behaviour, reactions, card. Hold no method."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from stance.cli_options import Commands
from stance.model.hub import keep_offline
from stance.model.manifest import SHIPPED
from stance.scoring import Progress
from stance.writing import check_writable, write_whole

if TYPE_CHECKING:
    from stance.model.classifier import StanceClassifier

_LABELLED = "JSONL of rows with text, sentiment, us, uk, ru, ua"

def add_measuring(
    commands: Commands[argparse.ArgumentParser], threads: Callable[[argparse.ArgumentParser], None]
) -> None:
    """Add the commands; `threads` adds the option of that name."""
    evaluate = commands.add_parser(
        "evaluate",
        help="measure the model on labelled comments",
        description="Prints macro-F1, share error, calibration error and the error that is left "
        f"when unsure labels are left out, with bootstrap intervals. LABELLED: {_LABELLED}.",
    )
    evaluate.add_argument("labelled", metavar="LABELLED.jsonl")
    evaluate.add_argument(
        "--write-mistakes",
        action="store_true",
        help="note in the checkpoint's folder which labels it takes for which, by which the desk "
        "corrects shares",
    )
    evaluate.set_defaults(command=_evaluate)
    coverage = commands.add_parser(
        "coverage",
        help="measure how often the intervals of shares and differences hold the true ones",
        description="Draws comment sets, and pairs of them, from labelled comments again and again and "
        "prints how many 95 % intervals hold the true share or difference, ours and those of plain "
        f"counting. LABELLED: {_LABELLED}.",
    )
    coverage.add_argument("labelled", metavar="LABELLED.jsonl")
    coverage.add_argument(
        "--readers",
        metavar="LABELLED.jsonl",
        type=Path,
        help="draw sets from these comments instead, with the mistakes counted on all of LABELLED",
    )
    coverage.set_defaults(command=_coverage)
    evenness = commands.add_parser(
        "evenness",
        help="measure whether the model reads all countries alike",
        description="Exchanges the names of two countries in the texts of the swap set and prints "
        "how often the labels follow, and the mean of favor minus against by country.",
    )
    evenness.add_argument(
        "labelled",
        metavar="LABELLED.jsonl",
        nargs="?",
        help="exchange names in these comments as well",
    )
    evenness.set_defaults(command=_evenness)
    behaviour = commands.add_parser(
        "behaviour",
        help="measure the model on cases of one kind each",
        description="Prints the share of passed cases for negation, sarcasm, typos and others.",
    )
    behaviour.set_defaults(command=_behaviour)
    reactions = commands.add_parser(
        "reactions",
        help="measure how well comments are linked to the paragraph that they answer",
        description="Prints precision, recall and F1 of the links on the labelled pages of data/, beside "
        "two baselines. Needs no model.",
    )
    reactions.set_defaults(command=_reactions)
    card = commands.add_parser(
        "card",
        help="make the model card from new measurements",
        description="Measures everything that the model card states and writes the card, and the "
        f"record that it is made of into the checkpoint's folder. LABELLED: {_LABELLED}.",
    )
    card.add_argument("labelled", metavar="LABELLED.jsonl")
    card.add_argument(
        "--held-out",
        metavar="LABELLED.jsonl",
        type=Path,
        help="more comments that the model neither learned from nor was chosen on",
    )
    card.add_argument("--public", metavar="FOLDER", type=Path, help="folder of the public sets")
    card.add_argument("-o", "--output", required=True, metavar="CARD.md", type=Path)
    card.set_defaults(command=_card)
    for command in (evaluate, coverage, evenness, behaviour, card):
        command.add_argument(
            "--checkpoint",
            metavar="FOLDER",
            type=Path,
            default=SHIPPED,
            help="another checkpoint of ours than the shipped one",
        )
        threads(command)


def show_progress(progress: Progress) -> None:
    """How far scoring is, how fast, and how long it still takes, over the last line of stderr."""
    rate = progress.done / max(progress.seconds, 1e-9)
    left = (progress.total - progress.done) / max(rate, 1e-9)
    line = f"\rscored {progress.done} of {progress.total} texts, {rate:.0f}/s, {left:.0f} s left  "
    print(line, end="", file=sys.stderr, flush=True)


def _classifier(options: argparse.Namespace) -> StanceClassifier:
    keep_offline()
    from stance.model.classifier import load_classifier
    from stance.model.threads import use_threads

    use_threads(options.threads)
    return load_classifier(options.checkpoint)


def _evaluate(options: argparse.Namespace) -> None:
    # Metrics are not needed for scoring, and scikit-learn takes a second to load.
    from stance.coverage import count_mistakes
    from stance.evaluation import evaluate
    from stance.metrics import reliability_figures
    from stance.model.mistakes import MISTAKES, mistakes_json

    classifier = _classifier(options)
    evaluated = evaluate(Path(options.labelled), classifier, on_progress=show_progress)
    print(file=sys.stderr)
    for figure in [*evaluated.figures(), *reliability_figures(evaluated.predictions)]:
        told = f"{figure.value:.3f}  (95 % {figure.low:.3f}–{figure.high:.3f})"
        print(f"{figure.name:32} {'–' if isnan(figure.value) else told}")
    for question, labels in evaluated.absent().items():
        print(
            f"note: no comment is labelled {' or '.join(labels)} in {question}: a macro-F1 counts such a "
            "label as 0",
            file=sys.stderr,
        )
    if options.write_mistakes:
        path = options.checkpoint / MISTAKES
        mistakes = mistakes_json(count_mistakes(evaluated), classifier.manifest.sha256)
        write_whole(path, mistakes.encode())
        print(f"wrote {path}", file=sys.stderr)


def _coverage(options: argparse.Namespace) -> None:
    from stance.coverage import (
        coverage_lines,
        difference_lines,
        measure_coverage,
        measure_differences,
        measure_elsewhere,
    )
    from stance.evaluation import evaluate

    classifier = _classifier(options)
    evaluated = evaluate(Path(options.labelled), classifier, on_progress=show_progress)
    print(file=sys.stderr)
    if options.readers is not None:
        readers = evaluate(options.readers, classifier, on_progress=show_progress)
        print(file=sys.stderr)
        print("\n".join(coverage_lines(list(measure_elsewhere(evaluated, readers)))))
        return
    print("\n".join(coverage_lines(list(measure_coverage(evaluated)))), flush=True)
    print("\n".join(["", *difference_lines(list(measure_differences(evaluated)))]))


def _evenness(options: argparse.Namespace) -> None:
    from stance import evenness

    classifier = _classifier(options)
    found = evenness.measure_evenness(
        evenness.read_swap_set(), classifier, on_progress=show_progress
    )
    print(file=sys.stderr)
    print("\n".join(evenness.evenness_lines(found)))
    if options.labelled:
        swaps = evenness.measure_comment_swaps(
            Path(options.labelled), classifier, on_progress=show_progress
        )
        print(file=sys.stderr)
        print("\n".join(["", *evenness.comment_swap_lines(swaps)]))


def _behaviour(options: argparse.Namespace) -> None:
    from stance import behaviour

    results = behaviour.measure_behaviour(
        behaviour.read_cases(), _classifier(options), on_progress=show_progress
    )
    print(file=sys.stderr)
    print("\n".join(behaviour.behaviour_lines(results)))


def _reactions(options: argparse.Namespace) -> None:
    from stance.linking import linking_lines, read_pages

    print("\n".join(linking_lines(read_pages())))


def _card(options: argparse.Namespace) -> None:
    from stance.card_figures import measure
    from stance.model.stored import WEIGHTS
    from stance.model.threads import threads_in_use
    from stance.model_card import card_markdown

    for path in (options.output, options.checkpoint / "card.json"):
        check_writable(path, overwrite=True, source=Path(options.labelled))
    classifier = _classifier(options)
    record = measure(
        Path(options.labelled),
        classifier,
        classifier.manifest,
        weights=options.checkpoint / WEIGHTS,
        held_out=options.held_out,
        public=options.public,
        threads=threads_in_use(),
        on_step=lambda step: print(f"measuring: {step}", file=sys.stderr),
    )
    text = json.dumps(record, indent=1, ensure_ascii=False) + "\n"
    write_whole(options.checkpoint / "card.json", text.encode())
    write_whole(options.output, card_markdown(record).encode())
    print(f"wrote {options.output} and {options.checkpoint / 'card.json'}", file=sys.stderr)
