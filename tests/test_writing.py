import csv
import io
import json
import zipfile

import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.copies import find_copies
from stance.errors import WritingError
from stance.reading import read_comments
from stance.scoring import score_comments
from stance.writing import FORMS, content_file_name, guard, scores_csv, unguard, write_scores
from stance.writing.row_report import row_report

SIGNS = "=+-@\t\r\n＝＋－＠"


@given(st.text())
def test_p36_guard_has_an_exact_way_back_and_leaves_no_live_cell(text):
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not guarded.lstrip(" \u200b\u00a0\ufeff").startswith(tuple(SIGNS))


@pytest.mark.parametrize("cell", ["=1+1", " =1", "\u200b@x", "＝1", "-2", "'tis"])
def test_p36_live_cells_get_an_apostrophe(cell):
    assert guard(cell) == "'" + cell


def rows_of(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_own_columns_come_first_and_unchanged(fake):
    result = read_comments(b"id,comment,sentiment\n007,good,old\n008,NA,older\n")
    scored = score_comments(result.comments, fake)
    header, *rows = rows_of(scores_csv(result, scored))
    assert header[:6] == ["id", "comment", "sentiment", "comment_id", "sentiment_2",
                          "sentiment_negative"]  # fmt: skip
    assert [row[:5] for row in rows] == [
        ["007", "good", "old", "007", "positive"],
        ["008", "NA", "older", "008", "neutral"],
    ]
    assert rows[0][5:8] == ["0.100000", "0.200000", "0.700000"]
    assert len(set(header)) == len(header)


def test_p36_formulas_of_the_source_are_guarded(fake):
    result = read_comments(b'id,comment\n1,"=HYPERLINK(""http://x"")"\n2,good\n')
    _, row, _ = rows_of(scores_csv(result, score_comments(result.comments, fake)))
    assert row[1] == "'=HYPERLINK(\"http://x\")"


def test_some_rows_can_be_written(fake):
    result = read_comments(b"id,comment\n1,good\n2,bad\n3,meh\n")
    scored = score_comments(result.comments, fake)
    _, *rows = rows_of(scores_csv(result, scored.iloc[[2, 0]]))
    assert [row[0] for row in rows] == ["3", "1"]


def test_an_existing_file_is_kept_without_overwrite(fake, tmp_path):
    result = read_comments(b"comment,id\ngood,1\n")
    scored = score_comments(result.comments, fake)
    path = tmp_path / "out.csv"
    write_scores(result, scored, path)
    with pytest.raises(WritingError, match="exists and is not overwritten; pass --force"):
        write_scores(result, scored, path)
    write_scores(result, scored, path, overwrite=True)
    assert path.read_bytes() == scores_csv(result, scored)
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]


def test_p32_names_differ_where_only_the_middle_differs():
    one, other = (b"x" * 1_000_000 + middle + b"x" * 1_000_000 for middle in (b"a", b"b"))
    assert content_file_name(one) != content_file_name(other)


TEXTS = [
    *("=1+1", "'tis", "a\x01b", "tab\there", "two\nlines"),
    *("ünï \U0001f600", "007", "", "x_x0041_y", "NaN", "nul\0 esc\x1b \x1a", "_x0041\n", "a\rb", "\ufffe"),
]


def scored_texts(fake):
    rows = [{"id": str(n), "text": text} for n, text in enumerate(TEXTS)]
    result = read_comments("\n".join(map(json.dumps, rows)).encode())
    return result, score_comments(result.comments, fake)


@pytest.mark.parametrize("form", [".jsonl", ".parquet"])
def test_p23_forms_for_programs_hold_every_text_and_score_as_they_are(form, fake):
    result, scored = scored_texts(fake)
    data = FORMS[form](result, scored)
    if form == ".jsonl":
        table = [json.loads(line) for line in data.decode().split("\n")[:-1]]
    else:
        table = pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()
    assert [row["text"] for row in table] == TEXTS
    assert [row["sentiment"] for row in table] == list(scored["sentiment"])
    assert [row["truncated"] for row in table] == [False] * len(TEXTS)
    for row, wanted in zip(table, scored["sentiment_positive"], strict=True):
        if row["unscored"]:
            assert row["sentiment_positive"] is None
        else:
            assert row["sentiment_positive"] == pytest.approx(wanted, abs=1e-6)
    again = read_comments(data)
    assert [c.text for c in again.comments] == TEXTS


def test_a_workbook_holds_text_as_text_and_numbers_as_numbers(fake):
    result, scored = scored_texts(fake)
    data = FORMS[".xlsx"](result, scored)
    header, *rows = openpyxl.load_workbook(io.BytesIO(data))["Scores"].iter_rows()
    place = [cell.value for cell in header].index("sentiment_positive")
    assert {cell.data_type for cell in (row[1] for row in rows) if cell.value} == {"s"}
    assert [c.text for c in read_comments(data).comments] == TEXTS
    assert isinstance(rows[0][place].value, float)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_a_text_too_long_for_a_workbook_is_refused_with_what_to_do(fake):
    # Within the limit as it is, beyond it with each control character escaped.
    result = read_comments(json.dumps([{"text": "a \x01 " * 8_000}]).encode())
    scored = score_comments(result.comments, fake)
    with pytest.raises(WritingError, match="at most 32,767 characters in a cell .* Choose CSV"):
        FORMS[".xlsx"](result, scored)


def test_the_name_of_the_output_decides_its_form(tmp_path, fake):
    result, scored = scored_texts(fake)
    for ending in FORMS:
        path = tmp_path / f"out{ending}"
        write_scores(result, scored, path)
        assert path.read_bytes()[:4] == FORMS[ending](result, scored)[:4]
    with pytest.raises(WritingError, match=r"ends in .csv, .xlsx, .jsonl, .parquet, found '.doc'"):
        write_scores(result, scored, tmp_path / "out.doc")


def test_p6_the_row_report_accounts_for_every_row(fake):
    data = b"id,text\n1,good\n2,bad,extra\n=3,\n4,fine\n5,Good!\n6,good\n7,?!\n8,?!\n"
    result = read_comments(data, name="a.csv")
    scored = score_comments(result.comments, fake)
    assert rows_of(row_report(result, scored, find_copies(result.comments))) == [
        ["line", "comment_id", "outcome", "reason", "copy_of", "copy_kind"],
        ["2", "1", "scored", "", "", ""],
        ["3", "", "rejected", "too many cells", "", ""],
        ["4", "'=3", "unscored", "empty", "", ""],
        ["5", "4", "scored", "", "", ""],
        ["6", "5", "scored", "", "1", "near"],
        ["7", "6", "scored", "", "1", "exact"],
        ["8", "7", "unscored", "no words", "", ""],
        ["9", "8", "unscored", "no words", "", ""],
    ]
