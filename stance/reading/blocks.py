"""Turns the lines below a heading into blocks: author, text lines and the markers around them.

Builds the evidence for `pattern` and reads its answer. Makes no records and words no notes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from stance.reading.lines import Kind, Line, is_deleted
from stance.reading.names import NEVER, Byline, byline, inline, likeness
from stance.reading.outline import heading_strength, is_byline, is_footer
from stance.reading.pattern import Form, Gap, Item, Role, Split, find_split

_NOISE = -5.0
_RECURRING_NOISE = 1.5
_CLOSING_NOISE = 4.0
_SIGNED = 0.5
_IN_FRONT = 1.5
_RECURRENT_AUTHOR = 2.0


@dataclass(slots=True)
class Block:
    """One comment in lines. `before` are the markers above its first line, `inside` the markers
    between its lines, `after` those below its last line up to the next block.
    """

    author: Line | None = None
    name: Byline | None = None
    likeness: float = 0.0
    texts: list[Line] = field(default_factory=list)
    details: list[Line] = field(default_factory=list)
    first_text: str | None = None
    before: list[Line] = field(default_factory=list)
    inside: list[Line] = field(default_factory=list)
    after: list[Line] = field(default_factory=list)

    @property
    def line(self) -> int:
        """Number of the author's line, or of the text's where there is no author."""
        return (self.author or self.texts[0]).number


@dataclass(frozen=True, slots=True)
class Blocks:
    """All blocks of a section and the content lines that belong to none."""

    form: Form
    blocks: list[Block]
    noise: list[Line]
    prologue: list[Line]
    content: int


def find_blocks(lines: Sequence[Line], *, headed: bool) -> Blocks:
    """Split these lines into blocks, by the one layout that explains them best."""
    lines = _mark_pictures(_mark_numbering([_demote_heading(line) for line in lines]))
    lines = _mark_recurring(lines)
    content = [line for line in lines if line.kind is Kind.CONTENT]
    items = _items(lines, content)
    split = find_split(items, headed=headed)
    return _gather(lines, split, items)


def _demote_heading(line: Line) -> Line:
    """A second heading inside the comments ("Top comments", "All comments") is interface."""
    if line.kind is Kind.CONTENT and heading_strength(line) == 2:
        return replace(line, kind=Kind.MARKER, interface=True)
    return line


def _mark_numbering(lines: list[Line]) -> list[Line]:
    """Counts that go up or down by one through the page number the comments; they are no likes."""
    counts = [line for line in lines if line.kind is Kind.MARKER and line.plain.isdigit()]
    steps = {int(b.plain) - int(a.plain) for a, b in zip(counts, counts[1:], strict=False)}
    if len(counts) < 4 or steps not in ({1}, {-1}):
        return lines
    numbers = {line.number for line in counts}
    return [
        replace(line, likes="", interface=True) if line.number in numbers else line
        for line in lines
    ]


def _mark_recurring(lines: list[Line]) -> list[Line]:
    """Short words under every comment that we do not know ("Melden") are interface.

    They stand between a text and a name or another such word: an author who writes often is
    followed by text, and the same short answer ("No") by many people is preceded by names.
    """
    content = [line.plain for line in lines if line.kind is Kind.CONTENT]
    counts = Counter(words for words in content if len(words) <= 30)
    often = max(3, 0.15 * len(content))
    suspects = {words for words, times in counts.items() if times >= often}
    fitting: Counter[str] = Counter()
    for at, words in enumerate(content):
        if words in suspects and at:
            before, behind = content[at - 1], content[at + 1] if at + 1 < len(content) else ""
            named = not behind or behind in suspects or likeness(behind) > -1
            fitting[words] += named and (before in suspects or likeness(before) <= 0)
    unknown = {words for words in suspects if fitting[words] >= 0.6 * counts[words]}
    return [
        replace(line, kind=Kind.MARKER, interface=True) if line.plain in unknown else line
        for line in lines
    ]


def _mark_pictures(lines: list[Line]) -> list[Line]:
    """The words that stand for an author's picture: the name twice, or initials above the name."""
    found = list(lines)
    content = [at for at, line in enumerate(lines) if line.kind is Kind.CONTENT]
    for at, following in zip(content, content[1:], strict=False):
        words, name = lines[at].plain, lines[following].plain
        initials = "".join(word[0] for word in re.findall(r"[^\W_]+", name))
        letter = words.isalpha() and words.isupper() and len(words) <= 2 and len(name) > 2
        twice = words == name and likeness(words) > 0
        letter = letter and likeness(name) > 0
        if twice or (letter and words in (name[:1].upper(), initials[:2].upper())):
            found[at] = replace(lines[at], kind=Kind.MARKER, interface=True)
    return found


def _gap(line: Line) -> int:
    if line.kind is Kind.BLANK:
        return Gap.BLANK
    time = Gap.TIME if line.time else 0
    likes = Gap.COUNT if line.likes else 0
    return time | likes | (Gap.INTERFACE if line.interface else 0)


def _items(lines: Sequence[Line], content: Sequence[Line]) -> list[Item]:
    recurrent = Counter(line.plain for line in content)
    often = max(3, 0.15 * len(content))
    cuts = {line.number: cut for line in content if (cut := inline(line.plain))}
    names = {line.number: byline(line.plain) for line in content if len(line.plain) <= 80}
    separators = Counter(cut[1] for cut in cuts.values())
    separator = separators.most_common(1)[0][0] if separators else ""
    authors = Counter(name.author for name in names.values())
    items: list[Item] = []
    gap = 0
    for line in lines:
        if line.kind is not Kind.CONTENT:
            gap |= _gap(line)
            continue
        if items and items[-1].detail and not items[-1].timed and not gap & Gap.TIME:
            items[-1] = replace(items[-1], detail=False)
        elif items and items[-1].detail and items[-1].name > 3.0:
            # A town under the name recurs like an author: that it recurs says nothing here.
            items[-1] = replace(items[-1], name=items[-1].name - _RECURRENT_AUTHOR)
        cut = cuts.get(line.number)
        in_front = NEVER
        if cut and cut[1] == separator:
            in_front = likeness(byline(cut[0]).author) + _IN_FRONT
        many = recurrent[line.plain] >= often
        item = _item(line, names.get(line.number), authors, often=many)
        # A detail stands right under its author, with no marker between them.
        detail = item.detail and gap in (0, Gap.BLANK)
        items.append(replace(item, gap=gap, inline=in_front, detail=detail))
        gap = 0
    return items


def _item(line: Line, name: Byline | None, authors: Counter[str], *, often: bool) -> Item:
    """The evidence of one line by its own words; `often` says that it recurs all over the page."""
    words = line.plain
    noise = _RECURRING_NOISE if often else _NOISE
    if is_byline(words) or is_footer(words):
        noise = _CLOSING_NOISE
    deleted = is_deleted(words)
    if name is None or deleted:
        return Item(NEVER, NEVER, noise, 0, deleted=deleted)
    score = likeness(name.author) + _SIGNED * abs(name.signed)
    if score > -2.0:
        recurs = authors[name.author] > 1
        score += -_RECURRENT_AUTHOR if often else _RECURRENT_AUTHOR * recurs
        score += 1.0 if name.reply_to and likeness(name.reply_to) > 0 else 0.0
    detail = len(words) <= 40 and len(words.split()) <= 6 and words[-1] not in '.!?…"'
    timed = bool(name.time) and score > -3.0
    return Item(score, NEVER, noise, 0, timed, detail=detail, signed=name.signed)


def _gather(lines: Sequence[Line], split: Split, items: Sequence[Item]) -> Blocks:
    """The blocks in page order, with every marker beside the block it touches."""
    form = split.layout.form
    result = Blocks(form, [], [], [], len(items))
    pending: list[Line] = []
    at = -1
    last = Role.PROLOGUE
    for line in lines:
        if line.kind is Kind.BLANK:
            continue
        if line.kind is Kind.MARKER:
            pending.append(line)
            continue
        at += 1
        role = split.roles[at]
        block = _block_of(result, role, last, form)
        if block is None:
            if result.blocks and not result.blocks[-1].after:
                result.blocks[-1].after = pending
            (result.noise if role is Role.NOISE else result.prologue).append(line)
        else:
            if block.author is None and not block.texts:
                if len(result.blocks) > 1 and not result.blocks[-2].after:
                    result.blocks[-2].after = pending
                block.before = pending
            else:
                block.inside += pending
            _add(block, line, role, form, items[at])
        pending, last = [], role
    if result.blocks and not result.blocks[-1].after and last is not Role.NOISE:
        result.blocks[-1].after = pending
    return result


def _block_of(result: Blocks, role: Role, last: Role, form: Form) -> Block | None:
    """The block that a line of this role goes to; opens a new one where the role begins one."""
    if role in (Role.NOISE, Role.PROLOGUE):
        return None
    text = role in (Role.TEXT, Role.UNSIGNED)
    if form is Form.BELOW:
        goes_on = last in (Role.TEXT, Role.UNSIGNED)
    else:
        goes_on = role in (Role.TEXT, Role.DETAIL)
    if (goes_on or (text and last is Role.TEXT)) and result.blocks and role is not Role.UNSIGNED:
        return result.blocks[-1]
    result.blocks.append(Block())
    return result.blocks[-1]


def _add(block: Block, line: Line, role: Role, form: Form, item: Item) -> None:
    if role is Role.DETAIL:
        block.details.append(line)
    elif role is not Role.AUTHOR:
        block.texts.append(line)
    elif form is Form.INLINE and (cut := inline(line.raw)):
        block.author, block.name, block.likeness = line, byline(cut[0]), item.inline
        block.texts.append(line)
        block.first_text = cut[2]
    else:
        block.author, block.name, block.likeness = line, byline(line.raw), item.name
