"""What the page shows of unsure labels, by a threshold that the manifest names."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from stance.aggregate import rows_of, stance_shares
from stance.model.manifest import read_manifest
from stance.page.sample import sample_set
from stance.targets import load_targets
from tests.conftest import ROOT


def page_with(monkeypatch, sentiment, stance):
    limits = {"sentiment": sentiment, "stance": stance}
    manifest = replace(read_manifest(), unsure_below=limits)
    for module in ("overview", "filtering", "reading_room"):
        monkeypatch.setattr(f"stance.page.{module}.read_manifest", lambda: manifest)
    return AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)


def showing(page):
    return next(m.value for m in page.markdown if m.value.startswith("Showing"))


def test_the_page_counts_unsure_labels_and_filters_by_them(monkeypatch):
    page = page_with(monkeypatch, 0.55, 0.7).run()
    assert not page.exception
    shares = stance_shares(sample_set().scored, load_targets(), unsure_below=0.7)
    n = int(shares["unsure"].sum())
    assert n > 0
    told = next(c.value for c in page.caption if c.value.startswith("Unsure:"))
    assert f"{n} stances of 268 (confidence below 70 %)" in told
    row = max(rows_of(shares), key=lambda row: row.unsure)
    page.selectbox(key="target").set_value(row.target)
    page.selectbox(key="stance").set_value(row.label)
    page.toggle(key="unsure").set_value(True).run()
    assert showing(page) == f"Showing **{row.unsure}** of 68 comments"
    next(b for b in page.button if b.label == "Clear filters").click().run()
    assert showing(page) == "Showing **68** of 68 comments"
    assert not page.toggle(key="unsure").value


def test_unsure_only_comes_from_the_address(monkeypatch):
    page = page_with(monkeypatch, 0.55, 0.7)
    page.query_params["unsure"] = "true"
    page.run()
    probabilities = sample_set().scored.filter(regex="^sentiment_").max(axis=1)
    assert showing(page) == f"Showing **{int((probabilities < 0.55).sum())}** of 68 comments"


def test_without_a_threshold_nothing_speaks_of_unsure(monkeypatch):
    page = page_with(monkeypatch, 0.0, 0.0).run()
    assert not page.toggle
    assert not any(c.value.startswith("Unsure:") for c in page.caption)
    with pytest.raises(KeyError):
        page.toggle(key="unsure")
