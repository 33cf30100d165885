"""Asks how a source is laid out: one of our words, or a name that is the same in every language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import streamlit as st

from stance.page.choosing import titles_for
from stance.translation import N_, _

ENCODINGS = ("utf-8", "utf-16", "windows-1251", "windows-1252", "windows-1250", "koi8-r")
DELIMITERS = {",": N_("comma"), ";": N_("semicolon"), "\t": N_("tab"), "|": N_("bar")}

FOUND = N_("as found")
NO_COLUMN = N_("no such column")

_KINDS = {FOUND: None, N_("a table"): "table", N_("a pasted page"): "page"}
_HEADERS = {FOUND: None, N_("yes"): True, N_("no"): False}


class Layout(NamedTuple):
    """What the person says of how a source is laid out; None where it is to be found."""

    encoding: str | None
    delimiter: str | None
    header: bool | None
    sheet: str | None


def ask_layout(key: str) -> tuple[str | None, Layout]:
    """The kind of a source, None where it is to be found, and how it is laid out."""
    first = st.columns(3)
    kind = _KINDS[one_of(first[0], _("It is"), list(_KINDS), f"kind {key}")]
    encoding = one_of(first[1], _("Encoding"), [FOUND], f"encoding {key}", names=ENCODINGS)
    named = {FOUND: None} | {title: sign for sign, title in DELIMITERS.items()}
    delimiter = named[one_of(first[2], _("Between cells"), list(named), f"cells {key}")]
    asked = _("First row holds the column names")
    header = _HEADERS[one_of(first[0], asked, list(_HEADERS), f"header {key}")]
    sheet = first[1].text_input(
        _("Sheet of a workbook"), placeholder=_("its first"), key=f"sheet {key}"
    )
    chosen = None if encoding == FOUND else encoding
    return kind, Layout(chosen, delimiter, header, sheet or None)


def one_of(
    place: st.delta_generator.DeltaGenerator,
    label: str,
    words: Sequence[str],
    key: str,
    names: Sequence[str] = (),
) -> str:
    """One of our words, or of names, which are the same in every language."""
    titles = titles_for(
        key,
        lambda: {name: name for name in names} | {word: _(word) for word in words},
        bound=False,
    )
    chosen = place.selectbox(
        label, [*words, *names], format_func=lambda name: titles.get(name, name), key=key
    )
    return str(chosen)
