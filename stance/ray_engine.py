"""The engine for more than one machine: chunks are scored by the processes of a Ray cluster.

Reading and writing stay with the process that asks, in the order of the source: a chunk whose worker
dies is scored by another one, and what the files hold does not depend on who scored it. Each process
of the cluster keeps one model. Ray is an extra (`requirements-ray.txt`).
"""

from __future__ import annotations

import contextlib
import logging
import os
import platform
import secrets
import socket
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from stance.engines import InTurn
from stance.errors import EngineError
from stance.model.foreign import describe, load_any
from stance.model.manifest import SHIPPED
from stance.model.threads import use_threads
from stance.records import Comment
from stance.scoring import Progress
from stance.targets import Target

if TYPE_CHECKING:
    import pandas as pd

    from stance.model.classifier import StanceClassifier
    from stance.model.foreign import ForeignClassifier

AHEAD = 2
"""Chunks that are under way for each process, so that none waits for its next one."""

_TRIES = 10
"""Of a chunk whose worker or node died; more would hide a chunk that kills its workers."""

_THIS_MACHINE_ONLY = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}
"""The first makes Ray listen on loopback, on any system; the second ask those who connect for a token."""

_OBJECTS_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The model that every process of the cluster loads, and what it must turn out to be.

    `model` is a folder or a name on the hub, the same on every node; None is the shipped one.
    `described` is `describe` of it here. `threads` is what each process computes with.
    """

    model: str | None
    revision: str | None
    described: str
    threads: int = 1


class RayEngine:
    """Scores chunks on a cluster; see `connected`."""

    def __init__(self, ray: Any, asked: Asked) -> None:
        self._ray = ray
        self._asked = asked
        self._score = ray.remote(num_cpus=asked.threads, max_retries=_TRIES)(_scored)

    def n_workers(self) -> int:
        """Processes that can score at once: the cluster's CPUs by the threads of each."""
        return int(self._ray.cluster_resources().get("CPU", 0)) // self._asked.threads

    def tables(
        self,
        chunks: Iterable[Sequence[Comment]],
        targets: Sequence[Target],
        any_language: bool,
        on_progress: Callable[[Progress], None],
    ) -> Iterator[pd.DataFrame]:
        """See `Engine`; progress is told for each chunk.

        Raises:
            CheckpointError: a process of the cluster cannot load the model.
            EngineError: it loads another one, or its workers die again and again.
        """
        waiting: deque[Any] = deque()
        for comments in chunks:
            waiting.append(self._score.remote(comments, targets, any_language, self._asked))
            # Asked anew each time: nodes come and go.
            if len(waiting) >= AHEAD * max(1, self.n_workers()):
                yield self._next(waiting, on_progress)
        while waiting:
            yield self._next(waiting, on_progress)

    def _next(self, waiting: deque[Any], on_progress: Callable[[Progress], None]) -> pd.DataFrame:
        try:
            table: pd.DataFrame = self._ray.get(waiting.popleft())
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from None  # Ray's own message is a page
        except self._ray.exceptions.RayError as error:
            raise EngineError(
                f"The cluster gave up a chunk ({type(error).__name__}): its workers died {_TRIES} times, "
                "or it is gone. Once that is mended, the same command goes on."
            ) from error
        on_progress(Progress(len(table), len(table), 0.0))
        return table


@contextlib.contextmanager
def connected(address: str | None, asked: Asked, *, workers: int | None = None) -> Iterator[RayEngine]:
    """An engine on a cluster that runs, or on one of this machine that ends with the block.

    Args:
        address: of the cluster, `host:port`; None starts one here, which listens to this machine
            only.
        asked: the model.
        workers: processes of a cluster that is started here; one for every core if None.

    Raises:
        EngineError: Ray is not installed, there is no cluster, or it has too few CPUs.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # it would report to its makers
    if address is None:
        os.environ.update(_THIS_MACHINE_ONLY)
        os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))  # Ray reads it once a process
    else:
        _check_answers(address)
    try:
        import ray
    except ImportError as error:
        raise EngineError(
            "Expected Ray for --engine ray, found none. Install it with "
            "`pip install -r requirements-ray.txt`."
        ) from error
    with _folder() as folder:
        here: dict[str, Any] = {
            "num_cpus": workers and workers * asked.threads,
            "object_store_memory": _OBJECTS_BYTES,
            "include_dashboard": False,
            "_temp_dir": folder,
        }
        try:
            ray.init(
                address or "local",
                logging_level=logging.ERROR,
                log_to_driver=False,
                **(here if address is None else {}),
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise _no_cluster(address, error) from error
        try:
            engine = RayEngine(ray, asked)
            if engine.n_workers() < 1:
                raise EngineError(
                    f"Expected a cluster with {asked.threads} CPUs for each process, found fewer. Pass "
                    "fewer --threads."
                )
            yield engine
        finally:
            ray.shutdown()


def _check_answers(address: str) -> None:
    """Ray itself would wait for minutes where nothing answers."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise EngineError(f"Expected --address as HOST:PORT, found {address!r}.")
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except (OSError, OverflowError) as error:
        raise _no_cluster(address, error) from error


def _no_cluster(address: str | None, error: Exception) -> EngineError:
    where = f"at {address}" if address else "on this machine"
    return EngineError(
        f"Expected a Ray cluster {where}, found none ({type(error).__name__}). Start it (`ray start "
        "--head`), or leave out --address to use this machine alone."
    )


def _folder() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes with the cluster, for Ray leaves its logs where they are.

    Its name is short: the path of a socket in it may have some hundred characters.
    """
    place = "/tmp" if os.name == "posix" else None
    return tempfile.TemporaryDirectory(prefix="ray", dir=place, ignore_cleanup_errors=True)


def _scored(
    comments: Sequence[Comment], targets: Sequence[Target], any_language: bool, asked: Asked
) -> pd.DataFrame:
    """Score a chunk in a process of the cluster."""
    (table,) = InTurn(_classifier(asked)).tables([comments], targets, any_language, lambda done: None)
    return table


@lru_cache(maxsize=1)
def _classifier(asked: Asked) -> StanceClassifier | ForeignClassifier:
    use_threads(asked.threads)
    classifier = load_any(SHIPPED if asked.model is None else asked.model, revision=asked.revision)
    if describe(classifier) != asked.described:
        raise EngineError(
            f"Expected {asked.described} on every node, found {describe(classifier)} on "
            f"{platform.node()}. Install the same version there."
        )
    return classifier
