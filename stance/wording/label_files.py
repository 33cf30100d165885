"""Words of files of labels: what was read of one, what it changed, what two people may have mixed up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stance.amounts import number, numbered
from stance.hand_labels import HandLabel
from stance.translation import _
from stance.wording.titles import all_of


def left_out_sentence(n_read: int, left_out: Mapping[str, int], n_future: int = 0) -> str:
    """What came of a file of labels, `n_future` of which had a time that was still to come."""
    said = [numbered("{n} label read.", "{n} labels read.", n_read)]
    if n_future:
        future = numbered(
            "{n} label had a time in the future: taken as of now.",
            "{n} labels had a time in the future: taken as of now.",
            n_future,
        )
        said.append(future)
    if left_out:
        reasons = [f"{number(count)} {_(reason)}" for reason, count in left_out.items()]
        said.append(_("Left out: {reasons}.").format(reasons="; ".join(reasons)))
    return " ".join(said)


def joined_sentence(replaced: Sequence[HandLabel], unused: Sequence[HandLabel]) -> str:
    """What a file changed of the session's labels, and what of it is not used; "" where neither."""
    parts = []
    if replaced:
        said = _("Given before and replaced by later ones of the file: {labels}.")
        parts.append(said.format(labels=_kinds(replaced)))
    if unused:
        said = _("In the file and not used, as later ones are here: {labels}.")
        parts.append(said.format(labels=_kinds(unused)))
    return " ".join(parts)


def _kinds(labels: Sequence[HandLabel]) -> str:
    n_blind = sum(label.blind for label in labels)
    n_seen = len(labels) - n_blind
    parts = []
    if n_blind:
        parts.append(numbered("{n} label of an audit", "{n} labels of an audit", n_blind))
    if n_seen:
        parts.append(numbered("{n} correction", "{n} corrections", n_seen))
    return all_of(parts)


def contradicted_sentence(labels: Sequence[HandLabel]) -> str:
    """That one name has two labels for the same, here and in a file; "" where none has."""
    if not labels:
        return ""
    names = sorted({label.annotator or _("no name") for label in labels})
    return numbered(
        "For {n} label of the file there was another one here for the same comment and question by the "
        "same name ({names}), and the later one counts. If two people have this name, give one of them "
        "another one in the file, and choose it again.",
        "For {n} labels of the file there was another one here for the same comment and question by the "
        "same name ({names}), and the later one counts. If two people have this name, give one of them "
        "another one in the file, and choose it again.",
        len(labels),
        names=", ".join(names),
    )
