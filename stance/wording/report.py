"""The words of a report that no view has: headlines, method, limits, the rule of quoting."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import pandas as pd

from stance.aggregate import Share, rows_of
from stance.amounts import number, numbered, percent, share_text
from stance.answers.camps import LARGEST, SMALLEST
from stance.answers.quoting import LONGEST, SUREST, Judgement, Side
from stance.labels import LABEL_STYLES, Stance
from stance.model.held_out import STANCE as STANCE_FIGURE
from stance.model.held_out import HeldOut, HeldOutFigure
from stance.targets import Target, load_targets
from stance.translation import N_, _
from stance.wording.camps import labels_are
from stance.wording.shares import NOTHING_SCORED, sides_disagree
from stance.wording.titles import side_text


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
        return [_(NOTHING_SCORED)]
    groups = [rows for _name, rows in sides.groupby("name", sort=False)]
    groups.sort(key=lambda rows: (not _told_apart(rows), -abs(round(float(rows["net"].iloc[0]), 9))))
    return [_headline(moods), *map(_headline, groups)]


def _headline(rows: pd.DataFrame) -> str:
    first, _middle, last = rows_of(rows)
    about = _("Toward {target}").format(target=first.name) if first.target else _("In tone")
    if not first.count and not last.count:
        return numbered(
            "{about} none of {n} comment is {first} or {last}, as the model reads.",
            "{about} none of {n} comments is {first} or {last}, as the model reads.",
            first.n,
            about=about,
            first=LABEL_STYLES[first.label].word,
            last=LABEL_STYLES[last.label].word,
        )
    if not _told_apart(rows):
        why = (
            _("counted and corrected shares disagree")
            if sides_disagree(rows)
            else _("the intervals overlap")
        )
        return numbered(
            "{about} it is open which is more common among {n} comment: {first}, and {last}; {why}.",
            "{about} it is open which is more common among {n} comments: {first}, and {last}; {why}.",
            first.n,
            about=about,
            first=_share(first),
            last=_share(last),
            why=why,
        )
    return _ahead(about, *sorted((first, last), key=lambda row: -row.share))


def _ahead(about: str, more: Share, fewer: Share) -> str:
    """That one side is the larger one, of the model's labels alone where its mistakes are not known."""
    names = {"about": about, "more": _share(more), "fewer": _share(fewer)}
    if math.isnan(more.corrected):
        return numbered(
            "{about} the model labels more of {n} comment {more}, than {fewer}; how it errs here is not "
            "known.",
            "{about} the model labels more of {n} comments {more}, than {fewer}; how it errs here is not "
            "known.",
            more.n,
            **names,
        )
    return numbered(
        "{about} more of {n} comment are {more}, than {fewer}.",
        "{about} more of {n} comments are {more}, than {fewer}.",
        more.n,
        **names,
    )


def _told_apart(rows: pd.DataFrame) -> bool:
    first, _middle, last = rows_of(rows)
    return not sides_disagree(rows) and (first.low > last.high or last.low > first.high)


def _share(row: Share) -> str:
    share = share_text(row.share, row.low, row.high)
    return _("{label}, {share}").format(label=LABEL_STYLES[row.label].word, share=share)


LABELS_MEAN = N_(
    "Sentiment is the tone of the whole comment; sarcastic praise is negative. Stance is what a "
    "commenter thinks of a country as a political actor: its state, government and leaders, its armed "
    "forces and policy, its people as a nation. In favor: praises, defends, thanks, sympathises, wants "
    "it helped. Against: criticises, blames, mocks, distrusts, opposes helping it. None: not about it, "
    "only mentions it, or balanced. Backing one side is not by itself a stance against the other."
)

def asked_about(targets: Iterable[Target]) -> str:
    """What stance was asked about, typed targets with the words that they were found by."""
    tested = {target.key for target in load_targets()}
    typed = _("{target} (found by: {words})")
    parts = [
        target.title
        if target.key in tested
        else typed.format(target=target.title, words="; ".join(target.names()))
        for target in targets
    ]
    return _("Stance was asked about {targets}.").format(targets=", ".join(parts))


def quality_sentence(held_out: HeldOut | None) -> str:
    """How often the model was right on comments that it never learned from."""
    if held_out is None:
        return _("How often this model is right was never measured on labelled comments here.")
    sentence = _(
        "On {n} other comments that it never learned from the model reached the figures below (macro-F1: 1 "
        "is always right; 95 % intervals). Their labels are readings by a large language model that "
        "followed a labelling guide, not people's, and the model was chosen on them: on other comments "
        "expect less."
    ).format(n=number(held_out.n_comments))
    if held_out.elsewhere is None:
        return sentence
    stance = next(f for f in held_out.elsewhere.figures if f.name == STANCE_FIGURE)
    more = _("On {n} more, on which it was not chosen, stance reached {value} ({low}–{high}).").format(
        n=number(held_out.elsewhere.n_comments), **_numbers(stance)
    )
    return f"{sentence} {more}"


def _numbers(figure: HeldOutFigure) -> dict[str, str]:
    return {name: number(getattr(figure, name), ".3f") for name in ("value", "low", "high")}


NEVER_COUNTED = N_(
    "How often this model takes one label for another was never counted, so no interval covers it."
)

TAUGHT = N_(
    "The model was taught by labels of this set: how it errs since was never measured on other comments, "
    "so no share is corrected, and the intervals cover chance alone."
)

NOBODY_QUOTED = N_("No comment takes a side that the model sees, so none is quoted.")

CHOSEN_NOTE = N_("These are no sample of the set: somebody picked them.")


def camps_note(scored: pd.DataFrame) -> str:
    """How camps of a scored table are counted, and which are shown."""
    return _(
        "{labels_are}; in brackets the 95 % interval of chance alone (Wilson). By chance: as many as there "
        "would be if the stance toward one target had nothing to do with that toward another. At most "
        "{most} are shown, none of fewer than {least} comments. Words: those that a larger part of its "
        "comments than of the others has, beyond chance."
    ).format(labels_are=labels_are(scored), most=LARGEST, least=SMALLEST)


LIMITS = (
    N_(
        "The model misreads many comments: irony above all, replies that need the thread, several targets "
        "in one comment. Single labels are leads; read the comments before you write about a share."
    ),
    N_("Commenters are not the public: no share here is a poll."),
    N_("It knows English only, and reads about the first 250 word pieces of a comment."),
)


def quoting_rule(limits: Mapping[str, float], *, authors: bool, by_hand: bool = False) -> str:
    """By which rule comments are quoted: the code's rule, in words."""
    surest = (
        _(
            "Nobody picked these comments: for each side toward each target they are the {n} of which the "
            "model is surest and the least sure of those that are unsure."
        )
        if limits["stance"]
        else _(
            "Nobody picked these comments: for each side toward each target they are the {n} of which the "
            "model is surest."
        )
    )
    rule = _(
        "A comment is quoted once, for the first side that comes to it; one that repeats an earlier "
        "comment never is. Texts are cut at {longest} characters (…). Under each stands the model's label, "
        "which may be wrong, with its probability."
    )
    parts = [surest.format(n=SUREST), rule.format(longest=LONGEST)]
    if by_hand:
        parts.append(_("Labels by hand are not the model's, so it is sure of none of them."))
    named, left_out = _("Authors are named because that was asked for."), _("Authors are left out.")
    return " ".join([*parts, named if authors else left_out])


def side_heading(side: Side, title: str) -> str:
    """Of which comments the quotations of a side are."""
    if side.stance == Stance.AGAINST:
        heading = numbered(
            "Against {target}: {n} comment", "Against {target}: {n} comments", side.n, target=title
        )
    else:
        heading = numbered(
            "In favor of {target}: {n} comment",
            "In favor of {target}: {n} comments",
            side.n,
            target=title,
        )
    if side.n_unsure:
        unsure = _("{heading}, {n} of them unsure")
        heading = unsure.format(heading=heading, n=number(side.n_unsure))
    if side.quotations:
        return heading
    return _("{heading} (quoted above already, or repeats)").format(heading=heading)


def judgement_text(judgement: Judgement, titles: Mapping[str, str]) -> str:
    """A label with its probability: "against Russia, 93 %"."""
    if judgement.target:
        what = side_text(Stance(judgement.label), titles[judgement.target])
    else:
        what = LABEL_STYLES[judgement.label].word
    if judgement.by_hand:
        return _("{label}, by hand").format(label=what)
    said = _("{label}, {share}, unsure") if judgement.unsure else _("{label}, {share}")
    return said.format(label=what, share=percent(judgement.probability))
