"""Words of the voices: whether a headline holds in other ways of counting."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from stance.aggregate import CORRECTED, rows_of
from stance.answers.counting import Way
from stance.translation import _
from stance.wording.titles import quoted


def counting_sentence(shares: pd.DataFrame, target: str) -> str:
    """Whether what is counted toward a target holds in other ways of counting, and how sure it is.

    Args:
        shares: see `shares_by_way`.
        target: what to call the target.
    """
    ways = {str(name): rows_of(rows) for name, rows in shares.groupby("name", sort=False)}
    # A net of some 1e-17 is a tie of sixths.
    nets = {name: round(rows[0].net, 9) for name, rows in ways.items()}
    sides = {name: (net > 0) - (net < 0) for name, net in nets.items()}
    (first, *others) = sides.items()
    said = _said(first[1], corrected=rows_of(shares)[0].basis == CORRECTED).format(target=target)
    parting = [name for name, side in others if side != first[1]]
    if not others:
        sentence = _("Only one way of counting fits this set: {said}.").format(said=said)
    elif parting:
        sentence = _(
            "It depends on the counting: where every comment counts, {said}; not so with {ways}."
        ).format(said=said, ways=", ".join(map(quoted, parting)))
    elif len(sides) == 2:
        sentence = _("In both ways of counting, {said}.").format(said=said)
    else:
        sentence = _("In all {n} ways of counting, {said}.").format(n=len(sides), said=said)
    unclear = sum(
        against.low <= favor.high and favor.low <= against.high for against, _none, favor in ways.values()
    )
    return f"{sentence} {_overlap(unclear, len(ways))}" if unclear else sentence


def _said(side: int, *, corrected: bool) -> str:
    """Which side is the larger one: 1 in favor, -1 against, 0 neither."""
    if corrected:
        return {
            -1: _("more is estimated against than in favor of {target}"),
            0: _("as much is estimated in favor of as against {target}"),
            1: _("more is estimated in favor of than against {target}"),
        }[side]
    return {
        -1: _("more is counted against than in favor of {target}"),
        0: _("as much is counted in favor of as against {target}"),
        1: _("more is counted in favor of than against {target}"),
    }[side]


def _overlap(unclear: int, n_ways: int) -> str:
    """In how many ways of counting the order of the two sides is not told."""
    if n_ways == 1:
        return _("The intervals of the two sides overlap: their order may be chance or mistakes.")
    return _(
        "In {n} of {all} ways the intervals of the two sides overlap: their order may be chance or "
        "mistakes."
    ).format(n=unclear, all=n_ways)


def ways_note(ways: Sequence[Way]) -> str:
    """What was decided on the way, and which ways of counting a set does not allow; "" if nothing was."""
    notes = [
        _("{way}: {note}.").format(way=way.title, note=way.note)
        for way in ways
        if way.note and not way.missing
    ]
    missing = [
        _("{way} ({why})").format(way=way.word, why=way.missing) for way in ways if way.missing
    ]
    notes += [_("Not shown: {ways}.").format(ways=", ".join(missing))] if missing else []
    return " ".join(notes)
