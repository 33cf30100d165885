"""Counterfactual texts: names put into a text with place-holders, and the names of a text exchanged.

To measure whether a model reads what a sentence says of whoever is named in it, and not who is
usually liked (counterfactual fairness, Garg et al. 2019). Runs no model and reads no file.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence

from stance.errors import StanceError
from stance.targets import KINDS, Mention, Target, load_targets

NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "us": {
        "country": ("the United States", "America", "the US"),
        "demonym": ("American",),
        "people": ("Americans",),
        "capital": ("Washington",),
        "seat": ("the White House", "Capitol Hill"),
        "leader": ("Trump", "Vance", "Rubio", "Biden"),
        "army": ("the Marine Corps", "CENTCOM"),
    },
    "uk": {
        "country": ("the United Kingdom", "Britain", "the UK"),
        "demonym": ("British",),
        "people": ("Brits", "Britons"),
        "capital": ("London",),
        "seat": ("Downing Street", "Westminster"),
        "leader": ("Starmer", "Lammy", "Healey", "Boris Johnson"),
        "army": ("the Royal Navy", "the RAF"),
    },
    "ru": {
        "country": ("Russia",),
        "demonym": ("Russian",),
        "people": ("Russians",),
        "capital": ("Moscow",),
        "seat": ("the Kremlin", "the Duma"),
        "leader": ("Putin", "Lavrov", "Peskov", "Medvedev"),
        "army": ("the Black Sea Fleet", "the VDV"),
    },
    "ua": {
        "country": ("Ukraine",),
        "demonym": ("Ukrainian",),
        "people": ("Ukrainians",),
        "capital": ("Kyiv",),
        "seat": ("Bankova", "the Rada"),
        "leader": ("Zelensky", "Svyrydenko", "Sybiha", "Poroshenko"),
        "army": ("the AFU", "the ZSU"),
    },
}
"""Names for place-holders, by target and kind: those of `targets.toml` that fit any sentence in the
singular (people: plural), each with the article it needs."""

_PLACE = re.compile(r"\{([A-Z]):([a-z]+)\}")
_SENTENCE_END = re.compile(r"(?:^|[.!?][\"”)]*\s+)[\"“(]*$")


def fill_in(text: str, roles: Mapping[str, str], variant: int = 0) -> str:
    """The text with every place-holder replaced by a name.

    Args:
        text: with place-holders of a role and a kind, as "{A:leader}".
        roles: the target key of each role.
        variant: which of a kind's names, counted round; all texts of one variant are alike but
            for the names.

    >>> fill_in("{A:country} is right. {B:seat} knows it.", {"A": "us", "B": "uk"})
    'The United States is right. Downing Street knows it.'

    Raises:
        StanceError: a place-holder has a role without a target, or a kind without names.
    """

    def name(place: re.Match[str]) -> str:
        role, kind = place.groups()
        names = NAMES.get(roles.get(role, ""), {}).get(kind)
        if not names:
            raise StanceError(
                f"Expected a place-holder of a role in {sorted(roles)} and a kind in "
                f"{sorted(NAMES['us'])}, as in {{A:leader}}; found {place[0]}."
            )
        chosen = names[variant % len(names)]
        if _SENTENCE_END.search(text, 0, place.start()):
            return chosen[0].upper() + chosen[1:]
        return chosen

    return _PLACE.sub(name, text)


def roles_of(text: str) -> set[str]:
    """The roles that a text has place-holders of.

    >>> sorted(roles_of("{A:leader} and {B:people}"))
    ['A', 'B']
    """
    return {place[1] for place in _PLACE.finditer(text)}


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
