"""What `python -m stance.training` says of a config, data and options that it cannot use."""

import gzip
import json

import pytest
import torch

from stance.errors import ReadingError, StanceError
from stance.training.__main__ import main
from stance.training.config import read_config
from stance.training.examples import UNKNOWN, read_labelled, read_public
from stance.training.raw import read_raw
from tests.conftest import ROOT

CONFIGS = ROOT / "stance" / "training" / "configs"
STAGE = '[[stage]]\nname = "a"\nkind = "labels"\ndata = ["x"]\nepochs = 1\nlearning_rate = 1e-4\n'


def test_the_shipped_configs_are_read():
    student = read_config(CONFIGS / "student.toml")
    assert [stage.name for stage in student.stages] == ["public", "taught", "settled"]
    assert student.stages[1].limits["comments_unlabelled"] == 300_000
    assert student.stages[1].teachers == tuple(f"teacher-{n}/checkpoint" for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "Expected the config of a run in .*run.toml: No such file"),
        ("seed =", "run.toml: expected TOML in UTF-8, found"),
        ("\udcff", "run.toml: expected TOML in UTF-8, found"),
        ("seed = 1", r"expected one \[\[stage\]\] at least, found none"),
        (STAGE, "run.toml: seed: Field required."),
        ("seed = 1\nsede = 2\n" + STAGE, "run.toml: sede: Unexpected"),
        ("seed = 1\n" + STAGE + "epoch = 2", "run.toml: stage 1, epoch: Unexpected"),
        ("seed = 1\n" + STAGE + STAGE.replace("data", "date"), "stage 2, data: Field .*; stage 2, date"),
        ("seed = 1\n" + STAGE.replace("= 1\n", "= 0\n"), "stage 1, epochs: .* greater than 0"),
        ("seed = 1\n" + STAGE + "naming = 1.5", "stage 1, naming: .* less than or equal to 1"),
        ("seed = 1\n" + STAGE + "limits = {x = 'many'}", "stage 1, limits, x: .* valid integer"),
        ("seed = 1\n" + STAGE.replace('"labels"', '"label"'), "stage 1, kind: .* 'language' or 'labels'"),
        ('seed = "1"\n' + STAGE, "seed: .* valid integer"),
        ("seed = 1\n" + STAGE.replace("= 1\n", "= true\n"), "stage 1, epochs: .* valid number"),
        ("seed = 1\n" + STAGE.replace("1e-4", "inf"), "stage 1, learning_rate: "),
        ("seed = 1\n" + STAGE.replace('["x"]', "[]"), "stage 1, data: .* at least 1 item"),
        ("seed = 1\n" + STAGE.replace('"x"', '"/etc/passwd"'), "stage 1: expected files below the data"),
        ("seed = 1\n" + STAGE.replace('"x"', '"a/../../b"'), r"stage 1: .* found \['a/../../b'\]"),
        ("seed = 1\n" + STAGE.replace('"x"', "2026-11-27"), "expected words and numbers, found a day"),
        ("seed = 1\nstages = 5\n" + STAGE, r"expected \[\[stage\]\] for each stage, found stages"),
        ("seed = 99999999999999999999\n" + STAGE, "seed: .* less than"),
        ("seed = 1\n" + STAGE.replace('"a"', '"../a"'), "stage 1, name: .* match pattern"),
        (
            "seed = 1\n" + STAGE.replace("labels", "language") + "plain = 3\nlayer_decay = 0.9",
            r"stage 1: \['plain', 'layer_decay'\] do nothing where masked words are learned",
        ),
        ("seed = 1\n" + STAGE + "taught = ['x']", "stage 1: expected both of taught and teachers"),
        ("seed = 1\n" + STAGE + "naming = 0.5", "stage 1: naming is for raw comments"),
        ("seed = 1\n" + STAGE + "hidden = ['gb']", r"stage 1, hidden: .*'uk'.* found \['gb'\]"),
        ("seed = 1\nstart = 'a'\nhead_dropout = 0.1\n" + STAGE, r"take \['head_dropout'\] out"),
        (
            "seed = 1\n" + STAGE.replace("labels", "language").replace("= 1\n", "= 1.5\n"),
            "stage 1, epochs: expected a whole number for masked words, found 1.5",
        ),
    ],
)  # fmt: skip
def test_a_config_that_cannot_be_used_is_told_by_its_setting(tmp_path, text, said):
    path = tmp_path / "run.toml"
    if text is not None:
        path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(StanceError, match=said) as error:
        read_config(path)
    assert "\n" not in error.value.message


LABELLED = {"text": "so", "sentiment": "neutral", "us": "none", "uk": "none", "ru": "none", "ua": "none"}
PUBLIC = {"text": "so", "split": "train", "target": "NATO", "stance": "favor"}


def test_a_set_without_rows_to_train_on_is_told(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({**PUBLIC, "split": "Train"}))
    with pytest.raises(ReadingError, match=r"the splits \('train', 'val'\) in .*rows.jsonl, found none"):
        read_public(path)


def test_a_text_with_several_sentiments_has_none(tmp_path):
    path = tmp_path / "rows.jsonl"
    moods = {"a": ["positive", "negative", "positive"], "b": ["positive", None, "positive"]}
    rows = [
        {"text": text, "split": "train", "sentiment": mood} for text, each in moods.items() for mood in each
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    assert [example.sentiment for example in read_public(path)] == [UNKNOWN, (0.0, 0.0, 1.0)]


def raw(path):
    return read_raw([path], known=set(), limit=None, naming=0, seed=1)


@pytest.mark.parametrize(
    ("reader", "row", "changes"),
    [
        (read_labelled, LABELLED, [{"text": None}, {"ru": "for"}, {"sentiment": "sad"}, {"ua": ...}]),
        (read_public, PUBLIC, [{"text": ...}, {"split": ...}, {"stance": "pro"}, {"stance": ...}]),
        (read_public, PUBLIC, [{"target": ...}]),
        (raw, {"text": "so"}, [{"text": 1}]),
    ],
)
def test_a_row_that_cannot_be_used_is_told_by_its_line(tmp_path, reader, row, changes):
    path = tmp_path / "rows.jsonl.gz"
    for change in changes:
        bad = {key: value for key, value in {**row, **change}.items() if value is not ...}
        with gzip.open(path, "wt", encoding="utf-8") as file:
            file.write("\n".join(map(json.dumps, [row, bad])))
        with pytest.raises(ReadingError, match=r"rows.jsonl.gz, line 2: expected .* text"):
            reader(path)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(ReadingError, match="Expected a gzip file in .*rows.jsonl.gz, found a broken one"):
        reader(path)


def training(tmp_path, *options):
    (tmp_path / "run.toml").write_text("seed = 1\n" + STAGE)
    places = ["--data", str(tmp_path / "d"), "--base", str(tmp_path / "b"), "--out", str(tmp_path / "o")]
    return main([str(tmp_path / "run.toml"), *places, *options])


@pytest.mark.parametrize("option", ["--stages 0", "--threads 0", "--workers -1", "--seed x"])
def test_an_option_out_of_bounds_is_told(tmp_path, capsys, option):
    with pytest.raises(SystemExit) as end:
        training(tmp_path, *option.split())
    assert end.value.code == 2
    assert f"argument {option.split()[0]}: expected a whole number from" in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="a graphics card is here")
def test_a_graphics_card_that_is_not_here_is_told(tmp_path, capsys):
    assert training(tmp_path, "--device", "cuda", "--threads", str(torch.get_num_threads())) == 1
    assert "error: Expected a graphics card that torch can use, found none." in capsys.readouterr().err
