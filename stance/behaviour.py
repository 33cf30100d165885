"""How a classifier behaves in cases made for one ability each, and under harmless changes of a text.

After CheckList (Ribeiro et al. 2020, "Beyond Accuracy: Behavioral Testing of NLP Models with
CheckList"): minimum functionality tests, whose labels are given (`data/behaviour.jsonl`, own
writing), and invariance tests, in which the same texts are changed by code and every label must
stay. Measures only: a classifier is an argument.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from stance import records
from stance.aggregate import wilson_interval
from stance.errors import StanceError
from stance.labelled import read_rows, text_of
from stance.labels import Sentiment, Stance
from stance.records import Comment
from stance.scoring import Classifier, Progress, score_comments
from stance.targets import built_in_finder, is_exact, load_targets

CASES = Path(__file__).resolve().parents[1] / "data" / "behaviour.jsonl"

LONGEST_SHOWN = 12
"""Failing ids of one kind that a command line lists; a record holds them all."""

_TYPO_WORD = re.compile(r"(?<![\w'’])[A-Za-z]{4,}(?![\w'’])")


@dataclass(frozen=True, slots=True)
class Case:
    """A text of one kind, and the label that each column of the scored table should have."""

    case_id: str
    kind: str
    text: str
    expect: dict[str, str]


@dataclass(frozen=True, slots=True)
class KindResult:
    """How many of the `n` cases of a kind pass, the share with its Wilson interval, who fails."""

    kind: str
    invariance: bool
    n: int
    passed: int
    low: float
    high: float
    failing: tuple[str, ...]

    @property
    def share(self) -> float:
        """Share of the cases that pass."""
        return self.passed / self.n


def read_cases(path: Path = CASES) -> list[Case]:
    """The cases of a file.

    Raises:
        ReadingError: a row lacks a field, or expects something that is no label.
    """
    expected = "id, kind, text, and in expect a label for sentiment or a target"
    return read_rows(path, _case, expected)


def measure_behaviour(
    cases: Sequence[Case],
    classifier: Classifier,
    *,
    on_progress: Callable[[Progress], None] | None = None,
) -> list[KindResult]:
    """Results by kind, first those with given labels, in the order of the cases, then invariances.

    A case with given labels passes if each of them is the most probable. An invariance passes for
    a case if the sentiment and the stances toward all targets are those of the unchanged text.

    Raises:
        StanceError: a text has no word in which a letter could be mistyped.
    """
    variants = {
        kind: [change(case.text, random.Random(case.case_id)) for case in cases]
        for kind, change in INVARIANCES.items()
    }
    texts = [text for group in ([case.text for case in cases], *variants.values()) for text in group]
    comments = [Comment(f"t{number}", text, number) for number, text in enumerate(texts, start=1)]
    labels = _labels(
        score_comments(comments, classifier, any_language=True, on_progress=on_progress)
    )
    n = len(cases)
    given: dict[str, list[tuple[str, bool]]] = {}
    for case, found in zip(cases, labels[:n], strict=True):
        right = all(found[column] == label for column, label in case.expect.items())
        given.setdefault(case.kind, []).append((case.case_id, right))
    results = [_result(kind, passes, invariance=False) for kind, passes in given.items()]
    for number, kind in enumerate(variants, start=1):
        changed = labels[number * n : (number + 1) * n]
        same = [(c.case_id, labels[i] == changed[i]) for i, c in enumerate(cases)]
        results.append(_result(kind, same, invariance=True))
    return results


def behaviour_lines(results: Sequence[KindResult]) -> list[str]:
    """The results as lines for a command line."""
    lines = []
    for invariance, title in ((False, "Given labels"), (True, "Same labels after a change")):
        lines.append(f"{title:26}{'n':>5}{'passed':>8}")
        for result in results:
            if result.invariance == invariance:
                lines.append(
                    f"{result.kind:26}{result.n:5}{result.share:8.3f}"
                    f"  (95 % {result.low:.3f}–{result.high:.3f})"
                )
                lines += _failing_line(result)
    return lines


def mistyped(text: str, rng: random.Random) -> str:
    """The text with two neighbouring letters within one word exchanged; names are left alone.

    Raises:
        StanceError: no word of four letters or more, outside names, has two unlike neighbours.
    """
    names = built_in_finder().find(text)
    places = [
        index
        for word in _TYPO_WORD.finditer(text)
        if not any(name.start < word.end() and word.start() < name.end for name in names)
        for index in range(word.start() + 1, word.end() - 2)
        if text[index] != text[index + 1]
    ]
    if not places:
        raise StanceError("Expected a text with a word of four letters or more to mistype.")
    at = rng.choice(places)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def lower_cased(text: str, rng: random.Random) -> str:
    """In small letters, but for names that small letters make a word of ("US" is not "us")."""
    parts, end = [], 0
    for name in built_in_finder().find(text):
        word = text[name.start : name.end]
        parts += [text[end : name.start].lower(), word if is_exact(word) else word.lower()]
        end = name.end
    return "".join([*parts, text[end:].lower()])


def upper_cased(text: str, rng: random.Random) -> str:
    """In capitals."""
    return text.upper()


def spaced(text: str, rng: random.Random) -> str:
    """With white space at its end."""
    return text + rng.choice([" ", "  ", " \n", "\t", "\n\n"])


def linked(text: str, rng: random.Random) -> str:
    """With a link at its end that says nothing."""
    return f"{text} https://example.org/{rng.randrange(16**6):06x}"


INVARIANCES: dict[str, Callable[[str, random.Random], str]] = {
    "one typo": mistyped,
    "small letters": lower_cased,
    "capitals": upper_cased,
    "trailing space": spaced,
    "link added": linked,
}
"""Changes that must not change a label, each made from every case's text."""


def _case(row: dict[str, Any]) -> Case:
    columns = {target.key: records.stance_label(target.key) for target in load_targets()}
    expect: dict[str, str] = {}
    for key, label in row["expect"].items():
        if key == records.SENTIMENT:
            expect[key] = str(Sentiment(label))
        else:
            expect[columns[key]] = str(Stance(label))
    if not expect:
        raise ValueError("nothing expected")
    return Case(str(row["id"]), str(row["kind"]), text_of(row), expect)


def _labels(scored: pd.DataFrame) -> list[dict[str, str]]:
    columns = [records.SENTIMENT, *(records.stance_label(t.key) for t in load_targets())]
    rows = scored[columns].to_dict("records")
    return [{str(key): str(label) for key, label in row.items()} for row in rows]


def _result(kind: str, passes: Sequence[tuple[str, bool]], *, invariance: bool) -> KindResult:
    failing = tuple(case_id for case_id, right in passes if not right)
    passed = len(passes) - len(failing)
    low, high = wilson_interval(passed, len(passes))
    return KindResult(kind, invariance, len(passes), passed, low, high, failing)


def _failing_line(result: KindResult) -> list[str]:
    if not result.failing:
        return []
    more = len(result.failing) - LONGEST_SHOWN
    shown = ", ".join(result.failing[:LONGEST_SHOWN])
    return [f"    fails: {shown}{f' and {more} more' if more > 0 else ''}"]
