"""Run by test_jobs.py in a process of its own that it kills: scores a file with a quick classifier.

    python -m tests.killed_job INPUT OUTPUT REPORT CHUNK_ROWS
"""

import os
import sys
from pathlib import Path

from stance.engines import InTurn
from stance.jobs import Job, score_file
from stance.reading.streams import open_comments
from stance.targets import load_targets
from stance.writing import check_form
from tests.conftest import FakeClassifier


def job(output, report, **options):
    return Job(
        output=output,
        form=check_form(output),
        targets=load_targets(),
        model={"name": "fake"},
        report=report,
        **options,
    )


if __name__ == "__main__":
    source, output, report = map(Path, sys.argv[1:4])
    asked = job(output, report, chunk_rows=int(sys.argv[4]))
    score_file(open_comments(source, stream_bytes=0), InTurn(FakeClassifier()), asked)
    os._exit(0)  # as `python -m stance` does, and why
