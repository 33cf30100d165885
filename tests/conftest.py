"""What tests share: a fake classifier whose answers can be read off the text, and the sample."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from streamlit.util import calc_hash

from stance.reading import read_comments
from stance.records import Comment, ReadResult, Scores
from stance.targets import Target

if TYPE_CHECKING:
    # Makes a temporary folder when it is loaded, which would stay behind of tests/killed_job.py.
    from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[1]

# No test finds what another one kept, and none keeps anything for the person who runs them.
os.environ["STANCE_STORE"] = "off"


class FakeClassifier:
    """Positive and in favor of all where a text says "good", negative and against for "bad"."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []

    def predict(self, texts: Sequence[str], targets: Sequence[Target]) -> Scores:
        self.batches.append(list(texts))
        rows = np.array([self._row(text) for text in texts], dtype=np.float32)
        return Scores(
            rows,
            np.repeat(rows[:, None], len(targets), axis=1),
            np.array(["long" in text for text in texts]),
        )

    @staticmethod
    def _row(text: str) -> tuple[float, float, float]:
        if "good" in text:
            return (0.1, 0.2, 0.7)
        return (0.75, 0.15, 0.1) if "bad" in text else (0.2, 0.6, 0.2)


@pytest.fixture
def fake() -> FakeClassifier:
    return FakeClassifier()


@pytest.fixture(scope="session")
def sample() -> ReadResult:
    return read_comments(ROOT / "data" / "sample_page.txt")


@pytest.fixture
def sample_file(tmp_path: Path) -> Path:
    """The sample as `stance score` writes it, under a name that is Markdown."""
    from stance.page.sample import sample_set
    from stance.writing import write_scores

    path, sample = tmp_path / "*many* scores.parquet", sample_set()
    write_scores(sample.result, sample.scored, path)
    return path


@pytest.fixture(scope="session")
def classifier():
    from stance import load_classifier
    from stance.model.threads import use_threads

    use_threads(None)
    return load_classifier()


def open_view(page: AppTest, path: str) -> AppTest:
    """Go to a view of the page by its place in the address, such as "voices", as a link does."""
    page._page_hash = calc_hash(path)  # AppTest itself finds only pages that are files
    return page.run()


def comments(*texts: str) -> list[Comment]:
    return [
        Comment(f"c{number}", text, number, cells=(text,))
        for number, text in enumerate(texts, start=1)
    ]
