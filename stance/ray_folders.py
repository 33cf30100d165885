"""Folders of files through Ray Data: actors that hold a model each take a file after the other.

Ray Data hands out the files, keeps the actors busy and does a file again whose actor died. What is
done with a file stands in `folder_jobs`, how a cluster is joined in `ray_engine`.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from stance.engines import InTurn
from stance.errors import EngineError, StanceError, place_of
from stance.folder_jobs import FolderJob, Outcome, score_one
from stance.folders import FileInFolder
from stance.ray_engine import RETRIES, Asked, RayEngine, classifier_of

MOST_BLOCKS = 20_000
"""Of Ray Data. Each holds the names of files that are handed out together: one, if they are fewer."""


def outcomes(engine: RayEngine, asked: FolderJob, files: Sequence[FileInFolder]) -> Iterator[Outcome]:
    """What became of each file, as they are done: all of them, each once.

    Args:
        engine: on a cluster; see `connected`.
        asked: what is asked of each file.
        files: of `asked.source`.

    Raises:
        EngineError: a process of the cluster cannot load the model or loads another one, or the
            cluster is gone.
    """
    left = {file.name: file for file in files}
    # Once more those that another file of their block took along: each by itself.
    for most in (MOST_BLOCKS, len(left)):
        n_blocks = min(most, len(left))
        alone = n_blocks == len(left)
        if left:
            for outcome in _once(engine, asked, list(left.values()), n_blocks):
                # A file that was done again is told once.
                if left.pop(outcome.name, None) is not None:
                    yield outcome
        if alone:
            break
    for name in sorted(left):
        why = (
            f"The process that scored it died more than {RETRIES} times (too little memory, say), or its "
            "node cannot load this project. Ray's logs say which."
        )
        yield Outcome(name, failed=why)


def _once(
    engine: RayEngine, asked: FolderJob, files: Sequence[FileInFolder], n_blocks: int
) -> Iterator[Outcome]:
    """As `outcomes`, but for those that Ray gave up."""
    data = _ray_data()
    # The largest first, so that none is begun when all others are done.
    names = [{"name": file.name} for file in sorted(files, key=lambda file: -file.n_bytes)]
    actors = data.ActorPoolStrategy(
        size=max(1, min(len(names), engine.n_workers())),
        max_tasks_in_flight_per_actor=1,  # a second one would wait while others have nothing to do
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the last argument; see requirements
        found = data.from_items(names, override_num_blocks=n_blocks).map(
            _FileScorer,
            fn_constructor_args=(asked, engine.asked),
            compute=actors,
            num_cpus=engine.asked.threads,
            max_task_retries=RETRIES,
        )
    with engine.told():
        for row in found.iter_rows():
            if row["refused"]:
                raise EngineError(row["refused"])
            yield Outcome(**json.loads(row["outcome"]))


def _ray_data() -> Any:
    """Ray Data, that says nothing of its own.

    Raises:
        EngineError: it is not installed.
    """
    try:
        from ray import data
    except ImportError as error:
        raise EngineError(
            "Expected Ray with its part for data, found Ray alone. Install it with "
            "`pip install -r requirements-ray.txt`."
        ) from error
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # its errors are told as ours
    context = data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_errored_blocks = -1  # files whose processes die again and again are told at the end
    context.max_consecutive_actor_init_deaths = RETRIES  # else the first one ends the run
    return data


class _FileScorer:
    """An actor of Ray Data: loads the model with its first file, and keeps it."""

    def __init__(self, asked: FolderJob, model: Asked) -> None:
        self._asked = asked
        self._model = model

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        # As text, for Ray Data would make one type of the dictionaries of all files.
        try:
            engine = InTurn(classifier_of(self._model))
        except StanceError as error:
            return {"outcome": "", "refused": error.message}
        except Exception as error:
            why = f"A process of the cluster could not load the model ({place_of(error)})."
            return {"outcome": "", "refused": why}
        outcome = score_one(self._asked, row["name"], engine)
        return {"outcome": json.dumps(asdict(outcome)), "refused": ""}
