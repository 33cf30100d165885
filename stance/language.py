"""Whether a comment is in a language that the model was not trained on: one question, one answer.

The model knows English. What becomes of a comment in another language is not decided here but in
`text.why_unscored`. The identifier is py3langid (Barbaresi; a fork of langid.py, Lui and Baldwin
2012): naive Bayes over byte n-grams, pure Python and NumPy, its model inside the package, so
nothing is ever downloaded. It takes a second to load, so the first comment that needs it loads it.

Measured with the settings below, on texts as `prepare_text` gives them:

- false alarms on English: 0 of 500 comments (`dev`), 1 of 14,987 (`train`: "Glory to ukrain");
- found: 116 of 120 short comments in ten languages (`tests/language_tables.py`; their median is 40
  characters, the missed ones have two or three words), 8,082 of 8,149 Turkish tweets;
- missed: Russian and Ukrainian in Latin letters, which the identifier does not know;
- 0.12 ms of one core a comment; the identifier loads in 0.6 s and takes some 120 MB.
"""

from __future__ import annotations

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

MARGIN = 0.5
"""How much more probable than English another language must be. At 0.3 two more of the 120 are
found and five more English ones flagged ("Stand for Ukraine"), and losing those is worse."""

MIN_LETTERS = 10
"""Below this many Latin letters ("lol", "Bravo!", a surname) no identifier can tell."""

MAX_SCANNED = 250
"""Characters looked at: the language shows long before, and the time stays bounded."""

_OTHER_SCRIPT_SHARE = 2 / 3  # "Слава Україні! Thanks" is still a reader of English
_MIN_OTHER_SCRIPT = 3  # one letter may be a face: ¯\_(ツ)_/¯

# Languages in Latin script with many readers; other scripts are told by their letters. The others
# that the identifier knows (Nigerian Pidgin, Latin, Welsh, Afrikaans and so on) caused most false alarms.
_LANGUAGES = (
    *("en", "az", "bs", "ca", "cs", "da", "de", "es", "et", "eu", "fi", "fr", "ga", "hr"),
    *("hu", "id", "is", "it", "lt", "lv", "ms", "mt", "nl", "no", "pl", "pt", "ro"),
    *("sk", "sl", "sq", "sv", "sw", "tl", "tr", "uz", "vi"),
)

_LETTER = re.compile(r"[^\W\d_]")
_NOT_LATIN = re.compile(r"[^\W\d_A-Za-z\u00aa\u00ba\u00c0-\u02af\u1d00-\u1dbf\u1e00-\u1eff]")
# Stand-ins of `prepare_text`, signs and digits belong to no language.
_NO_LANGUAGE = re.compile(r"@user\b|\bhttp\b|[#\d_]+")
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»')


def is_other_language(prepared: str) -> bool:
    """Whether a text, as `prepare_text` gives it, is clearly not English.

    True if more than two thirds of its letters are not Latin, or if, by the identifier, another
    language is more probable than English by `MARGIN`. What is quoted does not count where enough
    is left without it, and what is too short to tell counts as English.

    >>> is_other_language("Und wer bezahlt das alles?"), is_other_language("And who pays?")
    (True, False)
    """
    text = _NO_LANGUAGE.sub(" ", prepared[:MAX_SCANNED])
    own = _QUOTED.sub(" ", text)
    if _letters(own) >= MIN_LETTERS:
        text = own
    if not text.isascii():
        n_other = len(_NOT_LATIN.findall(text))
        if n_other >= _MIN_OTHER_SCRIPT and n_other > _OTHER_SCRIPT_SHARE * _letters(text):
            return True
        text = _NOT_LATIN.sub(" ", text)
    n_letters = _letters(text)
    if n_letters < MIN_LETTERS:
        return False
    # Shouted text looks foreign: the identifier learned from sentences.
    if sum(map(str.isupper, text)) > n_letters / 2:
        text = text.lower()
    probabilities: dict[str, float] = dict(_identifier().rank(text))
    return max(probabilities.values()) - probabilities["en"] > MARGIN


def _letters(text: str) -> int:
    return len(_LETTER.findall(text))


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_LANGUAGES)
    return identifier
