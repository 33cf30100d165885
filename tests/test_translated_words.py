"""Words, charts and the report in a made-up language, in which every string of ours stands in ⟦ ⟧.

What is put into a string stands outside them: so a piece of English that is put in shows too.
"""

import html
import re
from datetime import date

import numpy as np
import pandas as pd
import pytest

from stance import translation
from stance.aggregate import corrected_shares, sentiment_shares, stance_shares
from stance.answers.agreement import agreement
from stance.answers.audit import audit_result, draw_sample
from stance.answers.comparing import Scorer, compare, group_by, naming
from stance.answers.counting import shares_by_way, ways_of_counting
from stance.answers.differences import Measure
from stance.answers.over_time import Step, change, timeline, trend
from stance.answers.reactions import link_comments, paragraph_shares
from stance.answers.times import read_times
from stance.charts.audit import audit_chart
from stance.charts.card import calibration_chart, risk_coverage_chart
from stance.charts.differences import difference_chart
from stance.charts.over_time import trend_chart
from stance.charts.shares import sentiment_chart, stance_chart
from stance.hand_labels import UNCLEAR, HandLabel
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.learning import Lesson
from stance.model.mistakes import read_mistakes
from stance.page.sample import sample_set
from stance.report import Subject, Wishes, known_model, make_report, taught_model, unknown_model
from stance.targets import load_targets, typed_target
from stance.translation import speaking
from stance.wording import (
    audit,
    camps,
    comparing,
    corrections,
    counting,
    label_files,
    over_time,
    reactions,
    shares,
    titles,
)
from tests.pseudo import write_pseudo

AT = "2026-11-27T03:00:00Z"
RU = load_targets()[2]
ENDS = STANCE_STYLES[Stance.AGAINST], STANCE_STYLES[Stance.FAVOR]
MOODS = SENTIMENT_STYLES[Sentiment.NEGATIVE], SENTIMENT_STYLES[Sentiment.POSITIVE]


@pytest.fixture(scope="module", autouse=True)
def made_up(tmp_path_factory):
    folder = tmp_path_factory.mktemp("translations")
    write_pseudo(folder)
    with pytest.MonkeyPatch.context() as patch, speaking("de"):
        patch.setattr(translation, "FOLDER", folder)
        translation._read.cache_clear()
        yield
    translation._read.cache_clear()


def english(said, names=()):
    """What of a text is neither looked up nor a name."""
    rest = re.sub(r"⟦[^⟦⟧]*⟧", " ", said)
    for name in sorted(names, key=len, reverse=True):
        rest = rest.replace(name, " ")
    return re.findall(r"[^\W\d_]+", rest)


def said_in(thing):
    """All strings of a sentence, of several, of a table or of a figure."""
    if isinstance(thing, str):
        return [thing]
    if isinstance(thing, pd.DataFrame):
        return [*map(str, thing.columns), *(str(cell) for cell in thing.to_numpy().ravel())]
    parts = thing.values() if isinstance(thing, dict) else thing
    return [each for part in parts for each in said_in(part)]


SHOWN = ("name", "text", "hovertext", "hovertemplate", "ticktext")


def drawn(figure):
    """The strings of a figure that people see."""
    found = []

    def look(node, key=""):
        if isinstance(node, dict):
            for name, value in node.items():
                look(value, name)
        elif isinstance(node, str):
            if key in SHOWN:
                found.append(re.sub(r"<[^>]*>|%\{[^}]*\}", " ", node))
        elif isinstance(node, list | tuple | np.ndarray):
            for each in node:
                look(each, key)

    look([each.to_plotly_json() for each in (*figure.data, figure.layout)])
    return found


@pytest.fixture(scope="module")
def sample():
    return sample_set()


@pytest.fixture(scope="module")
def tables(sample):
    model = known_model()
    limits = {"unsure_below": model.unsure_below["stance"], "mistakes": model.mistakes}
    sides = stance_shares(sample.scored, sample.targets, **limits)
    sides["name"] = sides["target"].map(titles.target_titles(sample.targets))
    return sentiment_shares(sample.scored, **limits), sides


def all_looked_up(*things, names=()):
    for thing in things:
        for said in said_in(thing):
            assert english(said, names) == [], said


def test_shares(sample, tables):
    model = known_model()
    for moods, sides in (tables, tuple(map(corrected_shares, tables))):
        all_looked_up(
            shares.sentiment_sentence(moods),
            shares.stance_sentence(sides),
            shares.stance_sentence(sides, unit="counted so"),
            shares.share_table(moods),
            shares.share_table(sides),
            shares.unsure_sentence(moods, sides, model.unsure_below),
            *(drawn(each) for each in (sentiment_chart(moods), stance_chart(sides))),
            drawn(stance_chart(sides, unit="those counted")),
            drawn(stance_chart(sides, unit="the group's comments")),
        )
    few = [table.assign(n=5, corrected=1 - table["share"]) for table in tables]
    typed = typed_target("NATO")
    all_looked_up(
        shares.distrust_notes(*few, [*sample.targets, typed], model.mistakes, any_language=True),
        shares.corrected_note(),
        shares.edge_note(tables[0].assign(share=0.2, low=0.2, corrected=0.3)),
        shares.restored_note(),
        shares.restored_note(3),
        *(shares.interval_note(None, shown=shown) for shown in ("In brackets", "Bands")),
        *(shares.interval_note(model.mistakes, shown=shown) for shown in ("In brackets", "Bands")),
        titles.target_titles([typed]),
        titles.label_text("", True),
        titles.label_title("ru", UNCLEAR),
        names=["NATO"],
    )


def test_voices_and_camps(sample):
    rows = [c for c in sample.result.comments]
    ways = ways_of_counting(rows, sample.scored, sample.copies)
    bare = ways_of_counting(
        [type(c)(c.comment_id, c.text, c.line) for c in rows], sample.scored, sample.copies
    )
    found = shares_by_way(sample.scored, ways, RU, read_mistakes())
    one = found.iloc[:3]
    for each in (found, one, corrected_shares(found)):
        all_looked_up(counting.counting_sentence(each, RU.title))
    all_looked_up(counting.ways_note(ways), counting.ways_note(bare), found["name"].unique().tolist())
    all_looked_up(camps.labels_are(sample.scored), camps.camp_words_sentence([]))
    assert english(camps.camp_words_sentence(["abc"])) == ["abc"], "words of comments are none of ours"


def differences_of(sample, about):
    grouping = group_by(naming(sample.scored, load_targets()[1]), sample.scored)
    return grouping, compare(grouping.groups, about, read_mistakes())


@pytest.mark.parametrize("about", (RU, None))
def test_comparisons(sample, about):
    grouping, found = differences_of(sample, about)
    toward, doubt = about.title if about else "", comparing.models_doubt([Scorer(True, False)])
    groups = [group.title for group in grouping.groups]
    called = comparing.measure_titles(toward)
    for enough in (True, False):
        differences = [
            type(each)(**{**{k: getattr(each, k) for k in each.__slots__}, "low": low, "high": high})
            for each in found.found
            for low, high in [(0.1, 0.3) if enough else (-0.1, 0.2)]
        ]
        for but in ("", doubt):
            all_looked_up(
                comparing.difference_sentence(differences, groups[0], groups[1], toward, doubt=but),
                comparing.difference_table(differences, groups, toward, [but] * 2),
                comparing.evidence_summary(differences, 4, groups[0], doubted=bool(but)),
            )
        ends = ENDS if about else MOODS
        all_looked_up(drawn(difference_chart(differences, groups, called, ends)))
    small = group_by(["a"] * 60 + ["b"] * 3 + [""] * 5, sample.scored)
    all_looked_up(
        comparing.one_group(),
        comparing.models_doubt([Scorer(False, True)]),
        comparing.family_note(9, None),
        comparing.family_note(9, read_mistakes()),
        comparing.overlap_note(3),
        comparing.always_compared("1"),
    )
    all_looked_up(comparing.left_out_sentence(small), names=["b"])
    assert "(" in comparing.left_out_sentence(small)


def test_times(sample):
    n = len(sample.scored)
    odd = ["2 hours ago", "14:03", "3 May", "", "soon", "2025-02-30", "1780-01-01", "2025-04-01 10:00 IST"]
    written = [*odd, *(f"2025-0{1 + at % 3}-{1 + at % 28:02d} 10:00 UTC" for at in range(n - len(odd)))]
    dates = [f"{1 + at % 9:02d}/0{1 + at % 2}/2025" for at in range(n)]
    names = ["UTC", "IST", "nan", "Jan", "Feb", "März", "Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
    for texts in (written, dates, [f"{text} 12:00" for text in dates], odd * n):
        times = read_times(texts[:n])
        for step in Step:
            line = timeline(sample.scored, times, step)
            all_looked_up(
                over_time.times_notes(times, line),
                over_time.days_notes(times),
                over_time.steps_note(times),
                over_time.unread_sentence(times),
                names=names,
            )
            if not len(line.edges):
                continue
            labels = [over_time.period_title(start, step) for start in line.starts]
            for about in (RU, None):
                toward = about.title if about else ""
                called = comparing.measure_titles(toward)
                table = trend(sample.scored, line, about, None)
                found = change(sample.scored, line, about, None)
                all_looked_up(
                    labels,
                    over_time.trend_sentence(line),
                    over_time.change_sentence(found, toward),
                    over_time.change_sentence(None, toward),
                    over_time.trend_table(table, labels, called, corrected=False),
                    *(
                        drawn(trend_chart(table, list(line.edges), labels, {m: called[m]}, ENDS))
                        for m in (Measure.FIRST, Measure.NET)
                    ),
                    names=names,
                )
            if step == Step.HOUR:
                break


def test_audits(sample):
    labels = []
    for question in ("ru", "sentiment"):
        drawn_ones = draw_sample(sample.scored, question, 40)
        for n_labelled in (5, 40):
            given = ["against", "none"] if question == "ru" else ["negative", "neutral"]
            labels = [
                HandLabel(i, question, UNCLEAR if at % 7 == 3 else given[at % 2], who, AT, True)
                for at, i in enumerate(drawn_ones.order[:n_labelled])
                for who in ("1", "2")
            ]
            result = audit_result(drawn_ones, labels, "1")
            all_looked_up(
                audit.audit_sentence(result, "?"),
                audit.sample_sentence(drawn_ones),
                audit.open_notes(result),
                audit.audit_table(result),
                audit.pairs_table(result),
                audit.agreement_sentence(agreement(labels, question)),
                drawn(audit_chart(result)),
            )
        all_looked_up(audit.label_rule(question, sample.targets))
    mixed = [labels[0], HandLabel("c", "ru", "none", "", AT, False)]
    all_looked_up(
        audit.sample_sentence(draw_sample(sample.scored, "ru", 999)),
        audit.as_it_came(by_hand=True, taught=True),
        audit.audited_titles(sample.targets),
        label_files.left_out_sentence(3, {"given again later": 2}, 1),
        label_files.joined_sentence(mixed, mixed),
        label_files.contradicted_sentence(mixed),
    )


def test_corrections():
    row = pd.Series(
        {"by_hand": "ru", "model_labels": "none", "annotator": "", "annotated_at": "2026"}
    )
    zeros = np.zeros((4, 3))
    lessons = {
        "sentiment": Lesson(zeros, 15, 9, 9, 0),
        **{f"stance{n}": Lesson(zeros, 15, 9, 9, 20, 0.1, low, high) for n, (low, high) in
           enumerate([(-1, 1), (-2, -1), (1, 2)])},
    }
    all_looked_up(
        corrections.by_hand_sentence(3, 2, 1),
        corrections.by_hand_sentence(0, 0, 0),
        corrections.comes_along(3, 4),
        corrections.model_says("", ENDS[0].word, 0.5),
        corrections.model_says("", ENDS[0].word, None),
        corrections.by_hand_text(row, {"ru": "?"}),
        *(corrections.lesson_sentence(head[:6] if head[:2] == "st" else head, lesson)
          for head, lesson in lessons.items()),
        corrections.skipped_sentence(3),
        corrections.lessons_table({"sentiment": lessons["sentiment"], "stance": lessons["stance0"]}),
        names=["nan"],
    )


def test_reactions(sample):
    comments, article = sample.result.comments, sample.result.article
    links = link_comments(article, comments)
    rows = paragraph_shares(links, sample.scored, RU)
    own = {word for text in (*article.paragraphs, *(c.text for c in comments)) for word in english(text)}
    table = reactions.paragraphs_table(links, rows, article.paragraphs)
    all_looked_up(
        reactions.links_note(),
        reactions.reactions_sentence(links, rows, RU.title),
        reactions.reactions_sentence(links[:1], rows, RU.title),
        reactions.margin_text({side: 2 for side in Stance}),
        list(table.columns),
        reactions.paragraph_text(None, []),
    )
    all_looked_up(*map(reactions.why_text, links), table, names=own)


def test_charts_of_the_card():
    bins = [{"confidence": 0.5, "accuracy": 0.4, "n": 3}]
    points = [{"coverage": 0.5, "error": 0.1, "threshold": 0.6}]
    for figure in (calibration_chart(bins), risk_coverage_chart(points)):
        assert any("⟦" in said for said in drawn(figure))
        all_looked_up([said.replace("n =", "") for said in drawn(figure)])


def texts_of(report):
    body = re.sub(r"<style>.*?</style>", " ", report, flags=re.S)
    spoken = re.findall(r'aria-label="([^"]*)"', body)
    ours = re.sub(r'<blockquote.*?</blockquote>|<span class="id">.*?</span>', " ", body, flags=re.S)
    return list(map(html.unescape, [*spoken, *re.findall(r">([^<]+)<", ours)]))


@pytest.mark.parametrize("make", (known_model, lambda: taught_model(20), lambda: unknown_model(20)))
def test_the_report(sample, make):
    model = make()
    quoted = tuple(sample.scored["comment_id"][:3])
    subject = Subject(
        sample.name, sample.result, sample.scored, sample.targets, copies=sample.copies,
        any_language=True, restored=not model.sha256, learned_from=0 if model.mistakes else 20,
    )  # fmt: skip
    report = make_report(subject, model, Wishes(date(2026, 11, 27), "0.1.0", quoted=quoted)).decode()
    assert '<html lang="de">' in report
    article, comments = sample.result.article, sample.result.comments
    words = {word for c in comments for word in re.findall(r"[^\W\d_][\w’'-]+", c.text.lower())}
    names = [
        sample.name, article.title, article.source, model.sha256, known_model().name, "Comment desk", "SHA",
        "Readers' comments", "November",
    ]  # fmt: skip
    for said in texts_of(report):
        found = english(said, filter(None, names))
        assert set(found) <= words and (not found or "," in said or len(found) == 1), said
