"""Tables to comments: no row is lost or shifted in silence, and no cell is changed."""

from __future__ import annotations

import csv
import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ReadingError
from stance.limits import CELL_CHARACTERS
from stance.reading.columns import ColumnChoice
from stance.reading.layout import _unique_names, describe_table
from stance.reading.tables import ABOVE_HEADER, TOO_FEW, TOO_MANY, read_table
from stance.records import ReadResult


def read(text: str, **options: object) -> ReadResult:
    return read_table(text, name="a.csv", **options)  # type: ignore[arg-type]


def texts(result: ReadResult) -> list[str]:
    return [comment.text for comment in result.comments]


@pytest.mark.parametrize("cell", ["NA", "N/A", "None", "null", "nan", "#N/A", "True", "inf", " x "])
def test_words_that_pandas_drops_are_comments(cell: str) -> None:
    assert texts(read(f"id,text\n1,{cell}\n2,good\n")) == [cell, "good"]


def test_p22_ids_keep_zeros_and_digits() -> None:
    result = read("id,text\n007,a b\n9007199254740993,c d\n")
    assert [c.comment_id for c in result.comments] == ["007", "9007199254740993"]


def test_an_empty_text_stays_a_comment() -> None:
    result = read('id,text\n1,\n2,ok\n3,""\n')
    assert texts(result) == ["", "ok", ""]
    assert not result.rejected


def test_ragged_rows_are_rejected_with_their_line_and_shift_nothing() -> None:
    result = read("id,text,likes\n1,good,x,5\n2,fine,3\n3,short\n4,well,7\n")
    kept = [(c.line, c.text, c.likes) for c in result.comments]
    assert kept == [(3, "fine", "3"), (5, "well", "7")]
    assert [(r.line, r.reason) for r in result.rejected] == [(2, TOO_MANY), (4, TOO_FEW)]
    assert result.rejected[0].excerpt == "1,good,x,5"


def test_a_table_of_ragged_rows_only_is_an_error() -> None:
    with pytest.raises(ReadingError, match=r"rows of 2 cells .* none .line 2 has 3.*delimiter"):
        read("id,text\n1,good,x\n")


def test_half_a_row_after_an_unquoted_line_end_is_no_comment() -> None:
    result = read("id,text,likes\n1,first half\nsecond, half\n2,whole,3\n")
    assert texts(result) == ["whole"]
    assert [r.line for r in result.rejected] == [2, 3]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("id,text,\n1,yes\n2,no\n", ("id", "text", "column_3")),
        ("id,text\n1,yes,\n2,no,\n", ("id", "text", "column_3")),
    ],
)
def test_nameless_last_columns_may_lack(text: str, columns: tuple[str, ...]) -> None:
    result = read(text)
    assert result.columns == columns
    assert [c.cells for c in result.comments] == [("1", "yes", ""), ("2", "no", "")]


@pytest.mark.parametrize(
    ("text", "delimiter", "comments"),
    [
        ("text;score\nfoo bar;1,5\nbaz, yes;2,5\n", ";", ["foo bar", "baz, yes"]),
        ("id\ttext\n1\ta, b; c\n", "\t", ["a, b; c"]),
        ("id|text\n1|a, b\n", "|", ["a, b"]),
        ('id,text\n1,"a; b; c"\n2,"d; e; f"\n', ",", ["a; b; c", "d; e; f"]),
        ("sep=;\nid;text\n1;a,b\n", ";", ["a,b"]),
        ("comment\nyes, of course, dear\nno\nwell, maybe\n", "",
         ["yes, of course, dear", "no", "well, maybe"]),
        ("comment\nyes,no\nno,yes\n", "", ["yes,no", "no,yes"]),
        ("comment\n\"a\nb\"\n\"\"\nc\n", "", ["a\nb", "", "c"]),
        ("Yes, it is\nNo, it is not\nWell, no\n", "", ["Yes, it is", "No, it is not", "Well, no"]),
        ('"Yes", he said\nNo\n', "", ['"Yes", he said', "No"]),
        ('id\ttext\n1\t"Yes" he said\n2\tno\n', "\t", ['"Yes" he said', "no"]),
    ],
)  # fmt: skip
def test_the_delimiter_is_found(text: str, delimiter: str, comments: list[str]) -> None:
    assert describe_table(text).delimiter == delimiter
    assert texts(read(text)) == comments


@pytest.mark.parametrize("delimiter", ["semicolon", ";"])
def test_a_given_delimiter_wins(delimiter: str) -> None:
    assert texts(read("text,x;y\na,b;1\n", delimiter=delimiter)) == ["a,b"]


@pytest.mark.parametrize("delimiter", [",,", '"', "\n"])
def test_an_impossible_delimiter_is_named(delimiter: str) -> None:
    with pytest.raises(ReadingError, match="delimiter of one character"):
        read("id,text\n1,a\n", delimiter=delimiter)


@pytest.mark.parametrize(
    ("text", "header", "columns"),
    [
        ("id,text\n1,a b\n", True, ("id", "text")),
        ("Номер;Комментарий\n1;да\n", True, ("Номер", "Комментарий")),
        ("tresc,ocena\nto jest bardzo dobre,5\nnie zgadzam się,3\n", True, ("tresc", "ocena")),
        ("1,so good,anna\n2,so bad,bert\n", False, ("column_1", "column_2", "column_3")),
        ("Good.\nBad.\nUgly.\n", False, ("column_1",)),
        ("Nonsense\nThis is a far longer comment.\n", False, ("column_1",)),
        ("text,,text\na b,c,d\n", True, ("text", "column_2", "text (2)")),
        ("text,text (2),text\na b,c,d\n", True, ("text", "text (2)", "text (3)")),
    ],
)
def test_the_header_is_found(text: str, header: bool, columns: tuple[str, ...]) -> None:
    layout = describe_table(text)
    assert (layout.header, layout.columns) == (header, columns)
    assert read(text).columns == columns
    assert read(text).confidence == (1.0 if header else 0.8)


@given(st.lists(st.sampled_from(["a", "", " ", "a (2)", "column_2", "column_2 (2)"]), max_size=8))
def test_column_names_are_unique(cells: list[str]) -> None:
    names = _unique_names(cells)
    assert len(set(names)) == len(cells)
    assert all(name == cell for name, cell in zip(names, cells, strict=True)
               if cell.strip() and cells.count(cell) == 1)  # fmt: skip


def test_the_header_can_be_overridden_both_ways() -> None:
    assert texts(read("id,text\n1,yes\n", header=False, columns=ColumnChoice(text=1))) == [
        "text",
        "yes",
    ]
    assert texts(read("Good day\nBad day\n", header=True)) == ["Bad day"]


@pytest.mark.parametrize(
    "above",
    ["Comments of May", "# exported 2024-05-01, by hand", "Comments of May,,", "Comments, May"],
)
def test_a_line_above_the_header_is_rejected_and_shifts_nothing(above: str) -> None:
    result = read(f"{above}\nid,text,likes\n1,good,5\n2,bad,6\n")
    assert [(c.comment_id, c.text, c.line) for c in result.comments] == [
        ("1", "good", 3),
        ("2", "bad", 4),
    ]
    assert [(r.line, r.reason) for r in result.rejected] == [(1, ABOVE_HEADER)]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("id,commentText,text\n1,a b,c d\n", "commentText"),
        ("User,Kommentar\nx,y z\n", "Kommentar"),
        ("auteur;Commentaire\nx;y z\n", "Commentaire"),
        ("textDisplay,textOriginal\n<b>a</b>,a b\n", "textOriginal"),
        ("id,comments,body\n1,12,this is it\n2,3,and this\n", "body"),
        ("id,x1,x2\n1,aa,a longer remark\n2,aa,and another one\n", "x2"),
    ],
)
def test_the_text_column_is_guessed(text: str, column: str) -> None:
    assert describe_table(text).guesses.text == column
    assert f'the column "{column}"' in " ".join(read(text).notes)


def test_the_other_columns_are_known_by_name() -> None:
    result = read(
        "comment_id,parent_id,user_name,created_at,like_count,headline,body\n"
        "a,,Ann,2024-05-01,3,War,no way\nb,a,Bob,2024-05-02,4,War,oh yes\n"
    )
    second = result.comments[1]
    assert (second.comment_id, second.reply_to, second.author) == ("b", "a", "Bob")
    assert (second.time, second.likes, second.text) == ("2024-05-02", "4", "oh yes")
    assert result.article.title == "War"


def test_a_title_of_a_known_name_is_not_taken_for_the_header() -> None:
    assert texts(read("Comments\nid;note\n1;a b\n2;c d\n")) == ["a b", "c d"]


def test_the_preview_agrees_with_the_reading_whatever_the_length() -> None:
    table = "nr;x;y\n" + "\n\n" * 300 + "".join(f"{i};a {i};remark no. {i}\n" for i in range(400))
    layout = describe_table(table)
    result = read(table)
    assert layout.guesses.text == "y"
    assert layout.preview[0] == result.comments[0].cells == ("0", "a 0", "remark no. 0")
    assert texts(read(table, columns=layout.guesses, delimiter=layout.delimiter,
                      header=layout.header)) == texts(result)  # fmt: skip


def test_titles_that_differ_are_no_article_title() -> None:
    assert read("title,text\nA,a b\nB,c d\n").article.title == ""


def test_a_column_can_be_chosen_or_left_out() -> None:
    text = "id,a,b\n1,x y,some longer text\n"
    assert texts(read(text, columns=ColumnChoice(text="a"))) == ["x y"]
    assert texts(read(text, columns=ColumnChoice(text=0, id=""))) == ["1"]
    assert read(text, columns=ColumnChoice(id="")).comments[0].comment_id.startswith("c")


@pytest.mark.parametrize(
    ("text", "choice"),
    [("id,score\n1,5\n2,6\n", ColumnChoice()), ("id,score\n1,a b\n", ColumnChoice(text="body"))],
)
def test_a_missing_text_column_lists_those_found(text: str, choice: ColumnChoice) -> None:
    with pytest.raises(ReadingError, match=r"found the columns 'id', 'score'.*--text-column NAME"):
        read(text, columns=choice)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('id,text\n1,ok\n2,"open\n3,fine\n4,well\n', 3),
        ('id,text\n1,"open\n2,fine\n3,"closed"\n', 2),
        ('id,text,n\n1,"multi\nline",1\n2,"open,2\n' + "3,x,3\n" * 8 + '4,",4\n', 4),
        ('comment\nfine\n"open\nmore\n', 3),
    ],
)
def test_p13_an_open_quote_is_an_error_that_names_its_line(text: str, line: int) -> None:
    with pytest.raises(ReadingError, match=rf"not closed .* line {line}\. Close it"):
        read(text)


def test_a_long_quoted_comment_of_many_lines_is_one_comment() -> None:
    poem = "\n".join(["Roses are red, they say"] * 30)
    assert texts(read(f'id,text\n1,"{poem}"\n2,b\n')) == [poem, "b"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_numbers_are_those_of_an_editor(end: str) -> None:
    rows = ["id,text", '1,"a', "", 'b"', "", "2,c", "   ", "3,d,e", "4,f"]
    result = read(end.join(rows) + end)
    kept = [(c.line, c.text) for c in result.comments]
    assert kept == [(2, f"a{end}{end}b"), (6, "c"), (9, "f")]
    assert [r.line for r in result.rejected] == [8]


def test_a_separator_line_counts_as_a_line() -> None:
    assert read("sep=;\r\nid;text\r\n1;a\r\n").comments[0].line == 3


def test_nul_characters_stay_in_the_cell() -> None:
    assert texts(read("id,text\n1,a\0b\n")) == ["a\0b"]


@pytest.mark.parametrize("text", ["id,text\n", "comment\n", "id;text\n\n\n"])
def test_a_header_alone_is_an_error(text: str) -> None:
    with pytest.raises(ReadingError, match=r"no rows below the header .line 1."):
        read(text)


def test_long_cells_are_read_up_to_the_limit() -> None:
    before = csv.field_size_limit()
    longest = "x" * CELL_CHARACTERS.default
    assert read(f"id,text\n1,{longest}\n").comments[0].text == longest
    with pytest.raises(ReadingError, match=r"at most 1,000,000 characters.*line 3"):
        read("id,text\n1,a\n2," + longest + "x\n")
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("ids", [("1", "1", "2"), ("1", "", "2")])
def test_p22_ids_that_are_no_ids_are_replaced_and_noted(ids: tuple[str, ...]) -> None:
    result = read("id,text\n" + "".join(f"{i},a b\n" for i in ids))
    assert len({c.comment_id for c in result.comments}) == 3
    assert any("empty or stand twice" in note for note in result.notes)


def test_p22_rows_added_at_the_end_leave_older_ids() -> None:
    table = "author,text\nann,yes\nbob,no\nann,yes\n"
    before = [c.comment_id for c in read(table).comments]
    after = [c.comment_id for c in read(table + "ann,yes\nz,q\n").comments]
    assert after[:3] == before
    assert len(set(after)) == 5


def test_p30_errors_never_show_a_comment() -> None:
    for text in ('id,text\n1,"secret\n', "id,text\n1,secret,x\n", "id,score\n1,5\n"):
        with pytest.raises(ReadingError) as caught:
            read(text)
        assert "secret" not in str(caught.value)


def test_a_hundred_thousand_rows_take_seconds() -> None:
    table = "id,author,text\n" + "".join(f'{i},u,"a, ""b"" {i}"\n' for i in range(100_000))
    start = time.perf_counter()
    assert len(read(table).comments) == 100_000
    assert time.perf_counter() - start < 10


cells = st.text(st.characters(exclude_categories=("Cs",)), max_size=12) | st.sampled_from(
    ['"', ",", "\n", "\r\n", 'a"b', "NA", "", " ", ";;", "да, да", "#", "\0", "007"]
)
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1, max_size=8)
)


@settings(max_examples=200, deadline=None)
@given(tables, st.sampled_from([",", ";", "\t", "|"]))
def test_p23_written_tables_come_back_exactly(rows: list[list[str]], delimiter: str) -> None:
    out = io.StringIO(newline="")
    header = ["text", "author", "x", "y"][: len(rows[0])]
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    result = read(out.getvalue(), columns=ColumnChoice(text="text"))
    assert [list(c.cells) for c in result.comments] == rows
    assert texts(result) == [row[0] for row in rows]
    assert not result.rejected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "", "b c", "1"]), min_size=2, max_size=5)))
def test_p6_rows_in_are_comments_and_rejected(rows: list[list[str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["id", "text", "x"], ["1", "a", "b"], *rows])
    result = read(out.getvalue())
    assert len(result.comments) + len(result.rejected) == len(rows) + 1
    assert len(result.comments) == 1 + sum(len(row) == 3 for row in rows)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, True, False]))
def test_p15_random_text_only_ever_raises_reading_errors(text: str, header: bool | None) -> None:
    try:
        result = read(text, header=header)
    except ReadingError:
        return
    assert len({c.comment_id for c in result.comments}) == len(result.comments)
