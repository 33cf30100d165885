"""The engine for more than one machine: chunks are scored by the processes of a Ray cluster.

Reading and writing stay with the process that asks, in the order of the source: a chunk whose worker
dies is scored by another one, and what the files hold does not depend on who scored it. Each process
of the cluster keeps one model. Ray is an extra (`requirements-ray.txt`).
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import platform
import secrets
import signal
import socket
import tempfile
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stance.engines import InTurn
from stance.errors import EngineError, StanceError, place_of
from stance.model.hub import keep_offline
from stance.model.manifest import SHIPPED
from stance.records import Comment
from stance.scoring import Progress
from stance.targets import Target

if TYPE_CHECKING:
    import pandas as pd

    from stance.model.classifier import StanceClassifier
    from stance.model.foreign import ForeignClassifier

AHEAD = 2
"""Chunks that are under way for each process, so that none waits for its next one."""

PACKAGE = Path(__file__).parent

RETRIES = 10
"""Of what was scored where a worker or node died; more would hide what kills its workers."""

_THIS_MACHINE_ONLY = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}
"""The first makes Ray listen on loopback, on any system; the second ask those who connect for a token."""

_OBJECTS_BYTES = 200_000_000


@dataclass(frozen=True, slots=True)
class Asked:
    """The model that every process of the cluster loads, and what it must turn out to be.

    `model` is a folder or a name on the hub, the same on every node; None is the shipped one.
    `described` is `describe` of it here, `code` the hash of this package, which cleans the texts.
    `threads` is what each process computes with.
    """

    model: str | None
    revision: str | None
    described: str
    code: str
    threads: int = 1


def code_hash() -> str:
    """Of the files of this package that a score depends on: all of them but the weights."""
    digest = hashlib.sha256()
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in (".py", ".toml", ".txt"):
            digest.update(f"{path.relative_to(PACKAGE).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


class RayEngine:
    """Scores chunks on a cluster; see `connected`."""

    def __init__(self, ray: Any, asked: Asked) -> None:
        self._ray = ray
        self.asked = asked
        self._score = ray.remote(num_cpus=asked.threads, max_retries=RETRIES)(_scored)

    def n_workers(self) -> int:
        """Processes that can score at once: on each node, its CPUs by the threads of each."""
        nodes = [node["Resources"] for node in self._ray.nodes() if node["Alive"]]
        return sum(int(node.get("CPU", 0)) // self.asked.threads for node in nodes)

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
            EngineError: it loads another one, its workers die again and again, or it is gone.
        """
        waiting: deque[Any] = deque()
        for comments in chunks:
            # What scoring looks at, and nothing else of the person's rows.
            asked = [Comment(c.comment_id, c.text, c.line) for c in comments]
            with self.told():
                waiting.append(self._score.remote(asked, targets, any_language, self.asked))
                # Asked anew each time: nodes come and go.
                full = len(waiting) >= AHEAD * max(1, self.n_workers())
            if full:
                yield self._next(waiting, on_progress)
        while waiting:
            yield self._next(waiting, on_progress)

    def _next(self, waiting: deque[Any], on_progress: Callable[[Progress], None]) -> pd.DataFrame:
        with self.told():
            table: pd.DataFrame = self._ray.get(waiting.popleft())
        on_progress(Progress(len(table), len(table), 0.0))
        return table

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Ray's errors, whose messages are pages, in a line of ours."""
        try:
            yield
        except self._ray.exceptions.RayTaskError as error:
            raise error.cause from None
        except self._ray.exceptions.RayError as error:
            raise EngineError(
                f"The cluster gave up ({type(error).__name__}): its workers died more than {RETRIES} "
                "times, a node cannot load this project, or it is gone. Once that is mended, the same "
                "command goes on."
            ) from error


@contextlib.contextmanager
def connected(address: str | None, asked: Asked, *, workers: int | None = None) -> Iterator[RayEngine]:
    """An engine on a cluster that runs, or on one of this machine that ends with the block.

    Args:
        address: of the cluster, `host:port`; None starts one here, which listens to this machine
            only.
        asked: the model.
        workers: processes of a cluster that is started here; one for every core if None.

    Raises:
        EngineError: Ray is not installed, the cluster cannot be joined, or no node has the CPUs.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # it would report to its makers
    os.environ["RAY_IGNORE_UNHANDLED_ERRORS"] = "1"  # of chunks that nobody waits for any more
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
            with _signals_kept():
                ray.init(
                    address or "local",
                    logging_level=logging.ERROR,
                    log_to_driver=False,
                    **(here if address is None else {}),
                )
        except (OSError, ValueError, RuntimeError, ray.exceptions.RayError) as error:
            raise _not_joined(address, error) from error
        try:
            engine = RayEngine(ray, asked)
            with engine.told():
                n_workers = engine.n_workers()
            if n_workers < 1:
                raise EngineError(
                    f"Expected a node with {asked.threads} CPUs in the cluster, found none. Pass fewer "
                    "--threads."
                )
            yield engine
        finally:
            ray.shutdown()


@contextlib.contextmanager
def _signals_kept() -> Iterator[None]:
    """Ray makes SIGTERM an end without a word; ours finishes what is under way."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may have handlers
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _check_answers(address: str) -> None:
    """Ray itself would wait for minutes where nothing answers."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdigit():
        raise EngineError(f"Expected --address as HOST:PORT, found {address!r}.")
    try:
        socket.create_connection((host, int(port)), timeout=10).close()
    except (OSError, OverflowError) as error:
        raise _not_joined(address, error) from error


def _not_joined(address: str | None, error: Exception) -> EngineError:
    if address is None:
        return EngineError(
            f"Expected Ray to start on this machine; it did not ({type(error).__name__}). Leave out "
            "--engine ray to score without it."
        )
    return EngineError(
        f"Expected a Ray cluster at {address} that this machine is a node of, with its versions of Ray "
        f"and Python and its token; could not join it ({type(error).__name__}). See docs/scale.md, or "
        "leave out --address to use this machine alone."
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
    try:
        engine = InTurn(classifier_of(asked))
        (table,) = engine.tables([comments], targets, any_language, lambda done: None)
        return table
    except StanceError:
        raise
    except Exception as error:
        # A cluster keeps the messages of errors for its people to see, and this may hold a comment.
        place = place_of(error)
    raise EngineError(f"A process of the cluster could not score a chunk ({place}).")


@lru_cache(maxsize=1)
def classifier_of(asked: Asked) -> StanceClassifier | ForeignClassifier:
    """The model in this process of a cluster, loaded once.

    Raises:
        CheckpointError: it cannot be loaded.
        EngineError: it is another one, or other files of this project would read the comments.
    """
    keep_offline()
    from stance.model.loading import describe, load
    from stance.model.threads import use_threads

    if code_hash() != asked.code:
        raise EngineError(
            f"Expected the same files of this project on every node, found others on {platform.node()}: "
            "another commit, or changed since this command began. Mend that and say it again."
        )
    use_threads(asked.threads)
    classifier = load(SHIPPED if asked.model is None else asked.model, revision=asked.revision)
    if describe(classifier) != asked.described:
        raise EngineError(
            f"Expected {asked.described} on every node, found {describe(classifier)} on "
            f"{platform.node()}. Install the same model there."
        )
    return classifier
