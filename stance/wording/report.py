"""The words of a report that no view has: headlines, data checks, method, limits, the rule of quoting."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from stance.aggregate import Share, rows_of
from stance.amounts import counted, share_text
from stance.answers.camps import LARGEST, SMALLEST
from stance.answers.quoting import LONGEST, SUREST, Judgement, Side
from stance.copies import CopyKind
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.model.held_out import HeldOut
from stance.records import ReadResult, RejectedRow
from stance.targets import Target, load_targets
from stance.wording.camps import labels_are
from stance.wording.shares import NOTHING_SCORED, sides_disagree
from stance.writing.manifests import RowCounts

MAX_LINES = 20
"""Lines of rows not used that are named for each reason."""

_SIDES = {Stance.AGAINST: "against", Stance.FAVOR: "in favor of"}


def headlines(moods: pd.DataFrame, sides: pd.DataFrame) -> list[str]:
    """What can be said of a set in a sentence each: of the sentiment, then of each target.

    A side is called the larger one only where the intervals of both do not overlap and the corrected
    shares say the same; without these the sentence is of the model's labels alone. Targets of which
    that can be said come first, the widest gap first.

    Args:
        moods: the sentiment shares, as counted.
        sides: the stance shares, as counted.
    """
    if not int(moods["n"].iloc[0]):
        return [NOTHING_SCORED]
    groups = [rows for _, rows in sides.groupby("name", sort=False)]
    groups.sort(key=lambda rows: (not _told_apart(rows), -abs(round(float(rows["net"].iloc[0]), 9))))
    return [_headline(moods), *map(_headline, groups)]


def _headline(rows: pd.DataFrame) -> str:
    first, _, last = rows_of(rows)
    about = f"Toward {first.name} " if first.target else "In tone "
    titles = _titles(first.target)
    n = counted(first.n, "comment")
    if not first.count and not last.count:
        return f"{about}none of {n} is {titles[first.label]} or {titles[last.label]}, as the model reads."
    shares = {row.label: f"{titles[row.label]}, {_interval(row)}" for row in (first, last)}
    if not _told_apart(rows):
        both = f"{shares[first.label]}, and {shares[last.label]}"
        why = "counted and corrected shares disagree" if sides_disagree(rows) else "the intervals overlap"
        return f"{about}it is open which is more common among {n}: {both}; {why}."
    more, fewer = (first, last) if first.share > last.share else (last, first)
    if math.isnan(first.corrected):
        return (
            f"{about}the model labels more of {n} {shares[more.label]}, than {shares[fewer.label]}; how "
            "it errs here is not known."
        )
    return f"{about}more of {n} are {shares[more.label]}, than {shares[fewer.label]}."


def _titles(target: str) -> dict[str, str]:
    styles = STANCE_STYLES if target else SENTIMENT_STYLES
    return {str(label): style.title.lower() for label, style in styles.items()}


def _told_apart(rows: pd.DataFrame) -> bool:
    first, _, last = rows_of(rows)
    return not sides_disagree(rows) and (first.low > last.high or last.low > first.high)


def _interval(row: Share) -> str:
    return share_text(row.share, row.low, row.high)


def data_checks(
    result: ReadResult, counts: RowCounts, *, n_cut: int, n_by_hand: int, any_language: bool
) -> list[tuple[str, str]]:
    """What was read and what became of it: pairs of a heading and words.

    Args:
        result: what was read.
        counts: what became of its rows.
        n_cut: comments of which the model read the beginning only.
        n_by_hand: comments with labels that people gave.
        any_language: whether comments in other languages than English were scored.
    """
    other = {False: "left unscored", True: "scored too: how well was never measured"}[any_language]
    exact = counts.copies[str(CopyKind.EXACT)]
    roles = ("author", "time", "likes", "reply_to")
    known = {role: sum(bool(getattr(c, role)) for c in result.comments) for role in roles}
    having = ", ".join(f"{role.replace('_', ' ')}: {n:,}" for role, n in known.items())
    return [
        ("Rows read", f"{counts.n_rows:,}, of these {counted(counts.n_comments, 'comment')}"),
        ("Scored", f"{counts.n_scored:,}"),
        ("Not scored", _reasons(dict(counts.unscored.most_common())) or "none"),
        ("Rows not used", _rejected(result.rejected) or "none"),
        ("Repeats of an earlier comment", _repeats(counts.copies.total(), exact)),
        ("Read by the beginning only (too long)", f"{n_cut:,}" if n_cut else "none"),
        ("Labels by hand", _by_hand(n_by_hand)),
        ("Comments that are clearly not English", other),
        ("Comments with", having),
        ("How it was read", " ".join(result.notes) or "nothing to note"),
    ]


def _by_hand(n: int) -> str:
    return f"in {counted(n, 'comment')}; they count as they were given" if n else "none"


def _repeats(n: int, exact: int) -> str:
    return f"{n:,} ({exact:,} word for word); they count like any other" if n else "none"


def _reasons(counts: Mapping[str, int]) -> str:
    return "; ".join(f"{reason}: {n:,}" for reason, n in counts.items())


def _rejected(rows: Sequence[RejectedRow]) -> str:
    lines = defaultdict(list)
    for row in rows:
        lines[row.reason].append(row.line)
    parts = []
    for reason, found in sorted(lines.items(), key=lambda item: (-len(item[1]), item[0])):
        named = ", ".join(str(line) for line in found[:MAX_LINES])
        more = f" and {len(found) - MAX_LINES:,} more" if len(found) > MAX_LINES else ""
        parts.append(f"{reason}: {len(found):,} ({'line' if len(found) == 1 else 'lines'} {named}{more})")
    return "; ".join(parts)


LABELS_MEAN = (
    "Sentiment is the tone of the whole comment; sarcastic praise is negative. Stance is what a "
    "commenter thinks of a country as a political actor: its state, government and leaders, its armed "
    "forces and policy, its people as a nation. In favor: praises, defends, thanks, sympathises, wants "
    "it helped. Against: criticises, blames, mocks, distrusts, opposes helping it. None: not about it, "
    "only mentions it, or balanced. Backing one side is not by itself a stance against the other."
)

def asked_about(targets: Iterable[Target]) -> str:
    """What stance was asked about, typed targets with the words that they were found by."""
    tested = {target.key for target in load_targets()}
    parts = [
        target.name if target.key in tested else f"{target.name} (found by: {'; '.join(target.names())})"
        for target in targets
    ]
    return f"Stance was asked about {', '.join(parts)}."


def quality_sentence(held_out: HeldOut | None) -> str:
    """How often the model was right on comments that it never learned from."""
    if held_out is None:
        return "How often this model is right was never measured on labelled comments here."
    return (
        f"On {held_out.n_comments:,} other comments that it never learned from the model reached the "
        "figures below (macro-F1: 1 is always right; 95 % intervals). Their labels are readings by a "
        "large language model that followed a labelling guide, not people's, and the model was chosen "
        "on them: on other comments expect a little less."
    )


NEVER_COUNTED = (
    "How often this model takes one label for another was never counted, so no interval covers it."
)

TAUGHT = (
    "The model was taught by labels of this set: how it errs since was never measured on other comments, "
    "so no share is corrected, and the intervals cover chance alone."
)

NOBODY_QUOTED = "No comment takes a side that the model sees, so none is quoted."

CHOSEN_NOTE = "These are no sample of the set: somebody picked them."


def camps_note(scored: pd.DataFrame) -> str:
    """How camps of a scored table are counted, and which are shown."""
    return (
        f"{labels_are(scored)}; in brackets the 95 % interval of chance alone (Wilson). By "
        "chance: as many as there would be if the stance toward one target had nothing to do with that "
        f"toward another. At most {LARGEST} are shown, none of fewer than {SMALLEST} comments. Words: "
        "those that a larger part of its comments than of the others has, beyond chance."
    )


LIMITS = (
    "The model misreads many comments: irony above all, replies that need the thread, several targets in "
    "one comment. Single labels are leads; read the comments before you write about a share.",
    "Commenters are not the public: no share here is a poll.",
    "It knows English only, and reads about the first 250 word pieces of a comment.",
)


def quoting_rule(limits: Mapping[str, float], *, authors: bool, by_hand: bool = False) -> str:
    """By which rule comments are quoted: the code's rule, in words."""
    unsure = " and the least sure of those that are unsure" if limits["stance"] else ""
    hand = " Labels by hand are not the model's, so it is sure of none of them." if by_hand else ""
    names = "Authors are named because that was asked for." if authors else "Authors are left out."
    return (
        f"Nobody picked these comments: for each side toward each target they are the {SUREST} of which "
        f"the model is surest{unsure}. A comment is quoted once, for the first side that comes to it; "
        f"one that repeats an earlier comment never is. Texts are cut at {LONGEST} characters (…). "
        f"Under each stands the model's label, which may be wrong, with its probability.{hand} {names}"
    )


def side_heading(side: Side, title: str) -> str:
    """Of which comments the quotations of a side are."""
    unsure = f", {side.n_unsure:,} of them unsure" if side.n_unsure else ""
    heading = f"{_SIDES[side.stance].capitalize()} {title}: {counted(side.n, 'comment')}{unsure}"
    return heading if side.quotations else f"{heading} (quoted above already, or repeats)"


def judgement_text(judgement: Judgement, titles: Mapping[str, str]) -> str:
    """A label with its probability: "against Russia, 93 %"."""
    if judgement.target:
        what = f"{_SIDES[Stance(judgement.label)]} {titles[judgement.target]}"
    else:
        what = SENTIMENT_STYLES[Sentiment(judgement.label)].title.lower()
    if judgement.by_hand:
        return f"{what}, by hand"
    return f"{what}, {_percent(judgement.probability)}{', unsure' if judgement.unsure else ''}"


def _percent(share: float) -> str:
    return f"{share:.0%}".replace("%", " %")
