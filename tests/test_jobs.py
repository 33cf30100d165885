"""A file is scored chunk by chunk, and however often it is stopped, the same bytes come out."""

import contextlib
import errno
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from stance.copies import find_copies
from stance.engines import InTurn
from stance.errors import ReadingError, ScoringCancelled, WritingError
from stance.jobs import check_output, score_file
from stance.reading import read_comments
from stance.reading.streams import open_comments
from stance.scoring import score_comments
from stance.writing import FORMS
from stance.writing.journal import Journal
from stance.writing.row_report import row_report
from tests.conftest import ROOT
from tests.killed_job import job

LINES = [
    "id,text",
    *(f"{i},{'so good' if i % 3 else 'a bad one'} number {i % 7}" for i in range(20)),
    "20,",
    "21,one,too many",
    "22,=1+1 is good",
    "23,Well: a long one",
]
OUTPUTS = ("out{}", "out{}.manifest.json", "rows.csv")


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text("\n".join(LINES) + "\n")
    return path


def run(source, folder, fake, *, form=".csv", stopped=None, **options):
    if not folder.exists():
        folder.mkdir()
    asked = job(folder / f"out{form}", folder / "rows.csv", **{"chunk_rows": 5, **options})
    check_output(asked.output, [source], report=asked.report, restart=asked.restart)
    return score_file(open_comments(source, stream_bytes=0), InTurn(fake), asked, stopped=stopped)


def begin_again_if_done(folder, whole):
    """For a run that was killed when only the clearing up was left: all is there, and is whole."""
    if (folder / "out.csv").exists() and Journal(folder / "out.csv", folder / "rows.csv").load() is None:
        for name in ("out.csv", "rows.csv"):
            assert (folder / name).read_bytes() == (whole / name).read_bytes()
        for path in folder.iterdir():
            path.unlink()


def found(folder):
    # A run that dies after its last step leaves its empty lock, which holds nobody up.
    paths = [path for path in folder.iterdir() if path.suffix != ".lock"]
    return {path.name: path.read_bytes() if path.is_file() else "a folder" for path in paths}


@pytest.mark.parametrize("form", FORMS)
def test_p6_chunk_by_chunk_as_at_once(tmp_path, source, fake, form):
    counts = run(source, tmp_path / "job", fake, form=form)
    result = read_comments(source)
    scored = score_comments(result.comments, fake)
    copies = find_copies(result.comments)
    files = found(tmp_path / "job")
    assert sorted(files) == sorted(name.format(form) for name in OUTPUTS)
    assert files["rows.csv"] == row_report(result, scored, copies)
    at_once = FORMS[form](result, scored)
    if form == ".parquet":
        assert pd.read_parquet(io.BytesIO(files["out.parquet"])).equals(
            pd.read_parquet(io.BytesIO(at_once))
        )
    else:
        assert files[f"out{form}"] == at_once
    assert (counts.n_rows, counts.n_comments, counts.n_scored) == (24, 23, 22)
    assert counts.rejected == [(23, "too many cells")]
    assert dict(counts.unscored) == {"empty": 1}
    assert sum(counts.copies.values()) == len(copies) == 6
    manifest = json.loads(files[f"out{form}.manifest.json"])
    assert manifest["rows"] == {
        "read": 24,
        "scored": 22,
        "unscored": {"empty": 1},
        "rejected": {"too many cells": 1},
        "copies": {"exact": 6},
    }


@pytest.mark.parametrize("form", FORMS)
def test_a_stopped_run_goes_on_to_the_same_bytes(tmp_path, source, fake, form):
    run(source, tmp_path / "whole", fake, form=form)
    for chunks in range(5):
        folder, asked = tmp_path / f"stopped {chunks}", []

        def stopped(asked=asked, chunks=chunks):
            asked.append(None)
            return len(asked) > chunks

        with pytest.raises(ScoringCancelled, match=f"after {5 * chunks} of 23 comments. The same"):
            run(source, folder, fake, form=form, stopped=stopped)
        assert f"out{form}" not in found(folder)
        before = len(fake.batches)
        run(source, folder, fake, form=form)
        assert found(folder) == found(tmp_path / "whole")
        assert len(fake.batches) - before == 5 - chunks, "no chunk is scored twice"


class Fault(BaseException):
    """What no `except` of ours may catch: the process is gone."""


@pytest.mark.parametrize("form", [".csv", ".xlsx"])
@pytest.mark.parametrize("kind", ["killed", "disk full"])
def test_p1_p3_p5_a_fault_at_any_step_loses_nothing(tmp_path, source, fake, monkeypatch, form, kind):
    """The process dies, or the disk is full, at the first, second, third … call to the system."""
    run(source, tmp_path / "whole", fake, form=form)
    for step in range(500):
        folder = tmp_path / f"fault {step}"
        folder.mkdir()
        full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        error = Fault() if kind == "killed" else full
        with monkeypatch.context() as patched:
            calls_left = failing_at(step, error, patched)
            try:
                with contextlib.suppress(Fault, WritingError):
                    run(source, folder, fake, form=form)
            except ReadingError as caught:
                assert caught.__cause__ is error
        files = found(folder)
        if f"out{form}" in files:
            assert files[f"out{form}"] == found(tmp_path / "whole")[f"out{form}"]
            assert f"out{form}.manifest.json" in files
        if calls_left() >= 0:
            break
        try:
            run(source, folder, fake, form=form)
        except WritingError as complete:
            assert "exists and is not overwritten" in str(complete)
        assert found(folder) == found(tmp_path / "whole"), step
    assert 40 < step < 499


def failing_at(step, error, patched):
    """Make the call of this number raise; returns how many were left when all was over."""
    left = step

    def counting(call):
        def counted(*arguments, **options):
            nonlocal left
            left -= 1
            if left == -1:
                raise error
            return call(*arguments, **options)

        return counted

    for owner, name in (
        *((Path, name) for name in ("open", "replace", "unlink", "mkdir", "rmdir")),
        *((os, "fsync"), (zipfile.ZipFile, "write")),
    ):
        patched.setattr(owner, name, counting(getattr(owner, name)))
    return lambda: left


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"model": {"name": "other"}}, "another model"),
        ({"any_language": True}, "another choice of languages"),
        ({"settings": {"number of threads": "2"}}, "another number of threads"),
        ({"chunk_rows": 6}, "another chunk size"),
    ],
)
def test_p2_another_setting_is_not_gone_on_with(tmp_path, source, fake, change, words):
    folder = tmp_path / "job"
    with pytest.raises(ScoringCancelled):
        run(source, folder, fake, stopped=iter([False, True]).__next__)
    before = found(folder)
    asked = replace(job(folder / "out.csv", folder / "rows.csv", chunk_rows=5), **change)
    with pytest.raises(WritingError, match=f"{words}. Pass --restart to begin anew"):
        score_file(open_comments(source, stream_bytes=0), InTurn(fake), asked)
    assert found(folder) == before
    score_file(open_comments(source, stream_bytes=0), InTurn(fake), replace(asked, restart=True))
    assert sorted(found(folder)) == sorted(name.format(".csv") for name in OUTPUTS)


def test_p2_a_changed_input_is_not_gone_on_with(tmp_path, source, fake):
    folder = tmp_path / "job"
    with pytest.raises(ScoringCancelled):
        run(source, folder, fake, stopped=iter([False, True]).__next__)
    stat = source.stat()
    source.write_text(source.read_text().replace("number 1", "number 2", 1))
    os.utime(source, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    with pytest.raises(WritingError, match="an unfinished run with another input. Pass --restart"):
        run(source, folder, fake)
    run(source, folder, fake, restart=True)
    assert b"number 2" in found(folder)["out.csv"].splitlines()[2]


def test_rows_that_were_cut_off_behind_our_back_are_noticed(tmp_path, source, fake):
    folder = tmp_path / "job"
    with pytest.raises(ScoringCancelled):
        run(source, folder, fake, stopped=iter([False, True]).__next__)
    (folder / "out.csv.part").write_bytes(b"")
    with pytest.raises(WritingError, match="at least .* bytes in .*out.csv.part, found 0"):
        run(source, folder, fake)


def test_a_state_that_makes_no_sense_is_an_error_with_a_way_out(tmp_path, source, fake):
    folder = tmp_path / "job"
    folder.mkdir()
    (folder / "out.csv.part.json").write_text("[]")
    with pytest.raises(WritingError, match="found something else. Pass --restart"):
        run(source, folder, fake)
    run(source, folder, fake, restart=True)


def test_files_that_only_look_like_our_parts_are_left_alone(tmp_path, source, fake):
    folder = tmp_path / "job"
    folder.mkdir()
    (folder / "out.csv.part").write_text("a download of somebody")
    with pytest.raises(WritingError, match="out.csv.part exists and is of no run that can be gone"):
        run(source, folder, fake)
    assert found(folder) == {"out.csv.part": b"a download of somebody"}
    run(source, folder, fake, restart=True)


def test_an_input_that_has_the_name_of_a_part_is_left_alone(tmp_path, source, fake):
    folder = tmp_path / "job"
    folder.mkdir()
    part = source.rename(folder / "out.csv.part")
    with pytest.raises(WritingError, match="out.csv.part is the input itself"):
        run(part, folder, fake)
    with pytest.raises(WritingError, match="is the input itself"):
        run(part, folder, fake, restart=True)
    assert part.read_text().startswith("id,text")


def test_one_run_at_a_time_writes_an_output(tmp_path, source, fake):
    errors = []

    def second():
        with pytest.raises(WritingError, match="Another run is writing"):
            run(source, tmp_path / "job", fake)
        errors.append(None)
        return False

    run(source, tmp_path / "job", fake, stopped=second)
    assert len(errors) == 5


def test_progress_is_of_the_whole_job(tmp_path, source, fake):
    seen = []
    asked = job(tmp_path / "out.csv", None, chunk_rows=5)
    score_file(open_comments(source), InTurn(fake), asked, on_progress=seen.append)
    assert [(p.done, p.total) for p in seen] == [(n, 23) for n in (5, 10, 15, 20, 23)]
    assert seen[-1].seconds_left == 0
    assert all(p.per_second > 0 for p in seen)


def test_a_source_that_changes_while_it_is_scored_is_noticed(tmp_path, source, fake):
    class Changing(type(fake)):
        def predict(self, texts, targets):
            source.write_text(source.read_text().replace("number 6", "number 7"))
            return super().predict(texts, targets)

    with pytest.raises(ReadingError, match="was changed meanwhile. Begin anew with --restart"):
        run(source, tmp_path / "job", Changing())
    assert "out.csv" not in found(tmp_path / "job")
    run(source, tmp_path / "job", fake, restart=True)


def test_a_file_that_appears_under_the_output_s_name_is_kept(tmp_path, source, fake):
    folder = tmp_path / "job"

    def put():
        (folder / "out.csv").write_text("mine")
        return False

    with pytest.raises(WritingError, match="out.csv appeared meanwhile and is not overwritten"):
        run(source, folder, fake, stopped=put)
    assert (folder / "out.csv").read_text() == "mine"
    with pytest.raises(WritingError, match="appeared meanwhile"):
        run(source, folder, fake)
    (folder / "out.csv").unlink()
    before = len(fake.batches)
    run(source, folder, fake)
    assert len(fake.batches) == before, "what was scored was kept"


@pytest.mark.parametrize("name", ["out.csv", "out.csv.manifest.json", "out.csv.part", "out.csv.part.json"])
def test_an_input_is_never_written_over_whatever_its_name(tmp_path, source, fake, name):
    folder = tmp_path / "job"
    folder.mkdir()
    moved = source.rename(folder / name)
    with pytest.raises(WritingError, match="is the input itself"):
        run(moved, folder, fake, restart=True, overwrite=True)
    assert moved.read_text().startswith("id,text")


def test_a_report_may_lie_on_another_disk(tmp_path, source, fake):
    shared = Path("/dev/shm")
    if not shared.is_dir() or shared.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second disk here")
    report = shared / f"{tmp_path.name}.rows.csv"
    try:
        asked = job(tmp_path / "out.csv", report, chunk_rows=5)
        score_file(open_comments(source), InTurn(fake), asked)
        assert report.read_bytes().count(b"\n") == 25
    finally:
        report.unlink(missing_ok=True)


def test_a_report_may_not_be_where_the_rows_are_kept(tmp_path, source):
    with pytest.raises(WritingError, match="out.csv.part is where the run keeps its rows"):
        check_output(tmp_path / "out.csv", [source], report=tmp_path / "out.csv.part")


def test_long_comments_make_short_chunks(tmp_path, fake, monkeypatch):
    monkeypatch.setattr("stance.reading.streams.CHUNK_CHARACTERS", 1_000)
    path = tmp_path / "long.csv"
    path.write_text("id,text\n" + "".join(f"{n},{'good ' * 100}\n" for n in range(9)))
    sizes = [len(chunk.comments) for chunk in open_comments(path, stream_bytes=0).chunks(100)]
    assert sizes == [2, 2, 2, 2, 1]
    assert [len(c.comments) for c in open_comments(path).chunks(100)] == sizes


KILLS = int(os.environ.get("STANCE_KILLS", "4"))
KILLED_ROWS = int(os.environ.get("STANCE_KILLED_ROWS", "40000"))


def test_p1_p31_what_a_kill_amid_a_workbook_leaves_is_cleared_by_the_next_run(tmp_path, source, fake):
    run(source, tmp_path / "whole", fake, form=".xlsx")
    (tmp_path / "killed").mkdir()
    (tmp_path / "temporary").mkdir()
    dying = "import os, runpy, zipfile; zipfile.ZipFile.write = lambda *_: os.kill(os.getpid(), 9); "
    dying += "runpy.run_module('tests.killed_job', run_name='__main__')"
    out = tmp_path / "killed" / "out.xlsx"
    done = subprocess.run(
        [sys.executable, "-c", dying, str(source), str(out), str(tmp_path / "killed" / "rows.csv"), "5"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path / "temporary")},
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    assert {path.name for path in (out.parent / "out.xlsx.part.files").iterdir()}
    assert not list((tmp_path / "temporary").iterdir())
    run(source, out.parent, fake, form=".xlsx")
    assert found(out.parent) == found(tmp_path / "whole")


def test_p1_kill_at_any_moment_and_the_same_command_completes(tmp_path):
    """P1, P5: ids once each, bytes equal, at most a chunk done again; the output is never half."""
    generator = random.Random(7)
    source = tmp_path / "in.csv"
    with source.open("w") as file:
        file.write("id,text\n")
        for number in range(KILLED_ROWS):
            word = generator.choice(("good", "bad", "long"))
            file.write(f"{number},It is {word} that {generator.randrange(400)} came\n")
    chunk = max(KILLED_ROWS // 40, 500)

    def start(folder):
        folder.mkdir(exist_ok=True)
        command = [sys.executable, "-m", "tests.killed_job", str(source), str(folder / "out.csv"),
                   str(folder / "rows.csv"), str(chunk)]  # fmt: skip
        return subprocess.Popen(command, cwd=ROOT, start_new_session=True)

    began = time.monotonic()
    assert start(tmp_path / "whole").wait() == 0
    whole = time.monotonic() - began
    folder, kills = tmp_path / "killed", 0
    while True:
        running = start(folder)
        # The first part of a run loads the libraries; kills shall meet the work as well.
        deadline = time.monotonic() + (generator.uniform(0.3, 1.0) * whole if kills < KILLS else 1e9)
        while running.poll() is None and time.monotonic() < deadline:
            if (folder / "out.csv").exists():
                size = (tmp_path / "whole" / "out.csv").stat().st_size
                assert (folder / "out.csv").stat().st_size == size
            time.sleep(0.02)
        if running.poll() is not None:
            assert running.returncode == 0
            if kills >= KILLS:
                break
            for path in folder.iterdir():  # it was quicker than the kill: begin again
                path.unlink()
            continue
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        kills += 1
        begin_again_if_done(folder, tmp_path / "whole")
    assert found(folder) == found(tmp_path / "whole")
    ids = [line.split(b'","')[0].strip(b'"') for line in found(folder)["out.csv"].splitlines()[1:]]
    assert ids == [b"%d" % number for number in range(KILLED_ROWS)]
