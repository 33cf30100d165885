"""A language for tests: every string of ours stands in ⟦ ⟧, so that what no file of strings reaches shows.

What is put into a string stands outside them: so a piece of English that is put in shows too.
"""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.pofile import read_po

from scripts.strings import TEMPLATE, as_file
from stance.translation import FOLDER

_FIELD = re.compile(r"\{[^}]*\}")


def write_pseudo(folder: Path) -> None:
    """Its code is that of German, whose names of days and months stand in dates."""
    with (FOLDER / TEMPLATE).open(encoding="utf-8") as file:
        catalog = read_po(file, locale="de")
    for message in filter(lambda message: message.id, catalog):
        ids = message.id if message.pluralizable else (message.id,)
        said = tuple(f"⟦{_FIELD.sub(lambda field: f'⟧{field[0]}⟦', each)}⟧" for each in ids)
        message.string = said if message.pluralizable else said[0]
    (folder / "de.po").write_text(as_file(catalog), encoding="utf-8")


def unmarked(text: str) -> str:
    """A text as it would stand there in English."""
    return text.replace("⟦", "").replace("⟧", "")
