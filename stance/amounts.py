"""Numbers with their nouns and units, as people read them. Computes nothing."""

from __future__ import annotations

from functools import cache

from babel.numbers import get_decimal_symbol, get_group_symbol

from stance.translation import _, language, ngettext


def number(value: float, form: str = ",") -> str:
    """A number with the signs of the language that is spoken; `form` is one of Python's.

    >>> number(1234), number(0.5, "+.2f")
    ('1,234', '+0.50')
    """
    return f"{value:{form}}".translate(_signs(language()))


@cache
def _signs(code: str) -> dict[int, str]:
    return str.maketrans({",": get_group_symbol(code), ".": get_decimal_symbol(code)})


def separators() -> str:
    """The signs before decimals and between thousands, one after the other, as Plotly wants them.

    >>> separators()
    '.,'
    """
    return get_decimal_symbol(language()) + get_group_symbol(language())


def numbered(one: str, many: str, n: int, **names: object) -> str:
    """What is said of `n` things, in the language that is spoken.

    >>> numbered("{n} comment of {all}", "{n} comments of {all}", 1234, all="5,678")
    '1,234 comments of 5,678'

    Args:
        one: for one thing.
        many: for another number of them.
        n: how many; it goes in for `{n}`.
        names: what goes in for the other placeholders.
    """
    return ngettext(one, many, n).format(n=number(n), **names)


def counted(n: int, what: str, plural: str = "") -> str:
    """A number with its noun in English, for files and the command line; people are told by `numbered`.

    >>> counted(1, "comment"), counted(2, "comment"), counted(0, "entry", "entries")
    ('1 comment', '2 comments', '0 entries')
    """
    return f"{n:,} {what if n == 1 else plural or what + 's'}"


def duration(seconds: float) -> str:
    """A time in its two largest units, for people who wait.

    >>> duration(7.4), duration(95), duration(3 * 3600 + 125), duration(float("inf"))
    ('7 s', '1 min 35 s', '3 h 2 min', 'unknown time')
    """
    if seconds == float("inf"):
        return _("unknown time")
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return _("{hours} h {minutes} min").format(hours=number(hours), minutes=minutes)
    if minutes:
        return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    return _("{seconds} s").format(seconds=rest)


def percent(share: float) -> str:
    """A share in whole per cent.

    >>> percent(0.5588)
    '56 %'
    """
    return f"{share:.0%}".replace("%", " %")


def share_text(share: float, low: float, high: float) -> str:
    """A share with its interval, in per cent.

    >>> share_text(0.5588, 0.441, 0.6705)
    '56 % (44–67)'
    """
    return f"{percent(share)} ({low * 100:.0f}–{high * 100:.0f})"
