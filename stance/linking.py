"""How well comments are linked to the paragraph that they answer: measured on labelled links.

`data/reaction_links.jsonl` says of each comment under seven articles, all written for this project,
which paragraphs it answers, one of which has to be found, or that it answers none. Measures only.

Reached, with the threshold chosen on the other pages (in brackets 95 % intervals): precision 0.88
(0.82–0.94), recall 0.66 (0.59–0.74); of the comments that answer none 0.11 (0.05–0.18) are linked. The most
similar paragraph by TF-IDF: 0.80 and 0.41. The weights were chosen on four of the pages; on the other three
(trident, summit, fields), first looked at afterwards, it was 0.90 and 0.64. Tried on the four and left out,
as none did better: cosine of character n-grams, of truncated SVD and of mean states of every layer of the
shipped encoder (its last finds the right paragraph of one comment in five, shared words of four in five),
alone and added; names of countries as groups; pairs of words; a word's rarity on the page alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stance.answers.reactions import THRESHOLD, Link, Why, link_comments
from stance.errors import StanceError
from stance.labelled import read_rows
from stance.metrics import Figure
from stance.reading import read_comments
from stance.records import Article, Comment

DATA = Path(__file__).resolve().parents[1] / "data"
LINKS = DATA / "reaction_links.jsonl"

N_RESAMPLES = 2_000

_BETA = 0.5
"""The threshold is chosen by F-beta: precision counts four times as much as recall."""


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """An article with its comments, and for each comment the paragraphs it answers, counted from 0.

    An empty set says that a comment answers no paragraph.
    """

    name: str
    article: Article
    comments: tuple[Comment, ...]
    answers: tuple[frozenset[int], ...]


@dataclass(frozen=True, slots=True)
class LinkQuality:
    """One linker's figures over all comments: shares with 95 % bootstrap intervals over pages and comments.

    `precision` is the share of its links that name a right paragraph, `recall` the share of the
    comments that answer a paragraph that got a right one, `f1` their harmonic mean. `stray` is the
    share of the comments that answer none that got one all the same. `recall_by_page` are the lowest
    and the highest recall of a page.
    """

    linker: str
    n_links: int
    precision: Figure
    recall: Figure
    f1: Figure
    stray: Figure
    recall_by_page: tuple[float, float]


Outcomes = NDArray[np.int64]
"""A row for each comment, shape (n, 4): whether it was linked, linked rightly, linked though it answers no
paragraph, and whether it answers one."""


def read_pages(path: Path = LINKS) -> list[LabelledPage]:
    """The labelled pages, read as the desk reads a pasted page.

    Raises:
        ReadingError: a row lacks a field.
        StanceError: a row is not of its page: another text, or no such paragraph.
    """
    expected = "page, comment, text, and in paragraphs a list of numbers"
    rows: dict[str, list[_Label]] = defaultdict(list)
    for name, label in read_rows(path, _row, expected):
        rows[name].append(label)
    return [_page(name, path.parent / name, labels) for name, labels in rows.items()]


def measure_linking(pages: Sequence[LabelledPage]) -> list[LinkQuality]:
    """Our linker, then the two baselines, each with its threshold chosen on the other pages.

    So no page has a say in the threshold that it is measured with (leave-one-page-out).
    """
    linkers: dict[str, Callable[[LabelledPage], list[Link]]] = {
        "ours": lambda page: link_comments(page.article, page.comments, threshold=0.0),
        "most similar paragraph (TF-IDF)": most_similar,
        "always none": lambda page: [Link(c.comment_id, None, Why.NOTHING) for c in page.comments],
    }
    return [
        _quality(name, _held_out([(page, link(page)) for page in pages]))
        for name, link in linkers.items()
    ]


def fitted_threshold(pages: Sequence[LabelledPage]) -> float:
    """The threshold that all pages together would choose: `answers.reactions.THRESHOLD`, rounded."""
    return _best_threshold(
        [(page, link_comments(page.article, page.comments, threshold=0.0)) for page in pages]
    )


def shipped_quality(pages: Sequence[LabelledPage]) -> LinkQuality:
    """Our linker with its shipped threshold, on the pages on which that was chosen."""
    linked = [(page, link_comments(page.article, page.comments)) for page in pages]
    return _quality("ours, as shipped", [_outcomes(*pair, THRESHOLD) for pair in linked])


def most_similar(page: LabelledPage) -> list[Link]:
    """A baseline: the paragraph that is nearest by the cosine of plain TF-IDF vectors.

    Fitted to the page's own paragraphs and comments, without English stop words.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer

    paragraphs, texts = page.article.paragraphs, [comment.text for comment in page.comments]
    vectors = TfidfVectorizer(stop_words="english").fit_transform([*paragraphs, *texts])
    cosines = (vectors[len(paragraphs) :] @ vectors[: len(paragraphs)].T).toarray()
    best = cosines.argmax(axis=1)
    return [
        Link(comment.comment_id, int(number), Why.WORDS, score=float(row[number]))
        for comment, number, row in zip(page.comments, best, cosines, strict=True)
    ]


def linking_lines(pages: Sequence[LabelledPage]) -> list[str]:
    """The figures as lines for a command line."""
    answers = [found for page in pages for found in page.answers]
    lines = [
        f"{len(answers)} comments on {len(pages)} pages, {sum(map(bool, answers))} answer a paragraph",
        f"{'':34}{'links':>6}{'precision':>22}{'recall':>22}{'F1':>22}{'stray links':>22}",
    ]
    for found in [*measure_linking(pages), shipped_quality(pages)]:
        shown = (found.precision, found.recall, found.f1, found.stray)
        figures = "".join(f"{_figure_text(figure):>22}" for figure in shown)
        lines.append(f"{found.linker:34}{found.n_links:6}{figures}")
    low, high = shipped_quality(pages).recall_by_page
    lines.append(f"Recall as shipped goes from {low:.2f} to {high:.2f} by page.")
    lines.append(
        f"In brackets: 95 % intervals. Thresholds were chosen on the other pages; all pages together "
        f"choose {fitted_threshold(pages):.2f}, shipped is {THRESHOLD:.2f} (last line)."
    )
    return lines


Linked = Sequence[tuple[LabelledPage, Sequence[Link]]]


def _held_out(linked: Linked) -> list[Outcomes]:
    parts = []
    for number, (page, links) in enumerate(linked):
        others = [pair for other, pair in enumerate(linked) if other != number]
        parts.append(_outcomes(page, links, _best_threshold(others)))
    return parts


def _best_threshold(linked: Linked) -> float:
    """The score that links have to exceed for the best F-beta: the lowest of equals."""
    scores = sorted({0.0, *(link.score for _, links in linked for link in links)})
    weighted = [
        _f_beta(np.concatenate([_outcomes(page, links, score) for page, links in linked]).sum(axis=0))
        for score in scores
    ]
    return scores[int(np.argmax(weighted))]


def _outcomes(page: LabelledPage, links: Sequence[Link], threshold: float) -> Outcomes:
    rows = []
    for link, answers in zip(links, page.answers, strict=True):
        given = link.paragraph is not None and link.score > threshold
        right = given and link.paragraph in answers
        rows.append((given, right, given and not answers, bool(answers)))
    return np.array(rows, dtype=np.int64)


def _f_beta(sums: NDArray[np.int64]) -> float:
    given, right, _, answering = map(int, sums)
    # Rijsbergen's F with beta: (1 + b²) TP / (b² (TP + FN) + TP + FP).
    return (1 + _BETA**2) * right / max(1, _BETA**2 * answering + given)


def _quality(linker: str, pages: Sequence[Outcomes]) -> LinkQuality:
    """Intervals by drawing pages, then comments of each: links of one page are good or bad together."""
    rng = np.random.default_rng(0)
    drawn, sizes = [], []
    for _ in range(N_RESAMPLES):
        parts = [pages[place] for place in rng.integers(0, len(pages), len(pages))]
        drawn.append(sum(part[rng.integers(0, len(part), len(part))].sum(axis=0) for part in parts))
        sizes.append(sum(map(len, parts)))
    outcomes = np.concatenate(pages)
    whole = _ratios(outcomes.sum(axis=0)[None], np.array([len(outcomes)]))
    resampled = _ratios(np.stack(drawn), np.array(sizes))
    by_page = _ratios(np.stack([page.sum(axis=0) for page in pages]), np.array(list(map(len, pages))))
    precision, recall, f1, stray = (
        Figure(name, float(whole[0, column]), *map(float, np.percentile(resampled[:, column], [2.5, 97.5])))
        for column, name in enumerate(("precision", "recall", "F1", "stray links"))
    )
    ends = float(by_page[:, 1].min()), float(by_page[:, 1].max())
    return LinkQuality(linker, int(outcomes[:, 0].sum()), precision, recall, f1, stray, ends)


def _ratios(sums: Outcomes, n: NDArray[np.int64]) -> NDArray[np.float64]:
    """Precision, recall, F1 and strays of rows of sums over n comments; no links, no precision: 0."""
    given, right, stray, answering = sums.T
    columns = (
        right / np.maximum(given, 1),
        right / np.maximum(answering, 1),
        2 * right / np.maximum(given + answering, 1),
        stray / np.maximum(n - answering, 1),
    )
    return np.stack(columns, axis=1)


def _figure_text(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f}–{figure.high:.3f})"


_Label = tuple[int, str, frozenset[int]]


def _row(row: dict[str, Any]) -> tuple[str, _Label]:
    answers = frozenset(int(number) - 1 for number in row["paragraphs"])
    return str(row["page"]), (int(row["comment"]), str(row["text"]), answers)


def _page(name: str, path: Path, labels: Sequence[_Label]) -> LabelledPage:
    result = read_comments(path)
    paragraphs = result.article.paragraphs
    texts = [(number, comment.text) for number, comment in enumerate(result.comments, start=1)]
    known = frozenset(range(len(paragraphs)))
    if texts != [(number, text) for number, text, _ in labels] or any(
        not answers <= known for _, _, answers in labels
    ):
        raise StanceError(
            f"Expected a row for each comment of {name}, in the order of the page and with paragraphs "
            "that it has, found others. Label the page anew."
        )
    answered = tuple(answers for _, _, answers in labels)
    return LabelledPage(name, result.article, result.comments, answered)
