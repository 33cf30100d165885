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
