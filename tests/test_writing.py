import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import WritingError
from stance.reading import read_comments
from stance.scoring import score_comments
from stance.writing import content_file_name, guard, scores_csv, unguard, write_scores

SIGNS = "=+-@\t\r\n＝＋－＠"


@given(st.text())
def test_guard_has_an_exact_way_back_and_leaves_no_live_cell(text):
    guarded = guard(text)
    assert unguard(guarded) == text
    assert not guarded.lstrip(" \u200b\u00a0\ufeff").startswith(tuple(SIGNS))


@pytest.mark.parametrize("cell", ["=1+1", " =1", "\u200b@x", "＝1", "-2", "'tis"])
def test_live_cells_get_an_apostrophe(cell):
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


def test_formulas_of_the_source_are_guarded(fake):
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


def test_names_differ_where_only_the_middle_differs():
    one, other = (b"x" * 1_000_000 + middle + b"x" * 1_000_000 for middle in (b"a", b"b"))
    assert content_file_name(one) != content_file_name(other)
