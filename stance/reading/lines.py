"""Classifies one line of a pasted page: blank, marker (time, likes, interface words) or content.

Looks at one line at a time and knows no site. Which content line is an author and which is text
is decided in `pattern`, from the lines together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# Zero-width and direction marks that pages put around names and numbers, and the odd spaces.
_INVISIBLE = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)])
_INVISIBLE |= {0xFEFF: None, 0xAD: None, 0xFE0F: None}
_SPACES = dict.fromkeys([0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")

MARKER_LENGTH = 80
"""A longer line is never a marker and never an author."""


class Kind(StrEnum):
    """What a line is by its own words."""

    BLANK = "blank"
    MARKER = "marker"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Line:
    """One line. `raw` is the page's own text without the spaces at its ends; `plain` is the same
    without invisible characters. The other fields hold what a marker says.
    """

    number: int
    raw: str
    plain: str
    kind: Kind
    time: str = ""
    likes: str = ""
    reply_to: str = ""
    interface: bool = False


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?"
    r"(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?"
_ZONE = r"(?:\s*\(?(?:gmt|bst|utc|ces?t|e[sd]?t|p[sd]?t|z)\)?(?:[+-]\d+)?)?"
_CLOCK = (
    rf"(?:\d{{1,2}}:\d\d(?::\d\d)?(?:\s*[ap]\.?m\.?)?|\d{{1,2}}(?:\.\d\d)?\s*[ap]\.?m\.?){_ZONE}"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"(?:\d{{4}}[-/]\d\d?[-/]\d\d?|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}"
    rf"|{_DAY}\s+(?:of\s+)?{_MONTH},?(?:\s+\d{{4}})?|{_MONTH}\s+{_DAY}(?:,?\s+\d{{4}})?)"
)
_JOIN = r"(?:,|\s+at|\s*[-–—•·|]|t)?\s*"
_DOTTED = r"\d{1,2}[.:]\d\d"
_UNIT = (
    r"(?:seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|wks?|w|months?|mos?"
    r"|years?|yrs?|y)\.?"
)
_AMOUNT = r"(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|(?:a )?few|moments?)"
_RELATIVE = (
    rf"(?:(?:about|over|almost|around|less than|more than)\s+)?(?:{_AMOUNT}\s*{_UNIT}|moments?)\s+ago"
    r"|(?-i:\d{1,3}\s?(?:s|min|mins|m|hr|hrs|h|d|w|wk|wks|mo|mos|y|yr|yrs))"
    r"|\d{1,3}\s(?:minutes?|hours?|days?|weeks?|months?|years?)"
    r"|just now|last (?:week|month|year)"
    rf"|(?:yesterday|today|{_WEEKDAY})(?:{_JOIN}{_CLOCK})"
    r"|yesterday|today"
)
_ABSOLUTE = (
    rf"(?:{_WEEKDAY},?\s+)?{_DATE}(?:{_JOIN}(?:{_CLOCK}|{_DOTTED}))?"
    rf"|{_CLOCK}(?:(?:,|\s+on|\s*[-–—•·|])?\s*(?:{_WEEKDAY},?\s+)?{_DATE})?"
)
_EDITED = r"(?:\s*[•·,-]?\s*(?:\((?:last )?edited\)|\[edited\]|(?:last )?edited))?"
TIME = rf"(?:{_RELATIVE}|{_ABSOLUTE}){_EDITED}"
_TIME_LINE = re.compile(
    rf"(?:(?:posted|published|commented|replied|updated|written|added|date|time)?:?\s*"
    rf"(?:on|at)?\s*)?[(\[]?({TIME})[)\]]?[.:]?",
    re.IGNORECASE,
)

_NUMBER = r"[+−-]?\d{1,3}(?:(?:[,.]\d{3})+|\d{0,6})(?:[.,]\d+)?\s?[km]?"
_UP = "▲△↑⬆👍❤♥♡👏🔺⇧"
_DOWN = "▼▽↓⬇👎🔻⇩"
_LIKE_WORD = (
    r"(?:likes?|liked|points?|up-?votes?|recommend(?:ed|s|ations?)?|votes?|score|rating|thumbs up"
    r"|agrees?|hearts?|reactions?|people (?:like|liked|recommend) this|people found this helpful)"
)
_COUNT = re.compile(
    rf"(?:[{_UP}]+\s*|{_LIKE_WORD}\s*:?\s*)?\(?({_NUMBER})\)?(?:\s*(?:{_LIKE_WORD}|[{_UP}]+))?"
    rf"(?:[\s/|]*[{_DOWN}]*\s*(?:dislikes?:?\s*)?\(?{_NUMBER}\)?"
    rf"(?:\s*(?:dislikes?|down-?votes?|[{_DOWN}]+))?)?",
    re.IGNORECASE,
)
_DISLIKES = re.compile(
    rf"(?:[{_DOWN}]\s*|dislikes?:?\s*){_NUMBER}|{_NUMBER}\s*(?:dislikes?|[{_DOWN}])", re.IGNORECASE
)

_INTERFACE_WORDS = frozenset(
    """reply|replies|share|share this|report|report abuse|report comment|flag|flag as inappropriate
|like|liked|dislike|likes|upvote|downvote|up vote|down vote|vote up|vote down|thumbs up
|thumbs down|follow|following|unfollow|follow user|block|block user|mute|ignore|save|bookmark
|copy link|link|permalink|embed|quote|edit|delete|more|less|read more|read less|see more|see less
|show more|show less|load more|view more|expand|collapse|sort by|sort|sorted by|newest|oldest
|newest first|oldest first|most recent|most liked|most relevant|most replies|best|top rated
|latest|popular|sort by best|log in|login|sign in|sign up|register|subscribe|log out|sign out
|pinned|pinned comment|pinned by|top comment|top commenter|top fan|editor's pick|editors' pick
|editor's picks|featured|featured comment|staff pick|verified|subscriber|premium|moderator
|recommend|recommended|recommends|respond|respect|award|give award|tip|post|post comment
|post a comment|submit|cancel|send|publish|add a comment|add comment|add your comment
|leave a comment|leave a reply|write a comment|write a reply|write your comment|join the discussion
|start the discussion|join the conversation|what are your thoughts|your comment|comment
|log in to comment|login to comment|sign in to comment|log in to reply|sign in to reply
|log in or register to comment|please log in to comment|you must be logged in to comment
|comments are closed|comments are closed for this article|comment closed|hide|hide replies
|hide reply|show replies|view replies|see replies|view reply|show reply|view all replies
|show all replies|view all comments|show all comments|show more comments|load more comments
|see more comments|view more comments|more comments|load comments|show comments|hide comments
|view comments|see all comments|read all comments|next|previous|prev|back|back to top|next page
|previous page|first|last|loading|loading comments|rate|rate this|rate this comment|click to rate
|rating|was this helpful|agree|disagree|helpful|funny|insightful|upvotes|downvotes|options|menu
|close|avatar|user avatar|profile picture|profile photo|user profile|skip to content
|skip to main content|advertisement|ad|sponsored|translate|see translation|show translation
|translate to english|edited|(edited)|notify me|community guidelines|view profile|new|in reply to
|reply to|filter|all|print|email|tweet|facebook|twitter|whatsapp|copy|copied|op|share comment
|like comment|reply to comment|+ follow|show original|show parent|view context|jump to comment
|listen|gift this article|share full article|save article|share article|share this article""".replace(
        "\n", ""
    ).split("|")
)
_INTERFACE = re.compile(
    r"sort(?:ed)? by\b.{0,30}|(?:view|show|see|load|hide|read|open|expand)\s+(?:all\s+|the\s+)?"
    r"(?:\d[\d,.]*\s*)?(?:more\s+|other\s+|previous\s+|new\s+|older\s+)?(?:repl(?:y|ies)|comments?"
    r"|responses?)(?:\s*\(\d+\))?|[\d,.]+k?\s*(?:more\s+)?(?:repl(?:y|ies)|responses?|shares?)"
    r"|(?:repl(?:y|ies)|shares?|responses?)\s*[:(]?\s*\d+\)?|(?:reply|respond|report) to .{1,30}"
    r"|(?:add|write|post|leave|join) (?:a|your|the|to the) (?:public )?"
    r"(?:comment|reply|conversation|discussion|thought|opinion)s?\b.{0,20}"
    r"|(?:please )?(?:log|sign) ?in\b.{0,40}\b(?:comment|reply|vote|join|conversation|discussion)s?"
    r"|(?:profile (?:picture|photo|image)|avatar|user icon) (?:of|for) .{1,50}"
    r"|.{1,40}(?:'s|’s)? (?:avatar|profile (?:picture|photo|image|pic))|u/\S+ avatar"
    r"|page \d+(?: of \d+)?|#\d+|\d+ min(?:ute)?s? read|\d+[\d,]* (?:posts|followers|views)"
    r"|pinned by .{1,40}|level \d+|member since .{1,20}|joined .{0,10}\d{4}|\d+ people listening"
    r"|rate this\b.{0,30}|rated? \d(?:[.,]\d)?(?:\s*(?:/|out of)\s*\d+)?|\d/5|[★☆✭✩⭐]+"
    r"|\d+ (?:of|out of) \d+ people found this .{1,20}",
    re.IGNORECASE,
)
_SYMBOLS = re.compile(r"[\s·•|›»«‹▲▼△▽↑↓⬆⬇…—–\-_=*⋮⋯.+×✓✔●○◦▪→←↩↪⤷:;,/\\~#]+")
_SEGMENTS = re.compile(r"\s*[•·|∙⋅‧●]\s*|\s+[–—-]\s+|\t+|\s{3,}")
_REPLY_LINE = re.compile(
    r"(?:in reply to|replying to|in response to|replied to|↳|↪|⤷|➥)\s*:?\s+@?([^\s].{0,40})",
    re.IGNORECASE,
)
_EDGES = " \t›»‹«…:+>▾▼⌄˅∨↓↑▲→↩↪"
_WORD_RUN = re.compile(
    rf"(?:(?:{TIME}|{_NUMBER}|"
    + "|".join(re.escape(w) for w in sorted(_INTERFACE_WORDS, key=len, reverse=True))
    + r")(?:\s+|$)){2,}",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"[\[(<]?\s*(?:(?:this|the|your|user'?s?)\s+)?(?:(?:comment|post|reply|message|content)\s+)?"
    r"(?:(?:was|has been|have been|is|had been)\s+)?(?:deleted|removed|withdrawn|hidden|moderated"
    r"|blocked)(?:\s+(?:by|because|for|due|as it|since|at|from|after|under|in line)\b.{0,90})?"
    r"\s*[\])>]?\.?(?:\s*(?:replies may also be deleted|see our .{1,60})\.?)?"
    r"|(?:this|the) (?:comment|post|reply|message) (?:was|has been|is|violated|violates|breached|broke"
    r"|awaits|is awaiting|is pending|is no longer|did not|didn't)\b.{0,30}"
    r"(?:deleted|removed|moderat|hidden|withdrawn|available|guidelines|standards|rules|terms).{0,80}"
    r"|(?:comment|post|reply|message) (?:deleted|removed|hidden|withdrawn|unavailable)\b.{0,60}",
    re.IGNORECASE,
)


def split_lines(text: str) -> list[Line]:
    """Every line of the page, classified and numbered from 1. Knows CRLF, CR and LF."""
    own = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [classify(number, line) for number, line in enumerate(own, 1)]


def plain(text: str) -> str:
    """The text without invisible characters, odd spaces and spaces at its ends."""
    return text.translate(_INVISIBLE).translate(_SPACES).strip()


def classify(number: int, line: str) -> Line:
    """What this line is by its own words.

    >>> classify(1, "12 • Reply • Share ›").likes
    '12'
    """
    words, raw = plain(line), line.strip()
    if not words:
        return Line(number, raw, words, Kind.BLANK)
    if len(words) > MARKER_LENGTH:
        return Line(number, raw, words, Kind.CONTENT)
    if reply := _REPLY_LINE.fullmatch(words):
        return Line(number, raw, words, Kind.MARKER, reply_to=reply[1].rstrip(":"), interface=True)
    whole = _segment(words)
    parts = [whole] if whole else [_segment(part) for part in segments(words)]
    if parts and all(parts):
        found = [part for part in parts if part]
        time = next((part.time for part in found if part.time), "")
        likes = next((part.likes for part in found if part.likes), "")
        interface = any(part.interface for part in found)
        return Line(number, raw, words, Kind.MARKER, time=time, likes=likes, interface=interface)
    return Line(number, raw, words, Kind.CONTENT)


@dataclass(frozen=True, slots=True)
class Segment:
    """What a part of a line between separators says."""

    time: str = ""
    likes: str = ""
    interface: bool = False


def segments(words: str) -> list[str]:
    """The parts of a line between the separators that pages use (dots, bars, tabs, dashes)."""
    return [part for part in _SEGMENTS.split(words) if part]


def _segment(words: str) -> Segment | None:
    if match := _TIME_LINE.fullmatch(words):
        return Segment(time=match[1])
    if match := _COUNT.fullmatch(words):
        return Segment(likes=count(match[1]))
    if is_interface(words) or _DISLIKES.fullmatch(words):
        return Segment(interface=True)
    if _WORD_RUN.fullmatch(words):
        return _word_run(words)
    return None


def _word_run(words: str) -> Segment:
    """Reads "14 Recommend Share" or "Like Reply 2h": markers with nothing but spaces between."""
    time = re.search(rf"(?<!\S)(?:{TIME})(?!\S)", words, re.IGNORECASE)
    rest = words.replace(time[0], " ") if time else words
    number = re.search(rf"(?<!\S){_NUMBER}(?!\S)", rest, re.IGNORECASE)
    return Segment(time[0] if time else "", count(number[0]) if number else "", interface=True)


def as_time(words: str) -> str:
    """The page's own words for a time if these words are one, else an empty string."""
    match = _TIME_LINE.fullmatch(words)
    return match[1] if match else ""


def is_marker(words: str) -> bool:
    """Whether these words alone are a time, a count or interface words."""
    return _segment(words) is not None


def is_interface(words: str) -> bool:
    """Whether these words are what a page prints around comments, never what a person wrote."""
    bare = words.lower().replace("’", "'").removesuffix("...").strip(_EDGES)
    if not bare or bare in _INTERFACE_WORDS or words.lower() in _INTERFACE_WORDS:
        return True
    return bool(_INTERFACE.fullmatch(bare) or _SYMBOLS.fullmatch(words))


def is_deleted(words: str) -> bool:
    """Whether these words are what a page prints in place of a comment that is gone."""
    return len(words) <= 160 and bool(_DELETED.fullmatch(words))


def count(words: str) -> str:
    """A count as a whole number.

    >>> count("1.2K"), count("1,203"), count("+12")
    ('1200', '1203', '12')
    """
    bare = words.strip().lower().replace("−", "-").lstrip("+").replace(" ", "")
    factor = {"k": 1_000, "m": 1_000_000}.get(bare[-1:], 1)
    bare = bare.rstrip("km")
    # Between thousands both signs occur; before K and M they are a decimal point.
    thousands = factor == 1 and re.fullmatch(r"-?\d{1,3}(?:[.,]\d{3})+", bare)
    bare = re.sub(r"[.,]", "", bare) if thousands else bare.replace(",", ".")
    return str(int(Decimal(bare) * factor))
