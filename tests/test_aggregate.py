import pytest
from scipy.stats import binomtest

from stance.aggregate import sentiment_shares, stance_shares, unscored_reasons, wilson_interval
from stance.scoring import score_comments
from stance.targets import load_targets
from tests.conftest import comments


@pytest.mark.parametrize("level", [0.9, 0.95, 0.999])
def test_wilson_interval_is_that_of_scipy(level):
    for n in (1, 2, 12, 67, 10_000):
        for count in {0, 1, n // 3, n - 1, n}:
            expected = binomtest(count, n).proportion_ci(level, method="wilson")
            bounds = pytest.approx((expected.low, expected.high), abs=1e-12)
            assert wilson_interval(count, n, level) == bounds


def test_wilson_interval_of_textbook_values():
    # Newcombe 1998, table I: 81 of 263 and 0 of 20.
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)
    assert wilson_interval(0, 0) == (0.0, 1.0)


def test_shares_count_scored_comments_only(fake):
    scored = score_comments(comments("good", "bad", "bad b", "meh", "!!"), fake)
    shares = sentiment_shares(scored)
    assert list(shares["label"]) == ["negative", "neutral", "positive"]
    assert list(shares["count"]) == [2, 1, 1]
    assert list(shares["n"]) == [4, 4, 4]
    assert list(shares["share"]) == [0.5, 0.25, 0.25]
    assert unscored_reasons(scored) == {"no words": 1}


def test_targets_stand_in_order_of_net_stance(fake):
    scored = score_comments(comments("good", "bad"), fake)
    scored["stance_ua"] = "favor"
    scored["stance_ru"] = "against"
    shares = stance_shares(scored, load_targets())
    assert list(dict.fromkeys(shares["target"])) == ["ru", "us", "uk", "ua"]
    assert shares.groupby("target")["net"].first().to_dict() == {
        "ru": -1.0,
        "uk": 0.0,
        "us": 0.0,
        "ua": 1.0,
    }


def test_no_scored_comment_gives_shares_of_zero_and_the_widest_interval(fake):
    shares = sentiment_shares(score_comments(comments("?"), fake))
    assert list(shares["n"]) == [0, 0, 0]
    assert list(shares["high"]) == [1.0, 1.0, 1.0]


def test_unsure_labels_are_counted_in_and_beside_their_share(fake):
    scored = score_comments(comments("good", "bad", "bad b", "meh", "!!"), fake)
    scored.loc[1, "stance_uk_against"] = 0.5
    moods = sentiment_shares(scored, unsure_below=0.75)
    assert list(moods["unsure"]) == [0, 1, 1]
    assert list(moods["count"]) == [2, 1, 1]
    sides = stance_shares(scored, load_targets(), unsure_below=0.55).set_index(["target", "label"])
    assert sides.loc[("uk", "against"), ["count", "n", "unsure"]].tolist() == [2, 4, 1]
    assert sides["unsure"].sum() == 1
    assert sentiment_shares(scored)["unsure"].sum() == 0
