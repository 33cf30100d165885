"""The data sets of training: what `sets.toml` says of each, and whether a folder holds the same."""

from __future__ import annotations

import gzip
import hashlib
import logging
import tomllib
import zlib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from stance.errors import StanceError
from stance.public_sets import PUBLIC_SETS
from stance.training.config import RunConfig

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class DataSet:
    """One file of the data folder; `rows` and `sha256` are of the unpacked JSONL."""

    file: str
    source: str
    licence: str
    labelled_by: str
    rows: int
    sha256: str


def known_sets() -> dict[str, DataSet]:
    """All sets by their file."""
    path = Path(str(resources.files("stance"))) / "training" / "sets.toml"
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["set"]
    sets = [
        DataSet(e["file"], e["from"], e["licence"], e["labelled_by"], e["rows"], e["sha256"])
        for e in entries
    ]
    return {one.file: one for one in sets}


def difference(folder: Path, file: str) -> str:
    """What sets a file of the folder apart from the one that the shipped model saw; "" if nothing."""
    path, known = folder / file, known_sets().get(file)
    if known is None:
        return f"{file} is not one of the known sets (sets.toml)."
    data = path.read_bytes()
    try:
        unpacked = gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, zlib.error):
        return f"{file}: expected the {known.rows:,} rows of {known.source}, found a broken gzip file."
    if hashlib.sha256(unpacked).hexdigest() == known.sha256:
        return ""
    n_rows = sum(1 for line in unpacked.splitlines() if line.strip())
    return f"{file}: expected the {known.rows:,} rows of {known.source}, found {n_rows:,} rows that differ."


def files_in(data: Path, pattern: str) -> list[Path]:
    """Files of the data folder that fit a pattern.

    Raises:
        StanceError: there is none.
    """
    found = sorted(path for path in data.glob(pattern) if path.is_file())
    if not found:
        raise StanceError(f"Expected files {pattern} in {data}, found none.")
    return found


def check_data(config: RunConfig, data: Path) -> None:
    """Find what would come to light hours later; warn of files that are not those of the table.

    Raises:
        StanceError: a file is missing, or a limit is for none of a stage's.
    """
    learned: set[str] = set()
    for stage in config.stages:
        patterns = (*stage.data, *stage.taught)
        names = {str(file.relative_to(data)) for one in patterns for file in files_in(data, one)}
        limited = sorted(name for name in names if not name.startswith("labelled"))
        if idle := [part for part in stage.limits if not any(part in name for name in limited)]:
            raise StanceError(f"Stage {stage.name}: its limits hold {idle}, in none of {limited}.")
        learned |= names
    unseen = {"labelled/dev.jsonl", *(f"public/{one.file}" for one in PUBLIC_SETS)}
    for file in sorted(learned | unseen):
        if (data / file).is_file():
            if problem := difference(data, file):
                log.warning("%s Figures will not be those of the shipped model.", problem)
        elif file in unseen:
            log.warning("%s is not there: its texts cannot be left out of the others.", file)


def sets_table() -> str:
    """A Markdown table of all sets, for docs/training.md."""
    lines = ["| file | rows | from | licence | labelled by |", "| --- | ---: | --- | --- | --- |"]
    lines += [
        f"| `{s.file}` | {s.rows:,} | {s.source} | {s.licence} | {s.labelled_by} |"
        for s in known_sets().values()
    ]
    return "\n".join(lines)
