"""Writes the file of strings, `stance/translations/messages.pot`, and brings every `CODE.po` up to it.

    python -m scripts.strings        # after strings of the program changed: translations are kept
    python -m scripts.strings uk     # begin Ukrainian

Keys are the English words (GNU gettext); what stands empty is shown in English. Extraction and files are
Babel's. Beside strings of the code stand names out of data: targets, and the figures of the model card.
"""

import argparse
import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_from_file
from babel.messages.pofile import read_po, write_po

from stance.model.held_out import RECORD, read_held_out
from stance.targets import load_targets
from stance.translation import FOLDER, why_left_out, why_no_code

ROOT = Path(__file__).resolve().parents[1]
TEMPLATE = "messages.pot"
KEYWORDS = {**DEFAULT_KEYWORDS, "numbered": (1, 2), "Sentence": None}
SOURCES = [("**.py", "python"), ("**.html", "jinja2")]

HEADER = """\
# Strings of Comment desk. `stance/translations/CODE.po` with these keys is all that a language
# needs: copy messages.pot, or run `python -m scripts.strings CODE`, and fill in each msgstr.
# Words in {braces} are put in later: keep them, in any order. What is empty stays English."""

_VOLATILE = re.compile(
    r'^"(?:Project-Id|Report-Msgid|POT-|PO-|Last-Translator|Language-Team|Generated-By).*\n', re.M
)
"""Lines of a header that say when and with what a file was made, or nothing."""


def template():
    """All strings that people see, without translations."""
    catalog = _empty(None)
    for name, message, context in _of_code():
        catalog.add(message, locations=[(name, None)], context=context)
    for target in load_targets():
        catalog.add(target.name, locations=[("stance/targets.toml", None)], context="country")
    for figure in read_held_out().figures:
        where = f"stance/weights/{RECORD}"
        catalog.add(figure.name, locations=[(where, None)], context="figure of merit")
    return catalog


def _empty(code):
    return Catalog(locale=code, header_comment=HEADER, fuzzy=False)


def _of_code():
    """File, string (or both forms) and context of each call that looks one up."""
    for name, _, message, _, context in extract_from_dir(
        str(ROOT / "stance"), method_map=SOURCES, keywords=KEYWORDS
    ):
        yield f"stance/{name}", message, context
    page = "dashboard.py"
    for _, message, _, context in extract_from_file("python", str(ROOT / page), keywords=KEYWORDS):
        yield page, message, context


def as_file(catalog):
    """A catalogue as the text of a file; equal for equal strings, whatever the day."""
    for message in catalog:
        message.flags.discard("python-format")  # "95 % interval" is none: names go in by str.format
    out = io.BytesIO()
    write_po(out, catalog, width=100, ignore_obsolete=True, include_lineno=False, sort_by_file=True)
    return _VOLATILE.sub("", out.getvalue().decode("utf-8"))


def updated(path, strings):
    """The catalogue in a file, with the strings of today: old ones left out, new ones empty."""
    with path.open(encoding="utf-8") as file:
        catalog = read_po(file, locale=path.stem)
    catalog.update(strings, no_fuzzy_matching=True, update_header_comment=True)
    return catalog


def is_translated(message):
    """Whether a string has a translation, in every form that the language has."""
    return all(message.string) if message.pluralizable else bool(message.string)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("new", nargs="*", metavar="CODE", help="language to begin, such as uk or pt_BR")
    begun = parser.parse_args().new
    for code in begun:
        if reason := why_no_code(code):
            parser.error(reason)
    strings = template()
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / TEMPLATE).write_text(as_file(strings), encoding="utf-8")
    for code in begun:
        if not (FOLDER / f"{code}.po").exists():
            (FOLDER / f"{code}.po").write_text(as_file(_empty(code)), encoding="utf-8")
    left_out = 0
    for path in sorted(FOLDER.glob("*.po")):
        if reason := why_left_out(path):
            print(f"{path.name}: left out, no language of the page: {reason}")
            left_out += 1
            continue
        catalog = updated(path, strings)
        path.write_text(as_file(catalog), encoding="utf-8")
        empty = sum(not is_translated(message) for message in catalog if message.id)
        print(f"{path.name}: {len(catalog)} strings, {empty} without a translation")
    return 1 if left_out else 0


if __name__ == "__main__":
    raise SystemExit(main())
