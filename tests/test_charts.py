import pytest

from stance.aggregate import sentiment_shares, stance_shares
from stance.charts import chart_text, sentiment_chart, share_text, stance_chart
from stance.page.plain import highlighted
from stance.scoring import score_comments
from stance.targets import built_in_finder, load_targets
from stance.wording import sentiment_sentence, stance_sentence
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
    assert against.x[0] - against.error_x.arrayminus[0] == pytest.approx(-high, abs=1e-4)
    assert against.x[0] + against.error_x.array[0] == pytest.approx(-low, abs=1e-4)


def test_sentiment_segments_sum_to_one_and_name_count_and_interval(fake):
    scored = score_comments(comments("good", "bad", "bad 2", "meh"), fake)
    figure = sentiment_chart(sentiment_shares(scored))
    assert sum(trace.x[0] for trace in figure.data) == pytest.approx(1)
    assert figure.data[0].hovertext[0] == "Negative: 2 of 4, 50 % (15–85)"
    assert figure.data[0].name == "Negative 50 % (15–85)"


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
