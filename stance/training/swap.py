"""Counterfactual copies: a text with the names of targets exchanged, and its labels moved along.

So that the model learns to read what a sentence says of whoever is named in it, and not who is
usually liked (counterfactual data augmentation, Kaushik et al. 2020).
"""

from __future__ import annotations

import random

from stance.labels import Stance
from stance.targets import KINDS, Mention, Target, built_in_finder, load_targets
from stance.training.examples import Distribution, Example, built_in_slots

_NONE = list(Stance).index(Stance.NONE)


def swapped(example: Example, rng: random.Random) -> Example | None:
    """A copy with the targets exchanged at random; None where that would make labels wrong.

    A target that has a stance but no name in the text ("he should never have crossed that
    border") is implied by words that cannot be exchanged, so such a text has no copy.
    """
    targets = load_targets()
    mentions = built_in_finder().find(example.text)
    named = {mention.target for mention in mentions}
    labels = {t.key: slot.label for t, slot in zip(targets, example.slots, strict=True)}
    implied = (key for key, label in labels.items() if key not in named and not _is_none(label))
    if not named or any(implied):
        return None
    keys = [target.key for target in targets]
    moved = keys[:]
    while moved == keys:
        rng.shuffle(moved)
    becomes = dict(zip(keys, moved, strict=True))
    text = exchange_names(example.text, mentions, becomes, rng)
    new_labels = {becomes[key]: label for key, label in labels.items()}
    return Example(text, example.sentiment, built_in_slots(text, new_labels))


def exchange_names(
    text: str, mentions: list[Mention], becomes: dict[str, str], rng: random.Random
) -> str:
    """The text with every name replaced by one of the same kind of the target it becomes.

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


def _is_none(label: Distribution) -> bool:
    return max(label) == label[_NONE]


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
