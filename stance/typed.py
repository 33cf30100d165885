"""Targets that a person types: how they are written, and which cannot stand beside the others.

The page and the command line ask here, so that both refuse the same in the same words. Shows nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from stance.errors import StanceError
from stance.hand_labels import SENTIMENT_QUESTION
from stance.records import scored_columns
from stance.sentences import Sentence
from stance.targets import COUNTRY, Target, folded, load_targets, typed_target
from stance.translation import N_

UNTESTED = N_("untested target")
"""What a typed target is called wherever it is named: no figure of the model card is about it."""

MAX_NAME = 100
"""Characters of a typed target's name and aliases; a longer one is no name."""

MAX_TYPED = 20
"""Typed targets at once: every target adds to what is computed of every comment."""


def parse_target(text: str, before: Sequence[Target] = ()) -> Target:
    """A target written as `NAME` or `NAME=ALIAS, ALIAS`.

    >>> parse_target("NATO=NATO, the alliance").names()
    ('NATO', 'the alliance')

    Args:
        text: what the person wrote.
        before: targets that were typed before it; the built-in ones are always there.

    Raises:
        StanceError: the name or an alias is no name or stands for another target already, its
            columns would have the names of another's, or there are `MAX_TYPED` before it.
    """
    name, _, aliases = text.partition("=")
    target = typed_target(name.strip(), [part.strip() for part in aliases.split(",") if part.strip()])
    if len(before) >= MAX_TYPED:
        raise StanceError(
            Sentence("Expected at most {most} typed targets, found one more.", most=MAX_TYPED)
        )
    _check_names(target)
    _check_free(target, (*load_targets(), *before))
    return target


def parse_targets(lines: str) -> tuple[Target, ...]:
    """Targets written one per line, as in `parse_target`; empty lines do not count.

    Raises:
        StanceError: as `parse_target`, with the number of the line in front.
    """
    targets: list[Target] = []
    for number, line in enumerate(lines.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            targets.append(parse_target(line, targets))
        except StanceError as error:
            said = Sentence("Line {line}: {error}", line=str(number), error=error.message)
            raise StanceError(said) from error
    return tuple(targets)


def _check_names(target: Target) -> None:
    for name in target.names():
        if len(name) > MAX_NAME or not name.isprintable() or not any(map(str.isalnum, name)):
            raise StanceError(
                Sentence(
                    "Expected names of at most {most} characters with a letter or digit, found {name} in "
                    "{target}.",
                    most=MAX_NAME,
                    name=repr(name[:MAX_NAME]),
                    target=repr(target.name[:MAX_NAME]),
                )
            )


def _check_free(target: Target, known: Sequence[Target]) -> None:
    if target.key == SENTIMENT_QUESTION:
        raise StanceError(
            Sentence(
                "Expected a target of its own, found {name}, which is what the question about the tone is "
                "called: choose another name.",
                name=repr(target.name),
            )
        )
    taken = {folded(name): other for other in known for name in other.names()}
    taken |= {other.key: other for other in known}
    for name in (target.key, *target.names()):
        other = taken.get(folded(name))
        if other is not None:
            raise StanceError(
                Sentence(
                    "Expected a target of its own, found {name}, which stands for {target} ({key}) "
                    "already.",
                    name=repr(name),
                    target=Sentence(other.name, COUNTRY) if other in load_targets() else other.name,
                    key=other.key,
                )
            )
    columns = scored_columns([other.key for other in (*known, target)])
    doubled = sorted({column for column in columns if columns.count(column) > 1})
    if doubled:
        raise StanceError(
            Sentence(
                "Expected a name with columns of its own, found {name}: {column} is taken.",
                name=repr(target.name),
                column=doubled[0],
            )
        )
