"""Words of the voices: whether a headline holds in other ways of counting."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from stance.aggregate import CORRECTED, rows_of
from stance.answers.counting import Way


def counting_sentence(shares: pd.DataFrame, target: str) -> str:
    """Whether what is counted toward a target holds in other ways of counting, and how sure it is.

    Args:
        shares: see `shares_by_way`.
        target: what to call the target.
    """
    basis = "estimated" if rows_of(shares)[0].basis == CORRECTED else "counted"
    words = {
        -1: f"more is {basis} against than in favor of",
        0: f"as much is {basis} in favor of as against",
        1: f"more is {basis} in favor of than against",
    }
    ways = {name: rows_of(rows) for name, rows in shares.groupby("name", sort=False)}
    # A net of some 1e-17 is a tie of sixths.
    nets = {str(name): round(rows[0].net, 9) for name, rows in ways.items()}
    sides = {name: (net > 0) - (net < 0) for name, net in nets.items()}
    (first, *others) = sides.items()
    said = f"{words[first[1]]} {target}"
    parting = [name for name, side in others if side != first[1]]
    if not others:
        sentence = f"Only one way of counting fits this set: {said}."
    elif not parting:
        every = "both" if len(sides) == 2 else f"all {len(sides)}"
        sentence = f"In {every} ways of counting, {said}."
    else:
        sentence = f"It depends on the counting: {said} by every comment, not by “{'”, “'.join(parting)}”."
    unclear = sum(
        against.low <= favor.high and favor.low <= against.high for against, _, favor in ways.values()
    )
    if not unclear:
        return sentence
    where = "The" if len(ways) == 1 else f"In {unclear} of {len(ways)} ways the"
    return f"{sentence} {where} intervals of the two sides overlap: their order may be chance or mistakes."


def ways_note(ways: Sequence[Way]) -> str:
    """What was decided on the way, and which ways of counting a set does not allow; "" if nothing was."""
    notes = [f"{way.title}: {way.note}." for way in ways if way.note and not way.missing]
    missing = [f"{way.title.lower()} ({way.missing})" for way in ways if way.missing]
    notes += [f"Not shown: {', '.join(missing)}."] if missing else []
    return " ".join(notes)
