"""The model and the engine that the options of the command line name, and the job that they ask for."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance import __version__
from stance.amounts import counted
from stance.cli_store import with_store
from stance.engines import Engine, InTurn
from stance.jobs import Job
from stance.model.devices import CPU, Device
from stance.targets import load_targets

if TYPE_CHECKING:
    from stance.model.loading import AnyClassifier


class Loaded:
    """The model and the engine, each made when first asked for, and kept for the files after that."""

    def __init__(self, options: argparse.Namespace, opened: contextlib.ExitStack) -> None:
        self._options = options
        self._opened = opened

    @cached_property
    def classifier(self) -> AnyClassifier:
        """What the options name."""
        return load_model(self._options)

    @cached_property
    def engine(self) -> Engine:
        """What scores with it, until `opened` is closed."""
        return self._opened.enter_context(_engine(self._options, self.classifier))


def job_asked(options: argparse.Namespace, classifier: AnyClassifier, output: Path, form: str) -> Job:
    """What the options ask of one file."""
    from stance.model.classifier import StanceClassifier
    from stance.model.loading import describe
    from stance.model.threads import threads_in_use

    device = Device(options.device, options.precision)
    described: dict[str, Any] = {"name": describe(classifier)}
    if device != CPU:  # its scores differ, so an output tells, and is none of the CPU's
        described["device"] = str(device)
    if isinstance(classifier, StanceClassifier):
        described["unsure_below"] = classifier.manifest.unsure_below
    return Job(
        output=output,
        form=form,
        targets=(*load_targets(), *options.targets),
        model=described,
        report=options.report,
        any_language=options.any_language,
        overwrite=options.force,
        restart=options.restart,
        settings={
            "number of threads": str(threads_in_use()),
            "program version": __version__,
            "engine": options.engine,
            "device": str(device),
        },
    )


def load_model(options: argparse.Namespace) -> AnyClassifier:
    """The model that is named, on the threads and the device that are.

    Raises:
        CheckpointError: it cannot be loaded.
        DeviceError: that device is not here.
    """
    from stance.model.loading import load
    from stance.model.manifest import SHIPPED
    from stance.model.threads import use_threads

    # Several processes of one thread each get more out of a machine than one of several threads.
    use_threads(options.threads or (1 if options.engine == "ray" else None))
    return load(
        SHIPPED if options.model is None else options.model,
        download=options.download,
        revision=options.revision,
        device=Device(options.device, options.precision),
    )


@contextlib.contextmanager
def _engine(options: argparse.Namespace, classifier: AnyClassifier) -> Iterator[Engine]:
    if options.engine == "local":
        with with_store(options, classifier) as asked_first:
            yield InTurn(asked_first)
        return
    from stance.model.loading import describe
    from stance.model.threads import threads_in_use
    from stance.ray_engine import Asked, code_hash, connected

    name = options.model
    if name is not None and Path(name).exists():
        name = str(Path(name).resolve())  # a process of the cluster may run anywhere
    asked = Asked(name, options.revision, describe(classifier), code_hash(), threads_in_use())
    with connected(options.address, asked, workers=options.workers) as engine:
        workers = counted(engine.n_workers(), "process", "processes")
        print(f"Ray: {workers} of {counted(asked.threads, 'thread', 'threads')}", file=sys.stderr)
        yield engine


