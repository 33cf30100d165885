"""The report as a file: its numbers, its words, what it never holds, and that it stays small."""

import html
import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from stance import translation
from stance.aggregate import rows_of, sentiment_shares, stance_shares
from stance.amounts import share_text
from stance.answers.corrections import put_right
from stance.answers.quoting import MOST_CHOSEN
from stance.copies import find_copies
from stance.errors import CheckpointError, StanceError
from stance.hand_labels import HandLabel
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Stance
from stance.model.held_out import read_held_out
from stance.model.manifest import SHIPPED, read_manifest
from stance.page.sample import sample_set
from stance.records import Article, Comment, ReadResult, RejectedRow
from stance.report import (
    Model,
    Subject,
    Wishes,
    known_model,
    make_report,
    taught_model,
    unknown_model,
)
from stance.report.bars import NONE_SCALE, SENTIMENT_SCALE, ZERO, sentiment_bars, stance_bars
from stance.scoring import score_comments
from stance.targets import load_targets, typed_target
from stance.translation import speaking
from stance.wording.report import headlines, quoting_rule
from stance.wording.shares import PICKED_NOTE
from tests.test_promises import naughty

WISHES = Wishes(date(2026, 11, 27), "0.1.0")


def subject_of(result, fake, *, targets=None, **known):
    targets = load_targets() if targets is None else targets
    scored = score_comments(result.comments, fake, targets=targets)
    return Subject(
        result.name, result, scored, tuple(targets), copies=find_copies(result.comments), **known
    )


@pytest.fixture
def sample_subject():
    chosen = sample_set()
    return Subject(
        chosen.name, chosen.result, chosen.scored, chosen.targets, copies=chosen.copies
    )


def made(subject, model=None, wishes=WISHES):
    return make_report(subject, model or known_model(), wishes).decode("utf-8")


def rows_in(report):
    """The rows of all tables, each a tuple of its cells."""
    rows = re.findall(r"<tr>(.*?)</tr>", report, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(?:<bdi>)?(.*?)(?:</bdi>)?</t[hd]>", row, re.DOTALL) for row in rows]
    return [tuple(map(html.unescape, found)) for found in cells]


def test_the_numbers_are_those_of_the_api(sample_subject):
    model = known_model()
    rows, limits = rows_in(made(sample_subject)), model.unsure_below
    moods = sentiment_shares(
        sample_subject.scored, unsure_below=limits["sentiment"], mistakes=model.mistakes
    )
    sides = stance_shares(
        sample_subject.scored,
        load_targets(),
        unsure_below=limits["stance"],
        mistakes=model.mistakes,
    )
    titled = {str(k): style.title for k, style in (*SENTIMENT_STYLES.items(), *STANCE_STYLES.items())}
    for row in [*rows_of(moods), *rows_of(sides)]:
        expected = (
            row.name or "Sentiment",
            titled[row.label],
            f"{row.count} of 67",
            str(row.unsure),
            share_text(row.share, row.low, row.high),
            f"{row.corrected:.0%}".replace("%", " %"),
        )
        assert rows.count(expected) == 1, expected
    assert ("Rows read", "69, of these 68 comments") in rows
    assert ("Not scored", "no words: 1") in rows
    assert ("SHA-256 of its weights", read_manifest().sha256) in rows
    figure = read_held_out().figures[0]
    assert (figure.name, f"{figure.value:.3f}", f"{figure.low:.3f}–{figure.high:.3f}") in rows
    more = read_held_out().elsewhere
    reached = f"{more.figures[0].value:.3f} ({more.figures[0].low:.3f}–{more.figures[0].high:.3f})"
    told = f"On {more.n_comments} more, on which it was not chosen, stance reached {reached}."
    assert told in made(sample_subject)


def test_bars_begin_at_zero_and_end_at_their_shares(sample_subject):
    model = known_model()
    moods = sentiment_shares(sample_subject.scored, unsure_below=0.6, mistakes=model.mistakes)
    bars = [row.bars[0] for row in sentiment_bars(moods).rows]
    for share, bar in zip(rows_of(moods), bars, strict=True):
        assert bar.left == SENTIMENT_SCALE.zero
        assert bar.width == pytest.approx(SENTIMENT_SCALE.length * share.share, abs=0.02)
        assert bar.low == pytest.approx(SENTIMENT_SCALE.at(share.low))
        assert bar.unsure_width == pytest.approx(97 * share.unsure / 67, abs=0.02)
        assert bar.unsure_left + bar.unsure_width == pytest.approx(bar.left + bar.width, abs=0.02)
    sides = stance_shares(sample_subject.scored, load_targets(), mistakes=model.mistakes)
    chart = stance_bars(sides)
    assert chart.rows[0].name == rows_of(sides)[-1].name  # the highest net stance at the top
    for row in chart.rows:
        against, favor, none = row.bars
        assert against.left + against.width == pytest.approx(ZERO, abs=0.02)
        assert favor.left == ZERO and none.left == NONE_SCALE.zero
        assert against.low <= against.high <= ZERO <= favor.low <= favor.high < NONE_SCALE.zero
        assert [bar.style for bar in row.bars] == [
            STANCE_STYLES[label] for label in (Stance.AGAINST, Stance.FAVOR, Stance.NONE)
        ]
    assert {tick.text for tick in chart.ticks} == {"60 %", "30 %", "0 %", "100 %"}


def many(n, word):
    return [Comment(f"{word}{i}", f"{word} number {i} of them", i + 1) for i in range(n)]


def test_a_side_is_the_larger_one_only_where_the_intervals_part(fake):
    comments = (*many(60, "bad"), *many(12, "good"))
    subject = subject_of(ReadResult("s.csv", (), comments), fake)
    model = Model("m", "", {"sentiment": 0.0, "stance": 0.0})
    report = html.unescape(made(subject, model))
    assert (
        "In tone the model labels more of 72 comments negative, 83 % (73–90), than positive, 17 % "
        "(10–27); how it errs here is not known." in report
    )
    assert (
        "Toward Russia the model labels more of 72 comments against, 83 % (73–90), than in favor, 17 % "
        "(10–27); how it errs here is not known." in report
    )
    assert not re.search(r"more of 72 comments are", report)
    scored, corrected = subject.scored, [0.7, 0.1, 0.2]
    moods, sides = sentiment_shares(scored), stance_shares(scored, subject.targets)
    known = headlines(moods.assign(corrected=corrected), sides.assign(corrected=corrected * 4))
    assert known[0].startswith("In tone more of 72 comments are negative, 83 % (73–90), than positive")
    assert all("more of 72 comments are against, 83 % (73–90)" in sentence for sentence in known[1:])
    even = subject_of(ReadResult("s.csv", (), (*many(9, "bad"), *many(8, "good"))), fake)
    report = html.unescape(made(even, model))
    assert (
        "Toward Russia it is open which is more common among 17 comments: against, 53 % (31–74), and "
        "in favor, 47 % (26–69); the intervals overlap." in report
    )
    nobody = subject_of(ReadResult("s.csv", (), tuple(many(5, "so"))), fake)
    report = html.unescape(made(nobody, model))
    assert "Toward Russia none of 5 comments is against or in favor, as the model reads." in report
    assert "No comment takes a side that the model sees, so none is quoted." in report


def test_corrected_shares_that_say_the_opposite_leave_it_open(fake):
    comments = (*many(60, "bad"), *many(12, "good"))
    scored = score_comments(comments, fake)
    sides = stance_shares(scored, load_targets()).assign(corrected=[0.1, 0.5, 0.4] * 4)
    moods = sentiment_shares(scored)
    sentence = headlines(moods, sides)[1]
    assert sentence.endswith("counted and corrected shares disagree.")
    assert "it is open which is more common" in sentence


def test_equal_inputs_give_equal_bytes_and_the_date_is_the_callers(sample_subject):
    first = make_report(sample_subject, known_model(), WISHES)
    assert make_report(sample_subject, known_model(), WISHES) == first
    assert b"made on November 27, 2026 by Comment desk 0.1.0" in first
    later = make_report(sample_subject, known_model(), replace(WISHES, day=date(2026, 12, 1)))
    assert later.replace(b"December 1, 2026", b"November 27, 2026") == first


def test_ten_thousand_comments_make_no_larger_file(fake, sample_subject):
    words = ("good of Kyiv and ", "bad of Moscow and ", "so what of London, ")
    comments = tuple(
        Comment(f"c{i}", f"{words[i % 3]}{i} " + "on and on " * 60, i + 1, author=f"Ann {i % 700}")
        for i in range(10_000)
    )
    rejected = tuple(RejectedRow(i, "too many cells") for i in range(3_000))
    report = made(subject_of(ReadResult("big.csv", (), comments, rejected), fake))
    assert len(report.encode()) < 100_000
    assert ("Rows read", "13,000, of these 10,000 comments") in rows_in(report)
    lines = next(row[1] for row in rows_in(report) if row[0] == "Rows not used")
    assert lines.startswith("too many cells: 3,000 (lines 0, 1, 2") and lines.endswith("and 2,980 more)")
    assert len(made(sample_subject).encode()) < 100_000


def test_three_comments_without_an_article_and_none_scored(fake):
    three = subject_of(ReadResult("three.csv", (), tuple(many(3, "bad"))), fake)
    report = html.unescape(made(three))
    assert '<h1 dir="auto">three.csv</h1>' in report
    assert "3 comments say next to nothing" in report
    assert "bad number 0 of them" in report
    empty = tuple(Comment(str(i), "!!", i) for i in range(3))
    report = html.unescape(made(subject_of(ReadResult("none.csv", (), empty), fake)))
    assert "No comment of this set has words that can be scored" in report
    assert 'class="chart' not in report and "Voice and volume" not in report
    assert ("Not scored", "no words: 3") in rows_in(report)
    assert "<h2 id=\"limits\">" in report


def test_a_restored_set_says_that_its_model_is_not_known(sample_subject):
    report = html.unescape(made(replace(sample_subject, restored=True), unknown_model()))
    assert "Opened from a download: which model scored these comments" in report
    assert ("Model", "not known: the set was opened from a download") in rows_in(report)
    assert "Corrected share" not in report and read_manifest().sha256 not in report
    assert "How often this model is right was never measured" in report
    foreign = Model("stance by x", "", {"sentiment": 0.0, "stance": 0.0})
    report = html.unescape(made(sample_subject, foreign))
    assert "How often this model takes one label for another was never counted" in report
    assert "Unsure of these" not in report


def test_labels_by_hand_and_a_taught_model_are_told(sample_subject):
    first = sample_subject.scored["comment_id"][0]
    label = HandLabel(first, "ru", "favor", "Ann", "2026-11-27T03:00:00Z", blind=False)
    scored = put_right(sample_subject.scored, {(first, "ru"): label})
    report = html.unescape(made(replace(sample_subject, scored=scored)))
    assert ("Labels by hand", "in 1 comment; they count as they were given") in rows_in(report)
    assert "Labels by hand are not the model's, so it is sure of none of them." in report
    assert ("Labels by hand", "none") in rows_in(made(sample_subject))
    assert PICKED_NOTE in report and PICKED_NOTE not in html.unescape(made(sample_subject))
    unknown = html.unescape(made(replace(sample_subject, scored=scored), taught_model(12)))
    assert PICKED_NOTE not in unknown, "nothing is corrected there"
    taught = html.unescape(made(replace(sample_subject, learned_from=12), taught_model(12)))
    assert "The model was taught by labels of this set" in taught
    assert "with heads that 12 labels of this set taught" in taught
    assert "Corrected share" not in taught and "F1 of favor" not in taught


def test_authors_are_left_out_unless_asked_for(sample_subject):
    report = html.unescape(made(sample_subject))
    authors = {c.author for c in sample_subject.result.comments}
    assert not [name for name in authors if name in report]
    assert "Authors are left out." in report
    named = html.unescape(made(sample_subject, wishes=replace(WISHES, authors=True)))
    assert len([name for name in authors if name in named]) > 10
    assert "Authors are named because that was asked for." in named


def test_chosen_comments_stand_before_those_of_the_rule(sample_subject):
    (unscored,) = sample_subject.scored.loc[sample_subject.scored["unscored"] != "", "comment_id"]
    other = sample_subject.scored["comment_id"][10]
    text = sample_subject.result.comments[10].text
    report = html.unescape(made(sample_subject, wishes=replace(WISHES, quoted=(other, unscored))))
    chosen, rule = report.split("<h3>Chosen by rule</h3>")
    assert f"“{text}”" in chosen and "not scored: no words" in chosen
    assert "These are no sample of the set: somebody picked them." in chosen
    assert "Nobody picked these comments" in rule
    with pytest.raises(StanceError, match="Expected ids of comments of this set to quote"):
        made(sample_subject, wishes=replace(WISHES, quoted=("nobody",)))


class Structure(HTMLParser):
    """Tags, attributes with their values, and the text of a page, apart from each other."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes, self.text = [], [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text.append(data)


def test_texts_of_strangers_stay_text(fake, sample_subject):
    calm = Structure(made(sample_subject, wishes=replace(WISHES, authors=True)))
    texts = naughty()
    for first in range(0, len(texts), MOST_CHOSEN):
        part = texts[first : first + MOST_CHOSEN]
        together = " ".join(part)
        comments = tuple(
            Comment(text, f"{('good', 'bad')[i % 2]} {text}", i + 1, author=text, likes="7")
            for i, text in enumerate(part)
        )
        rejected = (RejectedRow(3, "too many cells", together),)
        article, notes = Article(together, (together,), together), (f"Comments in {together}.",)
        result = ReadResult(together, (together,), comments, rejected, article, notes)
        target = typed_target(f"x{together}")
        subject = subject_of(result, fake, targets=(*load_targets(), target))
        wishes = replace(WISHES, authors=True, quoted=tuple(part))
        found = Structure(made(subject, wishes=wishes))
        assert set(found.tags) <= set(calm.tags)
        assert {name for name, _ in found.attributes} <= {name for name, _ in calm.attributes}
        for name, value in found.attributes:
            if name != "aria-label":  # it has the names of targets
                assert not re.search("http|javascript|beacon", value or ""), value
                assert "url(" not in (value or "") or re.fullmatch(r"url\(#\w+\)", value), value
        shown = " ".join("".join(found.text).split())
        for text in part:
            assert " ".join(text.split()) in shown


def test_nothing_is_fetched_and_nothing_runs(sample_subject):
    report = made(sample_subject)
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in report
    tags = set(Structure(report).tags)
    assert not tags & {"script", "link", "img", "iframe", "object", "a", "image", "use"}
    assert not re.search(r"https?://|@import|@font-face|xmlns", report)


def test_surrogates_and_controls_do_not_break_the_file(fake):
    texts = ("good \ud800 and \x00", "bad \u202e reversed", "a\u0300" * 3_000)
    comments = tuple(Comment(str(i), text, i + 1) for i, text in enumerate(texts))
    report = make_report(subject_of(ReadResult("odd\ud800.csv", (), comments), fake), known_model(), WISHES)
    assert report.decode("utf-8").count("<h2") == 9


def test_every_chart_has_words_and_a_table(sample_subject):
    structure = Structure(made(sample_subject))
    labels = [v for n, v in structure.attributes if n == "aria-label"]
    assert len(labels) == 2
    assert labels[0].startswith("Sentiment of 67 comments: negative ")
    assert "Russia: against " in labels[1]
    assert structure.tags.count("caption") == structure.tags.count("table") >= 6


def test_the_rule_of_quoting_is_told_as_it_is(fake):
    limits = {"sentiment": 0.0, "stance": 0.6}
    rule = quoting_rule(limits, authors=False)
    assert "the 2 of which the model is surest and the least sure of those that are unsure" in rule
    assert "cut at 300 characters" in rule
    assert "least sure" not in quoting_rule({"sentiment": 0.6, "stance": 0.0}, authors=False)
    comments = tuple(many(3, "bad"))
    subject = subject_of(ReadResult("s", (), comments), fake)
    report = html.unescape(made(subject, Model("m", "", {"sentiment": 0.0, "stance": 0.8})))
    assert "Against United States: 3 comments, 3 of them unsure" in report
    assert "Against United Kingdom: 3 comments, 3 of them unsure (quoted above already" in report


def test_a_record_of_other_weights_or_of_something_else(tmp_path):
    for name in ("manifest.json", "card.json"):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    assert read_held_out(tmp_path).n_comments == 500
    record = json.loads((tmp_path / "card.json").read_text())
    record["model"]["sha256"] = "0" * 64
    (tmp_path / "card.json").write_text(json.dumps(record))
    assert read_held_out(tmp_path) is None
    (tmp_path / "card.json").write_text("[]")
    with pytest.raises(CheckpointError, match="expected the record that `python -m stance card` writes"):
        read_held_out(tmp_path)
    (tmp_path / "card.json").unlink()
    assert read_held_out(tmp_path) is None


def test_a_report_says_its_language_and_its_day_as_browsers_and_people_write_them(
    sample_subject, monkeypatch, tmp_path
):
    with speaking("de"):
        german = make_report(sample_subject, known_model(), WISHES).decode()
    assert '<html lang="de">' in german and "27. November 2026" in german
    assert not re.search(r">-?\d+\.\d+ %<", german), "a tick with the English sign"
    (tmp_path / "pt_BR.po").write_text('msgid "Method"\nmsgstr "Método"\n', encoding="utf-8")
    monkeypatch.setattr(translation, "FOLDER", tmp_path)
    with speaking("pt_BR"):
        brazilian = make_report(sample_subject, known_model(), WISHES).decode()
    assert '<html lang="pt-BR">' in brazilian and "27 de novembro de 2026" in brazilian
