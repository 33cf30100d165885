"""scripts/train.sh with a stand-in for Python: the order of its runs, and none outlives a failed one."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a script for bash")

STAND_IN = """#!/usr/bin/env bash
echo "$@" >> "$LOG"
case "$*" in
    *"$FAILS"*) exit 3;;
    *"$LASTS"*) echo $$ > "$LOG.pid"; exec sleep 60;;
esac
"""


@pytest.fixture
def begin(tmp_path):
    """Starts the script; `fails` and `lasts` are parts of the command lines that do so."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(STAND_IN)
    python.chmod(0o755)
    log = tmp_path / "log"
    started = []

    arguments = ["my data", "MP", "ML", "runs"]

    def begin(*options, fails="nothing", lasts="nothing", n_arguments=4):
        path = f"{python.parent}{os.pathsep}{os.environ['PATH']}"
        kind = {"LOG": str(log), "FAILS": fails, "LASTS": lasts, "PATH": path}
        started.append(subprocess.Popen(
            ["bash", str(ROOT / "scripts/train.sh"), *arguments[:n_arguments], *options],
            env={**os.environ, **kind}, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        ))  # fmt: skip
        return started[-1], log

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def runs(log):
    """The runs in the order in which they began: config, base, and what follows the folder."""
    found = []
    for line in log.read_text().splitlines():
        before, after = line.removeprefix("-m stance.training stance/training/configs/").split(" --out ")
        config, base = before.split(" --data my data --base ")
        found.append(f"{config.removesuffix('.toml')} {base} {after.removeprefix('runs/')}")
    return found


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition):
    end = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_cpu_makes_one_run_after_the_other(begin):
    process, log = begin()
    assert process.wait(timeout=60) == 0
    assert runs(log) == [
        "words ML words",
        "teacher MP teacher-1 --seed 1",
        "teacher MP teacher-2 --seed 2",
        "teacher MP teacher-3 --seed 3",
        "student ML student --stages 2",
        "student ML student --device cpu --workers 0 --threads 1",
    ]


at_once = pytest.mark.skipif(
    subprocess.run(["bash", "-c", "((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 403))"]).returncode != 0,
    reason="needs the wait -n of bash 4.3",
)


@at_once
def test_a_gpu_makes_the_student_when_all_that_it_rests_on_is_there(begin):
    process, log = begin("--device", "cuda", "--workers", "5")
    assert process.wait(timeout=60) == 0
    found, gpu = runs(log), "--device cuda --workers 5"
    assert sorted(found[:4]) == [
        f"teacher MP teacher-1 {gpu} --seed 1",
        f"teacher MP teacher-2 {gpu} --seed 2",
        f"teacher MP teacher-3 {gpu} --seed 3",
        f"words ML words {gpu}",
    ]
    assert found[4:] == [
        f"student ML student {gpu} --stages 2",
        f"student ML student {gpu} --device cpu --workers 0 --threads 1",
    ]


@at_once
def test_a_run_that_fails_ends_the_others_and_nothing_follows(begin):
    process, log = begin("--device", "cuda", fails="--seed 3", lasts="teacher-1")
    assert process.wait(timeout=30) == 3
    assert not any(run.startswith("student") for run in runs(log))
    wait_for(lambda: not (pid := log.with_suffix(".pid")).exists() or not is_alive(int(pid.read_text())))


def test_whoever_stops_the_script_stops_its_runs(begin):
    process, log = begin("--device", "cuda", lasts="teacher-1")
    pid = log.with_suffix(".pid")
    wait_for(lambda: pid.exists() and pid.read_text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) != 0
    wait_for(lambda: not is_alive(int(pid.read_text())))


def test_too_few_arguments_are_told_how_it_is_used(begin):
    process, log = begin(n_arguments=2)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 2
    assert "scripts/train.sh DATA MPNET MINILM RUNS" in said
    assert not log.exists()
