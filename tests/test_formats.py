"""JSON, JSON Lines, workbooks, Parquet, gzip: every entry becomes a row or comes back with its reason."""

import datetime
import gzip
import io
import json
import os
import random
import tempfile

import openpyxl
import pandas as pd
import pytest

from stance.errors import ReadingError
from stance.limits import NESTING, ROWS, UNPACKED_BYTES
from stance.reading import describe_source, read_comments

ENTRIES = [
    {"id": "007", "author": {"name": "Anna"}, "text": "Well said, all of it.", "likes": 3},
    {"id": "9007199254740993", "author": {"name": "Bob"}, "text": "NA", "likes": 0},
    {"id": "x", "author": {"name": "=1+1"}, "text": None, "likes": None},
]


def rows(result):
    return [(c.comment_id, c.author, c.text, c.likes) for c in result.comments]


EXPECTED = [
    ("007", "Anna", "Well said, all of it.", "3"),
    ("9007199254740993", "Bob", "NA", "0"),
    ("x", "=1+1", "", ""),
]


def flat():
    return [{**e, "author": e["author"]["name"]} for e in ENTRIES]


def workbook(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # "=1+1" as text, not as a formula
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def table():
    return [["id", "author", "text", "likes"], *(list(entry.values()) for entry in flat())]


def parquet_of(frame):
    out = io.BytesIO()
    frame.to_parquet(out)
    return out.getvalue()


def parquet():
    return parquet_of(pd.DataFrame(flat()))


FORMS = {
    "json": json.dumps(ENTRIES).encode(),
    "json in an object": json.dumps({"page": 1, "comments": ENTRIES}).encode(),
    "json in objects": json.dumps({"answer": {"data": ENTRIES}}, indent=1).encode("utf-16"),
    "json lines": "\n".join(map(json.dumps, ENTRIES)).encode(),
    "workbook": workbook(("Comments", table())),
    "parquet": parquet(),
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same_comments(form, packed):
    data = gzip.compress(FORMS[form]) if packed else FORMS[form]
    result = read_comments(data, name="comments")
    assert rows(result) == EXPECTED
    assert result.rejected == ()
    assert result.kind == "table"
    assert any(note.startswith("Unpacked from gzip") for note in result.notes) == packed
    assert describe_source(data).guesses.text == "text"


def test_lines_that_are_no_entries_are_named():
    text = '{"text": "one"}\n\n{"text": \n["two"]\n{"text": "three \u2028 four"}\n'
    result = read_comments(text.encode(), name="a.jsonl")
    assert [(c.line, c.text) for c in result.comments] == [(1, "one"), (5, "three \u2028 four")]
    assert [(r.line, r.reason) for r in result.rejected] == [(3, "not JSON"), (4, "not an object")]


def test_replies_become_rows_that_name_what_they_answer():
    entries = [
        {"id": 1, "text": "top", "replies": [
            {"id": 2, "text": "answer", "replies": [{"id": 3, "text": "answer to it"}]},
            {"id": 4, "text": "another"},
        ]},
        {"text": "no id", "replies": [{"text": "to whom"}]},
    ]  # fmt: skip
    result = read_comments(json.dumps(entries).encode())
    assert [(c.text, c.reply_to) for c in result.comments] == [
        ("top", ""), ("answer", "1"), ("answer to it", "2"), ("another", "1"),
        ("no id", ""), ("to whom", "row 2"),
    ]  # fmt: skip
    assert "Replies inside other comments became rows of their own: 4." in result.notes


def test_two_well_known_exports():
    def snippet(text, author):
        return {"textOriginal": text, "authorDisplayName": author, "likeCount": 1}

    top = {"id": "T", "snippet": snippet("top", "@a")}
    video = {"items": [{"snippet": {"topLevelComment": top}, "replies": {
        "comments": [{"id": "R", "snippet": snippet("reply", "@b")}]}}]}  # fmt: skip
    result = read_comments(json.dumps(video).encode())
    assert [(c.author, c.text, c.reply_to) for c in result.comments] == [
        ("@a", "top", ""), ("@b", "reply", "T"),
    ]  # fmt: skip

    def listing(*entries):
        return {"kind": "Listing", "data": {"children": [{"kind": "t1", "data": e} for e in entries]}}

    second = {"id": "c2", "body": "second", "author": "v", "replies": ""}
    first = {"id": "c1", "body": "first", "author": "u", "replies": listing(second)}
    thread = [listing({"title": "A post", "id": "p", "body": ""}), listing(first)]
    result = read_comments(json.dumps(thread).encode())
    assert [(c.comment_id, c.author, c.text, c.reply_to) for c in result.comments] == [
        ("p", "", "", ""), ("c1", "u", "first", ""), ("c2", "v", "second", "c1"),
    ]  # fmt: skip
    assert [(r.line, r.reason) for r in result.rejected] == [
        (1, "holds other entries, has no text"), (2, "holds other entries, has no text"),
    ]  # fmt: skip


def test_what_stands_beside_the_comments_is_named():
    data = b'{"title": "Troops", "comments": [{"text": "a"}], "users": [{"n": 1}]}'
    note = 'JSON: 1 entries of "comments" (left out beside it: title, users). Numbers of rows count them.'
    assert note in read_comments(data).notes


def test_values_stay_as_the_file_writes_them():
    text = (
        '[{"text": "a", "n": 1.10, "big": 12345678901234567890123, "list": [1, "x"], "yes": true, '
        '"text": "b"}]'
    )
    (comment,) = read_comments(text.encode()).comments
    assert comment.cells == ("a", "1.10", "12345678901234567890123", '[1, "x"]', "true", "b")


def test_sheets_by_name_dates_and_gaps():
    data = workbook(
        ("Other", [["nothing here"]]),
        ("Kommentare", [["Datum", "Kommentar", "Zahl"], [datetime.datetime(2024, 5, 1), "Ja", 2.0], [],
                        [datetime.datetime(2024, 5, 1, 12, 30), "Nein", 2.5]]),
    )  # fmt: skip
    result = read_comments(data, name="b.xlsx", sheet="Kommentare")
    assert [(c.line, *c.cells) for c in result.comments] == [
        (2, "2024-05-01", "Ja", "2"), (4, "2024-05-01T12:30:00", "Nein", "2.5"),
    ]  # fmt: skip
    with pytest.raises(ReadingError, match="one of the sheets 'Other', 'Kommentare', found no sheet"):
        read_comments(data, sheet="Comments")


BAD = {
    "deep array": (b'[{"a":' + b"[" * 100_000, "at most 100 levels of nesting"),
    "array in an entry": (b'[{"text": "a", "x": ' + b"[" * 600 + b"]" * 600 + b"}]", "of nesting"),
    "deep object": (b'{"a":' * 100_000, "at most 100 levels of nesting"),
    "deep entry": (b'[{"text": "a", "x": ' + b'{"y":' * 150 + b"1" + b"}" * 151 + b"]", "of nesting"),
    "cut off": (b'[{"text": "a"}, {"text":', "an error at line 1, column 25"),
    "no entries": (b'{"comments": []}', "found none"),
    "several arrays": (b'{"a": [{"x": 1}], "b": [{"y": 2}]}', "found several: 'a', 'b'"),
    "no text column": (b'[{"n": 1, "m": 2}, {"n": 2}]', "text, found the columns 'n', 'm'"),
    "no workbook": (b"PK\x03\x04 xl/workbook.xml", "found one that cannot be read"),
    "cut workbook": (FORMS["workbook"][:-200], "found one that cannot be read"),
    "another zip": (b"PK\x03\x04word/document.xml", "a ZIP archive, a damaged workbook or"),
    "no columns": (parquet_of(pd.DataFrame()), "a Parquet file with columns, found none"),
    "no parquet": (b"PAR1" + b"\0" * 100 + b"PAR1", "found one that cannot be read"),
    "cut gzip": (gzip.compress(b"text\nhello\n")[:-5], "its end missing"),
    "damaged gzip": (gzip.compress(b"text\nhello\n")[:-6] + b"123456", "damaged data"),
    "gzip and more": (gzip.compress(b"text\nhello\n") + b"more", "something behind its end"),
    "gzip in gzip": (gzip.compress(gzip.compress(b"text\nhi\n")), "a gzip file in a gzip file"),
}


@pytest.mark.parametrize("case", BAD)
def test_p13_bad_files_are_refused_in_one_line(case):
    data, message = BAD[case]
    with pytest.raises(ReadingError) as error:
        read_comments(data)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_options_for_another_kind_of_source_are_refused():
    for options, found in (
        ({"delimiter": ";"}, "workbook"), ({"encoding": "utf-8"}, "workbook"), ({"header": True}, "json"),
    ):  # fmt: skip
        with pytest.raises(ReadingError, match="Leave it out"):
            read_comments(FORMS[found], **options)
    with pytest.raises(ReadingError, match="the choice of sheet is for, found no workbook"):
        read_comments(b"text\nhello\n", sheet="One")


@pytest.mark.parametrize(
    "first", ["[1] see the footnote of it", "[01.05.24, 12:00:00] Anna: hi there", "[deleted]", "[]"]
)
def test_a_text_that_begins_like_an_array_is_no_json(first):
    data = f"text\n{first}\n".encode()
    assert read_comments(data[5:] * 3, name="a.csv", header=False).comments[0].text == first


def test_nothing_said_is_lost_beside_replies():
    entries = [{"id": 1, "full_text": "Great point", "replies": [{"id": 2, "full_text": "Indeed so"}]}]
    result = read_comments(json.dumps(entries).encode(), text_column="full_text")
    assert [(c.text, c.reply_to) for c in result.comments] == [("Great point", ""), ("Indeed so", "1")]
    result = read_comments(json.dumps({"text": "top", "replies": [{"text": "below"}]}).encode())
    assert [c.text for c in result.comments] == ["top", "below"]
    result = read_comments(b'{"text": "hello", "media": [{"url": "http://x"}]}')
    assert [c.text for c in result.comments] == ["hello"]
    result = read_comments(b'{"c1": {"text": "a"}, "c2": {"text": "b"}}')
    assert [c.cells for c in result.comments] == [("c1", "a"), ("c2", "b")]


def test_words_of_another_key_are_not_taken_for_the_comment():
    entries = [{"id": 1, "text": "hi"}, {"id": 2, "quote": {"text": "someone else's words"}}]
    result = read_comments(json.dumps(entries).encode())
    assert [c.text for c in result.comments] == ["hi", ""]
    entries = [{"author": {"id": "u7"}, "id": "c1", "text": "t", "replies": [{"text": "r"}]}]
    assert read_comments(json.dumps(entries).encode()).comments[1].reply_to == "c1"
    entries = b'[{"text": "t", "user.name": "x", "user": {"name": "y"}}]'
    assert read_comments(entries).comments[0].cells == ("t", "x", "y")


def test_half_a_character_is_shown_as_damaged_and_told():
    result = read_comments(b'[{"text": "cut emoji \\ud83d"}]')
    assert result.comments[0].text == "cut emoji \ufffd"
    assert "Halves of characters that stand alone, shown as \ufffd: in 1 rows." in result.notes


def test_an_empty_text_in_parquet_is_a_comment():
    result = read_comments(parquet_of(pd.DataFrame({"text": ["a", "", None, "b"]})))
    assert [(c.line, c.text) for c in result.comments] == [(1, "a"), (2, ""), (3, ""), (4, "b")]


def test_escapes_of_a_workbook_are_read():
    data = workbook(("One", [["text"], ["a_x000D_b _x005F_x0041_ snake_case"]]))
    assert read_comments(data).comments[0].text == "a\rb _x0041_ snake_case"


def test_many_columns_times_many_rows_are_refused(monkeypatch):
    monkeypatch.setenv("STANCE_MAX_CELLS", "1000")
    wide = [{f"k{n}": 1 for n in range(100)}, *({"text": "a"} for _ in range(20))]
    with pytest.raises(ReadingError, match="at most 1,000 cells, found 2,121"):
        read_comments("\n".join(map(json.dumps, wide)).encode())
    with pytest.raises(ReadingError, match="at most 1,000 cells"):
        read_comments(workbook(("One", [["x"] * 100, *([["a"]] * 20)])))


def test_rows_are_counted_while_a_table_is_split(monkeypatch):
    monkeypatch.setenv(ROWS.variable, "10")
    assert len(read_comments(b"text,id\n" + b"a,1\n" * 10).comments) == 10
    with pytest.raises(ReadingError, match="at most 10 rows"):
        read_comments(b"text,id\n" + b"a,1\n" * 11)


def test_what_is_no_json_stays_a_comment():
    result = read_comments(b"text\n[deleted]\n{shrug}\n[1] see the footnote\n", name="a.csv")
    assert [c.text for c in result.comments] == ["[deleted]", "{shrug}", "[1] see the footnote"]


@pytest.mark.parametrize("form", ["json", "json lines", "workbook", "parquet"])
def test_too_many_rows_are_refused(form, monkeypatch):
    monkeypatch.setenv(ROWS.variable, "2")
    with pytest.raises(ReadingError, match="at most 2 rows, found .* set STANCE_MAX_ROWS"):
        read_comments(FORMS[form])
    monkeypatch.setenv(ROWS.variable, "3")
    assert len(read_comments(FORMS[form]).comments) == 3


def test_p11_unpacked_size_is_counted_while_unpacking(monkeypatch):
    monkeypatch.setenv(UNPACKED_BYTES.variable, "1000000")
    with pytest.raises(ReadingError, match="at most 1,000,000 bytes when unpacked"):
        read_comments(gzip.compress(b"a" * 300_000_000))


def test_a_limit_that_is_no_number_is_refused(monkeypatch):
    monkeypatch.setenv(NESTING.variable, "many")
    with pytest.raises(ReadingError, match="above 0 in the environment variable STANCE_MAX_NESTING"):
        read_comments(FORMS["json"])


def test_p11_a_workbook_cannot_take_the_memory_or_all_columns():
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "x"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(ReadingError, match="at most 1,000 columns"):
        read_comments(out.getvalue())


def test_p11_a_child_that_runs_out_of_memory_gives_one_line(monkeypatch):
    monkeypatch.setenv("STANCE_MAX_SHEET_MEMORY", "1000000")
    with pytest.raises(ReadingError, match=r"Expected a (workbook|sheet)"):
        read_comments(FORMS["workbook"])


def test_p15_random_bytes_behind_a_signature_raise_only_our_error():
    rng = random.Random(0)
    for start in (b"PK\x03\x04xl/workbook.xml", b"\x1f\x8b\x08", b"PAR1", b'[{"', b'{"a'):
        for _ in range(2 if start[:1] == b"P" else 30):
            with pytest.raises(ReadingError):
                read_comments(start + rng.randbytes(300))


def test_p31_no_temporary_file_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    read_comments(FORMS["workbook"])
    assert os.listdir(tmp_path) == []


def test_a_key_that_stands_thousands_of_times_takes_no_quadratic_time():
    """Its columns are refused; counted naively, the names alone would take minutes."""
    entry = "{" + ", ".join(['"a": "b c"'] * 50_000) + ', "text": "so it is"}'
    with pytest.raises(ReadingError, match="at most 1,000 columns"):
        read_comments(f"[{entry}]".encode())


def test_replies_without_end_are_refused(monkeypatch):
    monkeypatch.setenv("STANCE_MAX_REPLIES", "5")
    entry = {"text": "a b", "replies": [{"text": "c d"}] * 5}
    with pytest.raises(ReadingError, match="replies of at most 5 comments in one entry, found 6"):
        read_comments(json.dumps([entry]).encode())
