import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.text import MAX_CHARACTERS, REASONS, prepare_text, why_unscored

PREPARED = [
    ("  two \n\n words\t", "two words"),
    ("zero\u200bwidth", "zerowidth"),
    ("ｆｕｌｌ width", "full width"),
    ("see https://x.example/a?b=1 now", "see now"),
    ("@anna.k said", "@user said"),
    ("mail a@b.example", "mail a@b.example"),
    ("Tom &amp; Jerry &#39;90", "Tom & Jerry '90"),
    ("\ud800 alone", "? alone"),
    ("e" + "\u0301" * 50, "é" + "\u0301" * 7),
]


@pytest.mark.parametrize(("text", "expected"), PREPARED)
def test_prepare(text, expected):
    assert prepare_text(text).text == expected


def test_what_is_cut_is_marked():
    assert prepare_text("word " * 1_000).truncated
    assert len(prepare_text("word " * 1_000).text) <= MAX_CHARACTERS
    assert not prepare_text(" " * 10_000 + "short").truncated


@given(st.text())
def test_p23_preparing_is_stable_and_encodable(text):
    once = prepare_text(text).text
    once.encode("utf-8")
    assert "\n" not in once
    assert once == once.strip()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        *(("", "empty"), ("\u2060 \n", "empty"), ("&nbsp;", "empty"), ("...", "no words"), ("ok", "")),
        (" https://a.example/b?c=1 ", "only a link"),
        ("www.a.example\nHTTPS://b.example/", "only a link"),
        ("ｈｔｔｐｓ://a.example", "only a link"),
        ("https://a.example !", "no words"),
        ("so https://a.example", ""),
    ],
)
def test_p26_why_unscored(text, reason):
    assert why_unscored(text) == reason
    assert reason in ("", *REASONS)
