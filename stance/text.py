"""What the model sees of a comment: cut, cleaned, normalised. Training and scoring use the same.

Never touches the person's own text: that is stored, shown and written as it came. The order of
the steps matters: everything before the cut is linear in the length of the comment, and Unicode
normalisation, which is quadratic in CPython for some inputs, sees at most `MAX_CHARACTERS`.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass

from stance.language import is_other_language
from stance.translation import N_

MAX_CHARACTERS = 4_000
"""Comments are cut here before anything costly; 256 word pieces rarely need a third of it."""

MAX_MARKS = 8
"""Combining marks kept in a row; no living orthography stacks more."""

REASONS = ("empty", "only a link", "no words", "other language")
"""What `why_unscored` can say."""

NORMALISATION_VERSION = 3
"""Goes into a checkpoint's manifest: a model is used with the cleaning it was trained with.

2: names are masked (`stance.masking`), links go. 3: slips are mended (`stance.spelling`).
"""

# Zero-width characters, joiners, direction marks, soft hyphen, variation selectors and tags are
# not seen by a reader, so they must not be seen by the model either.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1b\x7f-\x84\x86-\x9f]")
_SPACE = re.compile(r"\s+")
_MARK = (
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
_MARKS = re.compile(f"({_MARK}{{{MAX_MARKS}}}){_MARK}+")
_URL = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"(?<![\w.])@[\w.\-]{2,}")


@dataclass(frozen=True, slots=True)
class PreparedText:
    """A comment as the model sees it; `truncated` if the model does not see its end."""

    text: str
    truncated: bool


def prepare_text(text: str) -> PreparedText:
    r"""Clean one comment for the model.

    Lone surrogates become "?", invisible characters go, white space is collapsed, HTML entities
    are resolved, links go (they take no side), user handles become "@user" (as in TweetEval,
    Barbieri et al. 2020), compatibility forms plain ones (NFKC).

    >>> prepare_text("Well\u200b   done &amp; thanks @anna.k https://x.example/1").text
    'Well done & thanks @user'
    """
    collapsed = _collapsed(text)
    named = _HANDLE.sub("@user", _URL.sub(" ", _plain(collapsed)))
    final = _SPACE.sub(" ", _INVISIBLE.sub("", named)).strip()
    truncated = len(collapsed) > MAX_CHARACTERS or len(final) > MAX_CHARACTERS
    return PreparedText(final[:MAX_CHARACTERS], truncated)


def _collapsed(text: str) -> str:
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    return _SPACE.sub(" ", visible).strip()


def _plain(collapsed: str) -> str:
    """The beginning of a text, with its links and handles."""
    cut = collapsed[:MAX_CHARACTERS]
    encodable = cut.encode("utf-8", "replace").decode("utf-8")
    resolved = html.unescape(encodable) if "&" in encodable else encodable
    return unicodedata.normalize("NFKC", _MARKS.sub(r"\1", resolved))


def why_unscored(text: str, *, any_language: bool = False) -> str:
    r"""Why a comment gets no score, in a word or three; "" if it gets one.

    A comment of emoji or punctuation alone has no word piece that the model knows, and what it says
    of a language that it was not trained on means nothing (see `stance.language`). With
    `any_language` the language is not looked at.

    >>> why_unscored("\u200b \n"), why_unscored("?!"), why_unscored("no")
    ('empty', 'no words', '')
    >>> why_unscored("https://x.example/1"), why_unscored("Und wer bezahlt das alles?")
    ('only a link', 'other language')
    """
    prepared = prepare_text(text).text
    if not prepared:
        return N_("only a link") if _URL.search(_plain(_collapsed(text))) else N_("empty")
    if not any(character.isalnum() for character in prepared):
        return N_("no words")
    return "" if any_language or not is_other_language(prepared) else N_("other language")
