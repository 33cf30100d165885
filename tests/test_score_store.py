"""Scores that are kept from run to run: the same bytes, hashes only, bounded, and never needed."""

import contextlib
import os
import random
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from stance.cli import main
from stance.engines import InTurn
from stance.errors import ScoringCancelled, StoreError
from stance.jobs import score_file
from stance.model.manifest import SHIPPED
from stance.reading.streams import open_comments
from stance.records import Scores
from stance.scoring import score_comments
from stance.store import database, rows
from stance.store.classifier import StoredClassifier, model_key
from stance.store.rows import ROW_BYTES, ScoreStore
from stance.targets import Target, load_targets, typed_target
from tests.conftest import ROOT, FakeClassifier, comments
from tests.killed_job import job

US, UK, RU, UA = load_targets()


class Noisy(FakeClassifier):
    """Its last bits depend on what else is in the batch, as those of a real model do."""

    def predict(self, texts, targets):
        scores = super().predict(texts, targets)
        generator = np.random.default_rng(len(texts) + sum(map(len, texts)))
        noise = generator.uniform(-1e-5, 1e-5, size=(len(texts), 1)).astype(np.float32)
        return Scores(scores.sentiment + noise, scores.stance - noise[:, None], scores.truncated)


class Asleep(FakeClassifier):
    def predict(self, texts, targets):
        raise AssertionError("the model was asked")


@pytest.fixture
def told():
    return []


@pytest.fixture
def opened(tmp_path, told):
    """Opens the store of this test, again and again if need be."""
    with contextlib.ExitStack() as stack:
        yield lambda: stack.enter_context(contextlib.closing(ScoreStore(tmp_path / "store", told.append)))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "store" / database.FILE


def with_store(classifier, store, told=None, model=b"model"):
    return StoredClassifier(classifier, store, model, [].append if told is None else told.append)


def same(one, other):
    return all(
        getattr(one, name).tobytes() == getattr(other, name).tobytes()
        for name in ("sentiment", "stance", "truncated")
    )


def key(number, target=0):
    return random.Random(number).randbytes(16), target


# What is asked of the model, and what comes back.


def test_p38_what_is_known_is_not_asked_and_comes_back_to_the_last_bit(opened):
    first, texts = Noisy(), ["so good", "a bad one", "a long one", "\ud800 lone"]
    made = with_store(first, opened()).predict(texts, load_targets())
    again = with_store(Asleep(), opened()).predict(texts, load_targets())
    assert same(made, again)
    assert (again.sentiment.dtype, again.stance.shape) == (np.float32, (4, 4, 3))
    assert again.truncated.tolist() == [False, False, True, False]
    turned = with_store(Asleep(), opened()).predict(texts[::-1], load_targets())
    assert same(Scores(made.sentiment[::-1], made.stance[::-1], made.truncated[::-1]), turned)


def test_the_shipped_model_s_scores_come_back_to_the_last_bit(opened, classifier, sample):
    first = score_comments(sample.comments, with_store(classifier, opened()))
    assert first.equals(score_comments(sample.comments, with_store(Asleep(), opened()), batch_size=7))
    assert first.equals(score_comments(sample.comments, classifier))


def test_only_unknown_texts_are_asked_in_their_order(opened):
    before = with_store(Noisy(), opened()).predict(["good 2", "bad 4"], load_targets())
    fake = Noisy()
    stored = with_store(fake, opened())
    mixed = stored.predict(["bad 1", "good 2", "good 3", "bad 4"], load_targets())
    assert fake.batches == [["bad 1", "good 3"]]
    assert stored.n_known == 2
    assert same(Scores(mixed.sentiment[1::2], mixed.stance[1::2], mixed.truncated[1::2]), before)
    alone = Noisy().predict(["bad 1", "good 3"], load_targets())
    assert same(Scores(mixed.sentiment[::2], mixed.stance[::2], mixed.truncated[::2]), alone)


def test_targets_are_kept_one_by_one(opened):
    nato = typed_target("NATO", ["the alliance"])
    with_store(Noisy(), opened()).predict(["it is good"], [RU, nato])
    with_store(Asleep(), opened()).predict(["it is good"], [nato])
    with_store(Asleep(), opened()).predict(["it is good"], [])
    known = with_store(Asleep(), opened()).predict(["it is good"], [RU])
    fake = Noisy()
    more = with_store(fake, opened()).predict(["it is good"], [UA, RU])
    assert len(fake.batches) == 1
    assert (more.stance[:, 1] == known.stance[:, 0]).all(), "what was known stays as it was"
    with_store(Asleep(), opened()).predict(["it is good"], [UA, nato, RU])


@pytest.mark.parametrize(
    "target",
    [
        typed_target("NATO", ["the pact"]),
        typed_target("NATO"),
        Target("nato_2", "NATO", {"country": ("the alliance",)}),
        Target("nato", "Nato", {"country": ("the alliance",)}),
    ],
)
def test_a_target_with_another_name_or_alias_is_another_one(opened, target):
    with_store(Noisy(), opened()).predict(["it is good"], [typed_target("NATO", ["the alliance"])])
    with pytest.raises(AssertionError, match="was asked"):
        with_store(Asleep(), opened()).predict(["it is good"], [target])


def test_another_model_or_text_is_another_one(opened):
    with_store(Noisy(), opened()).predict(["it is good"], [RU])
    with pytest.raises(AssertionError, match="was asked"):
        with_store(Asleep(), opened()).predict(["it is Good"], [RU])
    with pytest.raises(AssertionError, match="was asked"):
        with_store(Asleep(), opened(), model=b"another").predict(["it is good"], [RU])


def test_what_decides_a_score_decides_the_key(tmp_path, monkeypatch):
    for path in SHIPPED.iterdir():
        if path.suffix == ".json":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    before = model_key([tmp_path], "code")
    assert before == model_key([tmp_path], "code")
    assert before != model_key([tmp_path], "other code")
    assert before != model_key([tmp_path, SHIPPED], "code")
    (tmp_path / "card.json").write_text("measured again")
    assert before == model_key([tmp_path], "code"), "no score depends on it"
    for name in ("model.safetensors", "manifest.json", "config.json", "tokenizer.json"):
        content = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(content + b" ")
        assert before != model_key([tmp_path], "code"), name
        (tmp_path / name).write_bytes(content)
    assert before == model_key([tmp_path], "code")
    monkeypatch.setattr("stance.store.classifier.version", lambda name: "another")
    assert before != model_key([tmp_path], "code")
    with pytest.raises(StoreError, match="No such file"):
        model_key([tmp_path / "nothing"], "code")


# Whole jobs.


@pytest.fixture
def source(tmp_path):
    """Texts that come again in later chunks."""
    path = tmp_path / "in.csv"
    generator = random.Random(2)
    texts = [f"{generator.choice(('good', 'bad', 'long'))} {generator.randrange(150)}" for _ in range(400)]
    path.write_text("\n".join(["id,text", *(f"{n},{text}" for n, text in enumerate(texts))]) + "\n")
    return path


def run(source, folder, classifier, **options):
    folder.mkdir(exist_ok=True)
    asked = job(folder / "out.jsonl", folder / "rows.csv", chunk_rows=50)
    score_file(open_comments(source, stream_bytes=0), InTurn(classifier), asked, **options)
    return (folder / "out.jsonl").read_bytes()


def test_p21_p38_a_second_run_asks_nothing_and_writes_the_same_bytes(tmp_path, source, opened):
    first = run(source, tmp_path / "one", with_store(Noisy(), opened()))
    assert run(source, tmp_path / "two", with_store(Asleep(), opened())) == first


@pytest.mark.parametrize("n_batches", range(1, 14, 3))
def test_p1_p38_a_run_that_was_killed_and_goes_on_with_the_store_writes_the_same_bytes(
    tmp_path, source, told, n_batches
):
    """Killed before the scores of a batch are kept, or after that and before its chunk is written."""

    class Killed(BaseException):
        pass

    def stores(name, half=()):
        store = ScoreStore(tmp_path / name, told.append)
        with_store(Noisy(), store).predict(["good 3", "good 7", "bad 9"], load_targets())
        return store

    with contextlib.closing(stores("whole")) as store:
        salt = store.salt
        whole = run(source, tmp_path / "at once", with_store(Noisy(), store))
    for after_keeping in (False, True):
        name = f"killed {after_keeping}"
        calls = []

        class Dying(ScoreStore):
            def keep(self, kept, calls=calls, after_keeping=after_keeping):
                calls.append(None)
                if after_keeping:
                    super().keep(kept)
                if len(calls) == n_batches:
                    raise Killed
                if not after_keeping:
                    super().keep(kept)

        stores(name).close()
        with contextlib.closing(Dying(tmp_path / name, told.append)) as store, pytest.raises(Killed):
            run(source, tmp_path / f"job {name}", with_store(Noisy(), store))
        with contextlib.closing(ScoreStore(tmp_path / name, told.append)) as store:
            assert store.salt != salt
            assert run(source, tmp_path / f"job {name}", with_store(Noisy(), store)) == whole


def test_a_stopped_run_goes_on_with_the_store(tmp_path, source, opened):
    whole = run(source, tmp_path / "at once", with_store(Noisy(), opened()))
    fresh = with_store(Noisy(), ScoreStore(tmp_path / "other", [].append))
    with pytest.raises(ScoringCancelled):
        run(source, tmp_path / "job", fresh, stopped=iter([False, False, True]).__next__)
    assert run(source, tmp_path / "job", fresh) == whole


# Privacy.


def test_p38_the_store_holds_no_text_and_no_name_and_is_for_its_user_alone(opened, path, told):
    nato = typed_target("NATO", ["the alliance"])
    store = opened()
    texts = [f"a secret number {n} is good" for n in range(300)]
    with_store(Noisy(), store).predict(texts, [RU, nato])
    files = [at for at in path.parent.iterdir() if at.is_file()]
    assert {at.name for at in files} == {
        *("scores.lock", "scores.sqlite", "scores.sqlite-shm", "scores.sqlite-wal")
    }
    for at in files:
        assert at.stat().st_mode & 0o777 == 0o600
        held = at.read_bytes().lower()
        assert not any(word in held for word in (b"secret", b"nato", b"alliance", b"russia"))
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert told == [
        f"Scores are kept in {path}, without texts; --no-store or STANCE_STORE=off keeps none."
    ]


def test_two_stores_know_one_text_by_different_hashes(tmp_path):
    found = []
    for name in ("one", "two"):
        with contextlib.closing(ScoreStore(tmp_path / name, [].append)) as store:
            with_store(Noisy(), store).predict(["it is good"], [RU])
        with contextlib.closing(sqlite3.connect(tmp_path / name / database.FILE)) as connection:
            found.append(connection.execute("SELECT text, target FROM scores WHERE target != 0").fetchone())
    assert found[0][0] != found[1][0]
    assert found[0][1] != found[1][1]


def test_a_file_that_others_may_read_is_closed_to_them_and_another_s_is_not_used(
    opened, path, monkeypatch
):
    opened().close()
    path.chmod(0o644)
    opened().close()
    assert path.stat().st_mode & 0o777 == 0o600
    monkeypatch.setattr(os, "geteuid", lambda: path.stat().st_uid + 1)
    with pytest.raises(StoreError, match="belongs to another user"):
        opened()


# How much is kept.


def fill(store, numbers, size=1000):
    numbers = list(numbers)
    for start in range(0, len(numbers), size):
        store.keep({key(number): b"x" * 13 for number in numbers[start : start + size]})


def held(store, numbers):
    found = store.find([key(number)[0] for number in numbers])
    return {number for number in numbers if key(number) in found}


def on_day(day, monkeypatch):
    monkeypatch.setattr(rows, "today", lambda: day)


def test_what_was_not_used_for_longest_goes_first(opened, monkeypatch):
    monkeypatch.setenv("STANCE_STORE_BYTES", str(10_000 * ROW_BYTES))
    store = opened()
    for day in range(4):
        on_day(day, monkeypatch)
        fill(store, range(day * 2_000, day * 2_000 + 2_000))
    on_day(4, monkeypatch)
    assert held(store, range(0, 500)) == set(range(0, 500)), "used again"
    fill(store, range(10_000, 12_400))
    on_day(5, monkeypatch)
    assert 7_900 < store.contents().n_rows <= 8_000
    assert held(store, range(0, 2_000)) == set(range(0, 500))
    assert 0 < len(held(store, range(2_000, 4_000))) < 2_000
    assert held(store, range(4_000, 8_000)) == set(range(4_000, 8_000))
    assert held(store, range(10_000, 12_400)) == set(range(10_000, 12_400))


def test_a_file_larger_than_the_store_is_still_found_in_part(opened, monkeypatch):
    monkeypatch.setenv("STANCE_STORE_BYTES", str(5_000 * ROW_BYTES))
    store = opened()
    fill(store, range(10_000))
    assert 3_000 <= len(held(store, range(10_000))) <= 5_000
    found = 0
    for start in range(0, 10_000, 1_000):
        known = held(store, range(start, start + 1_000))
        found += len(known)
        fill(store, set(range(start, start + 1_000)) - known)
    assert found > 3_000


def test_p38_the_file_stays_within_its_limit_whatever_is_kept(opened, path, monkeypatch):
    limit = 400_000
    monkeypatch.setenv("STANCE_STORE_BYTES", str(limit))
    store = opened()
    generator = random.Random(6)
    for round_ in range(60):
        on_day(round_ // 3, monkeypatch)
        text = (generator.randbytes(16) for _ in range(100))
        store.keep({(each, target): b"x" * 13 for each in text for target in range(5)})
        assert store.contents().n_rows <= limit // ROW_BYTES
        assert path.stat().st_size <= limit
    with contextlib.closing(sqlite3.connect(path)) as connection:
        counted = connection.execute("SELECT n_rows, (SELECT count(*) FROM scores) FROM store").fetchone()
    assert counted[0] == counted[1]


def test_a_lower_limit_makes_the_file_smaller(opened, path, monkeypatch):
    store = opened()
    fill(store, range(10_000))
    store.close()
    assert path.stat().st_size > 400_000
    monkeypatch.setenv("STANCE_STORE_BYTES", "200000")
    store = opened()
    assert 1_400 < store.contents().n_rows <= 1_600
    store.close()
    assert path.stat().st_size <= 200_000


# Several processes, and the end of one.

KEEPING = """
import random, sys
from pathlib import Path
from stance.store.rows import ScoreStore
store = ScoreStore(Path(sys.argv[1]), print)
print("ready", flush=True)
for number in range(int(sys.argv[2]), int(sys.argv[3])):
    text = random.Random(number).randbytes(16)
    store.keep({(text, target): b"%013d" % number for target in range(5)})
"""


def keeping(folder, first, end):
    command = [sys.executable, "-c", KEEPING, str(folder), str(first), str(end)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_several_processes_keep_at_once_and_nothing_is_lost(opened, path):
    runs = [keeping(path.parent, first, first + 400) for first in (0, 200, 400)]
    said = [run.communicate(timeout=120)[0] for run in runs]
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert sum("Scores are kept in" in text for text in said) == 1, "one has made the file"
    store = opened()
    assert store.contents().n_rows == 5 * 800
    found = store.find([key(number)[0] for number in range(800)])
    assert all(found[key(n, target)] == b"%013d" % n for n in range(800) for target in range(5))


@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_p38_a_kill_while_scores_are_kept_leaves_all_of_a_batch_or_nothing(opened, path):
    generator = random.Random(4)
    for first in range(0, 50_000, 10_000):
        running = keeping(path.parent, first, first + 10_000)
        for line in running.stdout:
            if line == "ready\n":
                break
        time.sleep(generator.uniform(0.01, 0.4))
        running.send_signal(signal.SIGKILL)
        running.wait()
        running.stdout.close()
    store = opened()
    contents = store.contents()
    assert contents.n_rows == 5 * contents.n_texts > 0
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT n_rows FROM store").fetchone() == (contents.n_rows,)
        texts = connection.execute("SELECT count(*) FROM scores GROUP BY text").fetchall()
    assert set(texts) == {(5,)}


# A store that cannot be used.


def test_p38_a_damaged_store_is_set_aside_and_said_so(opened, path, told):
    opened().close()
    told.clear()
    path.write_bytes(b"no database at all, but of some length" * 100)
    store = opened()
    assert told == [f"{path} was damaged and is now {database.BROKEN}; a new store of scores was begun."]
    assert path.with_name(database.BROKEN).read_bytes().startswith(b"no database")
    with_store(Noisy(), store).predict(["it is good"], [RU])
    with_store(Asleep(), opened()).predict(["it is good"], [RU])
    store.clear()
    assert not path.with_name(database.BROKEN).exists()


def test_p38_flipped_bits_give_no_wrong_score(tmp_path, path, told):
    """Every answer is what was kept, or nothing, or the store is given up."""
    texts = [f"{'good' if n % 3 else 'bad'} {n}" for n in range(200)]
    folder = path.parent
    with contextlib.closing(ScoreStore(folder, told.append)) as store:
        whole = with_store(Noisy(), store).predict(texts, load_targets())
    data = path.read_bytes()
    generator = random.Random(8)
    outcomes = set()
    for _ in range(150):
        for at in folder.iterdir():
            at.unlink()
        broken = bytearray(data)
        for _ in range(generator.choice((1, 1, 20))):
            broken[generator.randrange(len(data))] ^= 1 << generator.randrange(8)
        path.write_bytes(broken)
        told.clear()
        fake = FakeClassifier()
        with contextlib.suppress(StoreError), contextlib.closing(ScoreStore(folder, told.append)) as store:
            stored = with_store(fake, store, told)
            found = stored.predict(texts, load_targets())
            asked = {text for batch in fake.batches for text in batch}
            known = [n for n, text in enumerate(texts) if text not in asked]
            assert same(
                Scores(found.sentiment[known], found.stance[known], found.truncated[known]),
                Scores(whole.sentiment[known], whole.stance[known], whole.truncated[known]),
            )
            outcomes.add("all" if len(known) == 200 else "given up" if told else "some")
    assert outcomes >= {"all", "given up"}


def test_a_store_that_breaks_amid_a_run_is_told_once_and_all_is_scored(opened, path, told):
    store = opened()
    classifier = with_store(Noisy(), store, told)
    classifier.predict(["good 1"], [RU])
    store._connection.execute("UPDATE scores SET kept = X'00' WHERE target = 0")
    told.clear()
    table = score_comments(comments("good 1", "bad 2"), classifier, targets=[RU], batch_size=1)
    assert table["sentiment"].tolist() == ["positive", "negative"]
    assert told == [f"scores are not kept from here on: {path} was damaged and is now {database.BROKEN}"]
    assert with_store(Noisy(), opened()).predict(["good 1"], [RU]).sentiment[0, 2] > 0.6


def test_a_disk_that_is_full_ends_the_keeping_and_not_the_scoring(opened, path, told):
    store = opened()
    store._connection.execute("PRAGMA max_page_count = 3")
    told.clear()
    classifier = with_store(FakeClassifier(), store, told)
    texts = [f"good {n}" for n in range(400)]
    table = score_comments(comments(*texts), classifier, targets=[RU])
    assert set(table["sentiment"]) == {"positive"}
    assert told == [f"scores are not kept from here on: {path}: database or disk is full"]


def test_a_store_that_another_process_holds_is_waited_for_and_then_gone_without(
    opened, path, told, monkeypatch
):
    monkeypatch.setattr(database, "_WAIT_S", 0.1)
    store = opened()
    told.clear()
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        classifier = with_store(FakeClassifier(), store, told)
        assert classifier.predict(["good", "bad"], [RU]).sentiment.shape == (2, 3)
        assert told == [f"scores are not kept from here on: {path}: database is locked"]
        classifier.predict(["good", "bad"], [RU])
        assert len(told) == 1
        with pytest.raises(StoreError, match="database is locked"):
            opened()


def test_what_another_version_kept_is_forgotten(opened, path):
    store = opened()
    with_store(Noisy(), store).predict(["it is good"], [RU])
    store._connection.execute("PRAGMA user_version = 99")
    store.close()
    store = opened()
    assert store.contents().n_rows == 0
    with_store(Noisy(), store).predict(["it is good"], [RU])
    assert store.contents().n_rows == 2


def test_a_database_of_something_else_is_left_alone(opened, path):
    path.parent.mkdir()
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE places (url TEXT)")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is a database of something else; name another folder"):
        opened()
    assert path.read_bytes() == before


# The command line.


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with an input, and the command line with a model that was loaded as often as it says."""
    monkeypatch.setenv("STANCE_STORE", str(tmp_path / "store"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("stance.model.loading.describe", lambda classifier: "fake")
    (tmp_path / "in.csv").write_text("id,comment\n1,it is good\n2,it is bad\n3,it is bad\n4,\n")
    models = []

    def load(options):
        models.append(Noisy() if not models else Asleep())
        return models[-1]

    monkeypatch.setattr("stance.cli_loading.load_model", load)
    return models


def test_p38_a_second_command_asks_the_model_nothing(desk, tmp_path, capsys):
    assert main(["score", "in.csv", "-o", "one.csv"]) == 0
    assert "without texts; --no-store or STANCE_STORE=off keeps none." in capsys.readouterr().err
    assert main(["score", "in.csv", "-o", "two.csv"]) == 0
    told = capsys.readouterr().err
    assert "2 texts were scored before and taken from the store; --no-store scores anew\n" in told
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    manifests = [(tmp_path / f"{name}.csv.manifest.json").read_bytes() for name in ("one", "two")]
    assert manifests[0] == manifests[1]
    assert main(["score", "in.csv", "-o", "three.csv", "--no-store"]) == 1, "the model is asked"


def test_the_report_takes_what_score_has_kept(desk, tmp_path, capsys):
    assert main(["score", "in.csv", "-o", "one.csv"]) == 0
    capsys.readouterr()
    # Its model has a name of its own, which this one does not.
    main(["report", "in.csv", "-o", "report.html"])
    assert "2 texts were scored before" in capsys.readouterr().err


@pytest.mark.parametrize("how", ["option", "off", "OFF", "no", "none", "False", "0", " off "])
def test_switched_off_nothing_is_written(desk, tmp_path, monkeypatch, how):
    if how != "option":
        monkeypatch.setenv("STANCE_STORE", how)
    options = ["--no-store"] if how == "option" else []
    assert main(["score", "in.csv", "-o", "one.csv", *options]) == 0
    assert sorted(at.name for at in tmp_path.iterdir()) == ["in.csv", "one.csv", "one.csv.manifest.json"]


def test_p38_a_store_that_cannot_be_is_one_line_and_no_error(desk, tmp_path, monkeypatch, capsys):
    (tmp_path / "a file").write_text("mine")
    monkeypatch.setenv("STANCE_STORE", str(tmp_path / "a file" / "store"))
    assert main(["score", "in.csv", "-o", "one.csv"]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "kept" in line]
    place = tmp_path / "a file" / "store" / "scores.sqlite"
    assert told == [f"scores are not kept: {place}: Not a directory"]


def test_the_user_s_cache_folder_is_the_place(monkeypatch, tmp_path):
    monkeypatch.delenv("STANCE_STORE")
    if sys.platform == "linux":
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert database.store_folder() == tmp_path / "stance"
        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setenv("HOME", str(tmp_path))
        assert database.store_folder() == tmp_path / ".cache" / "stance"
    monkeypatch.setenv("STANCE_STORE", str(tmp_path / "there"))
    assert database.store_folder() == tmp_path / "there"
    monkeypatch.setenv("STANCE_STORE", "off")
    assert database.store_folder() is None
    for name in ("./off", "bogus"):
        monkeypatch.setenv("STANCE_STORE", name)
        assert database.store_folder() == Path(name)


def test_the_command_shows_and_forgets_what_is_kept(desk, tmp_path, monkeypatch, capsys):
    assert main(["score", "in.csv", "-o", "one.csv"]) == 0
    capsys.readouterr()
    assert main(["store"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == f"place      {tmp_path / 'store' / 'scores.sqlite'}"
    assert shown[1] == "texts      2 with 10 scores"
    assert shown[2].endswith("MB of at most 1,000 MB")
    size = sum(path.stat().st_size for path in (tmp_path / "store").glob("scores.sqlite*"))
    assert main(["store", "--clear"]) == 0
    told = capsys.readouterr().out.splitlines()
    left = sum(path.stat().st_size for path in (tmp_path / "store").glob("scores.sqlite*"))
    assert told[0] == f"forgotten  10 scores, {size - left:,} bytes"
    assert told[2] == "texts      0 with 0 scores"
    assert main(["score", "in.csv", "-o", "two.csv"]) == 1, "the model is asked again"
    monkeypatch.setenv("STANCE_STORE", "off")
    capsys.readouterr()
    assert main(["store"]) == 0
    assert capsys.readouterr().out == "No scores are kept: STANCE_STORE is off.\n"


@pytest.mark.parametrize("given", ["0", "-3", "a lot"])
def test_a_limit_that_is_none_is_told(desk, monkeypatch, capsys, given):
    monkeypatch.setenv("STANCE_STORE_BYTES", given)
    assert main(["store"]) == 1
    assert "above 0 in the environment variable STANCE_STORE_BYTES, found" in capsys.readouterr().err


def test_a_row_takes_what_is_reckoned_with(opened, path):
    """Ours are 13 bytes for each of five answers about a text."""
    assert struct.calcsize("<3f?") == 13
    store = opened()
    for start in range(0, 10_000, 500):
        texts = [key(number)[0] for number in range(start, start + 500)]
        store.keep({(text, target * 10**17): b"x" * 13 for text in texts for target in range(5)})
    n_rows = store.contents().n_rows
    store.close()
    assert 40 < path.stat().st_size / n_rows < ROW_BYTES
