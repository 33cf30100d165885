"""The language that we speak to people: English, or that of a file in `translations`. Translates no data.

Method and names are GNU gettext's: the English words are the keys; what a file lacks stays English.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError, negotiate_locale
from babel.core import get_locale_identifier, parse_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

FOLDER = Path(__file__).parent / "translations"
"""One `CODE.po` for each language, e.g. `de.po` or `pt_BR.po`; a new one needs nothing else."""

ENGLISH = "en"

_chosen: ContextVar[str] = ContextVar("language")


def languages() -> dict[str, str]:
    """Code and own name of each language there is, English first: `{"en": "English", …}`."""
    files = sorted(FOLDER.glob("*.po"))
    codes = [ENGLISH, *(path.stem for path in files if not why_left_out(path))]
    return {code: Locale.parse(code).get_display_name() or code for code in codes}


def why_left_out(path: Path) -> str:
    """Why a file is none of `languages`, in English for who wrote it; "" where it is one."""
    found = _opened(path, _changed(path))
    return found if isinstance(found, str) else ""


def why_no_code(code: str) -> str:
    """Why a file of strings cannot have this name; "" where it can."""
    try:
        expected = get_locale_identifier(parse_locale(code.replace("-", "_")))
        Locale.parse(expected)
    except (ValueError, UnknownLocaleError):
        return f"expected the code of a language, such as uk or pt_BR, found {code!r}"
    if expected == ENGLISH:
        return "expected another language than English, whose words the keys are"
    return "" if code == expected else f"expected the name {expected}.po, found {code}.po"


def language_called(tag: str) -> str | None:
    """The code of the language there is for a tag as browsers write it, `pt-BR`, or a wider one, `pt`."""
    codes = {code.lower(): code for code in languages()}
    found = negotiate_locale([tag.replace("-", "_")], codes)
    return codes[found.lower()] if found else None


def language_tag() -> str:
    """The language that is spoken as browsers write it (BCP 47): `pt-BR`."""
    return language().replace("_", "-")


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language of `languages` within the block."""
    before = _chosen.set(code)
    try:
        yield
    finally:
        _chosen.reset(before)


def follow(asked: Callable[[], str]) -> None:
    """Ask for the language where none was spoken: a thread of a server serves one person after another."""
    global _asked
    _asked = asked


def language() -> str:
    """The code of the language that is spoken."""
    return _chosen.get(None) or _asked()


def _(message: str) -> str:
    """`message` in the language that is spoken. Names go in after it: `_("{n} of {all}").format(…)`."""
    return _spoken().gettext(message)


def ngettext(one: str, many: str, n: int) -> str:
    """`one` or `many`, whichever `n` takes, in the language that is spoken."""
    return _spoken().ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """As `_`, for a word that means other things elsewhere; `context` tells translators which."""
    return _spoken().pgettext(context, message)


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Marks a constant for the file of strings; it is translated where it is shown, by `_`."""
    return message


def _english() -> str:
    return ENGLISH


_asked: Callable[[], str] = _english


def _spoken() -> gettext.NullTranslations:
    return _read(language())


@cache
def _read(code: str) -> gettext.NullTranslations:
    if code == ENGLISH:
        return gettext.NullTranslations()
    path = FOLDER / f"{code}.po"
    found = _opened(path, _changed(path))
    if isinstance(found, str):
        raise ValueError(f"{path}: {found}")
    return found


@cache
def _opened(path: Path, changed: int) -> gettext.NullTranslations | str:
    """The strings of a file as it is since `changed`, or why it is none of `languages`."""
    if reason := why_no_code(path.stem):
        return reason
    compiled = io.BytesIO()
    try:
        with path.open(encoding="utf-8") as file:
            write_mo(compiled, read_po(file, locale=path.stem, abort_invalid=True))
        compiled.seek(0)
        return gettext.GNUTranslations(compiled)
    except Exception as error:  # Babel lets through what its parts raise, and a page stands behind this
        return f"expected a file of gettext's form (PO) in UTF-8, found {error}"


def _changed(path: Path) -> int:
    """When a file was, in nanoseconds; a link to nothing never."""
    return path.stat().st_mtime_ns if path.exists() else 0
