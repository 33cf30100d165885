"""Numbers with their nouns and units, as people read them. Pure functions."""

from __future__ import annotations


def counted(n: int, what: str, plural: str = "") -> str:
    """A number with its noun.

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
        return "unknown time"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours:,} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def share_text(share: float, low: float, high: float) -> str:
    """A share with its interval, in per cent.

    >>> share_text(0.5588, 0.441, 0.6705)
    '56 % (44–67)'
    """
    return f"{share:.0%} ({low * 100:.0f}–{high * 100:.0f})".replace("%", " %")
