"""How well comments are linked: on labelled pages, held out, and against baselines."""

import json
import shutil

import pytest

from stance.answers.reactions import MEASURED, THRESHOLD, Link, Why
from stance.cli import main
from stance.errors import ReadingError, StanceError
from stance.linking import (
    DATA,
    LINKS,
    LabelledPage,
    fitted_threshold,
    linking_lines,
    measure_linking,
    most_similar,
    read_pages,
    shipped_quality,
)
from stance.records import Article
from tests.conftest import comments


@pytest.fixture(scope="module")
def pages():
    return read_pages()


def test_the_labelled_pages_are_those_of_the_readme(pages):
    assert len(pages) == MEASURED.n_pages and sum(len(p.comments) for p in pages) == MEASURED.n_comments
    answering = sum(map(bool, (answers for page in pages for answers in page.answers)))
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert answering >= 60
    assert f"{MEASURED.n_comments} comments, of which {answering} answer" in readme
    for page in pages:
        assert f"`{page.name}`" in readme


def test_links_are_better_than_both_baselines(pages):
    ours, similar, none = measure_linking(pages)
    assert [found.linker for found in (ours, similar, none)] == [
        "ours", "most similar paragraph (TF-IDF)", "always none",
    ]  # fmt: skip
    assert ours.f1.value > similar.f1.high > similar.f1.low > none.f1.value == 0
    assert none.n_links == 0 and ours.stray.value < 0.2 and none.stray.value == 0
    assert ours.precision.value > similar.precision.value
    assert ours.precision.low < ours.precision.value < ours.precision.high


def test_what_the_page_says_of_links_is_what_was_measured(pages):
    ours, *_ = measure_linking(pages)
    for figure, value, interval in (
        (ours.precision, MEASURED.precision, MEASURED.precision_interval),
        (ours.recall, MEASURED.recall, MEASURED.recall_interval),
        (ours.stray, MEASURED.stray, MEASURED.stray_interval),
    ):
        assert round(figure.value, 2) == value
        assert (round(figure.low, 2), round(figure.high, 2)) == interval
    assert tuple(round(recall, 2) for recall in ours.recall_by_page) == MEASURED.recall_by_page
    assert round(fitted_threshold(pages), 1) == THRESHOLD
    shipped = shipped_quality(pages)
    assert abs(shipped.precision.value - ours.precision.value) < 0.01


def page(name, found, scores):
    """A page whose comments carry their score and paragraph in the text, as `linker` reads them."""
    texts = [f"{score} {paragraph} words" for score, (paragraph, _) in zip(scores, found, strict=True)]
    answers = tuple(frozenset(right) for _, right in found)
    return LabelledPage(name, Article("", ("ships sail", "trains run")), tuple(comments(*texts)), answers)


def test_no_page_has_a_say_in_its_own_threshold(monkeypatch):
    def linker(article, found, *, threshold):
        pairs = [comment.text.split()[:2] for comment in found]
        return [
            Link(c.comment_id, int(paragraph), Why.WORDS, score=float(score))
            for c, (score, paragraph) in zip(found, pairs, strict=True)
        ]

    monkeypatch.setattr("stance.linking.link_comments", linker)
    # The first page would choose to link all, the second only what is above 1.
    first = page("first", [(0, [0]), (1, [1])], [0.5, 1.0])
    second = page("second", [(0, []), (1, []), (1, [1])], [0.5, 1.0, 2.0])
    ours = measure_linking([first, second])[0]
    # The first page gets no link, the second three, of which one is right.
    assert (ours.n_links, ours.precision.value, ours.recall.value) == (3, pytest.approx(1 / 3), 1 / 3)
    assert ours.stray.value == 1.0  # both comments of the second page that answer nothing
    assert fitted_threshold([second]) == 1.0 and fitted_threshold([first]) == 0.0


def test_the_baseline_takes_the_paragraph_with_most_words_in_common():
    article = Article("", ("Ships sail from Odesa.", "Trains run to Lviv."))
    found = comments("Trains, trains", "Odesa", "nothing")
    links = most_similar(LabelledPage("", article, tuple(found), (frozenset(),) * 3))
    assert [link.paragraph for link in links[:2]] == [1, 0] and links[2].score == 0


def test_labels_of_another_page_are_refused(tmp_path):
    shutil.copy(DATA / "sample_page.txt", tmp_path)
    rows = [json.loads(line) for line in LINKS.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if row["page"] == "sample_page.txt"]
    path = tmp_path / "links.jsonl"
    for change in ({"text": "other"}, {"paragraphs": [99]}, {"paragraphs": [0]}, {"comment": 9}):
        path.write_text("\n".join(map(json.dumps, [rows[0] | change, *rows[1:]])), encoding="utf-8")
        with pytest.raises(StanceError, match=r"a row for each comment of sample_page\.txt"):
            read_pages(path)
    path.write_text(json.dumps({"page": "sample_page.txt"}), encoding="utf-8")
    with pytest.raises(ReadingError, match="line 1: expected a JSON object with page, comment, text"):
        read_pages(path)


def test_the_command_prints_the_figures(pages, capsys):
    assert main(["reactions"]) == 0
    out = capsys.readouterr().out
    assert out.rstrip("\n").split("\n") == linking_lines(pages)
    assert f"{MEASURED.n_comments} comments on {MEASURED.n_pages} pages" in out
