"""Files and folders on a cluster that the test starts: the same bytes, whatever dies meanwhile."""

import contextlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import pytest

from stance import ray_engine
from stance.cli import main
from stance.errors import EngineError
from stance.model.loading import describe
from stance.ray_engine import Asked, classifier_of, code_hash, connected
from stance.scoring import CHUNK_ROWS
from tests.conftest import ROOT

ROWS = int(os.environ.get("STANCE_ENGINE_ROWS", "24576"))  # six chunks
WORDS = ["shame", "on", "moscow", "kyiv", "london", "is", "good", "bad", "the", "war", "who", "pays"]
SCORE = [sys.executable, "-m", "stance", "score", "in.csv", "--threads", "1"]

has_ray = pytest.mark.skipif(
    subprocess.run([sys.executable, "-c", "import ray"], capture_output=True, check=False).returncode != 0,
    reason="no Ray here: pip install -r requirements-ray.txt",
)


linux = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc: Linux only")


@pytest.fixture(scope="module")
def scored(tmp_path_factory):
    """A folder with a table and what the command line makes of it. Few texts, for the time it takes."""
    folder = tmp_path_factory.mktemp("engine")
    generator = random.Random(5)
    texts = [" ".join(generator.choices(WORDS, k=12)) for _ in range(80)]
    rows = [f"{n},{texts[n % 80] if n % 500 else ''}" for n in range(ROWS)]
    (folder / "in.csv").write_text("\n".join(["id,comment", *rows[:40], "one,cell,too many", *rows[40:]]))
    subprocess.run([*SCORE, "-o", "local.csv"], cwd=folder, env=environment(), check=True)
    return folder


def environment(**more):
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


@contextlib.contextmanager
def two_nodes():
    """A cluster with a processor on each of its two nodes; gives its address and the second node's end.

    Nodes are started as Ray's own `ray.cluster_utils` starts them, but outside this process.
    """
    settings = {"RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"}
    with tempfile.TemporaryDirectory(prefix="ray", dir="/tmp", ignore_cleanup_errors=True) as folder:
        script = (
            "import sys\n"
            "from ray.cluster_utils import Cluster\n"
            "head = {'num_cpus': 1, 'include_dashboard': False}\n"
            "cluster = Cluster(initialize_head=True, head_node_args=head)\n"
            "second = cluster.add_node(num_cpus=1)\n"
            "print(cluster.address, flush=True)\n"
            "for line in sys.stdin:\n"
            "    cluster.remove_node(second, allow_graceful=False)\n"
            "    print('removed', flush=True)\n"
            "cluster.shutdown()\n"
        )
        cluster = subprocess.Popen(
            [sys.executable, "-c", script],
            env=environment(**settings, RAY_TMPDIR=folder),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        with cluster:
            address = cluster.stdout.readline().strip()
            assert address
            yield address, lambda: end(cluster)
            cluster.stdin.close()


def end(cluster):
    cluster.stdin.write("end\n")
    cluster.stdin.flush()
    assert cluster.stdout.readline() == "removed\n"


def scoring_processes(since):
    """Processes that were not there before, and in which Ray scores a chunk or a file just now."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if re.match(rb"ray::(_scored|MapWorker\(.*_FileScorer.*submit)", path.read_bytes()):
                found.add(int(path.parent.name))
    return found - since


@contextlib.contextmanager
def scoring(folder, *options, command=SCORE, **environ):
    """The command while it runs, once a process of its cluster scores; with what it says at its end."""
    before = scoring_processes(set())
    running = subprocess.Popen(
        [*command, "--engine", "ray", *options],
        cwd=folder,
        env=environment(**environ),
        stderr=subprocess.PIPE,
    )
    try:
        until(lambda: scoring_processes(before), running)
        yield running, scoring_processes(before)
    finally:
        running.kill()
        running.wait()
        running.stderr.close()


def until(true, running):
    deadline = time.monotonic() + 120
    while not true():
        assert running.poll() is None, running.stderr.read().decode()
        assert time.monotonic() < deadline
        time.sleep(0.05)


def end_of(running):
    """What it said; fails where it does not end."""
    return running.communicate(timeout=240)[1].decode()


def size(path):
    return path.stat().st_size if path.exists() else 0


@has_ray
@linux
def test_p7_a_cluster_gives_what_the_command_line_gives_with_a_worker_and_a_node_killed(scored):
    closed = {"RAY_AUTH_MODE": "disabled"}
    with (
        two_nodes() as (address, end_second),
        scoring(scored, "-o", "ray.csv", "--address", address, **closed) as (running, workers),
    ):
        os.kill(workers.pop(), signal.SIGKILL)
        until(lambda: size(scored / "ray.csv.part") > 10_000, running)
        end_second()
        assert running.poll() is None
        told = end_of(running)
    assert running.returncode == 0, told
    assert "Ray: 2 processes of 1 thread" in told
    # Every row once, under its id, with the same scores: the same bytes.
    assert (scored / "ray.csv").read_bytes() == (scored / "local.csv").read_bytes()
    local, ray = ((scored / f"{n}.csv.manifest.json").read_text() for n in ("local", "ray"))
    assert ray == local


@has_ray
@linux
def test_p7_a_folder_gives_what_its_files_give_with_a_worker_and_a_node_killed(scored):
    rows = (scored / "in.csv").read_text().splitlines(keepends=True)
    many = scored / "many"
    for name in ("files", "files/2026", "ones", "many"):
        (scored / name).mkdir()
    cuts = [len(rows) * part // 6 for part in range(7)]
    for number, (first, end) in enumerate(pairwise(cuts)):
        path = scored / "files" / ("2026" if number % 2 else "") / f"{number}.csv"
        path.write_text("".join([rows[0], *rows[max(1, first) : end]]))
    (scored / "files/notes.md").write_text("of ours")
    files = sorted(str(path.relative_to(scored)) for path in scored.glob("files/**/*.csv"))
    ones = [*SCORE[:4], *files, "-o", "ones", "--form", ".parquet", "--threads", "1"]
    subprocess.run(ones, cwd=scored, env=environment(), check=True)
    folder = [*SCORE[:4], "files", "-o", "many", "--threads", "1"]
    closed = {"RAY_AUTH_MODE": "disabled"}
    with (
        two_nodes() as (address, end_second),
        scoring(scored, "--address", address, command=folder, **closed) as (running, workers),
    ):
        os.kill(workers.pop(), signal.SIGKILL)
        until(lambda: any(many.glob("**/*.parquet")), running)
        end_second()
        assert running.poll() is None
        told = end_of(running)
    assert running.returncode == 0, told
    assert "1 file left out, its name does not end as a table's: " in told
    assert "\n0 of 6 files; a file counts when it is whole\r1 of 6 files" in told
    made = sorted(str(path.relative_to(many)) for path in many.glob("**/*.scores.parquet"))
    assert made == [f"{name.removeprefix('files/')}.scores.parquet" for name in files]
    # Every row once, under its id, with the same scores: the same bytes as one by one.
    for name in made:
        alone = scored / "ones" / name.rsplit("/", 1)[-1]
        assert (many / name).read_bytes() == alone.read_bytes()
    manifest = json.loads((many / "folder.manifest.json").read_text())
    whole = json.loads((scored / "local.csv.manifest.json").read_text())
    assert manifest["rows"]["read"] == whole["rows"]["read"] == ROWS + 1
    assert manifest["rows"]["scored"] == whole["rows"]["scored"]
    assert manifest["failed"] == []
    assert [entry["output"]["name"] for entry in manifest["files"]] == made
    # Nothing is left of what died, and the same command finds all of it done.
    assert sorted(path.name for path in many.glob("**/*") if ".part" in path.name) == []
    again = subprocess.run(
        [*folder, "--engine", "ray", "--workers", "2"],
        cwd=scored,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert again.returncode == 0, again.stderr
    assert "6 files were complete already" in again.stderr
    assert json.loads((many / "folder.manifest.json").read_text()) == manifest


@has_ray
def test_a_file_that_kills_its_processes_is_told_and_the_others_are_scored(tmp_path):
    for name in ("in/a.csv", "in/b.csv", "in/c.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("id,comment\n1,good\n")
    (tmp_path / "out").mkdir()
    command = [sys.executable, "-m", "tests.deadly_folder", "in", "out", "b.csv"]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )
    # Ray tells of the deaths too.
    told = [line for line in done.stdout.splitlines() if "raylet" not in line]
    assert sorted(told) == [
        "a.csv: scored",
        "b.csv: The process that scored it died more than 1 times (too little memory, say), or its "
        "node cannot load this project. Ray's logs say which.",
        "c.csv: scored",
    ]
    assert "Traceback" not in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").glob("*.parquet")) == [
        "a.csv.scores.parquet",
        "c.csv.scores.parquet",
    ]


@has_ray
@linux
def test_p29_p31_a_cluster_of_this_machine_listens_to_it_alone_and_leaves_nothing(scored, tmp_path):
    before, rays = listening(), set(Path("/tmp").glob("ray*"))
    with scoring(scored, "-o", "alone.csv", "--workers", "2", HOME=str(tmp_path)) as (running, workers):
        opened = listening() - before
        settings = Path(f"/proc/{workers.pop()}/environ").read_bytes().split(b"\0")
        running.send_signal(signal.SIGTERM)
        told = end_of(running)
    assert opened and all(address.endswith("0100007F") for address, _ in opened), opened
    # Others on this machine are asked for a token, which is nowhere on the disk.
    assert b"RAY_AUTH_MODE=token" in settings and b"RAY_USAGE_STATS_ENABLED=0" in settings
    assert [len(line) for line in settings if line.startswith(b"RAY_AUTH_TOKEN=")] == [15 + 64]
    # The chunks that were under way are kept: two for each process, or fewer where not all had begun.
    assert running.returncode == 130
    stopped = re.search(r"Stopped after ([\d,]+) of ([\d,]+) comments. The same command goes on", told)
    kept, every = (int(number.replace(",", "")) for number in stopped.groups())
    assert every == ROWS
    assert kept in {CHUNK_ROWS * chunks for chunks in (1, 2, 3, 4)}
    written = (scored / "local.csv").read_bytes().splitlines(keepends=True)[: 1 + kept]
    assert (scored / "alone.csv.part").read_bytes() == b"".join(written)
    assert not (scored / "alone.csv").exists()
    again = [*SCORE, "-o", "alone.csv"]
    other = subprocess.run(again, cwd=scored, env=environment(), capture_output=True, check=False)
    assert b"another engine. Pass --restart" in other.stderr
    with scoring(scored, "-o", "alone.csv", "--workers", "2", HOME=str(tmp_path)):
        pass  # killed, with all that was under way
    command = [*SCORE, "-o", "alone.csv", "--engine", "ray", "--workers", "2"]
    done = subprocess.run(command, cwd=scored, env=environment(HOME=str(tmp_path)), check=False)
    assert done.returncode == 0
    assert (scored / "alone.csv").read_bytes() == (scored / "local.csv").read_bytes()
    assert not list(tmp_path.iterdir())
    # The one that was killed could not clear up.
    assert len(set(Path("/tmp").glob("ray*")) - rays) == 1
    for left in set(Path("/tmp").glob("ray*")) - rays:
        shutil.rmtree(left)


def listening():
    """Address and port of every socket that waits for connections."""
    found = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            local, state = line.split()[1], line.split()[3]
            if state == "0A":
                found.add(tuple(local.split(":")))
    return found


def test_options_that_do_not_go_together_are_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    Path("in.csv").write_text("id,comment\n1,good\n")
    usage = {
        "--address and --workers need --engine ray": ["--workers", "2"],
        "--workers is for a cluster on this machine": [
            "--engine", "ray", "--address", "a:1", "--workers", "2"
        ],
        "--download is for one machine": ["--engine", "ray", "--model", "x/y", "--download"],
    }  # fmt: skip
    for words, options in usage.items():
        with pytest.raises(SystemExit):
            main(["score", "in.csv", "-o", "out.csv", *options])
        assert words in capsys.readouterr().err


def test_without_ray_the_way_to_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    told = "found none. Install it with `pip install -r requirements-ray.txt`"
    with pytest.raises(EngineError, match=told), connected(None, Asked(None, None, "", "")):
        pass


def test_a_node_with_another_model_or_other_code_is_refused(classifier):
    classifier_of.cache_clear()
    with pytest.raises(EngineError, match="Expected another 1 on every node, found minilm-l6-stance"):
        classifier_of(Asked(None, None, "another 1", code_hash()))
    with pytest.raises(EngineError, match="Expected the same files of this project on every node"):
        classifier_of(Asked(None, None, describe(classifier), "0"))
    found = classifier_of(Asked(None, None, describe(classifier), code_hash()))
    assert describe(found) == describe(classifier)
    classifier_of.cache_clear()


def test_an_error_in_a_process_of_the_cluster_holds_no_comment(monkeypatch):
    def failing(asked):
        raise ValueError("secret words")

    monkeypatch.setattr(ray_engine, "classifier_of", failing)
    with pytest.raises(EngineError, match=r"could not score a chunk \(ValueError at test_ray") as told:
        ray_engine._scored([], [], False, Asked(None, None, "", ""))
    assert told.value.__context__ is None and told.value.__cause__ is None


@has_ray
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("127.0.0.1:9", "Expected a Ray cluster at 127.0.0.1:9 that this machine"),
        ("somewhere", "Expected --address as HOST:PORT, found 'somewhere'."),
    ],
)
def test_a_cluster_that_is_not_there_is_one_line(tmp_path, address, told):
    (tmp_path / "in.csv").write_text("id,comment\n1,good\n")
    done = subprocess.run(
        [*SCORE, "-o", "out.csv", "--engine", "ray", "--address", address],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith(f"error: {told}")
    assert "Traceback" not in done.stderr
