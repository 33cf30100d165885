"""Finds the outline of a pasted page: headings above comments, closing lines, the article.

Looks at words of single lines only; does not split comments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from stance.reading.lines import Kind, Line
from stance.records import Article
from stance.targets import built_in_finder

# What comments are called, and the small words that go with it in a heading.
_CORE = frozenset(
    ["comments", "comment", "discussion", "discussions", "reactions", "opinions", "letters", "kommentare", "commentaires", "comentarios", "commenti", "комментарии", "коментарі"]
)
_WEAK_CORE = frozenset(
    ["replies", "responses", "conversation", "debate", "forum", "feedback", "views", "thoughts"]
)
_AROUND = frozenset(
    ["reader", "readers", "readers'", "reader's", "our", "your", "the", "a", "to", "of", "from", "on", "in", "by", "what", "this", "article", "story", "post", "page", "user", "users", "users'", "top", "all", "latest", "recent", "selected", "best", "people", "are", "is", "public", "featured", "and", "with", "here", "below", "section", "published", "new", "popular", "say", "says", "said", "saying", "think", "write", "wrote", "respond", "have", "join", "viewers", "viewers'", "subscribers", "community", "chosen", "highlights", "pick", "picks", "view", "show", "read", "more", "response", "letter", "reaction", "opinion"]
)
_SAYING = re.compile(
    r"(?:what )?(?:the |our |your )?(?:readers?|viewers|users|people|subscribers|you)"
    r"(?: are| have| had)?(?: say(?:s|ing)?| said| think| thought| write| wrote| respond(?:ed)?"
    r"| react(?:ed)?| comment(?:ed)?| to say)(?: about (?:it|this))?|have your say"
)
_COUNT = re.compile(r"[(\[]?\d[\d,.]*\s?k?[)\]]?")
HEADING_LENGTH = 60

_CAPITALISED = (
    r"(?:[^\W\d_a-z][\w.'’&-]*|and|for|of|the|in|from|with|&"
    r"|(?i:additional|reporting|writing|editing|translation|translated|edited|by))"
)
_CLOSING = re.compile(
    rf"[\[(*—–-]?\s*(?:(?i:written|reported|reporting|additional reporting|edited|editing|translated"
    rf"|translation|compiled|prepared|photographs?|photos?|pictures?|illustrations?|graphics?"
    rf"|produced|adapted|published|story) by|By|Translated from|Photo:|Source:|Sources:|Editor:"
    rf"|Translator:|Author:)"
    rf"(?:[,;:]?\s+{_CAPITALISED}[,;]?){{1,12}}(?:,? \d{{4}})?[\])*]?\.?"
    r"|(?:©|\(c\)|copyright\b).{0,100}|.{0,60}\ball rights reserved\b.{0,40}",
)
_FOOTER = re.compile(
    r"(?:related|similar)(?: (?:articles?|stories|topics?|news|links?|reading|content|coverage))?"
    r"(?:\s*:.{0,90})?|more (?:from|on|in|about|like) .{1,50}|more (?:stories|news|articles)"
    r"|most (?:read|popular|viewed|shared|commented|discussed)(?: .{1,30})?|you (?:may|might) (?:also )?"
    r"like|recommended (?:for you|stories|articles|reading)|read next|up next|trending(?: now)?"
    r"|(?:terms|privacy|cookies?)(?: .{0,40})?(?:policy|use|service|conditions|settings)"
    r"(?:\W.{0,60})?|about us(?:\W.{0,60})?|contact us(?:\W.{0,60})?|follow us.{0,40}"
    r"|(?:sign up|subscribe) (?:for|to) .{1,60}|tags?:.{1,80}|topics?:.{1,80}|filed under.{1,60}"
    r"|original(?: article)?:.{1,100}|download (?:the|our) app.{0,30}|newsletters?|see also.{0,60}",
    re.IGNORECASE,
)
_PAPER = re.compile(
    r"The [A-Z]\S*.*|.*\b(?:Times|Post|Gazette|Courier|Herald|Telegraph|Tribune|Journal|News|Mail"
    r"|Observer|Review|Chronicle|Daily|Press|Standard|Mirror|Express|Echo|Globe|Star|Sun|Weekly"
    r"|Magazine|Guardian|Independent|Monitor|Bulletin|Dispatch|Examiner|Argus|Advertiser)"
)
_NAVIGATION = 3


def heading_strength(line: Line) -> int:
    """2 for a heading above comments, 1 for words that may be one, 0 for any other line."""
    if not line.plain or len(line.plain) > HEADING_LENGTH:
        return 0
    bare = line.plain.lower().replace("’", "'").replace("‘", "'")
    words = re.sub(r"[^\w\s'()\[\].,]", " ", bare)
    counts = _COUNT.findall(words)
    words = " ".join(_COUNT.sub(" ", words).replace(",", " ").split()).strip(" .()[]")
    if not words or line.plain[-1] in "!?…" or line.plain.endswith("..."):
        return 0
    tokens = words.split()
    if len(tokens) > 7:
        return 0
    if _SAYING.fullmatch(words) and line.plain[-1] != ".":
        return 2
    known = all(token in _CORE or token in _WEAK_CORE or token in _AROUND for token in tokens)
    core = bool(_CORE.intersection(tokens))
    if not known or not (core or _WEAK_CORE.intersection(tokens)):
        return 0
    if line.kind is Kind.MARKER or not core or line.plain[-1] == ".":
        return 1 if line.time == "" and (counts or core or len(tokens) > 1) else 0
    return 2 if tokens != ["comment"] or counts else 1


def announced(line: Line) -> int:
    """The number of comments that a heading announces, 0 if none."""
    match = re.search(r"\d[\d,.]*", line.plain)
    return (
        int(re.sub(r"\D", "", match[0]))
        if match and "k" not in line.plain[match.end() :][:1]
        else 0
    )


def is_byline(words: str) -> bool:
    """Whether the line closes an article: who wrote or translated it, whose rights it is."""
    return len(words) <= 120 and bool(_CLOSING.fullmatch(words))


def is_footer(words: str) -> bool:
    """Whether the line heads what stands below a page: links, terms, newsletters."""
    return len(words) <= 120 and bool(_FOOTER.fullmatch(words))


_BETWEEN_NAMES = frozenset(["al", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "dos", "du", "el", "la", "le", "van", "von"])
_NO_NAMES = frozenset(["a", "all", "an", "any", "day", "each", "every", "far", "her", "his", "its", "my", "night", "no", "noon", "now", "our", "that", "the", "their", "this"])
_AFTER_NAMES = re.compile(r"[,|·•–—(]| and | in | at | for ")
_LONGEST_NAME = 4
"""Words of a writer's name."""
_LONGEST_BYLINE = 120


def read_article(lines: Sequence[Line]) -> Article:
    """Title, source and paragraphs from the lines above the comments.

    Who wrote it, right below the title, goes to the source. A run of short lines at the very top is the
    site's menu. A paper's name before a colon is the
    source only where it looks like a paper's name; otherwise the title stays whole.
    """
    content = [line.plain for line in lines if line.kind is Kind.CONTENT]
    menu = 0
    while menu < len(content) and len(content[menu].split()) < _NAVIGATION:
        menu += 1
    if menu >= _NAVIGATION and menu < len(content):
        content = content[menu:]
    if not content:
        return Article()
    source, title = split_source(content[0])
    paragraphs = content[1:]
    if paragraphs and is_opening_byline(paragraphs[0]):
        source = " · ".join(filter(None, (source, paragraphs.pop(0))))
    return Article(title=title, paragraphs=tuple(paragraphs), source=source)


def is_opening_byline(line: str) -> bool:
    """Whether a line below the title says who wrote the article: "By" and a name, whatever follows it.

    >>> is_opening_byline("By Anna Kowalski, 12 June 2025")
    True
    >>> is_opening_byline("By Noon Kyiv Had Fallen"), is_opening_byline("By noon the bridge had fallen")
    (False, False)
    """
    by, _, rest = line.partition(" ")
    name, *others = _AFTER_NAMES.split(rest, maxsplit=1)
    words = name.split()
    if by.lower() != "by" or line[-1] in "!?:" or len(line) > _LONGEST_BYLINE or re.search(r"\d", name):
        return False
    # "Reuters" alone, but "Land" of "By Land, Sea and Air" is no name.
    if not (2 if others else 1) <= len(words) <= _LONGEST_NAME or words[0].lower() in _NO_NAMES:
        return False
    written = all(word[0].isupper() or word in _BETWEEN_NAMES for word in words)
    # A headline's "By Winter Kyiv" is written as a name is; the country in it says that it is none.
    return written and not built_in_finder().find(name)


def split_source(title: str) -> tuple[str, str]:
    """("The Courier", "London weighs ...") of "The Courier: London weighs ..."; else ("", title)."""
    source, colon, rest = title.partition(": ")
    words = source.split()
    small = {"the", "of", "and", "de", "la", "der", "die", "le"}
    proper = all(word[0].isupper() or word in small for word in words)
    if not colon or not 1 <= len(words) <= 4 or not proper or re.search(r"[.!?,;\"“”]", source):
        return "", title
    if len(words) < 2 or not _PAPER.fullmatch(source):
        return "", title
    return source, rest.strip()
