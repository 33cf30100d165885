"""Folders of files through Ray Data: actors that hold a model each take a file after the other.

Ray Data hands out the files, keeps the actors busy and does a file again whose actor died. What is
done with a file stands in `folders`, how a cluster is joined in `ray_engine`.
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
    data = _ray_data()
    # The largest first, so that none is begun when all others are done.
    names = [{"name": file.name} for file in sorted(files, key=lambda file: -file.n_bytes)]
    actors = data.ActorPoolStrategy(
        size=max(1, min(len(names), engine.n_workers())),
        max_tasks_in_flight_per_actor=1,  # a second one would wait while others have nothing to do
    )
    left = {file.name for file in files}
    with engine.told(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the last argument; see requirements
        found = data.from_items(names, override_num_blocks=min(len(names), MOST_BLOCKS)).map(
            _FileScorer,
            fn_constructor_args=(asked, engine.asked),
            compute=actors,
            num_cpus=engine.asked.threads,
            max_task_retries=RETRIES,
        )
        for row in found.iter_rows():
            if row["refused"]:
                raise EngineError(row["refused"])
            outcome = Outcome(**json.loads(row["outcome"]))
            left.discard(outcome.name)
            yield outcome
    for name in sorted(left):
        why = f"The processes that scored it died more than {RETRIES} times: too little memory, say."
        yield Outcome(name, failed=why)


def _ray_data() -> Any:
    """Ray Data, that says nothing of its own."""
    from ray import data

    logging.getLogger("ray.data").setLevel(logging.CRITICAL)  # its errors are told as ours
    context = data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_errored_blocks = -1  # files whose processes die again and again are told at the end
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
