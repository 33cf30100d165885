"""The card and the README state what was measured on the shipped weights, and nothing else."""

import json
import re
import shutil

import pytest

from stance.charts.card import calibration_chart, risk_coverage_chart
from stance.cli import main
from stance.model.manifest import SHIPPED, read_manifest
from stance.model.threads import threads_in_use, use_threads
from stance.model_card import card_markdown
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def record():
    return json.loads((SHIPPED / "card.json").read_text(encoding="utf-8"))


def test_the_card_in_the_docs_is_made_of_the_record(record):
    assert (ROOT / "docs" / "model-card.md").read_text(encoding="utf-8") == card_markdown(record)


def test_the_record_is_of_the_shipped_weights(record):
    manifest = read_manifest()
    assert record["model"]["sha256"] == manifest.sha256
    assert record["model"]["unsure_below"] == manifest.unsure_below
    assert record["model"]["normalisation"] == manifest.normalisation


def test_the_card_names_every_measured_thing(record):
    card = card_markdown(record)
    for figure in [*record["labelled"]["figures"], *record["labelled"]["reliability"]]:
        row = f"| {figure['name']} | {figure['value']:.3f} | {figure['low']:.3f}–{figure['high']:.3f} |"
        assert row in card
    for figure in record["elsewhere"]["figures"]:
        row = f"| {figure['name']} | {figure['value']:.3f} | {figure['low']:.3f}–{figure['high']:.3f} |"
        assert row in card
    for kind in record["behaviour"]:
        assert kind["n"] >= 20
        assert f"| {kind['kind']} |" in card
    assert len(record["public"]) == 6
    for one in record["public"]:
        assert f"{one['value']:.3f} ({one['low']:.3f}–{one['high']:.3f})" in card
    assert "large language model" in card


def test_the_figures_of_the_readme_are_the_records(record):
    """Every line of the README's block of figures, as `python -m stance evaluate` prints it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    printed = re.findall(r"^    (\S.*?) +(\d\.\d{3})  \(95 % (\d\.\d{3})–(\d\.\d{3})\)$", readme, re.M)
    known = {
        (f["name"], *(f"{f[part]:.3f}" for part in ("value", "low", "high")))
        for f in [*record["labelled"]["figures"], *record["labelled"]["reliability"]]
    }
    assert len(printed) >= 10
    assert set(printed) <= known


def test_the_readme_tells_what_was_measured_on_comments_that_nobody_chose_on(record):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    told = {figure["name"]: figure for figure in record["elsewhere"]["figures"]}
    for name in ("pooled stance macro-F1", "sentiment macro-F1", "F1 of favor"):
        figure = told[name]
        assert f"{figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})" in readme
    readings = record["labelled"]["readings"]
    assert f"{readings['stance']:.3f} (stance) and\n{readings['sentiment']:.3f} (sentiment)" in readme


def test_a_macro_f1_that_rests_on_few_of_a_label_is_not_told(record):
    few = [part for part in record["labelled"]["slices"] if part["rarest"]["sentiment"] < 10]
    assert "comments that name no target" in [part["name"] for part in few]
    row = next(line for line in card_markdown(record).splitlines() if "that name no target |" in line)
    assert row.endswith("| – | – |")


def test_the_card_tells_what_was_learned_from_and_what_fitted_thresholds_do(record):
    card = card_markdown(record)
    assert {one["name"]: one["learned"] for one in record["public"]} == {
        "TweetEval sentiment": True, "VAST": True, "RUW": True, "NewsMTSC": True, "P-Stance": True,
        "SemEval-2016 task 6A": False,
    }  # fmt: skip
    for head in ("stance", "sentiment"):
        found = record["labelled"]["heads"][head]
        kept = found["kept"]
        assert kept["threshold"] == read_manifest().unsure_below[head]
        assert f"| {head} | {kept['coverage']:.3f} | {kept['error']:.3f} | {kept['ratio']:.3f} |" in card
        assert kept["ratio"] == pytest.approx(kept["error"] / kept["full_error"])
        assert [one["coverage"] for one in found["sets"]] == ["0.8", "0.9", "0.95"]
    assert f"| 0.9 | favor | {record['labelled']['heads']['stance']['sets'][1]['held'][2]:.3f} |" in card


def test_the_charts_show_the_record(record):
    head = record["labelled"]["heads"]["stance"]
    points = calibration_chart(head["bins"]).data[1]
    assert list(points.y) == [one["accuracy"] for one in head["bins"]]
    told = [text.rpartition("n = ")[2] for text in points.hovertext]
    assert told == [f"{one['n']:,}" for one in head["bins"]]
    curve = risk_coverage_chart(head["risk_coverage"]).data[0]
    assert list(curve.y) == [one["error"] for one in head["risk_coverage"]]


def test_the_card_names_the_threads_that_compute(monkeypatch, tmp_path):
    folder, before, said = tmp_path / "weights", threads_in_use(), {}
    shutil.copytree(SHIPPED, folder)
    monkeypatch.setattr("stance.card_figures.measure", lambda *_, **named: said.update(named) or {})
    monkeypatch.setattr("stance.model_card.card_markdown", lambda _: "")
    try:
        card = ["card", "labelled.jsonl", "--checkpoint", str(folder), "-o", str(tmp_path / "card.md")]
        assert main([*card, "--threads", str(before + 2)]) == 0
    finally:
        use_threads(None)
    assert said["threads"] == before + 2
