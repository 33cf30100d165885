"""Bytes to text: every encoding that people's programs write, and what is no text at all."""



from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.errors import ReadingError
from stance.reading.decoding import decode

RUSSIAN = "comment\nНет, это неправда.\nСогласен"
WESTERN = "comment\nSchöne Grüße aus Köln\nC'est évident, où ça ?"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (RUSSIAN.encode("utf-8"), "utf-8"),
        (RUSSIAN.encode("utf-8-sig"), "utf-8-sig"),
        (RUSSIAN.encode("utf-16"), "utf-16"),
        (b"\xfe\xff" + RUSSIAN.encode("utf-16-be"), "utf-16"),
        (RUSSIAN.encode("utf-32"), "utf-32"),
        (RUSSIAN.encode("utf-16-le"), "utf-16-le"),
        (RUSSIAN.encode("utf-16-be"), "utf-16-be"),
        (RUSSIAN.encode("cp1251"), "cp1251"),
        (RUSSIAN.encode("koi8-r"), "koi8-r"),
    ],
)
def test_russian_text_comes_back_whole(data: bytes, encoding: str) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.encoding) == (RUSSIAN, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("нет", "cp1251"),
        ("Да", "cp1251"),
        ("НЕТ ВОЙНЕ", "cp1251"),
        ("НЕТ ВОЙНЕ", "koi8-r"),
        ("id,text\n1,Это ложь\n2,USA лучше всех", "cp1251"),
        ("Привіт, їжаку, це є", "cp1251"),
        ("СССР № 5", "cp1251"),
        (WESTERN, "cp1252"),
        ("café", "cp1252"),
        ("été à la où", "cp1252"),
        ("il va à Paris", "cp1252"),
        ("it costs 5€ or £3", "cp1252"),
        ("That’s “right” – yes", "cp1252"),
        ("señor ¿qué? ¡no!", "cp1252"),
        ("È vero, perché così è", "cp1252"),
        ("Zażółć gęślą jaźń", "cp1250"),
        ("Příliš žluťoučký kůň", "cp1250"),
        ("これはペンです。とても良い記事だと思います", "shift_jis"),
    ],
)
def test_short_files_in_old_encodings_are_told_apart(text: str, encoding: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert decoded.encoding == encoding
    assert "choose the encoding" in decoded.note


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "an empty file"),
        (b"\xef\xbb\xbf", "only a byte order mark"),
        (b"\xff\xfe", "only a byte order mark"),
        (b" \r\n\t\n", "only white space"),
        (b"PK\x03\x04rest", "a ZIP archive.* Unpack it"),
        (b"\xd0\xcf\x11\xe0rest", "XLS or DOC"),
        (b"%PDF-1.7", "PDF"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"\n<!DOCTYPE html><p>", "HTML"),
        ("<html>".encode("utf-16"), "HTML"),
        (b'<?xml version="1.0"?>', "XML"),
        (b"\0" * 50 + b"ab", "mostly zero bytes"),
        (bytes(range(1, 9)) * 4, "binary data"),
    ],
)
def test_p13_what_is_no_text_is_named_with_a_way_out(data: bytes, words: str) -> None:
    with pytest.raises(ReadingError, match=words) as caught:
        decode(data)
    assert str(caught.value).startswith("Expected ")


@pytest.mark.parametrize("text", ["[deleted]\nok", "{ so be it }", "<3 this", "I <html> it"])
def test_comments_that_look_a_little_like_code_are_text(text: str) -> None:
    assert decode(text.encode()).text == text


def test_a_given_encoding_is_strict_and_names_the_line() -> None:
    data = b"id,text\r\n1,ok\r\n2,caf\xe9\r\n"
    with pytest.raises(ReadingError, match=r"utf-8, found a byte at line 3 .*0xe9.*choose another"):
        decode(data, encoding="utf-8")
    assert decode(data, encoding="cp1252").text.endswith("2,café\r\n")


@pytest.mark.parametrize("encoding", ["klingon", "hex", "rot13", "undefined", "", "a\0b"])
def test_an_unknown_encoding_is_named(encoding: str) -> None:
    with pytest.raises(ReadingError, match="name of a text encoding"):
        decode(b"text\nyes", encoding=encoding)


def test_a_damaged_byte_does_not_spoil_the_rest_of_a_utf8_file() -> None:
    decoded = decode("text\nдобро\n".encode() + b"ab\xffc\n")
    assert decoded.text == "text\nдобро\nab\ufffdc\n"
    assert "1 place is damaged" in decoded.note
    assert "line 3" in decoded.note


def test_a_utf8_mark_before_other_bytes_names_the_first_bad_line() -> None:
    with pytest.raises(ReadingError, match="first at line 2"):
        decode(b"\xef\xbb\xbftext\n\xe4\xf6\xfc")


def test_half_a_utf16_character_is_an_error_with_its_line() -> None:
    with pytest.raises(ReadingError, match="byte at line 2"):
        decode("text\nда".encode("utf-16") + b"\x04")


def test_nul_characters_in_readable_text_are_kept_and_counted() -> None:
    decoded = decode(b"text\na\0b\nok\n")
    assert decoded.text == "text\na\0b\nok\n"
    assert "1 NUL" in decoded.note


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=8192))
def test_p15_random_bytes_only_ever_raise_reading_errors(data: bytes) -> None:
    try:
        decoded = decode(data)
    except ReadingError:
        return
    assert decoded.text


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1))
def test_any_utf8_text_comes_back(text: str) -> None:
    text = f"text\n{text}".removeprefix("\ufeff")
    assert decode(text.encode()).text == text
