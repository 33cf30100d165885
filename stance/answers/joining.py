"""Labels of a file joined with those of a session: what the one changes of the other. Reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stance.answers.corrections import corrections
from stance.hand_labels import HandLabel, latest


@dataclass(frozen=True, slots=True)
class Joined:
    """The labels of both, and where they say different things.

    `replaced` are those of the session that later ones of the file take the place of, `unused` those
    of the file that later ones of the session stand against: labels of an audit by the same person,
    corrections by anybody. `contradicted` are those of the file for which the session has another
    label by the same name to the same question of the same comment, given in the same way.
    """

    labels: list[HandLabel]
    replaced: list[HandLabel]
    unused: list[HandLabel]
    contradicted: list[HandLabel]


def joined(held: Sequence[HandLabel], added: Sequence[HandLabel]) -> Joined:
    """The labels of a session with those of a file; of what cannot stand together the latest counts.

    Labels that say the same are neither replaced nor unused, whenever they were given.
    """
    labels = latest([*held, *added])
    before, of_file, now = map(_standing, (held, added, labels))
    mine = {_by_whom(label): label.label for label in held}
    return Joined(
        labels,
        [label for key, label in before.items() if now[key].label != label.label],
        [label for key, label in of_file.items() if now[key].label != label.label],
        [label for label in added if mine.get(_by_whom(label), label.label) != label.label],
    )


def _standing(labels: Iterable[HandLabel]) -> dict[tuple[str, ...], HandLabel]:
    """The labels that views use: of audits one for each person, of corrections one for all."""
    labels = list(labels)
    standing = [*latest(label for label in labels if label.blind), *corrections(labels).values()]
    return {
        (label.comment_id, label.question, *([label.annotator] if label.blind else [])): label
        for label in standing
    }


def _by_whom(label: HandLabel) -> tuple[str, str, str, bool]:
    return label.comment_id, label.question, label.annotator, label.blind
