"""The table of data sets covers every run's config, stands in the docs, and tells a changed file."""

import gzip
import tomllib

from stance.training.sets import difference, known_sets, sets_table
from tests.conftest import ROOT


def test_every_set_of_every_config_is_known():
    for path in (ROOT / "stance" / "training" / "configs").rglob("*.toml"):
        for stage in tomllib.loads(path.read_text())["stage"]:
            used = {*stage["data"], *stage.get("taught", ())}
            assert used <= set(known_sets()), path.name


def test_evaluation_only_sets_are_in_no_config():
    for path in (ROOT / "stance" / "training" / "configs").rglob("*.toml"):
        assert "evaluation_only" not in path.read_text()
        assert "dev.jsonl" not in path.read_text()


def test_the_docs_hold_the_table():
    assert sets_table() in (ROOT / "docs" / "training.md").read_text(encoding="utf-8")


def test_a_changed_file_is_told(tmp_path):
    file = "public/stance/ruw.jsonl.gz"
    (tmp_path / file).parent.mkdir(parents=True)
    (tmp_path / file).write_bytes(gzip.compress(b'{"text": "a"}\n{"text": "b"}\n'))
    assert difference(tmp_path, file).startswith(f"{file}: expected the 9,364 rows of RUW")
    assert difference(tmp_path, file).endswith("found 2 rows that differ.")
    assert "not one of the known sets" in difference(tmp_path, "own.jsonl")
