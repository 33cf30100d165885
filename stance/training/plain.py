"""Makes plainly worded training texts of own clauses and the names of targets, two, one or none a side.

Comments in the wild seldom praise one country and blame another in plain words; the model has to
know the plain cases too. Reads `plain.toml`; knows no network.
"""

from __future__ import annotations

import random
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from stance.labels import Sentiment, Stance
from stance.swapping import fill_in
from stance.targets import load_targets
from stance.text import prepare_text
from stance.training.examples import UNKNOWN, Distribution, Example, built_in_slots, one_hot

_TWO_CLAUSES = 0.4
_PAIR = 0.2


def plain_examples(n: int, *, seed: int) -> list[Example]:
    """`n` texts with their labels; the same for the same seed.

    Two fifths praise, blame or mention two targets in a clause each, a fifth say something of both
    at once, the rest is about one.
    """
    rng = random.Random(f"plain {seed}")
    parts = _parts()
    return [_example(parts, rng) for _ in range(n)]


def clauses() -> list[str]:
    """All clauses with their place-holders."""
    parts = _parts()
    single = [clause for label in Stance for clause in parts[str(label)]]
    return [*single, *(text for text, _, _ in parts["pairs"])]


def _parts() -> dict[str, Any]:
    path = Path(str(resources.files("stance"))) / "training" / "plain.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _example(parts: dict[str, Any], rng: random.Random) -> Example:
    one, other = rng.sample([target.key for target in load_targets()], 2)
    kind = rng.random()
    if kind < _PAIR:
        text, first, second = rng.choice(parts["pairs"])
        sides = {one: Stance(first), other: Stance(second)}
    elif kind < _PAIR + _TWO_CLAUSES:
        first, second = (rng.choice(list(Stance)) for _ in range(2))
        left = rng.choice(parts[str(first)])
        right = rng.choice(parts[str(second)]).replace("{X:", "{Y:")
        text, sides = left + rng.choice(parts["joints"]) + right, {one: first, other: second}
    else:
        first = rng.choice(list(Stance))
        text, sides = rng.choice(parts[str(first)]), {one: first}
    text = rng.choice(parts["openings"]) + text + rng.choice(parts["endings"])
    filled = fill_in(text, {"X": one, "Y": other}, rng.randrange(12))
    if rng.random() < 0.6:
        filled = filled[0].upper() + filled[1:]
    labels = {t.key: one_hot(sides.get(t.key, Stance.NONE)) for t in load_targets()}
    return Example(prepare_text(filled).text, _tone(set(sides.values())), built_in_slots(labels))


def _tone(sides: set[Stance]) -> Distribution:
    """The sentiment where the stances settle it."""
    if sides == {Stance.AGAINST}:
        return one_hot(Sentiment.NEGATIVE)
    return one_hot(Sentiment.NEUTRAL) if sides == {Stance.NONE} else UNKNOWN
