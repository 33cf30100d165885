"""Promises of docs/promises.md that no other file tests: the whole program, from outside."""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.cli import main
from stance.errors import CheckpointError
from stance.model.checkpoint import load_checkpoint
from stance.model.manifest import SHIPPED
from stance.reading import read_comments
from stance.restoring import Restored, restore
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.text import MAX_CHARACTERS, prepare_text, why_unscored
from stance.writing import FORMS
from tests.conftest import ROOT, FakeClassifier
from tests.test_cli import run
from tests.test_streams import ENCODED, FILES

CARD = json.loads((SHIPPED / "card.json").read_text())


def unshared(*what):
    """Whether this machine lets us make a private namespace of mounts or of the network."""
    tool = shutil.which("unshare")
    return tool is not None and subprocess.run([tool, *what, "true"], check=False).returncode == 0


needs_mounts = pytest.mark.skipif(not unshared("-m"), reason="needs root, to mount a small disk")
needs_network = pytest.mark.skipif(not unshared("-n"), reason="needs root, to cut the network")


def shell(script, folder, *, options=("-m",)):
    return subprocess.run(
        ["unshare", *options, "bash", "-c", script],
        cwd=folder,
        env={
            "PYTHONPATH": str(ROOT),
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(folder),
            "PYTHON": sys.executable,
            "SCORE": f"{sys.executable} -m stance score",
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def table(tmp_path):
    """More than a chunk of comments, of few texts."""
    path = tmp_path / "in.csv"
    words = ("Kyiv is right.", "Shame on Moscow.", "So what?", "Thank you Washington!")
    lines = [f"{n},{words[n % 4]} {n % 5}" for n in range(5_000)]
    path.write_text("\n".join(["id,text", *lines]) + "\n")
    return path


@needs_mounts
def test_p3_a_full_disk_is_one_line_and_the_same_command_goes_on(tmp_path, table):
    done = shell(
        """
        $SCORE in.csv -o elsewhere.csv 2>/dev/null
        room=$(( $(stat -c %s elsewhere.csv) * 92 / 100 / 1024 ))k  # for the first chunk
        mkdir disk && mount -t tmpfs -o size=$room none disk
        $SCORE in.csv -o disk/out.csv 2>first.txt; echo "first $?"; ls disk
        mount -o remount,size=50m disk
        $SCORE in.csv -o disk/out.csv 2>second.txt; echo "second $?"; ls disk
        cmp disk/out.csv elsewhere.csv && echo equal
        """,
        tmp_path,
    )
    first, _, rest = done.stdout.partition("second")
    assert first.split()[:2] == ["first", "1"]
    assert "out.csv\n" not in first
    assert rest.split() == ["0", "out.csv", "out.csv.manifest.json", "equal"]
    errors = [line for line in (tmp_path / "first.txt").read_text().splitlines() if "error" in line]
    assert len(errors) == 1
    assert "disk/out.csv.part: No space left on device. Once that is mended, the same" in errors[0]
    assert "Traceback" not in (tmp_path / "first.txt").read_text()


@needs_mounts
def test_p4_where_only_the_output_folder_may_be_written(tmp_path):
    (tmp_path / "in.csv").write_text("id,comment\n1,good\n")
    (tmp_path / "out").mkdir()
    (tmp_path / "closed").mkdir()
    done = shell(
        f"""
        cd /; mount --bind {tmp_path} {tmp_path} && mount -o remount,ro,bind {tmp_path}
        mount --bind {ROOT} {ROOT} && mount -o remount,ro,bind {ROOT}
        mount -t tmpfs none {tmp_path}/out
        touch {tmp_path}/closed/x 2>/dev/null && echo "not read-only"
        $SCORE {tmp_path}/in.csv -o {tmp_path}/out/scores.csv 2>{tmp_path}/out/told
        tail -1 {tmp_path}/out/told; grep -c "scores are not kept: .*Read-only" {tmp_path}/out/told
        rm {tmp_path}/out/told; ls {tmp_path}/out
        $SCORE {tmp_path}/in.csv -o {tmp_path}/closed/scores.csv 2>&1 | tail -1
        """,
        tmp_path,
    )
    lines = done.stdout.splitlines()
    assert lines[0].startswith("read 1 rows: 1 scored"), done
    assert lines[1] == "1", "one line says that the store cannot be written"
    assert lines[2:4] == ["scores.csv", "scores.csv.manifest.json"]
    assert "closed/scores.csv: Read-only file system" in lines[4]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc: Linux only")
def test_p8_memory_does_not_grow_with_the_file(tmp_path):
    """Short form of benchmarks/memory.py: what a table ten times as long takes more, in MB."""
    child = (
        "import re, sys\n"
        "from pathlib import Path\n"
        "from stance.engines import InTurn\nfrom stance.jobs import score_file\n"
        "from stance.reading.streams import open_comments\n"
        "from tests.conftest import FakeClassifier\n"
        "from tests.killed_job import job\n"
        "source = Path(sys.argv[1])\n"
        "asked = job(source.with_suffix('.out.csv'), None, chunk_rows=1000)\n"
        "score_file(open_comments(source, stream_bytes=0), InTurn(FakeClassifier()), asked)\n"
        # Not resource.getrusage: its peak is inherited from the process that started this one.
        "print(re.search(r'VmHWM:\\s*([0-9]+)', Path('/proc/self/status').read_text())[1])\n"
    )
    peaks = []
    for rows in (4_000, 40_000):
        path = tmp_path / f"{rows}.csv"
        text = "nobody asked us who pays for it all in the end " * 10
        path.write_text("id,text\n" + "".join(f"{n},{text}{n % 50}\n" for n in range(rows)))
        done = subprocess.run(
            [sys.executable, "-c", child, path], cwd=ROOT, capture_output=True, text=True, check=True
        )
        peaks.append(int(done.stdout) / 1000)
    assert peaks[1] - peaks[0] < 20  # the larger file has 20 MB


@pytest.mark.parametrize("megabytes", [900, 1_500])
def test_p9_a_cap_on_memory_ends_in_one_line_or_in_scores(tmp_path, table, megabytes):
    script = f"ulimit -v {megabytes * 1000}; exec {sys.executable} -m stance score in.csv -o out.csv"
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].startswith("error: ")
        assert not (tmp_path / "out.csv").exists()
        assert run("score", "in.csv", "-o", "out.csv", cwd=tmp_path).returncode == 0
    assert len((tmp_path / "out.csv").read_bytes().splitlines()) == 5_001


FULL = """
import resource, sys
from pathlib import Path
from stance.cli import main
from stance.model import fast

make = fast._session

def with_little(*asked):
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + 20_000_000,) * 2)
    return make(*asked)

fast._session = with_little
sys.exit(main(["score", "in.csv", "-o", "out.csv"]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_p9_too_little_memory_for_the_model_is_called_so(tmp_path, table):
    done = subprocess.run(
        [sys.executable, "-c", FULL], cwd=tmp_path, capture_output=True, text=True, check=False,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}, timeout=120,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("error: There is too little memory. What was scored")
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("name", [*FILES, *ENCODED])
def test_p13_p30_any_bad_file_is_one_line_without_its_content(tmp_path, capsys, monkeypatch, name):
    data = FILES[name].encode("utf-8", "surrogatepass") if name in FILES else ENCODED[name]
    path = tmp_path / "in.csv"
    for word in (b"word", b"good", b"a b"):
        if data.count(word) > 1 and name not in ENCODED:  # the second: the first may be a header
            data = data.replace(word, b"CANARY").replace(b"CANARY", word, 1)
            break
    path.write_bytes(data)
    monkeypatch.setattr("stance.cli_loading.load_model", lambda options: FakeClassifier())
    monkeypatch.setattr("stance.model.loading.describe", lambda classifier: "fake")
    status = main(["score", str(path), "-o", str(tmp_path / "out.csv")])
    told = capsys.readouterr().err
    assert "CANARY" not in told
    assert "nobody foresaw" not in told
    assert (tmp_path / "out.csv").exists() == (status == 0)
    if status:
        assert status == 1
        (error,) = [line for line in told.splitlines() if line.startswith("error: ")]
        assert "found" in error
        return
    rows = json.loads((tmp_path / "out.csv.manifest.json").read_text())["rows"]
    left_out = sum(rows["unscored"].values()) + sum(rows["rejected"].values())
    assert rows["read"] == rows["scored"] + left_out


def naughty():
    return (ROOT / "tests" / "naughty.txt").read_text(encoding="utf-8").split("\n")[:-1]


@pytest.mark.parametrize("form", FORMS)
def test_p14_naughty_texts_come_out_as_they_went_in(classifier, form):
    texts = [*naughty(), "\0", "\ud800", "a" * 40_000, "\u0300" * 5_000, "﷽" * 5_000]
    texts = texts[:-3] if form == ".xlsx" else texts
    data = json.dumps([{"id": str(n), "text": text} for n, text in enumerate(texts)])
    result = read_comments(data.encode(), name="a.json")
    scored = score_comments(result.comments, classifier)
    assert len(scored) == len(texts)
    again = restore(read_comments(FORMS[form](result, scored)))
    assert isinstance(again, Restored), again
    expected = [text.replace("\ud800", "\ufffd") for text in texts]
    assert [c.text for c in again.result.comments] == expected


@settings(max_examples=int(os.environ.get("STANCE_FUZZ", "200")), deadline=None)
@given(st.text(max_size=400))
def test_p14_any_text_is_one_row_of_the_export(text):
    result = read_comments(json.dumps([{"text": "So it is."}, {"text": text}]).encode())
    scored = score_comments(result.comments, FakeClassifier())
    again = restore(read_comments(FORMS[".csv"](result, scored)))
    assert isinstance(again, Restored), again
    assert [c.text for c in again.result.comments] == [c.text for c in result.comments]


@settings(max_examples=int(os.environ.get("STANCE_FUZZ", "200")), deadline=None)
@given(st.binary(max_size=65_536))
def test_p15_any_bytes_are_read_or_refused_in_words(data):
    try:
        result = read_comments(data)
    except Exception as error:
        assert type(error).__name__ == "ReadingError", repr(error)
    else:
        assert result.comments


FLIPS = int(os.environ.get("STANCE_FLIPS", "8"))


def test_p17_any_flipped_bit_of_the_weights_is_refused(tmp_path):
    folder = tmp_path / "weights"
    shutil.copytree(SHIPPED, folder)
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    generator = random.Random(3)
    for _ in range(FLIPS):
        place, bit = generator.randrange(len(data)), 1 << generator.randrange(8)
        data[place] ^= bit
        weights.write_bytes(data)
        with pytest.raises(CheckpointError):
            load_checkpoint(folder)
        data[place] ^= bit
    weights.write_bytes(data)
    load_checkpoint(folder)


@needs_network
def test_p18_without_any_network(tmp_path):
    (tmp_path / "in.csv").write_text("id,comment\n1,good\n")
    done = shell(
        "$SCORE in.csv -o out.csv 2>&1 | tail -1; $SCORE in.csv -o x.csv --model some/model 2>&1",
        tmp_path,
        options=("-n",),
    )
    scored, refused = done.stdout.splitlines()
    assert scored.startswith("read 1 rows: 1 scored")
    assert "--download" in refused


@pytest.mark.parametrize("form", FORMS)
def test_p21_the_same_command_gives_the_same_bytes(tmp_path, monkeypatch, form):
    monkeypatch.setattr("stance.cli_loading.load_model", lambda options: FakeClassifier())
    monkeypatch.setattr("stance.model.loading.describe", lambda classifier: "fake")
    for name in ("one", "two"):
        out = tmp_path / f"{name}{form}"
        assert main(["score", str(ROOT / "data" / "sample_page.txt"), "-o", str(out)]) == 0
    assert (tmp_path / f"one{form}").read_bytes() == (tmp_path / f"two{form}").read_bytes()


def test_p24_disguised_letters_score_alike(classifier):
    plain = "Russia must pay for every house that it destroyed."
    disguises = [
        plain.replace("Russia", "Rus\u200bsia"),
        plain.replace("Russia", "Ｒｕｓｓｉａ"),
        plain.replace("pay", "p\u00ada\u2060y"),
        plain.replace("house", "h\ufe0fouse"),
    ]
    scores = classifier.predict([plain, *disguises], load_targets())
    assert abs(scores.stance - scores.stance[:1]).max() < 1e-5
    assert abs(scores.sentiment - scores.sentiment[:1]).max() < 1e-5


KINDS = {kind["kind"]: kind["passed"] / kind["n"] for kind in CARD["behaviour"]}


@pytest.mark.parametrize(
    "kind", [kind["kind"] for kind in CARD["behaviour"] if kind["invariance"]]
)
def test_p25_harmless_changes_change_no_label(kind):
    assert KINDS[kind] >= 0.95


@pytest.mark.xfail(strict=True, reason="negation is read right in 18 of 23 cases; the bar is 0.90")
def test_p25_negation_turns_the_label():
    assert KINDS["negation"] >= 0.90


def figure(name):
    every = [*CARD["labelled"]["figures"], *CARD["labelled"]["reliability"]]
    (found,) = [f["value"] for f in every if f["name"] == name]
    return found


@pytest.mark.parametrize("head", ["stance", "sentiment"])
def test_p27_probabilities_are_calibrated(head):
    assert figure(f"{head} calibration error") <= 0.05


@pytest.mark.parametrize("head", ["stance", "sentiment"])
def test_p27_sure_labels_are_wrong_less_often(head):
    assert figure(f"{head} ratio of errors") <= 0.70


def test_p31_nothing_is_left_among_the_temporary_files(tmp_path):
    (tmp_path / "tmp").mkdir()
    (tmp_path / "in.csv").write_text("id,comment\n1,good\n")
    for form in FORMS:
        done = subprocess.run(
            [sys.executable, "-m", "stance", "score", "in.csv", "-o", f"out{form}"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path),
                 "TMPDIR": str(tmp_path / "tmp")},
            capture_output=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        # torch makes an empty folder of its own
        assert not [path for path in (tmp_path / "tmp").rglob("*") if path.is_file()]


BOMBS = {
    "words": "peace talks " * 800_000,
    "punctuation": "?!,.;:" * 1_600_000,
    "chinese": "和平谈判" * 800_000,
    "marks": "e" + "\u0301\u0316" * 500_000,
    "ligatures": "\ufdfa" * 1_000_000,
    "invisible": "Kyiv" + "\u200b" * 5_000_000 + " is right",
}


@pytest.mark.parametrize("name", BOMBS)
def test_p10_the_model_reads_a_bounded_part_of_any_comment(classifier, name):
    """How long it takes prints benchmarks/one_comment.py."""
    text = BOMBS[name]
    prepared = prepare_text(text)
    assert len(prepared.text) <= MAX_CHARACTERS
    assert prepared.truncated == (name != "invisible")
    (reason,) = {why_unscored(text), why_unscored(text[:20_000] if prepared.truncated else text)}
    if not reason:
        scores = classifier.predict([text, prepared.text], load_targets())
        assert abs(scores.stance[0] - scores.stance[1]).max() < 1e-5
