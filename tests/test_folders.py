"""A folder's files: which are read, that each gives what it gives alone, here and from a store."""

import gzip
import json
import os
import tempfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from pyarrow import fs

from stance import folder_jobs
from stance.cli import main
from stance.cli_folders import SHOWN, _print_summary
from stance.engines import InTurn
from stance.errors import ReadingError, WritingError
from stance.folder_jobs import (
    MANIFEST,
    FolderJob,
    folder_locked,
    folder_manifest,
    other_outputs,
    score_one,
    write_folder_manifest,
)
from stance.folders import READ, Folder, check_folders, folder_at, list_folder, put
from stance.jobs import score_file
from stance.reading.columns import ColumnChoice
from stance.reading.streams import open_comments
from tests.killed_job import job

ROWS = {
    "a.csv": b"id,comment\n1,so good\n2,a bad one\n3,\n4,one,cell too many\n5,so good\n",
    "2026/b.jsonl": b'{"id": "6", "comment": "good"}\n{"id": "7", "comment": "neither"}\n',
    "2026/c.tsv.gz": gzip.compress(b"id\tcomment\n8\tbad\n", mtime=0),
}
OTHERS = {
    "notes.txt": "its name does not end as a table's",
    "2026/_SUCCESS": "its name begins with . or _",
    ".hidden.csv": "its name begins with . or _",
    "a.csv.manifest.json": "it is a manifest",
}


@pytest.fixture
def places(tmp_path):
    """A folder of comments, and an empty one."""
    for name, data in {**ROWS, **dict.fromkeys(OTHERS, b"id,comment\n1,good\n")}.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "out").mkdir()
    return Folder(str(tmp_path / "in")), Folder(str(tmp_path / "out"))


def in_store(folder):
    """The same folder, but reached as an object store is: by copies."""
    return Folder(f"file://{folder.address}")


def asked(source, output, **options):
    return FolderJob(source, output, replace(job(Path(), None), form=".parquet", **options))


def scored(wish, fake):
    listing = list_folder(wish.source)
    done = [score_one(wish, file.name, InTurn(fake)) for file in listing.files]
    return listing, done


def written(folder):
    root = Path(folder.address.removeprefix("file://"))
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_tables_are_read_and_others_are_left_out_with_their_reason(places):
    for folder in (places[0], in_store(places[0])):
        listing = list_folder(folder)
        assert [(file.name, file.n_bytes) for file in listing.files] == [
            (name, len(ROWS[name])) for name in sorted(ROWS)
        ]
        assert listing.left_out == OTHERS


@pytest.mark.parametrize("way", ["path", "store"])
def test_each_file_gives_the_bytes_that_it_gives_alone(places, fake, tmp_path, way):
    source, output = places if way == "path" else map(in_store, places)
    _, done = scored(asked(source, output), fake)
    assert [outcome.failed for outcome in done] == [""] * 3
    found = written(output)
    assert sorted(found) == sorted(
        f"{name}.scores.parquet{ending}" for name in ROWS for ending in ("", ".manifest.json")
    )
    for name in ROWS:
        alone = tmp_path / f"{name.replace('/', ' ')}.parquet"
        source_file = open_comments(tmp_path / "in" / name, name=name)
        score_file(source_file, InTurn(fake), job(alone, None))
        assert found[f"{name}.scores.parquet"] == alone.read_bytes()
        manifest = alone.with_name(f"{alone.name}.manifest.json").read_bytes()
        assert found[f"{name}.scores.parquet.manifest.json"] == manifest


def test_the_manifest_of_all_counts_every_row(places, fake):
    wish = asked(*places)
    listing, done = scored(wish, fake)
    manifest = folder_manifest(wish, listing, done[::-1])
    assert manifest["rows"] == {
        "read": 8,
        "scored": 6,
        "unscored": {"empty": 1},
        "rejected": {"too many cells": 1},
        "copies": {"exact": 1},
    }
    assert [entry["output"]["name"] for entry in manifest["files"]] == [
        f"{name}.scores.parquet" for name in sorted(ROWS)
    ]
    assert [entry["output"]["rows"] for entry in manifest["files"]] == [2, 1, 4]
    assert manifest["left_out"] == [{"name": n, "reason": OTHERS[n]} for n in sorted(OTHERS)]
    assert manifest["failed"] == []
    assert manifest["model"] == {"name": "fake"}
    write_folder_manifest(wish.output, manifest)
    local = written(wish.output)[MANIFEST]
    assert json.loads(local) == manifest
    write_folder_manifest(in_store(wish.output), manifest)
    assert written(wish.output)[MANIFEST] == local


@pytest.mark.parametrize("way", ["path", "store"])
def test_what_is_there_already_is_not_scored_again(places, fake, way, tmp_path):
    wish = asked(*places) if way == "path" else asked(*map(in_store, places))
    _, first = scored(wish, fake)
    before, asked_once = written(wish.output), len(fake.batches)
    (tmp_path / "in" / "a.csv").write_bytes(ROWS["a.csv"] + b"9,good\n")
    _, again = scored(wish, fake)
    assert [outcome.kept for outcome in again] == [True, True, False]
    assert len(fake.batches) == asked_once
    assert [outcome.entry for outcome in again[:2]] == [outcome.entry for outcome in first[:2]]
    # Scores of what the file was before are a person's, and stay.
    assert "exists and is not overwritten; pass --force" in again[2].failed
    assert written(wish.output) == before
    _, forced = scored(asked(wish.source, wish.output, overwrite=True), fake)
    assert [(outcome.kept, outcome.failed) for outcome in forced] == [(True, ""), (True, ""), (False, "")]
    table = pd.read_parquet(tmp_path / "out" / "a.csv.scores.parquet")
    assert list(table["id"]) == ["1", "2", "3", "5", "9"]


def test_a_file_that_cannot_be_scored_says_why_and_the_others_are(places, fake, tmp_path, monkeypatch):
    (tmp_path / "in" / "a.csv").write_bytes(b"id,comment\n")

    def unforeseen(self, texts, targets):
        raise ValueError("secret words")

    listing, done = scored(asked(*places), fake)
    assert [bool(outcome.failed) for outcome in done] == [False, False, True]
    assert done[2].entry is None and "Expected" in done[2].failed
    manifest = folder_manifest(asked(*places), listing, done)
    assert manifest["failed"] == [{"name": "a.csv", "reason": done[2].failed}]
    assert manifest["rows"]["read"] == 3
    (tmp_path / "in" / "a.csv").write_bytes(ROWS["a.csv"])
    monkeypatch.setattr(type(fake), "predict", unforeseen)
    told = score_one(asked(*places), "a.csv", InTurn(fake)).failed
    assert told.startswith("Something went wrong that nobody foresaw (ValueError at test_folders.py:")
    assert "secret" not in told
    gone = score_one(asked(in_store(places[0]), places[1]), "gone.csv", InTurn(fake)).failed
    assert gone.startswith("Expected gone.csv in file://") and gone.endswith("found it gone.")


def test_what_an_object_may_be_called_and_a_file_may_not_is_left_out(monkeypatch):
    class Store:
        def get_file_info(self, selector):
            names = ["../x.csv", "a..b.csv", "a//b.csv", "./c.csv", "/d.csv", "odd.csv"]
            kinds = [fs.FileType.File] * 5 + [fs.FileType.Unknown]
            return [
                Info(f"{selector.base_dir}/{name}", kind)
                for name, kind in zip(names, kinds, strict=True)
            ]

    class Info:
        def __init__(self, path, kind):
            self.path, self.type, self.size = path, kind, 3

    monkeypatch.setattr(Folder, "store", lambda self: (Store(), "bucket/in"))
    listing = list_folder(Folder("s3://bucket/in"))
    assert [file.name for file in listing.files] == ["a..b.csv"]
    no_path = "its name is no path within the folder"
    assert listing.left_out == {
        "../x.csv": no_path,
        "a//b.csv": no_path,
        "./c.csv": no_path,
        "/d.csv": no_path,
        "odd.csv": "it is no file",
    }


def test_links_and_what_is_no_file_are_left_out(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.csv").write_text("id,comment\n1,good\n")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "b.csv").symlink_to(tmp_path / "sub" / "a.csv")
    os.mkfifo(tmp_path / "c.csv")
    Path(os.fsdecode(bytes(tmp_path) + b"/\xff.csv")).write_text("id,comment\n")
    listing = list_folder(Folder(str(tmp_path)))
    assert [file.name for file in listing.files] == ["sub/a.csv"]
    assert listing.left_out == {
        "loop": "it is a link",
        "b.csv": "it is a link",
        "c.csv": "it is no file",
        "?.csv": "its name is not in UTF-8",
    }


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("s3://KEY:SECRET@bucket/in", "Expected no credentials in the address of a s3:// folder"),
        ("abfs://in:SECRET@account.dfs.core.windows.net/a", "Expected no credentials"),
        ("s3://bucket/in#2", 'Expected an address without "#", found one. Write %23'),
        ("s3://", "Expected the name of a bucket or folder behind s3://"),
        ("ftp://a/b", r"that pyarrow can open \(s3://.*found 'ftp://a/b'"),
    ],
)
def test_addresses_that_cannot_be_used_are_told_and_no_secret_is(address, told):
    with pytest.raises(ReadingError, match=told) as error:
        folder_at(address)
    assert "SECRET" not in str(error.value) and "KEY" not in str(error.value)


def test_a_folder_is_the_same_from_wherever_it_is_named(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert folder_at("a") == folder_at(f"file://{tmp_path}/a") == Folder(str(tmp_path / "a"))


def test_an_output_in_a_store_appears_whole_or_not_at_all(places, tmp_path):
    source, output = places[0], in_store(places[1])

    class Killed(BaseException):
        pass

    class Half:
        def __init__(self, *args):
            self.parts = [b"half"]

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return None

        def read(self, n):
            if not self.parts:
                raise Killed
            return self.parts.pop()

    class Made:
        def open(self, mode):
            return Half()

    with pytest.raises(Killed):
        put(Made(), output, "a.csv.scores.parquet")
    assert "a.csv.scores.parquet" not in written(output)
    assert source.path is not None


@pytest.mark.parametrize("left", ["manifest alone", "half of a part"])
def test_after_a_kill_amid_its_upload_a_file_is_scored_again(places, fake, tmp_path, left):
    wish = asked(*map(in_store, places))
    _, first = scored(wish, fake)
    out = tmp_path / "out" / "a.csv.scores.parquet"
    whole = out.read_bytes()
    if left == "half of a part":
        out.with_name(f"{out.name}.part").write_bytes(whole[:100])
    out.unlink()
    again = score_one(wish, "a.csv", InTurn(fake))
    assert (again.failed, again.kept, again.entry) == ("", False, first[-1].entry)
    assert out.read_bytes() == whole
    assert not out.with_name(f"{out.name}.part").exists()


def test_a_kill_between_its_two_uploads_leaves_no_output_without_a_manifest(places, fake, monkeypatch):
    wish = asked(*map(in_store, places))
    uploads = []

    def put_once(path, folder, name):
        if uploads:
            raise WritingError("killed")
        uploads.append(name)
        put(path, folder, name)

    monkeypatch.setattr(folder_jobs, "put", put_once)
    assert score_one(wish, "a.csv", InTurn(fake)).failed == "killed"
    assert list(written(wish.output)) == ["a.csv.scores.parquet.manifest.json"]
    monkeypatch.undo()
    assert score_one(wish, "a.csv", InTurn(fake)).failed == ""


def test_outputs_of_other_files_are_named(places, fake, tmp_path):
    for source, output in (places, tuple(map(in_store, places))):
        wish = asked(source, output)
        listing, done = scored(wish, fake)
        assert other_outputs(output, listing) == []
        (tmp_path / "out" / "old.csv.scores.parquet").write_bytes(b"")
        others = other_outputs(output, listing)
        assert others == ["old.csv.scores.parquet"]
        assert folder_manifest(wish, listing, done, others)["others"] == others
        (tmp_path / "out" / "old.csv.scores.parquet").unlink()


def test_two_runs_do_not_write_one_folder(places):
    held = pytest.raises(WritingError, match="Another run is writing")
    with folder_locked(places[1]), held, folder_locked(places[1]):
        pass
    with folder_locked(places[1]):
        pass


def test_a_store_that_cannot_be_written_into_is_told_before_any_work(places, tmp_path):
    (tmp_path / "file").write_text("")
    check_folders(*map(in_store, places))
    assert written(places[1]) == {}, "the probe is gone"
    with pytest.raises(WritingError, match="Could not write into file://"):
        check_folders(in_store(places[0]), Folder(f"file://{tmp_path}/file"))


def test_a_failure_names_what_the_person_knows_and_no_copy(places, fake, tmp_path):
    wish = asked(*map(in_store, places))
    (tmp_path / "out" / "a.csv.scores.parquet").write_bytes(b"another's")
    told = score_one(wish, "a.csv", InTurn(fake)).failed
    assert told.startswith(f"{wish.output.address}/a.csv.scores.parquet exists and is not overwritten")
    (tmp_path / "in" / "a.csv").write_bytes(b"")
    assert tempfile.gettempdir() + "/stance" not in score_one(wish, "a.csv", InTurn(fake)).failed


def test_folders_that_cannot_be_used_are_told_before_any_work(places, tmp_path):
    source, output = places
    (tmp_path / "file").write_text("")
    for unmade, why in (("no/where", "could not make"), ("file", "found something else at")):
        with pytest.raises(WritingError, match=f"Expected a folder for the outputs, {why} .*Name another"):
            check_folders(source, Folder(str(tmp_path / unmade)))
    (tmp_path / "in" / "scores").mkdir()
    for within in ("in", "in/scores"):
        inner = Folder(str(tmp_path / within))
        for around, folder in ((source, inner), (in_store(source), in_store(inner))):
            with pytest.raises(WritingError, match="outside the input folder, found one within it"):
                check_folders(around, folder)
    check_folders(source, output)
    (tmp_path / "inner").mkdir()
    check_folders(source, Folder(str(tmp_path / "inner")))  # begins with the other's name only
    check_folders(source, Folder(str(tmp_path / "new")))
    assert (tmp_path / "new").is_dir()
    with pytest.raises(ReadingError, match=r"Expected files that end in .csv, .*found none among 0\."):
        list_folder(output)
    with pytest.raises(ReadingError, match="Expected a folder at .*nowhere, could not list it"):
        list_folder(Folder(str(tmp_path / "nowhere")))


def test_every_ending_that_is_listed_is_read(tmp_path, fake):
    frame = pd.DataFrame({"id": ["1"], "comment": ["so good"]})
    for ending, write in {
        ".csv": lambda path: frame.to_csv(path, index=False),
        ".tsv": lambda path: frame.to_csv(path, index=False, sep="\t"),
        ".json": lambda path: frame.to_json(path, orient="records"),
        ".jsonl": lambda path: frame.to_json(path, orient="records", lines=True),
        ".ndjson": lambda path: frame.to_json(path, orient="records", lines=True),
        ".parquet": lambda path: frame.to_parquet(path, index=False),
        ".xlsx": lambda path: frame.to_excel(path, index=False),
    }.items():
        assert ending in READ
        write(tmp_path / f"x{ending}")
    (tmp_path / "out").mkdir()
    wish = asked(Folder(str(tmp_path)), Folder(str(tmp_path / "out")))
    listing, done = scored(wish, fake)
    assert len(listing.files) == len(READ)
    assert [outcome.failed for outcome in done] == [""] * len(READ)
    assert {outcome.entry["rows"]["scored"] for outcome in done} == {1}


def test_how_a_file_was_understood_stands_with_it(places, fake, tmp_path):
    (tmp_path / "in" / "a.csv").write_bytes("id,other,text\n1,schlecht,für good\n".encode("cp1252"))
    wish = replace(asked(*places), columns=ColumnChoice(text="other"), encoding="cp1252")
    outcome = score_one(wish, "a.csv", InTurn(fake))
    assert outcome.entry["notes"] == [
        str(note)
        for note in open_comments(
            tmp_path / "in" / "a.csv", columns=ColumnChoice(text="other"), encoding="cp1252"
        ).head.notes
    ]
    assert pd.read_parquet(tmp_path / "out" / "a.csv.scores.parquet")["other"].tolist() == ["schlecht"]


GUESSED = "Readers' comments (4)\n\nWhat a day this is.\n\nCarl\n\nAnna\nSo good, I say.\n"
"""A page in a file that is called a table."""


def test_what_is_to_be_told_of_files_is_told_and_the_rest_counted(places, fake, tmp_path, capsys):
    (tmp_path / "in" / "a.csv").write_text(GUESSED)
    for number in range(SHOWN + 3):
        (tmp_path / "in" / f"empty{number:02}.csv").write_bytes(b"")
    wish = asked(*places)
    listing, done = scored(wish, fake)
    _print_summary(folder_manifest(wish, listing, done, ["old"]), done, "out")
    told = capsys.readouterr().err.splitlines()
    assert (
        "a.csv: warning: the split into comments is uncertain (75% sure); check it in "
        "a.csv.scores.parquet or in the dashboard"
    ) in told
    assert "3 files: Read as UTF-8." in told
    assert "2026/c.tsv.gz: Cells are separated by: tab." in told
    assert sum(line.startswith("error: empty") for line in told) == SHOWN
    assert "and 3 more files not scored" in told
    assert "warning: 1 output of other files in out; the manifest names them" in told
    assert told[-1].startswith("read 5 rows: 4 scored, 0 unscored, 1 rejected (before the first")


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("a folder or an object store needs --engine ray; or name its files: FOLDER/*", []),
        ("expected one folder, or files", ["--engine", "ray", "again"]),
        ("--report is for one file", ["--engine", "ray", "--report", "rows.csv"]),
        ("the outputs of a folder are .parquet", ["--engine", "ray", "--form", ".csv"]),
    ],
)
def test_options_that_a_folder_does_not_take_are_refused(places, words, options, capsys):
    with pytest.raises(SystemExit):
        main(["score", *options, places[0].address, "-o", places[1].address])
    assert words in capsys.readouterr().err
