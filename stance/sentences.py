"""Sentences that are made in English and said later, in whatever language is spoken then.

For what goes both to files and to people, such as how a source was read, or an error: machines are given
the English.
"""

from __future__ import annotations

from stance.amounts import number
from stance.translation import _, pgettext


class Sentence(str):
    """An English sentence that remembers what it was made of; as a string it is English.

    >>> Sentence("JSON Lines: {n} lines.", n=1234)
    'JSON Lines: 1,234 lines.'
    """

    __slots__ = ("context", "key", "names")

    key: str
    context: str
    names: dict[str, str | int]

    def __new__(cls, key: str, context: str = "", /, **names: str | int) -> Sentence:
        """`key` stands in the file of strings, in `context` if there is one.

        Whole numbers among the names are grouped as people do.
        """
        shown = {name: value if isinstance(value, str) else f"{value:,}" for name, value in names.items()}
        sentence = super().__new__(cls, key.format(**shown))
        sentence.key, sentence.context, sentence.names = key, context, names
        return sentence

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, str | int]]:
        return (self.key, self.context), self.names


def spoken(text: str) -> str:
    """A sentence in the language that is spoken; any other text as it is."""
    if not isinstance(text, Sentence):
        return text
    shown = {
        name: spoken(value) if isinstance(value, str) else number(value)
        for name, value in text.names.items()
    }
    if not text.key:
        return ""
    said = pgettext(text.context, text.key) if text.context else _(text.key)
    return said.format(**shown)
