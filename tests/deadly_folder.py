"""Run by test_ray_engine.py in a process of its own: one file of a folder kills whatever scores it.

    python -m tests.deadly_folder IN OUT NAME
"""

import os
import sys
from dataclasses import replace
from pathlib import Path

from stance import load_classifier, ray_folders
from stance.folder_jobs import FolderJob
from stance.folders import Folder, list_folder
from stance.model.loading import describe
from stance.ray_engine import Asked, code_hash, connected
from stance.ray_folders import outcomes
from tests.killed_job import job


class DeadlyFolder(Folder):
    """Kills the process that asks for the path of one of its files."""

    @property
    def path(self):
        return _DeadlyPath(self.address)


class _DeadlyPath(type(Path())):
    def __truediv__(self, name):
        if name == os.environ["DEADLY"]:
            os._exit(1)
        return super().__truediv__(name)


if __name__ == "__main__":
    source, output, os.environ["DEADLY"] = sys.argv[1:]
    ray_folders.RETRIES = 1
    ray_folders.MOST_BLOCKS = 1  # so that it takes the others along, which must be scored all the same
    asked = FolderJob(DeadlyFolder(source), Folder(output), replace(job(Path(), None), form=".parquet"))
    model = Asked(None, None, describe(load_classifier()), code_hash())
    with connected(None, model, workers=1) as engine:
        for outcome in outcomes(engine, asked, list_folder(Folder(source)).files):
            sys.stdout.write(f"{outcome.name}: {outcome.failed or 'scored'}\n")
    sys.stdout.flush()
    os._exit(0)
