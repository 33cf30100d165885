"""What stands in a report, as the template is given it. Records, no logic."""

from __future__ import annotations

from dataclasses import dataclass

from stance.report.bars import Chart


@dataclass(frozen=True, slots=True)
class Table:
    """Headings, and rows of as many cells."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class ShareSection:
    """A chart, the sentence and the table that say the same, and what its axis counts."""

    chart: Chart
    sentence: str
    axis: str
    table: Table


@dataclass(frozen=True, slots=True)
class WordSection:
    """Sentences, a table, and what is to be known of both."""

    sentences: tuple[str, ...]
    table: Table
    note: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quotation as it is shown: `author` is "" where authors are left out."""

    text: str
    author: str
    labels: str
    comment_id: str


@dataclass(frozen=True, slots=True)
class QuotedSide:
    """The quotations of one side toward one target."""

    heading: str
    quotations: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class Contents:
    """All that the template shows; `sentiment` to `camps` are None where no comment has a score."""

    title: str
    facts: tuple[str, ...]
    headlines: tuple[str, ...]
    interval_note: str
    warnings: tuple[str, ...]
    sentiment: ShareSection | None
    stance: ShareSection | None
    shares_notes: tuple[str, ...]
    voices: WordSection | None
    camps: WordSection | None
    checks: Table
    method: tuple[str, ...]
    model: Table
    limits: tuple[str, ...]
    quality: WordSection
    chosen: tuple[Quoted, ...]
    chosen_note: str
    quoting_rule: str
    nobody_quoted: str
    sides: tuple[QuotedSide, ...]
