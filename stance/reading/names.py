"""How much a line looks like the author of a comment, and what an author line says.

Judges one line by itself. Does not know the page: `pattern` weighs this against the other lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from stance.reading.lines import TIME, as_time, is_marker, plain, segments

LONGEST_NAME = 60
NEVER = -8.0
"""The score of a line that cannot be an author: a long line, a sentence."""

_PARTICLES = frozenset(
    ["van", "von", "de", "der", "den", "di", "da", "du", "la", "le", "el", "al", "bin", "ibn", "y", "e", "of", "in", "from", "the", "and", "&", "und", "af", "av", "ter", "zu"]
)
# Words that make a sentence and are rare in names and nicks.
_SENTENCE_WORDS = frozenset(
    ["a", "an", "is", "are", "was", "were", "be", "been", "am", "not", "no", "never", "ever", "always", "our", "your", "my", "his", "her", "their", "its", "this", "that", "these", "those", "it", "we", "they", "you", "i", "he", "she", "who", "whom", "what", "when", "where", "why", "how", "which", "if", "but", "or", "so", "as", "at", "by", "for", "on", "to", "with", "without", "than", "then", "there", "here", "just", "only", "too", "very", "much", "more", "most", "all", "any", "some", "every", "nothing", "nobody", "everyone", "do", "does", "did", "don't", "doesn't", "didn't", "can", "can't", "could", "will", "won't", "would", "should", "shall", "must", "may", "might", "have", "has", "had", "get", "got", "let", "let's", "it's", "that's", "i'm", "isn't", "aren't", "about", "after", "again", "against", "because", "before", "enough", "finally", "good", "great", "bad", "right", "wrong", "true", "false", "yes", "please", "thanks", "thank", "well", "said", "agree", "agreed", "exactly", "absolutely", "totally", "nonsense", "rubbish", "lol", "next", "out", "up", "down", "off", "over", "back", "now", "still", "same", "such", "go", "stop", "give"]
)
_INITIAL_AT_END = re.compile(r"(?:^|[\s.])[^\W\d_]\.$|\b(?:Jr|Sr|Dr|Ret|Esq)\.$")
_SENTENCE_END = re.compile(r"[.!?…;:,\"”»)'’]+$")
_INNER_STOP = re.compile(r"[!?;…]|[^\W\d_]{3,}\.\s|,.*,.*,.*,")
_NICK = re.compile(r"@?[^\W_][\w.\-]*[\d_.\-][\w.\-]*|@[\w.\-]+|\w*[a-z][A-Z]\w*")
_ASIDE = re.compile(r"(?<=\S)\s*\((?:[^\s()]+ ?){1,3}\)$")
_LEAD = re.compile(r"(?:#\d+:?|\d{1,5}[.)])\s+|[—–―]+\s*|-{1,2}\s+")
_BY = re.compile(
    r"(?:posted by|comment by|commented by|comment from|submitted by|written by|by|from|author:?"
    r"|name:|user:?)\s+",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\s+(?:says|said|wrote|writes|commented|comments|replied|replies|posted)\s*:$", re.IGNORECASE
)
_TO = re.compile(
    r"\s*(?:→|➜|➔|➝|▸|►|▶|⟶|↪|⤷)\s*|\s+(?:>|»|->|=>)\s+"
    r"|\s+(?:replying to|replied to|in reply to|in response to|to @(?=\S))\s*",
    re.IGNORECASE,
)
_TIME_BEHIND = re.compile(rf"(.{{1,60}}?)[,\s]+(?:on\s+)?[(\[]?({TIME})[)\]]?:?", re.IGNORECASE)
_TIME_BEFORE = re.compile(rf"[(\[]?({TIME})[)\]]?[\s,:]+(?:by\s+)?(.{{2,50}})", re.IGNORECASE)
_ON_DATE = re.compile(rf"on ({TIME}),? (.{{2,50}}?) (?:wrote|said|commented):?", re.IGNORECASE)
_INLINE = re.compile(
    r"(?:(?:#\d+:?|\d{1,5}[.)])\s+)?([^:\t]{1,60}?)(?:\s*(:)\s+|\s+([–—-])\s+|\s*(\t)\s*)(\S.*)"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """What a line says if it is an author line.

    `signed` is 1 for words that stand below a text (a dash, "Posted by"), -1 for words that stand
    above one ("Norah says:"), 0 for a plain name.
    """

    author: str
    time: str = ""
    reply_to: str = ""
    signed: int = 0


def byline(line: str) -> Byline:
    """Reads the line as an author line, whatever it is.

    >>> byline("Olga Reyes • 6 hours ago")
    Byline(author='Olga Reyes', time='6 hours ago', reply_to='', signed=0)
    """
    words = plain(line)
    if match := _ON_DATE.fullmatch(words):
        return Byline(match[2], match[1], signed=-1)
    bare = _LEAD.sub("", words, count=1) if _LEAD.match(words) else words
    dashed = bare is not words and not words[0].isdigit() and words[0] != "#"
    by = _BY.match(bare)
    says = _SAYS.search(bare)
    bare = bare[by.end() :] if by else bare
    author, time = _split_time(bare)
    if after := _SAYS.search(author):
        author = author[: after.start()]
    author = author.rstrip(":").rstrip(" ,") if len(author) > 1 else author
    author, _, target = _split_reply(author)
    return Byline(author, time, target.lstrip("@"), signed=-1 if says else int(bool(dashed or by)))


def _split_time(words: str) -> tuple[str, str]:
    parts = segments(words)
    time = next((found for part in parts[1:] if (found := as_time(part))), "")
    if len(parts) > 1 and not is_marker(parts[0]) and all(is_marker(part) for part in parts[2:]):
        if time and is_marker(parts[1]):
            return parts[0], time
        if time:
            return f"{parts[0]}, {parts[1]}", time
        if is_marker(parts[1]) and not re.search(r"\s[–—-]\s", words):
            return parts[0], ""
    if match := _TIME_BEHIND.fullmatch(words):
        return match[1], match[2]
    if (match := _TIME_BEFORE.fullmatch(words)) and len(match[1]) > 6:
        return match[2], match[1]
    return words, ""


def _split_reply(author: str) -> tuple[str, str, str]:
    match = _TO.search(author)
    if not match or not match.start():
        return author, "", ""
    return author[: match.start()], match[0], author[match.end() :].strip()


def inline(line: str) -> tuple[str, str, str] | None:
    """(author, separator, text) of a line such as "Norah Pike: Half a force ...", else None."""
    match = _INLINE.fullmatch(plain(line))
    if not match or likeness(match[1]) <= -1.0:
        return None
    return match[1].strip(), (match[2] or match[3] or match[4]), match[5]


def likeness(name: str) -> float:
    """How much these words look like a person's name or nick: about -8 (never) to 4 (sure).

    A sum of small weights in the manner of log odds: shape of the words, their number, sentence
    words, punctuation. 0 is undecided.
    """
    name = _ASIDE.sub("", name)
    words = name.split()
    if not words or len(name) > LONGEST_NAME or len(words) > 7 or name[0] in "\"“«'‘>([":
        return NEVER
    if "://" in name or name.startswith("www.") or not any(sign.isalnum() for sign in name):
        return NEVER / 2
    if _INNER_STOP.search(name):
        return NEVER / 2
    score = _shape(words)
    if _SENTENCE_END.search(name):
        score += 1.0 if _INITIAL_AT_END.search(name) else -4.0
    return max(NEVER, min(4.0, score))


def _shape(words: list[str]) -> float:
    bare = [word.strip(".,()\"'“”’") for word in words]
    sentence = sum(word.lower().replace("’", "'") in _SENTENCE_WORDS for word in bare)
    if len(words) == 1:
        if _NICK.fullmatch(words[0]):
            return 4.0 if words[0].startswith("@") else 3.0
        return -0.5 if sentence else 1.2 if words[0][0].isupper() else 0.6
    if words[-1].isdigit() and len(words) <= 4:
        return 1.5
    if all(word.islower() for word in bare):
        return 1.3 - 0.5 * len(words) - 1.5 * sentence
    proper = sum(_is_proper(word) for word in bare)
    common = len(words) - proper - sum(word.lower() in _PARTICLES for word in bare)
    initials = sum(len(word) <= 2 and word[:1].isupper() for word in bare)
    score = 2.2 - 0.5 * max(0, len(words) - 3) - 1.5 * max(0, common) - 1.5 * sentence
    if proper and initials and not common:
        score += 1.0
    return score if proper else score - 0.8


def _is_proper(word: str) -> bool:
    """Capitalised, a nick, or in a script without capitals."""
    first = word[:1]
    caseless = first.isalpha() and first.lower() == first.upper()
    return first.isupper() or first.isdigit() or caseless or bool(_NICK.fullmatch(word))
