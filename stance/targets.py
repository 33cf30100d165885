"""The targets of stance, their names, and where a text names them.

Reads one data file, `targets.toml`, which a person can edit. Knows nothing about models.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path

from stance.errors import StanceError
from stance.sentences import Sentence
from stance.translation import pgettext

KINDS = ("country", "demonym", "people", "capital", "seat", "leader", "army", "nickname")
"""Kinds of names, as in the data file; names of one kind stand in the same place of a sentence."""

MAX_SEARCHED = 20_000
"""Characters of a text that are searched for names: five times what the model sees of it."""

_LOOK_ALIKES = str.maketrans({"\u0130": "i", "\u0131": "i", "\u017f": "s"})
_APOSTROPHES, _HYPHENS = "'\u2018\u2019\u02bc", "-\u2010\u2011\u2013"
_KEY = re.compile(r"[a-z][a-z0-9_]*")

COUNTRY = "country"
"""The context of the names of built-in targets in the file of strings."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a stance is about.

    `key` names its columns, `name` its rows and bars. `aliases` are the words that name it, by
    kind; `name` itself need not be among them.
    """

    key: str
    name: str
    aliases: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if not _KEY.fullmatch(self.key):
            raise StanceError(
                f"Expected a target key of lower-case letters, digits and _, found {self.key!r}."
            )

    @property
    def title(self) -> str:
        """Its name in the language that is spoken; a typed one as it was typed."""
        return pgettext(COUNTRY, self.name)  # `scripts/strings.py` takes the names from targets.toml

    def names(self) -> tuple[str, ...]:
        """All words that name the target, each once."""
        return tuple(self.kinds())

    def kinds(self) -> dict[str, str]:
        """All words that name the target, with the kind of each; its own name is a country's."""
        kinds = {self.name: "country"}
        for kind, names in self.aliases.items():
            for name in names:
                kinds.setdefault(name, kind)
        return kinds


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names a target: `text[start:end]`, and the kind of the name."""

    target: str
    start: int
    end: int
    kind: str = "country"


@cache
def load_targets() -> tuple[Target, ...]:
    """The built-in targets, in the order of `targets.toml`.

    Raises:
        StanceError: the file has no target, a key twice, or a kind that is not in `KINDS`.
    """
    entries = _data()["target"]
    targets = tuple(_target(entry) for entry in entries)
    keys = [target.key for target in targets]
    if len(set(keys)) != len(keys):
        raise StanceError(f"Expected each key once in targets.toml, found {keys}.")
    return targets


def typed_target(name: str, aliases: Iterable[str] = ()) -> Target:
    """A target that a person typed; its key is made from the name.

    >>> typed_target("The West", ["NATO"]).key
    'the_west'

    Raises:
        StanceError: the name has no letter or digit to make a key of.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    key = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    if not re.search(r"\w", name):
        raise StanceError(
            Sentence(
                "Expected a target's name with a letter or digit in it, found {name}.", name=repr(name)
            )
        )
    if not key:
        key = f"{zlib.crc32(name.encode()):08x}"
    if not key[0].isalpha():
        key = f"t_{key}"
    return Target(key, name.strip(), {"country": tuple(aliases)})


@cache
def target_named(name: str) -> Target:
    """The built-in target whose name or country name this is, else a typed one.

    >>> target_named("USA").key, target_named("Donald Trump").key
    ('us', 'donald_trump')

    Raises:
        StanceError: as `typed_target`.
    """
    for target in load_targets():
        if name.lower() in {known.lower() for known in (target.name, *target.aliases["country"])}:
            return target
    return typed_target(name)


def is_exact(name: str) -> bool:
    """Whether small letters make another word of a name, so that it is found as it is written only.

    >>> is_exact("US"), is_exact("Bush"), is_exact("Putin")
    (True, True, False)
    """
    return (name.isupper() and name.replace(".", "").isalpha()) or name in _as_written()


_LONG_ACRONYM = 4
"""Letters of an acronym that is also found with one capital; "Us" and "Gop" may be words."""


class MentionFinder:
    """Finds where texts name the given targets, on word boundaries, the longest name first.

    A name in capitals is found only in capitals ("US", not "us"), and one that is a word too only
    as it is written or in capitals ("Bush", not "bush"). In a text written wholly in capitals "US"
    is found only after "THE": there it is more often the pronoun.
    """

    def __init__(self, targets: Iterable[Target]) -> None:
        self._folded: dict[str, tuple[str, str] | None] = dict.fromkeys(not_a_mention())
        self._exact: dict[str, tuple[str, str]] = {}
        blind = set(self._folded)
        for target in targets:
            for name, kind in target.kinds().items():
                name = _plain(name)
                if is_exact(name):
                    self._exact[name] = (target.key, kind)
                    if name.istitle():  # "BUSH", but not "GIS"
                        self._exact[name.upper()] = (target.key, kind)
                    elif len(name) >= _LONG_ACRONYM and name.isalpha():  # "Nato", as many write it
                        self._exact[name.capitalize()] = (target.key, kind)
                else:
                    self._folded[folded(name)] = (target.key, kind)
                    blind.add(_small(name))
        self._pattern = re.compile(rf"(?<!\w)(?:{_alternatives(self._exact, blind)})(?!\w)")

    def find(self, text: str) -> list[Mention]:
        """All mentions in the order of the text; they do not overlap.

        >>> [m.target for m in MentionFinder(load_targets()).find("Give us what Kiev and the US want")]
        ['ua', 'us']
        """
        found = []
        shouting = text.isupper()
        for match in self._pattern.finditer(text, 0, MAX_SEARCHED):
            if shouting and match[0] == "US" and not text[: match.start()].endswith("THE "):
                continue
            owner = self._exact.get(_plain(match[0])) or self._folded.get(folded(match[0]))
            if owner is not None:
                key, kind = owner
                found.append(Mention(key, match.start(), match.end(), kind))
        return found


@cache
def built_in_finder() -> MentionFinder:
    """The finder for the built-in targets."""
    return MentionFinder(load_targets())


def mentioned_words(text: str, mentions: Sequence[Mention], target_key: str) -> tuple[str, ...]:
    """The words of `text` that name a target, each once, in the order of the text."""
    words = (text[m.start : m.end] for m in mentions if m.target == target_key)
    unique: dict[str, str] = {}
    for word in words:
        unique.setdefault(word.lower(), word)
    return tuple(unique.values())


@cache
def not_a_mention() -> tuple[str, ...]:
    """Phrases, in lower case, in which a target's name means something else."""
    return tuple(phrase.lower() for phrase in _data()["not_a_mention"]["phrases"])


@cache
def _data() -> dict[str, dict]:  # type: ignore[type-arg]
    path = Path(str(resources.files("stance"))) / "targets.toml"
    with path.open("rb") as file:
        return tomllib.load(file)


def _target(entry: dict[str, object]) -> Target:
    unknown = set(entry) - {"key", "name", *KINDS}
    if unknown:
        raise StanceError(
            f"Expected the kinds {', '.join(KINDS)} in targets.toml, found {sorted(unknown)}."
        )
    aliases: dict[str, tuple[str, ...]] = {
        kind: tuple(entry[kind]) # type: ignore[arg-type]
        for kind in KINDS
        if kind in entry
    }
    return Target(str(entry["key"]), str(entry["name"]), aliases)


@cache
def _as_written() -> frozenset[str]:
    return frozenset(_data()["as_written"]["names"])


def _alternatives(exact: Iterable[str], folded: Iterable[str]) -> str:
    """A regular expression that prefers longer names; any white space fits."""
    names = [*((name, True) for name in exact), *((name, False) for name in folded)]
    longest_first = sorted(names, key=lambda named: (-len(named[0]), named))
    patterns = ((_any_signs(name), as_is) for name, as_is in longest_first)
    return "|".join(pattern if as_is else f"(?i:{pattern})" for pattern, as_is in patterns)


def _any_signs(name: str) -> str:
    """A regular expression of a plain name with any white space, apostrophes and hyphens."""
    spaced = re.escape(name).replace(r"\ ", r"\s+")
    return spaced.replace("'", f"[{_APOSTROPHES}]").replace(r"\-", f"[{_HYPHENS}]")


def _plain(name: str) -> str:
    """A name with compatibility forms plain, one space for any white space, one apostrophe and hyphen."""
    plain = " ".join(unicodedata.normalize("NFKC", name).split())
    return re.sub(f"[{_HYPHENS}]", "-", re.sub(f"[{_APOSTROPHES}]", "'", plain))


def _small(name: str) -> str:
    """A plain name in small letters.

    Case-blind matching takes the Turkish i's and the long s for i and s; `lower` does not.
    """
    return name.translate(_LOOK_ALIKES).lower()


def folded(name: str) -> str:
    """What all that case-blind matching takes for one name has in common."""
    return _small(_plain(name)).casefold()
