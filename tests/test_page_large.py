"""The scored file that the page is started with: its shares and list are those of its rows, or a reason."""

import sys

import pandas as pd
from streamlit.testing.v1 import AppTest

from stance.aggregate import rows_of, sentiment_shares
from stance.amounts import share_text
from stance.cli import main
from stance.exported import open_exported
from stance.model.mistakes import read_mistakes
from stance.page import large
from stance.page.sample import PAGE, sample_set
from stance.records import SENTIMENT, stance_label
from tests.conftest import ROOT, open_view
from tests.test_dashboard import fine, showing


def started_with(path, monkeypatch) -> AppTest:
    monkeypatch.setattr(sys, "argv", ["dashboard.py", str(path)])
    return open_view(AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120), "file")


def test_its_charts_and_list_are_those_of_its_rows(sample_file, monkeypatch):
    page = started_with(sample_file, monkeypatch)
    fine(page)
    captions = [caption.value for caption in page.caption]
    assert captions[0] == r"\*many\* scores\.parquet · 68 comments"
    assert "In memory this table takes 1 MB" in captions[-1]
    assert len(page.get("plotly_chart")) == 2
    assert any("1 unscored (no words)" in caption for caption in captions)
    assert any("No manifest of this very file" in note.value for note in page.markdown)
    assert any(caption.startswith("The charts are always of the whole file") for caption in captions)
    assert showing(page) == "Showing **68** of 68 comments"
    scored, whole = sample_set().scored, page.dataframe[0].value
    page.selectbox(key="target").set_value("ua")
    page.selectbox(key="stance").set_value("favor").run()
    expected = int((scored[stance_label("ua")] == "favor").sum())
    assert showing(page) == f"Showing **{expected}** of 68 comments"
    pd.testing.assert_frame_equal(page.dataframe[0].value, whole)
    assert not [b for b in page.button if b.label in ("Remove this set", "Add comments")]


def test_a_file_of_the_shipped_model_has_intervals_that_cover_its_mistakes(tmp_path, monkeypatch):
    path = tmp_path / "scores.parquet"
    assert main(["score", str(PAGE), "-o", str(path)]) == 0
    page = started_with(path, monkeypatch)
    fine(page)
    shares = sentiment_shares(sample_set().scored, mistakes=read_mistakes())
    row = rows_of(shares)[0]
    told = page.dataframe[0].value.iloc[0]
    assert told["Share (95 % interval)"] == share_text(row.share, row.low, row.high)
    assert not any("No manifest of this" in note.value for note in page.markdown)
    assert "Corrected" in page.get("button_group")[0].options


def test_the_page_begins_with_it_and_an_address_that_asks_for_more_does_not(sample_file, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["dashboard.py", str(sample_file)])
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    assert page.caption[0].value == r"\*many\* scores\.parquet · 68 comments"
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    page.query_params["sentiment"] = "Positive"
    page.run()
    assert page.selectbox(key="set").value == "Sample: troops for Ukraine"
    said = r"\*many\* scores\.parquet is under “The whole file” only."
    assert any(caption.value.endswith(said) for caption in page.caption)


def test_two_files_are_one_too_many(sample_file, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["dashboard.py", str(sample_file), "other.parquet"])
    page = open_view(AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120), "file")
    assert "Expected one file, found 2." in page.error[0].value + "".join(t.value for t in page.text)


def test_a_file_that_was_written_anew_is_read_anew(sample_file, monkeypatch):
    page = started_with(sample_file, monkeypatch)
    table = pd.read_parquet(sample_file)
    kept = table[table[SENTIMENT] == "negative"]
    kept.to_parquet(sample_file, index=False)
    page.run()
    fine(page)
    assert showing(page) == f"Showing **{len(kept)}** of {len(kept)} comments"


def test_what_the_manifest_counts_is_said(tmp_path, monkeypatch):
    lines = ["id,comment", "1,Russia must pay", "2,Russia must pay", "3,one,too many", "4,fine"]
    (tmp_path / "in.csv").write_text("\n".join(lines) + "\n")
    path = tmp_path / "scores.parquet"
    assert main(["score", str(tmp_path / "in.csv"), "-o", str(path)]) == 0
    page = started_with(path, monkeypatch)
    captions = [caption.value for caption in page.caption]
    assert "1 row of the source was not used; its manifest says why." in captions
    assert "1 comment repeats an earlier one. It counts like any other." in captions


def test_a_bad_file_is_read_once_and_not_at_every_click(sample_file, monkeypatch):
    table = pd.read_parquet(sample_file)
    table.loc[67, "sentiment"] = "odd"
    table.to_parquet(sample_file, index=False)
    asked = []
    monkeypatch.setattr(large, "open_exported", lambda path: asked.append(path) or open_exported(path))
    page = started_with(sample_file, monkeypatch)
    for _ in range(2):
        page.run()
        told = page.error[0].value + "".join(text.value for text in page.text)
        assert "Row 68 has a label in 'sentiment' that its probabilities do not give" in told
    assert len(asked) == 1


def test_the_long_list_is_shown_by_parts(sample_file, monkeypatch):
    table = pd.read_parquet(sample_file)
    pd.concat([table] * 40).to_parquet(sample_file, index=False)
    page = started_with(sample_file, monkeypatch)
    fine(page)
    assert showing(page) == "Showing **2,720** of 2,720 comments"
    rows = next(box for box in page.selectbox if box.label == "Rows")
    assert rows.options == ["1 to 1,000", "1,001 to 2,000", "2,001 to 2,720"]
    assert len(page.dataframe[1].value) == 1_000


def test_a_file_that_is_no_export_is_told_and_none_is_no_view(tmp_path, monkeypatch):
    page = started_with(tmp_path / "missing.parquet", monkeypatch)
    assert page.error[0].value.startswith("The file that this page was started with cannot be shown.")
    assert not page.exception
    monkeypatch.setattr(sys, "argv", ["dashboard.py"])
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    assert showing(page) == "Showing **68** of 68 comments"
    assert not any("The whole file" in caption.value for caption in page.caption)
