import pytest

from stance.aggregate import sentiment_shares, stance_shares
from stance.amounts import share_text
from stance.chart_text import chart_text
from stance.charts.card import calibration_chart, risk_coverage_chart
from stance.charts.looks import GREY, percent_ticks
from stance.charts.shares import sentiment_chart, stance_chart
from stance.page.plain import highlighted
from stance.scoring import score_comments
from stance.targets import built_in_finder, load_targets
from stance.translation import speaking
from stance.wording.shares import sentiment_sentence, share_table, stance_sentence, unsure_sentence
from tests.conftest import comments


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"),
        ("a & b", "a &amp; b"),
        ("%{x}", "%\u200b{x}"),
        ("a\u202eb\x07", "ab"),
        ("x" * 900, "x" * 200),
    ],
)
def test_chart_text(text, safe):
    assert chart_text(text) == safe


def test_bars_carry_the_shares_and_what_a_click_means(fake):
    scored = score_comments(comments("good", "bad", "bad 2", "meh"), fake)
    figure = stance_chart(stance_shares(scored, load_targets()))
    against, favor, none = (trace for trace in figure.data if trace.type == "bar")
    assert list(against.x) == [-0.5] * 4
    assert list(favor.x) == [0.25] * 4
    assert list(none.x) == [0.25] * 4
    assert list(map(list, against.customdata))[0] == ["us", "against"]
    # The whiskers end at the interval's bounds, mirrored on the left side.
    low, high = 0.15003, 0.84997
    whiskers, _ = (trace for trace in figure.data if trace.error_x.array is not None)
    assert whiskers.x[0] - whiskers.error_x.arrayminus[0] == pytest.approx(-high, abs=1e-4)
    assert whiskers.x[0] + whiskers.error_x.array[0] == pytest.approx(-low, abs=1e-4)


def test_a_click_on_a_bar_fades_no_number(fake):
    """Plotly fades what is not selected to a fifth of its opacity, and the numbers are no part of a bar."""
    scored = score_comments(comments("good", "bad", "bad 2", "meh"), fake)
    sides = stance_chart(stance_shares(scored, load_targets()))
    for figure in (sentiment_chart(sentiment_shares(scored)), sides):
        texts = [t for t in figure.data if t.type == "scatter" and t.mode == "text"]
        assert len(texts) >= 3
        # In the colour that they have on a bar, else one that is readable on white and on near-black.
        assert all(t.unselected.textfont.color == (t.textfont.color or GREY) for t in texts)


def test_sentiment_segments_sum_to_one_and_name_count_and_interval(fake):
    scored = score_comments(comments("good", "bad", "bad 2", "meh"), fake)
    figure = sentiment_chart(sentiment_shares(scored))
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert sum(trace.x[0] for trace in bars) == pytest.approx(1)
    assert [t.text[0] for t in figure.data if t.type == "scatter"] == ["50 %", "25 %", "25 %"]
    assert figure.data[0].hovertext[0] == "Negative: 2 of 4, 50 % (15–85)"
    assert figure.data[0].name == "Negative 50 % (15–85)"


@pytest.fixture
def doubtful(fake):
    """Four comments, of which the two bad ones have 0.75, the good one 0.7, the other one 0.6."""
    return score_comments(comments("good", "bad", "bad 2", "meh"), fake)


def test_the_outer_end_of_a_bar_is_its_unsure_part(doubtful):
    figure = stance_chart(stance_shares(doubtful, load_targets(), unsure_below=0.72))
    bars = [trace for trace in figure.data if trace.type == "bar"]
    names = [trace.name for trace in bars]
    assert names == ["Against", "In favor", None, "No stance", None, "unsure"]
    favor, unsure = bars[1:3]
    assert list(favor.x) == [0.25] * 4
    assert list(unsure.x) == [0.25] * 4
    assert list(unsure.base) == [0.0] * 4
    assert unsure.hovertext[0] == "In favor: 1 of 4, 25 % (5–70); 1 of these unsure"
    # A click on it means what a click on its bar means.
    assert list(map(list, unsure.customdata)) == list(map(list, favor.customdata))
    assert unsure.marker.pattern.shape == "x"


def test_unsure_ends_lie_at_the_left_of_bars_that_point_left(doubtful):
    doubtful.loc[1, "stance_ru_against"] = 0.5
    figure = stance_chart(stance_shares(doubtful, load_targets(), unsure_below=0.55))
    against, unsure, *_ = (trace for trace in figure.data if trace.type == "bar")
    at = list(against.y).index("Russia")
    assert (against.x[at], unsure.base[at], unsure.x[at]) == (-0.5, -0.25, -0.25)
    assert unsure.x[1 - at] == 0


def test_unsure_parts_of_the_sentiment_end_its_segments(doubtful):
    figure = sentiment_chart(sentiment_shares(doubtful, unsure_below=0.65))
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert [trace.name for trace in bars] == [
        "Negative 50 % (15–85)", "Neutral 25 % (5–70)", None, "Positive 25 % (5–70)", "unsure",
    ]  # fmt: skip
    assert (bars[2].base[0], bars[2].x[0]) == (0.5, 0.25)


def test_without_a_threshold_the_charts_know_no_unsure_part(doubtful):
    for figure in (
        sentiment_chart(sentiment_shares(doubtful)),
        stance_chart(stance_shares(doubtful, load_targets())),
    ):
        assert "unsure" not in [trace.name for trace in figure.data]
        assert len([trace for trace in figure.data if trace.type == "bar"]) == 3


def test_the_words_beside_the_charts_count_what_is_unsure(doubtful):
    moods = sentiment_shares(doubtful, unsure_below=0.65)
    sides = stance_shares(doubtful, load_targets(), unsure_below=0.72)
    assert unsure_sentence(moods, sides, {"sentiment": 0.65, "stance": 0.72}) == (
        "Unsure: 1 sentiment of 4 (confidence below 65 %) and 8 stances of 16 (confidence below "
        "72 %). The light, hatched part of a bar shows them; they count in its share, and are "
        "wrong more often than the rest."
    )
    assert unsure_sentence(moods, sides, {"sentiment": 0.0, "stance": 0.0}) == ""
    assert list(share_table(moods)["Unsure of these"]) == [0, 1, 0]
    assert "Unsure of these" not in share_table(moods, unsure=False)


def test_sentences_say_the_numbers_of_the_chart(fake):
    scored = score_comments(comments("good", "bad", "bad 2", "meh"), fake)
    assert sentiment_sentence(sentiment_shares(scored)) == (
        "Sentiment of 4 comments: negative 50 % (15–85), neutral 25 % (5–70), "
        "positive 25 % (5–70)."
    )
    assert "Russia: against 50 % (15–85), in favor 25 % (5–70), of 4 comments." in stance_sentence(
        stance_shares(scored, load_targets())
    )


def test_share_text_of_the_extremes():
    assert share_text(0.0, 0.0, 0.161) == "0 % (0–16)"


def test_highlighted_text_is_escaped_and_marks_the_mentions():
    text = 'Kyiv <img src="http://x"> & Moscow'
    shown = highlighted(text, built_in_finder().find(text), {"ua": "Ukraine", "ru": "Russia"})
    assert "<img" not in shown
    assert "&lt;img src=&quot;http://x&quot;&gt; &amp;" in shown
    assert shown.count("<mark") == 2


def test_against_stands_on_the_left_whichever_way_up_the_table_is(sample, classifier):
    shares = stance_shares(score_comments(sample.comments, classifier), load_targets())
    for table in (shares, shares[::-1].reset_index(drop=True)):
        traces = [trace for trace in stance_chart(table).data if trace.type == "bar"]
        bars = {trace.name: trace for trace in traces if trace.name}
        assert max(bars["Against"].x) <= 0 <= min(bars["In favor"].x)
        assert {label for _, label in bars["Against"].customdata} == {"against"}


@pytest.mark.parametrize("high", [0.0, 0.2, 0.26, 0.3, 0.4, 0.54, 0.55, 0.67, 0.68, 0.75, 0.8, 1.0])
def test_ticks_have_room_on_a_telephone(fake, high):
    sides = stance_shares(score_comments(comments("bad", "good"), fake), load_targets()[:1])
    axis = stance_chart(sides.assign(high=high)).layout.xaxis
    assert axis.ticktext[1] == "0 %" and axis.ticktext[0] == axis.ticktext[2]
    # Of 400 pixels the panel has some 160, and 16 lie between it and the other one with "0 %" at its edge.
    pixels, width = 160 / (axis.range[1] - axis.range[0]), {"25 %": 29, "50 %": 29, "100 %": 36}
    left, middle, right = axis.tickvals
    wide = width[axis.ticktext[2]]
    assert (middle - left) * pixels >= (wide + 22) / 2 + 3
    assert (axis.range[1] - right) * pixels + 16 >= (wide + 22) / 2 + 3


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 0.15, ["0 %", "5 %", "10 %", "15 %"]),
        (0, 0.3, ["0 %", "10 %", "20 %", "30 %"]),
        (-0.3, 0, ["-30 %", "-20 %", "-10 %", "0 %"]),
        (0, 0.149, ["0 %", "5 %", "10 %"]),
    ],
)
def test_a_tick_stands_at_an_end_that_is_a_step(low, high, ticks):
    assert percent_ticks(low, high)["ticktext"] == ticks


def test_numbers_of_a_german_chart_have_german_signs_and_shares_look_as_in_sentences(fake):
    def charts():
        scored = score_comments(comments(*["bad Putin"] * 1_500, *["good Putin"] * 300), fake)
        sides = stance_shares(scored, load_targets()[2:3])
        return [
            stance_chart(sides.assign(name="R")),
            sentiment_chart(sentiment_shares(scored)),
            calibration_chart([{"confidence": 0.5, "accuracy": 0.455, "n": 1234}]),
            risk_coverage_chart([{"coverage": 0.5, "error": 0.123, "threshold": 0.65}]),
        ]

    for figure in charts():
        assert figure.layout.separators == ".,"
    with speaking("de"):
        stance, sentiment, bins, risk = charts()
        assert percent_ticks(-1, 1)["ticktext"] == ["-100 %", "-50 %", "0 %", "50 %", "100 %"]
    for figure in (stance, sentiment, bins, risk):
        assert figure.layout.separators == ",."
        axes = [figure.layout[name] for name in figure.layout if name[:5] in ("xaxis", "yaxis")]
        assert not [axis.tickformat for axis in axes if axis.tickformat]
    assert "Dagegen: 1.500 von 1.800" in stance.data[0].hovertext[0]
    assert stance.layout.xaxis2.ticktext == ("0 %", "100 %")
    assert bins.data[1].hovertext[0].endswith("n = 1.234")
    assert risk.layout.xaxis.ticktext == ("0 %", "25 %", "50 %", "75 %", "100 %")
    assert risk.layout.yaxis.ticktext == ("0 %", "5 %", "10 %")
    assert "12,3 %" in risk.data[0].hovertext[0] and "0,65" in risk.data[0].hovertext[0]
