"""A language for tests: every string of ours in ⟦ ⟧, so that what no file of strings could reach shows."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from tests.conftest import ROOT

KEYWORDS = {**DEFAULT_KEYWORDS, "numbered": (1, 2)}


def strings(locale: str = "de") -> Catalog:
    """All strings of the package and of the page, without a translation."""
    catalog = Catalog(locale=locale)
    for folder in (ROOT / "stance", ROOT):
        found = extract_from_dir(
            str(folder),
            method_map=[("**.py", "python")] if folder != ROOT else [("dashboard.py", "python")],
            keywords=KEYWORDS,
        )
        for _name, _line, message, _comments, context in found:
            catalog.add(message, context=context)
    return catalog


def write_pseudo(folder: Path, code: str = "de") -> None:
    """A file of strings in which each is itself in ⟦ ⟧."""
    catalog = strings(code)
    for message in catalog:
        if message.id:
            said = message.id if isinstance(message.id, str) else message.id[1]
            marked = f"⟦{said}⟧"
            message.string = marked if isinstance(message.id, str) else (marked, marked)
    with (folder / f"{code}.po").open("wb") as file:
        write_po(file, catalog)
