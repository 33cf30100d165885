import pytest

from stance.errors import ScoringCancelled
from stance.records import scored_columns
from stance.scoring import score_comments
from tests.conftest import comments


def test_rows_keep_the_order_of_the_comments_and_the_columns_of_the_contract(fake):
    scored = score_comments(comments("good", "a longer bad one", "so so"), fake)
    assert list(scored["comment_id"]) == ["c1", "c2", "c3"]
    assert list(scored["sentiment"]) == ["positive", "negative", "neutral"]
    assert list(scored["stance_ru"]) == ["favor", "against", "none"]
    assert list(scored.columns) == list(scored_columns(["us", "uk", "ru", "ua"]))


def test_equal_texts_are_scored_once(fake):
    scored = score_comments(comments("good", "bad", "good", "good"), fake)
    assert sorted(text for batch in fake.batches for text in batch) == ["bad", "good"]
    assert list(scored["sentiment"]) == ["positive", "negative", "positive", "positive"]


def test_p26_comments_without_words_have_a_reason_and_no_scores(fake):
    scored = score_comments(comments("good", "  \u200b\n", "🤦🤦", "?!"), fake)
    assert list(scored["unscored"]) == ["", "empty", "no words", "no words"]
    assert list(scored["sentiment"]) == ["positive", "", "", ""]
    assert scored["stance_us_favor"].isna().tolist() == [False, True, True, True]


def test_no_comments_give_an_empty_table_of_the_same_columns(fake):
    scored = score_comments([], fake)
    assert scored.shape == (0, len(scored_columns(["us", "uk", "ru", "ua"])))


def test_mentions_are_the_words_of_the_text(fake):
    scored = score_comments(comments("Kiev, Kyiv and kyiv; give us the US"), fake)
    assert scored["mentions_ua"][0] == "Kiev; Kyiv"
    assert scored["mentions_us"][0] == "US"
    assert scored["mentions_uk"][0] == ""


def test_progress_ends_at_all_comments(fake):
    seen = []
    score_comments(
        comments("a1", "b2", "c3", "a1", ""), fake, batch_size=2, on_progress=seen.append
    )
    assert [(step.done, step.total) for step in seen] == [(3, 5), (5, 5)]


def test_chunk_by_chunk_is_the_same_table_and_bounds_what_is_done_before_a_sign_of_life(
    fake, monkeypatch
):
    some = comments("good", "bad", "good", "?!", "", "", "so", "good", "bad")
    at_once = score_comments(some, fake)
    monkeypatch.setattr("stance.scoring.CHUNK_ROWS", 2)
    seen = []
    assert score_comments(some, fake, on_progress=seen.append).equals(at_once)
    assert [step.done for step in seen] == [2, 4, 6, 8, 9]


def test_cancel_stops_before_the_next_batch(fake):
    answers = iter([False, True])
    with pytest.raises(ScoringCancelled, match="stopped after 1 of 3 comments"):
        score_comments(
            comments("a1", "b2", "c3"), fake, batch_size=1, cancelled=lambda: next(answers)
        )
    assert len(fake.batches) == 1
