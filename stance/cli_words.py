"""Words that several commands of the command line say."""

from __future__ import annotations

from collections.abc import Mapping


def shown(text: str) -> str:
    """On one line, and without what a terminal would obey."""
    return "".join(c if c.isprintable() else "?" for c in text)


def uncertain(confidence: float, output: str) -> str:
    """A warning for comments that were split by a guess."""
    return (
        f"warning: the split into comments is uncertain ({confidence:.0%} sure); check it in {output} or "
        "in the dashboard"
    )


def rows_told(
    read: int, scored: int, unscored: Mapping[str, int], rejected: Mapping[str, int]
) -> str:
    """Rows read = scored + unscored + rejected, with the reasons of the last two."""
    return (
        f"read {read} rows: {scored} scored, {sum(unscored.values())} unscored{_reasons(unscored)}, "
        f"{sum(rejected.values())} rejected{_reasons(rejected)}"
    )


def _reasons(counts: Mapping[str, int]) -> str:
    if not counts:
        return ""
    return f" ({', '.join(f'{reason}: {count}' for reason, count in counts.items())})"
