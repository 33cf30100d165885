import csv
import hashlib
import json
import os
import re
import signal
import subprocess
import sys

import pytest

from stance.cli import main
from stance.errors import DeviceError
from stance.model.manifest import read_manifest
from tests.conftest import ROOT, FakeClassifier
from tests.test_foreign import checkpoint


def run(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "stance", *map(str, arguments)],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(cwd), "STANCE_STORE": "off"},
        capture_output=True,
        text=True,
        check=False,
    )


SIDES = ("against", "none", "favor")
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
    assert re.search(r"wrote .*out\.csv; model: [\w-]+ \w+ \(sha256 [0-9a-f]{12}\)$", summary)
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
def test_p13_bad_input_is_one_line_and_no_output(tmp_path, content, words):
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


def test_the_input_is_never_replaced_even_by_force(tmp_path):
    (tmp_path / "in.csv").write_text("comment,id\ngood,1\n")
    done = run("score", "in.csv", "-o", "./in.csv", "--force", cwd=tmp_path)
    assert done.returncode == 1
    assert "is the input itself and is never replaced" in done.stderr
    assert (tmp_path / "in.csv").read_text() == "comment,id\ngood,1\n"


def test_rows_that_are_not_used_are_named_by_line(tmp_path):
    (tmp_path / "in.csv").write_text("id,comment\n1,good\n2,bad,extra\n3,fine\n")
    done = run("score", "in.csv", "-o", "out.csv", cwd=tmp_path)
    assert done.returncode == 0
    assert "line 3 not used: too many cells" in done.stderr
    assert "read 3 rows: 2 scored, 0 unscored, 1 rejected (too many cells: 1)" in done.stderr


@pytest.mark.parametrize("arguments", [(), ("score",), ("score", "x", "-o", "y", "--threads", "0")])
def test_wrong_usage_is_2(tmp_path, arguments):
    assert run(*arguments, cwd=tmp_path).returncode == 2


def test_typed_targets_stand_behind_the_built_in_four(tmp_path):
    (tmp_path / "in.csv").write_text("id,comment\n1,The alliance and Macron did well\n2,\n")
    arguments = ("--target", "NATO=NATO, the alliance", "--target", "Emmanuel Macron=Macron")
    done = run("score", "in.csv", "-o", "out.csv", *arguments, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "untested target: NATO (nato)\n" in done.stderr
    assert "untested target: Emmanuel Macron (emmanuel_macron)\n" in done.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = list(csv.DictReader(file))
    typed = [
        name
        for key in ("nato", "emmanuel_macron")
        for name in (f"stance_{key}", *(f"stance_{key}_{side}" for side in SIDES), f"mentions_{key}")
    ]
    assert list(first) == ["id", "comment", *CONTRACT[:-2], *typed, *CONTRACT[-2:]]
    assert first["mentions_nato"] == "The alliance"
    assert first["mentions_emmanuel_macron"] == "Macron"
    assert first["stance_nato"] in SIDES
    assert abs(sum(float(first[f"stance_nato_{side}"]) for side in SIDES) - 1) <= 2e-6
    assert second["stance_nato"] == second["stance_nato_favor"] == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--target", "ru"), "found 'ru', which stands for Russia (ru) already"),
        (("--target", "The bear=Putin"), "found 'Putin', which stands for Russia (ru) already"),
        (("--target", "NATO", "--target", "nato"), "found 'nato', which stands for NATO (nato) already"),
        (
            ("--target", "NATO=the alliance", "--target", "EU=The Alliance"),
            "found 'The Alliance', which stands for NATO (nato) already",
        ),
        (("--target", "US favor"), "found 'US favor': stance_us_favor is taken"),
        (("--target", "=x"), "Expected a target's name with a letter or digit"),
        (("--target", "NATO=..."), "with a letter or digit, found '...' in 'NATO'"),
        (("--target", "N" * 101), "Expected names of at most 100 characters"),
        (("--download",), "--download and --revision need --model"),
        (("--revision", "v1"), "--download and --revision need --model"),
    ],
)
def test_a_target_that_cannot_be_is_wrong_usage(tmp_path, arguments, words):
    (tmp_path / "in.csv").write_text("id,comment\n1,good\n")
    done = run("score", "in.csv", "-o", "out.csv", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert words in done.stderr
    assert not (tmp_path / "out.csv").exists()


def test_another_model_is_used_and_named(tmp_path):
    checkpoint(tmp_path / "mine", labels=("positive", "negative"))
    (tmp_path / "in.csv").write_text("id,comment\n1,good\n")
    done = run("score", "in.csv", "-o", "out.csv", "--model", "mine", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "; model: sentiment by mine (sha256 " in done.stderr.splitlines()[-1]
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["sentiment_neutral"] == "0.000000"


def test_p18_a_name_on_the_hub_is_not_fetched_unasked(tmp_path):
    (tmp_path / "in.csv").write_text("id,comment\n1,good\n")
    done = run("score", "in.csv", "-o", "out.csv", "--model", "a/b", cwd=tmp_path)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("error: Expected a model's folder named a/b, found none, nor")
    assert line.endswith("add --download to fetch it.")
    assert not (tmp_path / "out.csv").exists()


def test_evaluate_prints_the_figures(tmp_path):
    done = run("evaluate", ROOT / "data" / "sample_labels.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    names = [line.split("  ")[0].strip() for line in done.stdout.splitlines()]
    assert names[:3] == ["pooled stance macro-F1", "sentiment macro-F1", "pooled stance, always none"]
    assert "share error" in names


def test_p19_a_manifest_beside_the_output_says_what_it_was_made_of(tmp_path):
    (tmp_path / "in.jsonl").write_text('{"id": "1", "comment": "good"}\n{"id": "2", "comment": ""}\nx\n')
    done = run("score", "in.jsonl", "-o", "out.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    manifest = json.loads((tmp_path / "out.jsonl.manifest.json").read_text())
    assert manifest["rows"] == {
        "read": 3, "scored": 1, "unscored": {"empty": 1}, "rejected": {"not JSON": 1},
        "copies": {},
    }  # fmt: skip
    assert manifest["rejected"] == [{"line": 3, "reason": "not JSON"}]
    assert manifest["input"]["sha256"] == sha256(tmp_path / "in.jsonl")
    assert manifest["output"] == {"sha256": sha256(tmp_path / "out.jsonl"), "rows": 2}
    assert read_manifest().sha256[:12] in manifest["model"]["name"]
    assert manifest["model"]["unsure_below"] == read_manifest().unsure_below
    assert "good" not in json.dumps(manifest)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_another_ending_is_refused_before_any_work(tmp_path):
    done = run("score", "nothing.csv", "-o", "out.doc", cwd=tmp_path)
    assert (done.returncode, "ends in .csv, .xlsx, .jsonl, .parquet" in done.stderr) == (1, True)


def test_ctrl_c_finishes_the_rows_under_way_and_the_same_command_goes_on(
    tmp_path, monkeypatch, capsys
):
    class Interrupted(FakeClassifier):
        def predict(self, texts, targets):
            if not self.batches:
                os.kill(os.getpid(), signal.SIGINT)
            return super().predict(texts, targets)

    monkeypatch.setattr("stance.cli_loading.load_model", lambda options: Interrupted())
    monkeypatch.setattr("stance.model.loading.describe", lambda classifier: "fake")
    source = tmp_path / "in.csv"
    source.write_text("id,comment\n" + "".join(f"{n},good {n % 40}\n" for n in range(5_000)))
    command = ["score", str(source), "-o", str(tmp_path / "out.csv")]
    assert main(command) == 130
    told = capsys.readouterr().err
    assert "stopping after the rows under way (4,096 at most); once more stops at once" in told
    assert "Stopped after 4,096 of 5,000 comments. The same command goes on from there" in told
    assert not (tmp_path / "out.csv").exists()
    monkeypatch.setattr("stance.cli_loading.load_model", lambda options: FakeClassifier())
    assert main(command) == 0
    assert main([*command[:-1], str(tmp_path / "whole.csv")]) == 0
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert "5,000 of 5,000 comments" in capsys.readouterr().err


def test_ctrl_c_ends_a_run_over_several_files_too(tmp_path, monkeypatch, capsys):
    class Interrupted(FakeClassifier):
        def predict(self, texts, targets):
            os.kill(os.getpid(), signal.SIGINT)
            return super().predict(texts, targets)

    monkeypatch.setattr("stance.cli_loading.load_model", lambda options: Interrupted())
    monkeypatch.setattr("stance.model.loading.describe", lambda classifier: "fake")
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(f"id,comment\n1,{name} is good\n")
    assert main(["score", "one.csv", "two.csv", "-o", "."]) == 130
    assert "Stopped before file 2 of 2. The same command goes on there." in capsys.readouterr().err
    assert (tmp_path / "one.csv.scores.csv").exists()
    assert not (tmp_path / "two.csv.scores.csv").exists()


def test_no_output_is_written_over_another_input(tmp_path, capsys):
    for name in ("a.csv", "a.csv.scores.csv"):
        (tmp_path / name).write_text("id,comment\n1,good\n")
    inputs = [str(tmp_path / name) for name in ("a.csv", "a.csv.scores.csv")]
    assert main(["score", *inputs, "-o", str(tmp_path), "--force"]) == 1
    assert "a.csv.scores.csv is the input itself" in capsys.readouterr().err
    assert (tmp_path / "a.csv.scores.csv").read_text() == "id,comment\n1,good\n"


def test_the_same_command_on_what_is_complete_says_so_and_on_anything_else_refuses(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("stance.cli_loading.load_model", lambda options: FakeClassifier())
    monkeypatch.setattr("stance.model.loading.describe", lambda classifier: "fake")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text("id,comment\n1,it is good\n")
    command = ["score", "in.csv", "-o", "out.csv"]
    assert main(command) == 0
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    capsys.readouterr()
    assert main(command) == 0
    assert "out.csv is complete already: same input" in capsys.readouterr().err
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    assert main(["score", "in.csv", "-o", "out.csv", "--report", "rows.csv"]) == 1
    assert "out.csv exists and is not overwritten; pass --force" in capsys.readouterr().err
    (tmp_path / "in.csv").write_text("id,comment\n1,it is bad\n")
    assert main(command) == 1
    assert "out.csv exists and is not overwritten; pass --force" in capsys.readouterr().err
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()
            if path.name != "in.csv"}.items() <= before.items()  # fmt: skip
    assert main([*command, "--force"]) == 0
    assert "negative" in (tmp_path / "out.csv").read_text()


def test_scores_of_a_card_do_not_pass_for_those_of_the_cpu(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("stance.cli_loading.load_model", lambda options: FakeClassifier())
    monkeypatch.setattr("stance.model.loading.describe", lambda classifier: "fake")
    monkeypatch.setattr("stance.model.card.require_card", lambda: None)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.csv").write_text("id,comment\n1,it is good\n")
    command = ["score", "in.csv", "-o", "out.csv"]
    card = [*command, "--device", "cuda", "--precision", "bfloat16"]
    for ours, others in ((card, command), (command, card), (card, [*command, "--device", "cuda"])):
        assert main([*ours, "--force"]) == 0
        told = json.loads((tmp_path / "out.csv.manifest.json").read_text())["model"]
        assert told == {"name": "fake"} | ({"device": "cuda, bfloat16"} if ours == card else {})
        capsys.readouterr()
        assert main(ours) == 0 and "complete already" in capsys.readouterr().err
        assert main(others) == 1 and "is not overwritten" in capsys.readouterr().err


def test_a_device_that_cannot_be_is_told_once_and_before_any_work(tmp_path, monkeypatch, capsys):
    def load(options):
        raise DeviceError("Expected a card, found none.")

    monkeypatch.setattr("stance.cli_loading.load_model", load)
    monkeypatch.chdir(tmp_path)
    command = ["score", "one.csv", "two.csv", "-o", "."]
    assert main([*command, "--precision", "bfloat16"]) == 1
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("error: Expected a graphics card for bfloat16, found the CPU.")
    with pytest.raises(SystemExit):
        main([*command, "--engine", "ray", "--precision", "bfloat16"])
    assert "--device and --precision are for --engine local" in capsys.readouterr().err
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text("id,comment\n1,good\n")
    assert main(command) == 1
    assert capsys.readouterr().err.count("Expected a card, found none.") == 1


def test_several_inputs_get_an_output_each_and_a_bad_one_stops_no_other(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr("stance.cli_loading.load_model", lambda options: FakeClassifier())
    monkeypatch.setattr("stance.model.loading.describe", lambda classifier: "fake")
    monkeypatch.chdir(tmp_path)
    for name in ("one", "two"):
        (tmp_path / f"{name}.csv").write_text(f"id,comment\n1,{name} is good\n")
    (tmp_path / "out").mkdir()
    inputs = ["one.csv", "none.csv", "two.csv"]
    assert main(["score", *inputs, "-o", "out", "--form", ".jsonl"]) == 1
    assert sorted(p.name for p in (tmp_path / "out").glob("*.jsonl")) == [
        "one.csv.scores.jsonl",
        "two.csv.scores.jsonl",
    ]
    told = capsys.readouterr().err
    assert "error: Expected a file at 'none.csv', found nothing there" in told
    assert told.splitlines()[-1] == "error: 1 of 3 files were not scored, for the reasons above."
    assert main(["score", "one.csv", "two.csv", "-o", "out", "--form", ".jsonl"]) == 0
    told = capsys.readouterr().err
    assert told.count("is complete already: same input, reading and model") == 2
    again = ["score", "one.csv", "two.csv", "-o", "out", "--form", ".jsonl", "--text-column", "id"]
    assert main(again) == 1
    assert capsys.readouterr().err.count("exists and is not overwritten") == 2
    (tmp_path / "two.csv").write_text("id,comment\n1,two is bad\n")
    assert main(["score", "one.csv", "two.csv", "-o", "out", "--form", ".jsonl"]) == 1
    assert "two.csv.scores.jsonl exists and is not overwritten" in capsys.readouterr().err
    assert main(["score", "one.csv", "two.csv", "-o", "out", "--form", ".jsonl", "--force"]) == 0
    assert "negative" in (tmp_path / "out" / "two.csv.scores.jsonl").read_text()
    capsys.readouterr()
    assert main(["score", "one.csv", "two.csv", "-o", "new.csv"]) == 1
    assert "Expected a folder for the outputs of 2 files" in capsys.readouterr().err
    assert main(["score", "one.csv", "./one.csv", "-o", "out"]) == 1
    assert "found some twice" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main(["score", "one.csv", "two.csv", "-o", "out", "--report", "r.csv"])


def test_a_folder_that_is_not_there_is_no_file(tmp_path):
    (tmp_path / "in.csv").write_text("id,comment\n1,good\n")
    done = run("score", "in.csv", "-o", "nodir/", cwd=tmp_path)
    assert done.returncode == 1
    assert "Expected a folder for the outputs of 1 file, found none at nodir." in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
    done = run("score", "typo", "-o", "nodir/", "--engine", "ray", cwd=tmp_path)
    assert done.returncode == 1
    assert "Expected a file at 'typo', found nothing there." in done.stderr


NO_LABELS = dict.fromkeys(("sentiment", "us", "uk", "ru", "ua"))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "Could not read rows.jsonl: No such file or directory."),
        ("id,comment\n", "line 1: expected a JSON object with text, sentiment"),
        ('{"text": "a"}\n', "; found no us."),
        (json.dumps({"text": None, **NO_LABELS}), "; found other values."),
        (json.dumps({"text": "a", **NO_LABELS, "ru": "pro"}), "; found other values."),
        ("nothing", "; found no JSON."),
    ],
)
def test_labelled_comments_of_another_form_are_told(tmp_path, content, told):
    if content is not None:
        (tmp_path / "rows.jsonl").write_text(content)
    done = run("coverage", "rows.jsonl", cwd=tmp_path)
    assert (done.returncode, done.stderr.count("error: ")) == (1, 1)
    assert told in done.stderr


def test_a_card_that_is_not_here_is_told_before_anything_is_read(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    assert main(["score", "data/sample_page.txt", "-o", str(tmp_path / "out.csv"), "--device", "cuda"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("error: Expected a graphics card that torch can use, found none.")
    assert told.count("\n") == 1


def test_a_pipe_that_breaks_inside_is_no_reader_who_has_enough(monkeypatch, capsys):
    def broken(_):
        raise BrokenPipeError("so secret")

    monkeypatch.setattr("stance.cli_measuring._reactions", broken)
    assert main(["reactions"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("error: Something went wrong that nobody foresaw (BrokenPipeError at")
    assert "secret" not in told


def test_who_has_read_enough_is_told_no_error():
    """As by `python -m stance reactions | head -1`, where the reader is gone before the first line."""
    asked = f"{sys.executable} -m stance reactions | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", asked], cwd=ROOT, text=True, capture_output=True)
    assert (done.stdout, done.stderr) == ("141\n", "")
