from dataclasses import replace

import pytest

from stance.aggregate import rows_of, sentiment_shares, stance_shares
from stance.answers.comparing import (
    EMPTY,
    MOST_GROUPS,
    SMALLEST,
    TOO_MANY,
    TOO_SMALL,
    LeftOut,
    Scorer,
    authors,
    compare,
    days,
    group_by,
    group_sets,
    in_several,
    naming,
    own_columns,
    tell_days_apart,
)
from stance.answers.differences import Difference, Measure
from stance.answers.times import read_times
from stance.charts.differences import difference_chart
from stance.charts.shares import stance_chart
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.model.mistakes import read_mistakes
from stance.records import ReadResult
from stance.scoring import score_comments
from stance.targets import load_targets
from stance.wording.comparing import (
    difference_sentence,
    difference_table,
    evidence_summary,
    family_note,
    left_out_sentence,
    measure_titles,
    models_doubt,
    overlap_note,
)
from stance.wording.shares import share_table, stance_sentence
from tests.conftest import comments

RU = next(target for target in load_targets() if target.key == "ru")
SIDES = (STANCE_STYLES[Stance.AGAINST], STANCE_STYLES[Stance.FAVOR])


def table(fake, *texts):
    return score_comments(comments(*texts), fake)


@pytest.fixture
def scored(fake):
    """Twenty of one outlet against Russia, thirty of another for it, twelve of none."""
    texts = ["bad Putin"] * 20 + ["good Putin"] * 30 + ["meh"] * 12 + ["bad"]
    return table(fake, *texts, "!!")


OUTLETS = ["Post"] * 20 + ["Globe"] * 30 + [""] * 12 + ["Tiny"] + ["Post"]


def test_groups_are_the_values_of_a_column_largest_first_and_small_ones_are_counted(scored):
    found = group_by(OUTLETS, scored)
    assert [(g.title, len(g.rows)) for g in found.groups] == [("Globe", 30), ("Post", 20), (EMPTY, 12)]
    assert found.left_out == (LeftOut(("Tiny",), 1, TOO_SMALL),)
    assert left_out_sentence(found) == (
        "Not compared: “Tiny” with 1 comment (fewer than 12 scored comments). "
        "Not counted: 1 comment without a score."
    )
    assert [g.n_unscored for g in found.groups] == [0, 1, 0]
    assert [g.title for g in group_by(OUTLETS, scored, in_order=True).groups] == [EMPTY, "Globe", "Post"]
    assert left_out_sentence(group_by(["x"] * 63, scored[:63])) == ""


def test_of_many_groups_the_largest_are_compared_and_alike_names_told_apart(fake):
    size = SMALLEST + 1
    texts = ["meh"] * (10 * size)
    names = [f"{'long name ' * 9}{n // size}" for n in range(len(texts))]
    found = group_by(names, table(fake, *texts))
    assert len(found.groups) == MOST_GROUPS and len({g.title for g in found.groups}) == MOST_GROUPS
    assert all(len(g.title) <= 45 for g in found.groups)
    (rest,) = found.left_out
    assert (len(rest.titles), rest.n_comments, rest.reason) == (2, 2 * size, TOO_MANY)
    many = group_by([str(n // 2) for n in range(26)], table(fake, *["meh"] * 26))
    assert left_out_sentence(many).startswith("Not compared: 13 groups with 26 comments (fewer than 12")
    mixed = group_by(["(empty)"] * 12 + [""] * 12, table(fake, *["meh"] * 24))
    assert sorted(g.title for g in mixed.groups) == ["(empty)", "(empty) [2]"]


def test_sets_are_compared_in_their_order(fake, scored):
    small, other = table(fake, "bad"), table(fake, *["bad"] * 12)
    found = group_sets({"mine": other, "theirs": scored, "three": small})
    assert [(g.title, len(g.rows)) for g in found.groups] == [("mine", 12), ("theirs", 63)]
    assert found.left_out == (LeftOut(("three",), 1, TOO_SMALL),)


def test_comments_that_stand_in_several_sets_are_counted():
    one, two = (
        ReadResult(name, (), tuple(comments(*texts)))
        for name, texts in (("one", ["a", "a", "b"]), ("two", ["a", "c"]))
    )
    assert in_several([one, two]) == 3 and in_several([one]) == 0
    assert overlap_note(3).endswith("3 comments have the very words of a comment of another set.")
    assert overlap_note(0).endswith("the evidence is weaker than it looks.")


def test_columns_are_offered_where_two_values_have_enough_comments(scored):
    written = [
        replace(c, cells=(f" {outlet} ", c.text, f"{n}"), author="Ann" if n % 2 else "Bob ")
        for n, (c, outlet) in enumerate(zip(comments(*["x"] * 64), OUTLETS, strict=True))
    ]
    result = ReadResult("mine", ("outlet", "comment", "id"), tuple(written))
    assert own_columns(result, scored) == {"outlet": OUTLETS}
    assert set(authors(result, scored)) == {"Ann", "Bob"}
    assert authors(replace(result, comments=tuple(replace(c, author="") for c in written)), scored) == []
    few = ReadResult("few", ("outlet",), tuple(replace(c, cells=("a",)) for c in written))
    assert own_columns(few, scored) == {}
    dates = read_times(["2025-04-12 23:59"] * 20 + ["2025-04-13"] * 20 + [""] * 24)
    assert set(days(dates)) == {"2025-04-12", "2025-04-13", ""} and tell_days_apart(dates, scored)
    assert not tell_days_apart(read_times([""] * 64), scored)


def test_comments_that_name_a_target_are_a_group(fake):
    scored = table(fake, *["bad Putin"] * 12, *["bad"] * 12)
    assert set(naming(scored, RU)) == {"names Russia", "does not name Russia"}
    assert naming(scored, RU)[0] == "names Russia" and naming(scored, load_targets()[0]) == []


def test_shares_are_those_of_the_overview_and_differences_are_from_the_reference(scored):
    groups, known = group_by(OUTLETS, scored).groups, read_mistakes()
    found = compare(groups, RU, known, reference=1)
    assert found.shares["name"].tolist() == ["Globe"] * 3 + ["Post"] * 3 + [EMPTY] * 3
    expected = stance_shares(scored[:20], [RU], mistakes=known)
    columns = ["label", "count", "n", "share", "low", "high", "corrected", "net"]
    assert found.shares[3:6][columns].values.tolist() == expected[columns].values.tolist()
    assert [(d.group, d.reference, d.measure) for d in found.found] == [
        (group, 1, measure) for group in (0, 2) for measure in Measure
    ]
    against, favor, net = found.found[:3]
    assert (against.counted, favor.counted, net.counted) == (-1, 1, 2)
    assert net.enough and net.low > 0 and net.high <= 2 and net.n_compared == 6
    moods = compare(groups, None, known, reference=1).shares
    assert moods["label"].tolist()[:3] == [str(label) for label in Sentiment]
    expected = sentiment_shares(scored[:20], mistakes=known)
    assert moods[3:6]["low"].tolist() == expected["low"].tolist()
    assert rows_of(moods)[0].net == 1


def difference(measure, counted, low, high, *, group=1, corrected=float("nan")):
    return Difference(group, 0, measure, counted, corrected, low, high, 3)


SURE = [
    difference(Measure.FIRST, 0.12, 0.03, 0.21, corrected=0.15),
    difference(Measure.LAST, -0.08, -0.16, -0.004, corrected=-0.1),
    difference(Measure.NET, -0.2, -0.3, -0.1, corrected=-0.25),
]
UNSURE = [
    difference(Measure.FIRST, 0.06, -0.04, 0.15, group=2),
    difference(Measure.LAST, 0.0, -0.1, 0.1, group=2),
    difference(Measure.NET, -0.06, -0.2, 0.08, group=2),
]


def test_the_sentences_say_enough_evidence_or_not():
    assert difference_sentence(SURE, "“A”", "“B”", "Russia") == (
        "Enough evidence that “A” is more against Russia than “B”: 12 points more (3–21); and less in "
        "favor of Russia: 8 points less (0.4–16)."
    )
    assert "more against Russia than “B”: 15 points more (3–21)" in difference_sentence(
        SURE, "“A”", "“B”", "Russia", corrected=True
    )
    assert difference_sentence(UNSURE, "“A”", "“B”", "Russia") == (
        "Not enough evidence that “A” differs from “B” toward Russia: on balance the interval goes from "
        "−20 to +8 points."
    )
    only_net = [*UNSURE[:2], SURE[2]]
    assert difference_sentence(only_net, "“A”", "“B”", "Russia") == (
        "Enough evidence that “A” is on balance more against Russia than “B”: 20 points (10–30)."
    )
    assert difference_sentence(SURE[:1] + UNSURE[1:], "“A”", "“B”", "") == (
        "Enough evidence that “A” is more negative than “B”: 12 points more (3–21)."
    )
    assert evidence_summary(SURE, 2, "“B”") == ""
    assert evidence_summary(SURE + UNSURE, 3, "“B”") == (
        "For 1 of 2 groups there is enough evidence of a difference from “B”."
    )
    assert evidence_summary(UNSURE, 3, "“B”").startswith("For none of 2 groups is there enough evidence")


def test_evidence_between_sets_of_different_models_says_so_itself():
    came, taught, old = Scorer(False, False), Scorer(False, True), Scorer(True, False)
    assert models_doubt([came, came]) == ""
    assert models_doubt([came, old]) == models_doubt([old, taught]) == (
        "different models may have labelled them"
    )
    doubt = models_doubt([taught, came])
    assert difference_sentence(SURE[:1] + UNSURE[1:], "“A”", "“B”", "", doubt=doubt) == (
        "Enough evidence that “A” is more negative than “B”: 12 points more (3–21); but different models "
        "labelled them: this may be the models' difference."
    )
    assert difference_sentence(UNSURE, "“A”", "“B”", "", doubt=doubt).endswith(
        "from −20 to +8 points; and different models labelled them: that may hide a difference."
    )
    assert evidence_summary(SURE + UNSURE, 3, "“B”", doubted=True).endswith(
        "difference from “B”, not always of the same model's labels."
    )
    rows = difference_table(SURE + UNSURE, ["B", "A", "C"], "", ["", doubt, ""])
    assert set(rows["Evidence"][:3]) == {"enough, but different models labelled them"}
    assert set(rows["Evidence"][3:]) == {"not enough"}


def test_a_name_with_a_colon_keeps_it():
    said = difference_sentence(SURE, "“Sample: troops”", "“B: b”", "a: b")
    assert said.startswith("Enough evidence that “Sample: troops” is more against a: b than “B: b”: 12")


def test_the_note_says_how_many_comparisons_and_what_intervals_cover():
    note = family_note(6, read_mistakes())
    assert "All 6 of them hold at once with 95 % (Bonferroni)" in note and "model's own mistakes" in note
    assert "not the model's own mistakes, which are not known here" in family_note(3, None)


def test_the_table_and_the_chart_hold_every_difference():
    titles = ["B <b>", "A", "C"]
    rows = difference_table(SURE + UNSURE, titles, "Russia")
    assert rows["Group"].tolist() == ["A"] * 3 + ["C"] * 3 and set(rows["Compared with"]) == {"B <b>"}
    assert rows["Share"].tolist()[:3] == ["Against", "In favor", "In favor minus against"]
    assert rows["Difference, points"].tolist() == ["+12", "−8", "−20", "+6", "0", "−6"]
    assert rows["Interval"][1] == "−16 to −0.4"
    assert rows["Evidence"].tolist() == ["enough"] * 3 + ["not enough"] * 3
    assert rows["Corrected"].tolist() == ["+15", "−10", "−25", "", "", ""]
    assert "Corrected" not in difference_table(UNSURE, titles, "Russia")
    figure = difference_chart(SURE + UNSURE, titles, measure_titles("Russia"), SIDES)
    against, favor, net = figure.data
    assert list(against.x) == [12, 6] and list(against.marker.symbol) == ["square", "square-open"]
    assert against.error_x.array == pytest.approx([9, 9])
    assert against.error_x.arrayminus == pytest.approx([9, 10])
    # The first group stands at the top, and marks of one group do not lie on each other.
    assert against.y[0] > favor.y[0] > net.y[0] > against.y[1]
    assert figure.layout.yaxis.ticktext == ("C", "A")
    assert "B &lt;b&gt;" in figure.layout.xaxis.title.text
    corrected = difference_chart(SURE, titles, measure_titles("Russia"), SIDES, corrected=True)
    assert corrected.data[0].x[0] == 15


def test_sentiment_of_groups_is_drawn_and_said_like_stance(scored):
    shares = compare(group_by(OUTLETS, scored).groups, None, None).shares
    figure = stance_chart(shares)
    assert {trace.name for trace in figure.data if trace.showlegend is not False} == {
        "Negative", "Neutral", "Positive"
    }  # fmt: skip
    negative = next(trace for trace in figure.data if trace.name == "Negative")
    assert list(negative.x) == [0, -1, 0]
    assert negative.marker.color == SENTIMENT_STYLES[Sentiment.NEGATIVE].colour
    said = stance_sentence(shares[:3])
    assert said == "Globe: negative 0 % (0–11), positive 100 % (89–100), of 30 comments."
    assert share_table(shares)["Label"].tolist()[:3] == ["Negative", "Neutral", "Positive"]
