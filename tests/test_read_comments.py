"""The door: paths and bytes, tables and pages, and what is said about how they were read."""



from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ReadingError
from stance.reading import read_comments
from stance.records import PAGE_COLUMNS

TABLE = "id;text\n1;Das ist schön\n2;Nein, nie\n"
PAGE = """Comments (3)

Anna Schmidt
2 hours ago
I do not think that this will help anyone, least of all us.
Like · Reply · 5

Bob
3 hours ago
Finally somebody says it!
Like · Reply · 2

Carl
5 hours ago
The article is wrong about the numbers, see the report of last year.
Like · Reply · 0
"""


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt", "no_suffix"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_tables_are_known_by_their_content(tmp_path: Path, name: str, encoding: str) -> None:
    path = tmp_path / name
    path.write_bytes(TABLE.encode(encoding))
    result = read_comments(path)
    assert [c.text for c in result.comments] == ["Das ist schön", "Nein, nie"]
    assert (result.name, result.columns) == (name, ("id", "text"))
    assert read_comments(str(path)) == result


@pytest.mark.parametrize("name", ["page.txt", "page.csv"])
def test_pages_are_known_by_their_content(name: str) -> None:
    result = read_comments(PAGE.encode(), name=name)
    assert result.columns == PAGE_COLUMNS
    assert len(result.comments) == 3
    assert result.notes[0] == "Read as UTF-8."


def test_a_lone_column_in_a_csv_file_is_a_table() -> None:
    result = read_comments(b"comment\nyes, indeed\nno\n", name="a.csv")
    assert [c.text for c in result.comments] == ["yes, indeed", "no"]


def test_table_options_make_it_a_table() -> None:
    result = read_comments(b"Yes, indeed\nNo\n", header=False)
    assert [c.text for c in result.comments] == ["Yes, indeed", "No"]
    assert read_comments(b"a,b\nx y,z\n", text_column="b").comments[0].text == "z"
    assert read_comments(b"a;b,c\nx y;z\n", delimiter=";", header=True).columns == ("a", "b,c")
    assert len(read_comments(PAGE.encode(), kind="table").comments) == 13


def test_options_for_tables_do_not_go_with_pages() -> None:
    with pytest.raises(ReadingError, match="options for tables"):
        read_comments(PAGE.encode(), kind="page", text_column="text")


def test_notes_say_how_a_table_was_understood() -> None:
    assert read_comments(TABLE.encode("cp1252"), name="a.csv").notes == (
        "The file is not UTF-8; read as cp1252, judged by its words. "
        "Where letters look wrong, choose the encoding.",
        "Cells are separated by: semicolon.",
        "Line 1 is the header.",
        'Comments are in the column "text" (by its name).',
    )


def test_the_encoding_can_be_given() -> None:
    result = read_comments("text,x\nда нет,1\n".encode("koi8-r"), encoding="koi8-r")
    assert result.comments[0].text == "да нет"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("/no/such/file.csv", "found nothing there"),
        ("/", "found a folder"),
        ("a\0b", "no readable file"),
        ("text\n" * 2000, "give pasted text as bytes"),
        (b"", "an empty file"),
        (b"PK\x03\x04", "Unpack it"),
    ],
)
def test_p13_what_cannot_be_read_is_said_in_words(source: str | bytes, words: str) -> None:
    with pytest.raises(ReadingError, match=words):
        read_comments(source)


def test_prose_is_no_set_of_comments() -> None:
    prose = "The quick brown fox jumps over the lazy dog. " * 40
    with pytest.raises(ReadingError):
        read_comments(prose.encode(), name="story.txt")


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=8192) | st.text(max_size=500).map(str.encode))
def test_p15_random_bytes_only_ever_raise_reading_errors(data: bytes) -> None:
    try:
        result = read_comments(data)
    except ReadingError:
        return
    assert result.comments


def test_reading_loads_no_heavy_package() -> None:
    code = (
        "import sys, stance.reading;print(*{'torch', 'streamlit'} & sys.modules.keys())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=Path(__file__).parent.parent,
    )  # fmt: skip
    assert done.stdout.strip() == ""
