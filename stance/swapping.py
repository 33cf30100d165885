"""Counterfactual texts: the names of targets exchanged, each for one of the same kind.

To measure whether a model reads what a sentence says of whoever is named in it, and not who is
usually liked (counterfactual fairness, Garg et al. 2019). Runs no model.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

from stance.targets import KINDS, Mention, Target, load_targets


def exchange_names(
    text: str, mentions: Sequence[Mention], becomes: dict[str, str], rng: random.Random
) -> str:
    """The text with every name replaced by one of the same kind of the target it becomes.

    Args:
        text: as it was searched for `mentions`.
        mentions: of the built-in targets, in the order of the text.
        becomes: for each target key, the key of the target whose names take its place.
        rng: chooses among the names of one kind.

    The same name is replaced by the same name throughout the text.
    """
    targets = {target.key: target for target in load_targets()}
    chosen: dict[tuple[str, str], str] = {}
    parts, end = [], 0
    for mention in mentions:
        name = text[mention.start : mention.end]
        new = becomes[mention.target]
        if new == mention.target:
            continue
        pair = (mention.target, name.lower())
        if pair not in chosen:
            chosen[pair] = rng.choice(_same_kind(targets[mention.target], name, targets[new]))
        parts += [text[end : mention.start], _in_case_of(chosen[pair], name)]
        end = mention.end
    return "".join([*parts, text[end:]])


def _same_kind(old: Target, name: str, new: Target) -> tuple[str, ...]:
    """Names of `new` that can stand where `name` of `old` stands."""
    if name.lower() == old.name.lower():
        return (new.name,)
    for kind in KINDS:
        if name.lower() in (alias.lower() for alias in old.aliases.get(kind, ())):
            return new.aliases.get(kind) or (new.name,)
    return (new.name,)


def _in_case_of(name: str, example: str) -> str:
    if example.islower() and not name.isupper():
        return name.lower()
    if example.isupper() and len(example) > 4:
        return name.upper()
    return name
