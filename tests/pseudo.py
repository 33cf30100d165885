"""A language for tests: every string of ours in ⟦ ⟧, so that what no file of strings could reach shows."""

from __future__ import annotations

from pathlib import Path

from babel.messages.catalog import Catalog

from scripts.strings import as_file, template


def write_pseudo(folder: Path, code: str = "de") -> None:
    """A file of strings for German, or another language of two forms, in which each is itself in ⟦ ⟧."""
    catalog = Catalog(locale=code)
    for message in template():
        if message.id:
            forms = [message.id] if isinstance(message.id, str) else message.id
            marked = [f"⟦{form}⟧" for form in forms]
            catalog.add(message.id, marked[0] if len(marked) == 1 else marked, context=message.context)
    (folder / f"{code}.po").write_text(as_file(catalog), encoding="utf-8")
