import csv
import subprocess
import sys

import pytest

from tests.conftest import ROOT


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "stance", *map(str, arguments)],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
    )


CONTRACT = (
    "comment_id sentiment sentiment_negative sentiment_neutral sentiment_positive "
    + " ".join(
        f"stance_{k} stance_{k}_against stance_{k}_none stance_{k}_favor mentions_{k}"
        for k in ("us", "uk", "ru", "ua")
    )
    + " truncated unscored"
).split()


def test_score_writes_the_contract_and_a_summary(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("id;name;comment\n01;Ann;Glory to Ukraine!\n02;Bob;\n03;Cy;a;b\n04;Di;None\n")
    done = run("score", source, "-o", tmp_path / "out.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        header, *rows = list(csv.reader(file))
    assert header == ["id", "name", "comment", *CONTRACT]
    assert [row[:4] for row in rows] == [
        ["01", "Ann", "Glory to Ukraine!", "01"],
        ["02", "Bob", "", "02"],
        ["04", "Di", "None", "04"],
    ]
    assert rows[0][header.index("mentions_ua")] == "Ukraine"
    assert rows[1][header.index("unscored")] == "empty"
    assert rows[2][header.index("sentiment")] in {"negative", "neutral", "positive"}
    summary = done.stderr.splitlines()[-1]
    assert summary.startswith(
        "read 4 rows: 2 scored, 1 unscored (empty: 1), 1 rejected (too many cells: 1); wrote "
    )


def test_a_pasted_page_has_its_own_columns(tmp_path):
    done = run("score", ROOT / "data" / "sample_page.txt", "-o", "out.csv", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    header = (tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.replace('"', "").split(",") == [
        "author", "time", "likes", "reply_to", "text", *CONTRACT
    ]  # fmt: skip
    assert "read 69 rows: 67 scored, 1 unscored (no words: 1), 1 rejected" in done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "found an empty file"),
        (b"PK\x03\x04rest", "CSV"),
        (b"author,age\nAnn,7\nBob,8\n", "--text-column"),
    ],
)
def test_bad_input_is_one_line_and_no_output(tmp_path, content, words):
    (tmp_path / "in.csv").write_bytes(content)
    done = run("score", "in.csv", "-o", "out.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.strip().splitlines()) == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_an_existing_output_is_refused_before_any_work(tmp_path):
    (tmp_path / "in.csv").write_text("comment,id\ngood,1\n")
    (tmp_path / "out.csv").write_text("mine")
    done = run("score", "in.csv", "-o", "out.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert "not overwritten; pass --force" in done.stderr
    assert (tmp_path / "out.csv").read_text() == "mine"
    assert run("score", "in.csv", "-o", "out.csv", "--force", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("arguments", [(), ("score",), ("score", "x", "-o", "y", "--threads", "0")])
def test_wrong_usage_is_2(tmp_path, arguments):
    assert run(*arguments, cwd=tmp_path).returncode == 2


def test_evaluate_prints_the_figures(tmp_path):
    done = run("evaluate", ROOT / "data" / "sample_labels.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = [line.split("  ")[0].strip() for line in done.stdout.splitlines()]
    assert names[:3] == ["pooled stance macro-F1", "sentiment macro-F1", "pooled stance, always none"]
    assert "share error" in names
