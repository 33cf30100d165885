"""`python -m stance report`: what it makes of inputs, and what it refuses."""

import html
import re
from datetime import date

import pytest

from stance.answers.corrections import corrections, put_right
from stance.cli import main
from stance.hand_labels import HandLabel
from stance.model.manifest import read_manifest
from stance.page.sample import PAGE, SAMPLE
from stance.reading import read_comments
from stance.records import LEARNED_FROM
from stance.scoring import score_comments
from stance.writing import FORMS
from tests.conftest import FakeClassifier
from tests.test_cli import run
from tests.test_foreign import checkpoint

CSV = "id,name,comment\n01,Ann,Glory to Ukraine and thank you London!\n02,Bob,\n03,Cy,Shame on Moscow.\n"


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(CSV + "04,Di,a,b\n")
    return path


def report(path):
    return html.unescape(path.read_text(encoding="utf-8"))


def intervals(page):
    return re.findall(r"\d+ % \(\d+–\d+\)", page)


def test_a_file_of_comments_becomes_a_report(tmp_path, source):
    done = run("report", source, "-o", "out.html", "--date", "2026-11-27", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    page = report(tmp_path / "out.html")
    assert "made on November 27, 2026" in page and "3 comments, 2 scored" in page
    assert "too many cells: 1 (line 5)" in page and "empty: 1" in page
    assert read_manifest().sha256 in page
    assert "“Shame on Moscow.”" in page and "Cy ·" not in page
    last = done.stderr.splitlines()[-1]
    assert re.fullmatch(r"wrote out\.html \(\d+ kB\) on 3 comments, 2 scored; model: [\w-]+ \w+", last)
    assert [path.name for path in tmp_path.glob("*.html*")] == ["out.html"]


def test_the_same_command_gives_the_same_bytes_and_needs_force(tmp_path, source, capsys):
    arguments = ["report", str(source), "-o", str(tmp_path / "out.html"), "--date", "2026-11-27"]
    assert main(arguments) == 0
    first = (tmp_path / "out.html").read_bytes()
    assert main(arguments) == 1
    assert "not overwritten; pass --force" in capsys.readouterr().err
    assert main([*arguments, "--force"]) == 0
    assert (tmp_path / "out.html").read_bytes() == first
    assert main([*arguments[:-2], "--force"]) == 0
    assert f"made on {date.today():%B} {date.today().day}, " in report(tmp_path / "out.html")


def test_an_export_is_opened_and_scored_anew_where_that_is_asked(tmp_path, source, capsys):
    scores, out = tmp_path / "scores.csv", tmp_path / "out.html"
    assert main(["score", str(source), "-o", str(scores)]) == 0
    assert main(["report", str(scores), "-o", str(out)]) == 0
    said = "its scores are taken, which by its manifest are the shipped model's; --again scores it anew"
    assert said in capsys.readouterr().err
    manifest = read_manifest()
    assert manifest.sha256 in report(out) and f"{manifest.name} {manifest.version}" in report(out)
    assert "not known: the set was opened from a download" not in report(out)
    assert main(["report", str(scores), "-o", str(tmp_path / "anew.html"), "--again"]) == 0
    assert intervals(report(tmp_path / "anew.html")) == intervals(report(out)) != []
    capsys.readouterr()
    (tmp_path / "scores.csv.manifest.json").unlink()
    assert main(["report", str(scores), "-o", str(out), "--force"]) == 0
    assert "its scores are taken; --again scores it anew" in capsys.readouterr().err
    assert "not known: the set was opened from a download" in report(out)
    idle = ["--force", "--device", "cuda", "--threads", "1"]
    assert main(["report", str(scores), "-o", str(out), *idle]) == 0
    assert "warning: nothing is scored, so --device, --threads did nothing\n" in capsys.readouterr().err
    for option in (["--again"], ["--target", "NATO"]):
        assert main(["report", str(scores), "-o", str(out), "--force", *option]) == 0
        assert "model: minilm" in capsys.readouterr().err
        assert "not known: the set was opened" not in report(out)
    assert "NATO (untested target)" in report(out) and "NATO (found by: NATO)" in report(out)
    scores.write_text(scores.read_text(encoding="utf-8").replace('"against"', '"favor"'))
    assert main(["report", str(scores), "-o", str(out), "--force"]) == 0
    assert "scored anew, for its scores cannot be taken: Line" in capsys.readouterr().err


def test_labels_by_hand_of_an_export_count_in_its_report(tmp_path, capsys):
    result = read_comments(CSV.encode(), name="in.csv")
    label = HandLabel("03", "sentiment", "positive", "AB", "2026-11-27T03:00:00Z", False)
    scored = put_right(score_comments(result.comments, FakeClassifier()), corrections([label]))
    scored = scored.assign(**{LEARNED_FROM: "12 labels"})
    scores, out = tmp_path / "scores.csv", tmp_path / "out.html"
    scores.write_bytes(FORMS[".csv"](result, scored))
    assert main(["report", str(scores), "-o", str(out)]) == 0
    assert "its scores are taken with 1 label by hand; --again" in capsys.readouterr().err
    page = report(out)
    assert "in 1 comment; they count as they were given" in page
    assert "its labels came from a model that was taught by 12 labels" in page
    assert "It was taught by 12 labels, as the download says." in page
    scores.write_bytes(FORMS[".csv"](result, scored.assign(by_hand=["", "", "mood"])))
    assert main(["report", str(scores), "-o", str(out), "--force"]) == 0
    assert "cannot be taken: Line 4 has something else in 'by_hand'." in capsys.readouterr().err


def test_names_quotations_and_the_name_of_the_set(tmp_path, source):
    out = tmp_path / "out.html"
    wanted = ["--authors", "--quote", "02", "--quote", "01", "--name", "My <set>"]
    assert main(["report", str(source), "-o", str(out), *wanted]) == 0
    page = report(out)
    chosen = page[page.index("Chosen by the person") : page.index("Chosen by rule")]
    assert chosen.index("not scored: empty") < chosen.index("Glory to Ukraine")
    assert "Bob" in chosen and "Ann" in chosen
    assert "&lt;set&gt;" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("-o", "out.pdf"), "ends in .html, found '.pdf'"),
        (("-o", "out"), "ends in .html, found ''"),
        (("-o", "none/out.html"), "Expected the folder none"),
        (("-o", "out.html", "--quote", "99"), "ids of comments of this set to quote, found '99'"),
        (("-o", "out.html", "--text-column", "age"), "age"),
    ],
)
def test_what_cannot_be_is_one_line_and_no_output(tmp_path, source, arguments, words):
    done = run("report", source, *arguments, cwd=tmp_path)
    assert done.returncode == 1
    assert words in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.glob("out*"))


@pytest.mark.parametrize(
    "arguments", [(), ("in.csv",), ("in.csv", "-o", "x.html", "--date", "today"),
                  ("in.csv", "-o", "x.html", "--revision", "abc")],
)  # fmt: skip
def test_wrong_usage_is_2(tmp_path, arguments):
    assert run("report", *arguments, cwd=tmp_path).returncode == 2


def test_the_input_is_never_replaced(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(CSV)
    assert main(["report", str(path), "-o", str(path), "--force"]) == 1
    assert path.read_text() == CSV


def test_a_stop_leaves_nothing_behind(tmp_path, source, capsys, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.cli_reporting.score_comments", stop)
    assert main(["report", str(source), "-o", str(tmp_path / "out.html")]) == 130
    assert "Stopped; " in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_the_page_of_the_sample_can_be_reported_on(tmp_path):
    out = tmp_path / "out.html"
    assert main(["report", str(PAGE), "-o", str(out), "--name", SAMPLE]) == 0
    page = report(out)
    assert '<h1 dir="auto">London cools on a large force for Ukraine</h1>' in page
    assert "68 comments, 67 scored" in page


def test_another_model_is_named_and_nothing_is_claimed_of_its_mistakes(tmp_path, source):
    folder = checkpoint(tmp_path / "foreign")
    out = tmp_path / "out.html"
    assert main(["report", str(source), "-o", str(out), "--model", str(folder)]) == 0
    page = report(out)
    assert "How often this model takes one label for another was never counted" in page
    assert "sha256" in page and "Corrected share" not in page
