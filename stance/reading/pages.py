"""Reads a pasted page: article and comments out of everything that Ctrl-A, Ctrl-V brings along.

Puts the parts together: `outline` finds heading and article, `blocks` the comments. Knows no site
and changes no comment. Every line below the heading becomes part of a comment, is a marker (time,
likes, interface words) or stands in `rejected`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from stance.errors import ReadingError
from stance.reading.blocks import Block, Blocks, find_blocks
from stance.reading.ids import derived_id, source_digest
from stance.reading.lines import Line, is_deleted, split_lines
from stance.reading.names import byline
from stance.reading.outline import announced, heading_strength, is_byline, read_article
from stance.reading.pattern import Form
from stance.records import PAGE_COLUMNS, Article, Comment, ReadResult, RejectedRow
from stance.sentences import Sentence
from stance.translation import N_

DELETED = N_("deleted comment")
NO_TEXT = N_("no text")
CLOSING = N_("closing byline")
FURNITURE = N_("page furniture")
EARLY = N_("before the first comment")

_EXCERPT = 80
_FORMS = {
    Form.ABOVE: N_("Author on one line, text below it ({n} comments)."),
    Form.BELOW: N_("Text first, author on the line below it ({n} comments)."),
    Form.INLINE: N_("Author and text on one line ({n} comments)."),
    Form.NONE: N_("No authors found, each block of text taken as one comment ({n} comments)."),
}
_HELP = Sentence(
    "Paste the page from the headline to the last comment, or put a line “Comments” above the first author."
)
_MOST_HEADINGS = 12


@dataclass(frozen=True, slots=True)
class _Section:
    """The lines from `start` to `end`, read as comments; `heading` is None where none stands."""

    start: int
    end: int
    heading: Line | None
    found: Blocks
    confidence: float


def read_page(text: str, *, name: str) -> ReadResult:
    """Read a pasted page. Raises ReadingError where it holds no comments.

    The confidence is the product of two shares: of the blocks whose author is certain (a name-like
    line, or one with a time or likes beside it), and of the content lines below the heading that
    ended in a comment. It is cut to 0.8 of that without a heading and to 0.4 without authors.
    """
    lines = split_lines(text)
    digest = source_digest("\n".join(line.raw for line in lines).encode("utf-8", "surrogatepass"))
    section = _find_section(lines)
    fields = _Fields(section.found)
    comments: list[Comment] = []
    rejected = [_rejected(line, EARLY) for line in section.found.prologue if section.heading]
    for block in section.found.blocks:
        made = fields.comment(block)
        reason = _fault(made)
        if reason:
            rejected.append(RejectedRow(made.line, reason, (made.text or made.author)[:_EXCERPT]))
            continue
        cells = (made.author, made.time, made.likes, made.reply_to, made.text)
        comment_id = derived_id(digest, len(comments))
        comments.append(Comment(comment_id, made.text, made.line, *cells[:4], cells=cells))
    for line in section.found.noise:
        rejected.append(_rejected(line, CLOSING if is_byline(line.plain) else FURNITURE))
    if not comments:
        raise ReadingError(
            Sentence(
                "Expected comments in {name}, found none that still has its text. {help}",
                name=name,
                help=_HELP,
            )
        )
    return ReadResult(
        name=name,
        columns=PAGE_COLUMNS,
        comments=tuple(comments),
        rejected=tuple(sorted(rejected, key=lambda row: row.line)),
        article=_article(lines, section),
        notes=_notes(section, len(comments)),
        confidence=section.confidence,
        kind="page",
    )


def _rejected(line: Line, reason: str) -> RejectedRow:
    return RejectedRow(line.number, reason, line.raw[:_EXCERPT])


def _fault(comment: Comment) -> str:
    if not comment.text:
        return NO_TEXT
    return DELETED if is_deleted(comment.text) else ""


def _find_section(lines: Sequence[Line]) -> _Section:
    """Where the comments begin: at the last heading with comments below it, or at an earlier one
    if what lies between the two are comments as well (“Top comments”, “All comments”).
    """
    strengths = [heading_strength(line) for line in lines]
    at = [i for i, strength in enumerate(strengths) if strength == 2]
    at = at or [i for i, strength in enumerate(strengths) if strength == 1]
    best: _Section | None = None
    end = len(lines)
    for start in reversed(at[-_MOST_HEADINGS:]):
        section = _read_section(lines, start, end if best else len(lines))
        if best is None:
            best = section if section.found.blocks else None
        elif section.found.content and not _convincing(section):
            break
        else:
            best = section
        end = start
    if best is not None:
        return best if best.end == len(lines) else _read_section(lines, best.start, len(lines))
    bare = _bare_section(lines)
    if bare is None:
        raise ReadingError(_nothing_found(lines, at))
    return bare


def _nothing_found(lines: Sequence[Line], headings: Sequence[int]) -> Sentence:
    if headings:
        return Sentence(
            "Expected comments below the heading on line {line}, found none in {n} lines. {help}",
            line=str(lines[headings[-1]].number),
            n=str(len(lines)),
            help=_HELP,
        )
    return Sentence(
        "Expected readers' comments, found no heading such as “Comments” and no repeated times or likes "
        "in {n} lines. {help}",
        n=str(len(lines)),
        help=_HELP,
    )


def _read_section(lines: Sequence[Line], start: int, end: int) -> _Section:
    found = find_blocks(lines[start + 1 : end], headed=True)
    return _Section(start, end, lines[start], found, _confidence(found))


def _convincing(section: _Section) -> bool:
    blocks = section.found.blocks
    written = sum(len(block.texts) for block in blocks)
    return section.confidence >= 0.6 and written <= 3 * len(blocks) and len(blocks) > 0


def _bare_section(lines: Sequence[Line]) -> _Section | None:
    """Comments without a heading: times or likes must repeat, or names from the first line on."""
    found = find_blocks(lines, headed=False)
    blocks = found.blocks
    marked = sum(_is_marked(block) for block in blocks)
    if not blocks:
        return None
    repeated = marked >= 2 and marked >= 0.6 * len(blocks)
    named = [block.likeness for block in blocks if block.author]
    alternating = (
        found.form is Form.ABOVE
        and not found.prologue
        and len(named) == len(blocks) >= 4
        and sum(named) >= len(named)
        and sum(len(block.texts) for block in blocks) <= 2.5 * len(blocks)
    )
    if not (repeated or alternating):
        return None
    start = min([block.line for block in blocks] + [m.number for m in blocks[0].before]) - 2
    return _Section(
        start, len(lines), None, found, round(0.8 * _confidence(found, headed=False), 3)
    )


def _is_marked(block: Block) -> bool:
    markers = [*block.inside, *block.after, *block.before]
    timed = block.name is not None and bool(block.name.time)
    return timed or any(marker.time or marker.likes for marker in markers)


def _confidence(found: Blocks, *, headed: bool = True) -> float:
    content = found.content - (0 if headed else len(found.prologue))
    if not found.blocks:
        return 0.0
    sure = sum(b.author is not None and (b.likeness > 0 or _is_marked(b)) for b in found.blocks)
    in_comments = found.content - len(found.prologue)
    in_comments -= sum(not is_byline(line.plain) for line in found.noise)
    share = in_comments / content
    if found.form is Form.NONE:
        return round(0.4 * share, 3)
    return round(sure / len(found.blocks) * share, 3)


def _article(lines: Sequence[Line], section: _Section) -> Article:
    return read_article(
        [line for line in lines[: section.start + 1] if line is not section.heading]
    )


def _notes(section: _Section, comments: int) -> tuple[str, ...]:
    notes = [
        Sentence("Found no heading above the comments; they were told by their pattern."),
        Sentence(_FORMS[section.found.form], n=str(comments)),
    ]
    if (heading := section.heading) is not None:
        notes[0] = Sentence(
            "Found the heading “{heading}” on line {line}.",
            heading=heading.plain,
            line=str(heading.number),
        )
        if (expected := announced(heading)) and expected != comments:
            said = Sentence(
                "The heading announces {expected} comments, the page shows {n}.",
                expected=str(expected),
                n=str(comments),
            )
            notes.insert(1, said)
    if details := sum(len(block.details) for block in section.found.blocks):
        said = Sentence(
            "Left out {n} lines that stand between an author and the time.", n=str(details)
        )
        notes.append(said)
    return tuple(notes)


class _Fields:
    """Reads time, likes and reply of a block, by where this page keeps them."""

    def __init__(self, found: Blocks) -> None:
        blocks = found.blocks
        self.authors = {block.name.author for block in blocks if block.name}
        self.time_above = _stands_above(blocks, "time")
        self.likes_above = _stands_above(blocks, "likes")
        markers = [m for block in blocks for m in (*block.inside, *block.after)]
        self.words = Counter(marker.plain for marker in markers)
        self.has_likes = sum(any(m.likes for m in (*b.inside, *b.after)) for b in blocks) > 1

    def comment(self, block: Block) -> Comment:
        """The block as a comment that has no id yet."""
        name = block.name
        author = name.author if name else ""
        time = (name.time if name else "") or self._detail_time(block)
        time = time or _first(block.inside, "time")
        time = time or _first(block.before if self.time_above else block.after, "time")
        likes = _first(block.inside, "likes")
        likes = likes or _first(block.before if self.likes_above else block.after, "likes")
        reply_to = (name.reply_to if name else "") or _first(block.inside, "reply_to")
        reply_to = reply_to or _first(block.before, "reply_to")
        for detail in block.details:
            if byline(detail.raw).author in self.authors:
                reply_to = reply_to or byline(detail.raw).author
        if name and name.time and not reply_to:
            author, reply_to = self._two_names(author)
        text = _joined(block) or self._hidden_text(block)
        return Comment("", text, block.line, author, time, likes, reply_to)

    def _detail_time(self, block: Block) -> str:
        return next((time for line in block.details if (time := byline(line.raw).time)), "")

    def _two_names(self, author: str) -> tuple[str, str]:
        """Splits "Jonas W kbrandt" where kbrandt has written as well: an arrow got lost in it."""
        words = author.split()
        for cut in range(1, len(words)):
            other = " ".join(words[cut:])
            if len(other) > 2 and other in self.authors:
                return " ".join(words[:cut]), other
        return author, ""

    def _hidden_text(self, block: Block) -> str:
        """A text that reads like a marker ("Agree", "42"): no other comment has the same words."""
        for marker in (*block.inside, *block.after):
            lone = self.words[marker.plain] == 1 and not marker.time and not marker.reply_to
            if (
                lone
                and any(map(str.isalnum, marker.plain))
                and not (marker.likes and self.has_likes)
            ):
                return marker.raw
        return ""


def _first(markers: Sequence[Line], field: str) -> str:
    return next((str(value) for marker in markers if (value := getattr(marker, field))), "")


def _stands_above(blocks: Sequence[Block], field: str) -> bool:
    """Whether this field stands above the comments: above the first one and not below the last."""
    if not blocks or not _first(blocks[0].before, field) or _first(blocks[-1].after, field):
        return False
    return 2 * sum(bool(_first(block.before, field)) for block in blocks) > len(blocks)


def _joined(block: Block) -> str:
    """The text in the page's own words; blank lines between its paragraphs stay as one."""
    parts: list[str] = []
    for before, line in zip([None, *block.texts], block.texts, strict=False):
        own = line.raw
        if before is None and block.first_text is not None:
            own = block.first_text
        elif before is not None:
            parts.append("\n\n" if _blank_between(before, line, block) else "\n")
        parts.append(own)
    return "".join(parts)


def _blank_between(before: Line, line: Line, block: Block) -> bool:
    inside = sum(before.number < marker.number < line.number for marker in block.inside)
    return line.number - before.number - 1 > inside
