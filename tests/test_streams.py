"""Large files in pieces: the same comments, notes and errors as read whole, whatever the file."""

import codecs
import gzip
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ReadingError
from stance.limits import CELL_CHARACTERS, LINE_CHARACTERS, REJECTED, UNPACKED_BYTES
from stance.reading import read_comments
from stance.reading.columns import ColumnChoice
from stance.reading.streams import open_comments, stream_of
from stance.records import RejectedRow

TALK = "Nobody asked us, and it shows.", "Well said!", "So what, then?", "Très bien, merci à tous."


def both(path, **options):
    """What a file gives read whole and in pieces: head, comments and rows not used, or the error."""
    outcomes = []
    for whole in (True, False):
        try:
            if whole:
                stream = stream_of(read_comments(path, **options), "")
            else:
                stream = open_comments(path, stream_bytes=0, **options)
            rows = list(stream.rows())
        except ReadingError as error:
            outcomes.append(str(error))
            continue
        comments = [row for row in rows if not isinstance(row, RejectedRow)]
        rejected = sorted(
            (row for row in rows if isinstance(row, RejectedRow)), key=lambda row: row.line
        )
        head = stream.head
        outcomes.append(
            (head.name, head.columns, head.notes, head.kind, head.confidence, comments, rejected,
             dict(sorted(stream.rejected.items())), stream.n_comments)
        )  # fmt: skip
    return outcomes


def many(line, n=300):
    return "".join(line.format(i=i, t=TALK[i % 4]) for i in range(n))


FILES = {
    "plain": "id,text\n" + many('{i},"{t}"\n'),
    "ids twice": "id,text\n1,a b\n1,c d\n2,a b\n2,a b\n",
    "no ids": "name;comment\nAnn;a b\nBob;c d\nAnn;a b\n",
    "blank id": "id,text\n1,a b\n ,c d\n",
    "ragged": "id,text,likes\n1,good,x,5\n2,fine,3\n3,short\n4,well,7\n",
    "title above": "Report of May\n\nid,text,likes\n1,good it is,3\n2,bad it is,4\n",
    "sep line": "sep=;\nid;text\n1;a, b\n2;c, d\n",
    "blank lines": "id,text\n\n1,a b\n   \n2,c d\n\n\n",
    "no header": many("{i},\"{t}\"\n", 50),
    "one column": "comment\nWell, well\nSo, so, so\n",
    "literal quotes": 'id\ttext\n1\t"Yes", he said\n2\t"No", she said\n',
    "open quote": 'id,text\n1,"a b\n2,c d\n',
    "open quote in tabs": 'id\ttext\n1\t"a b\n2\tc "d\n',
    "swallowed": 'id,text\n1,"a b\n' + many("{i},word word\n", 20) + '99,c" d\n',
    "quoted lines": 'id,text\n1,"a\r\nb ""c"""\n2,"d\ne"\n',
    "lone returns": "id,text\r1,a b\r2,c d\r",
    "extra cell": "id,text\n1,a b,\n2,c d,\n",
    "blank names": "id,,text,\n1,x,a b,\n2,y,c d,z\n3,y,e f\n",
    "header only": "id,text\n",
    "no row fits": "id,text\n1,good,x\n",
    "no text": "author,age\nAnn,7\nBob,8\n",
    "surrogates": "id,text\n1,\ud800 a\n",
    "private": "comment\n\ue000 a\n\ue001, b\n",
    "nul": "id,text\n1,a\0b c\n2,d e\n",
    "controls": "id,text\n" + "\x01\x02\x03\x04" * 20,
    "html": "<!doctype html><html>\n<p>1,2\n",
    "white": "   \n \n",
    "page": "Headline\n\nComments\n\nAnn\nWell said, all of it!\n\nBob\nNo it is not, sorry.\n",
    "json lines": many('{{"id": "{i}", "text": "{t}", "a": {{"b": {i}}}}}\n'),
    "json lines with faults": '{"text": "a b"}\n{"text": \nnull\n\n[1]\n'
    '{"text": "c", "x": 12345678901234567890}\n',
    "json lines with replies":
    '{"id": 1, "a": {"text": "a b"}, "replies": [{"id": 2, "b": {"text": "c"}}]}\n'
    '{"id": 3, "a": {"text": "\\ud800"}, "later": 1}\n',
    "json lines without text": '{"a": 1}\n{"a": 2}\n',
    "json lines, ids twice": '{"id": 1, "text": "a b"}\n{"id": 1, "text": "a b"}\n',
    "json": json.dumps([{"text": "a b"}, {"text": "c"}]),
    "json cut": '[{"text": "a b"},\n{"text": "c"',
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("name", FILES)
def test_p13_in_pieces_as_whole(tmp_path, name, packed):
    data = FILES[name].encode("utf-8", "surrogatepass")
    path = tmp_path / f"{name}.csv"
    path.write_bytes(gzip.compress(data) if packed else data)
    whole, pieces = both(path)
    assert pieces == whole


@pytest.mark.parametrize(
    "options",
    [
        {"columns": ColumnChoice(text="name")},
        {"columns": ColumnChoice(text="nothing")},
        {"delimiter": "|"},
        {"header": False},
        {"header": True},
        {"kind": "table"},
        {"kind": "page"},
        {"encoding": "cp1251"},
        {"encoding": "utf-7x"},
        {"encoding": "ascii"},
        {"sheet": "x"},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["no ids", "json lines", "page"])
def test_options_in_pieces_as_whole(tmp_path, name, options):
    path = tmp_path / "a.txt"
    path.write_text(FILES[name] + "é", encoding="utf-8")
    whole, pieces = both(path, **options)
    assert pieces == whole


RUSSIAN = "Нет, автор неправ", "Хватит кормить чужую войну", "И это правда, ёлки"
ENCODED = {
    "utf-8 with mark": codecs.BOM_UTF8 + "id,text\n1,é è\n".encode(),
    "utf-16": "id,text\n1,é è\n2,\ufeffc d\n".encode("utf-16"),
    "utf-16 without mark": "id,text\n1,a b\n2,c d\n".encode("utf-16-le"),
    "utf-32": "id,text\n1,é è\n".encode("utf-32"),
    "cp1251": ("id,text\n" + "".join(f"{i},{RUSSIAN[i % 3]}\n" for i in range(90))).encode("cp1251"),
    "cp1252": "id;text\n1;Das ist schön\n2;Früher war’s besser\n".encode("cp1252"),
    "shift_jis": "id,text\n1,これはひどい話ですね\n2,本当にそう思います\n".encode("shift_jis"),
    "damaged": "id,text\n1,é è ü ö ä\n2,a \udce9\udce9 b\n3,\udcff\n".encode("utf-8", "surrogateescape"),
    "a little damaged": ("id,text\n1,é è ü ö ä é è ü ö ä\n2,a \udce9\udce9 b\n"
                         .encode("utf-8", "surrogateescape")),
    "marked, not utf-8": codecs.BOM_UTF8 + "id,text\n1,a b\n2,\u00e9\u00e9".encode("cp1252"),
    "mark in the middle": "id,text\n1,\ufeffa b\n".encode(),
    "pdf": b"%PDF-1.4\n1,2\n",
    "empty": b"",
    "mark only": codecs.BOM_UTF8,
    "zeros": b"\0" * 100 + b"a,b\n",
    "cut gzip": gzip.compress(b"id,text\n1,a b\n" * 999)[:-20],
    "tail behind gzip": gzip.compress(b"id,text\n1,a b\n") + b"garbage here",
    "gzip in gzip": gzip.compress(gzip.compress(b"id,text\n1,a b\n")),
}  # fmt: skip


@pytest.mark.parametrize("name", ENCODED)
def test_encodings_in_pieces_as_whole(tmp_path, name):
    path = tmp_path / "a.csv"
    path.write_bytes(ENCODED[name])
    whole, pieces = both(path)
    assert pieces == whole


@pytest.mark.parametrize("encoding", ["utf-16", "UTF_16", "utf-32"])
def test_a_given_encoding_without_its_mark_in_pieces_as_whole(tmp_path, encoding):
    path = tmp_path / "a.csv"
    text = "id,text\n1,é è\n2,c d\n"
    for data in (text.encode(encoding), text.encode(f"{encoding.replace('_', '-')}-le")):
        path.write_bytes(data)
        whole, pieces = both(path, encoding=encoding)
        assert pieces == whole
        assert len(whole[5]) == 2


def test_leading_blank_lines_and_missing_files_in_pieces_as_whole(tmp_path, monkeypatch):
    monkeypatch.setattr("stance.reading.surveys._HEAD_BYTES", 50)
    path = tmp_path / "a.csv"
    path.write_text("\n" * 100 + "id,text\n1,a b\n")
    whole, pieces = both(path)
    assert pieces == whole
    assert whole[5][0].text == "a b"
    whole, pieces = both(tmp_path / "none.csv")
    assert pieces == whole
    assert "found nothing there" in whole


@pytest.mark.parametrize("block", [1, 7, 64])
def test_where_the_blocks_are_cut_changes_nothing(tmp_path, monkeypatch, block):
    monkeypatch.setattr("stance.reading.surveys._BLOCK", block)
    for name in ("damaged", "a little damaged", "cp1251", "utf-16"):
        path = tmp_path / "a.csv"
        path.write_bytes(ENCODED[name].replace(b"\n", b"\r\n") if name != "utf-16" else ENCODED[name])
        whole, pieces = both(path)
        assert pieces == whole


CELL = st.text(st.sampled_from('ab \n\r",;\té\ud800\ufeff=1'), max_size=8)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(CELL, min_size=1, max_size=4), min_size=1, max_size=12), st.sampled_from(",;\t"))
def test_any_table_in_pieces_as_whole(tmp_path_factory, rows, delimiter):
    text = "id,text\n".replace(",", delimiter) + "\n".join(delimiter.join(row) for row in rows)
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    whole, pieces = both(path)
    assert pieces == whole


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_p15_any_bytes_in_pieces_as_whole(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("any") / "a.csv"
    path.write_bytes(data)
    whole, pieces = both(path)
    assert pieces == whole


def test_chunks_hold_every_row_once_and_can_be_asked_for_again(tmp_path):
    generator = random.Random(5)
    lines = [f"{i},{TALK[i % 3]}" + ("" if generator.random() < 0.8 else ",x") for i in range(1000)]
    path = tmp_path / "a.csv"
    path.write_text("id;text\n".replace(";", ",") + "\n".join(lines).replace(" asked us,", " asked us"))
    stream = open_comments(path, stream_bytes=0)
    whole = read_comments(path)
    for _ in range(2):
        chunks = list(stream.chunks(64))
        assert [len(chunk.comments) for chunk in chunks[:-1]] == [64] * (len(chunks) - 1)
        assert [c for chunk in chunks for c in chunk.comments] == list(whole.comments)
        assert [r for chunk in chunks for r in chunk.rejected] == list(whole.rejected)
        for chunk in chunks:
            for row in chunk.rejected:
                assert row.line < chunk.comments[-1].line or chunk is chunks[-1]


def test_a_file_that_changed_between_the_two_passes_is_an_error(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("id,text\n1,a b\n2,c d\n")
    stream = open_comments(path, stream_bytes=0)
    path.write_text("id,text\n1,a b\n")
    with pytest.raises(ReadingError, match="2 comments as when .* found 1: it was changed"):
        list(stream.chunks(10))


@pytest.mark.parametrize(
    ("limit", "value", "data", "words"),
    [
        (LINE_CHARACTERS, 50, "id,text\n1," + "a b " * 20, "a line 2 of at most 50 characters in a line"),
        (CELL_CHARACTERS, 50, "id,text\n1," + "a b " * 20, "at most 50 characters, found a longer one"),
        (REJECTED, 5, "id,text\n1,a\n" + "1,2,3\n" * 9, "at most 5 rows that cannot be used, found 6"),
    ],
)
def test_limits_of_what_is_read_in_pieces(tmp_path, monkeypatch, limit, value, data, words):
    monkeypatch.setenv(limit.variable, str(value))
    path = tmp_path / "a.csv"
    path.write_text(data)
    with pytest.raises(ReadingError, match=words):
        open_comments(path, stream_bytes=0)


def test_p11_what_unpacks_to_too_much_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv(UNPACKED_BYTES.variable, "1000")
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"id,text\n" + b"1,a b\n" * 1000))
    with pytest.raises(ReadingError, match="at most 1,000 bytes when unpacked"):
        open_comments(path, stream_bytes=0)
