"""Our own exports come back with their texts and scores, in every form; edited ones do not."""

import io
import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance import text
from stance.reading import read_comments
from stance.records import exported_targets, scored_columns
from stance.restoring import Restored, restore
from stance.scoring import score_comments
from stance.targets import load_targets, typed_target
from stance.writing import FORMS
from tests.conftest import FakeClassifier

TEXTS = ["=1+1 is good", "'tis bad", "NA", "", "?!", "Kyiv and Washington: good", "Und wer bezahlt das?",
         "＝2 so\nso", "@anna good", "good, \"quoted\"; and more", "-1 \u200b=x", "'"]  # fmt: skip
OWN = [{"=id": f"0{n}", "words": f"w{n}", "text": text, "likes": n} for n, text in enumerate(TEXTS)]


def exported(form, *, rows=None, targets=None, any_language=False):
    result = read_comments(json.dumps(OWN if rows is None else rows).encode(), name="a")
    scored = score_comments(
        result.comments, FakeClassifier(), targets=targets, any_language=any_language
    )
    return result, scored, FORMS[form](result, scored)


@pytest.mark.parametrize("form", FORMS)
def test_p37_an_export_is_read_back_exactly(form):
    result, scored, data = exported(form)
    again = read_comments(data, name="a")
    found = restore(again)
    assert isinstance(found, Restored)
    assert found.result.columns == result.columns == ("=id", "words", "text", "likes")
    for old, new in zip(result.comments, found.result.comments, strict=True):
        assert (new.comment_id, new.text, new.cells) == (old.comment_id, old.text, old.cells)
    pd.testing.assert_frame_equal(found.scored, scored, rtol=0, atol=6e-7)
    assert found.targets == load_targets()
    assert not found.any_language
    assert FORMS[form](found.result, found.scored) == data


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(st.sampled_from("=+-@'\t\r\n\u200b＝ ab\"1,;"), max_size=12), max_size=6))
def test_p37_any_text_comes_back_from_the_guarded_csv(texts):
    texts = ["So it is.", *texts]  # a column of numbers alone holds no comments
    rows = [{"id": str(n), "text": text} for n, text in enumerate(texts)]
    result, _, data = exported(".csv", rows=rows)
    found = restore(read_comments(data, name="a"))
    assert isinstance(found, Restored)
    assert [c.text for c in found.result.comments] == [c.text for c in result.comments] == texts


def test_the_guard_is_taken_off_exports_only():
    assert read_comments(b"id,text\n1,'tis\n").comments[0].text == "'tis"


def test_the_column_that_was_scored_is_found_among_more_likely_ones():
    rows = [{"long story": f"Moscow said it again and again, {n} times" * 3, "b": f"Kyiv {n} good"}
            for n in range(9)]  # fmt: skip
    result = read_comments(json.dumps(rows).encode(), text_column="b")
    scored = score_comments(result.comments, FakeClassifier())
    again = read_comments(FORMS[".csv"](result, scored))
    assert again.comments[0].text.startswith("Moscow")
    found = restore(again)
    assert isinstance(found, Restored)
    assert [c.text for c in found.result.comments] == [row["b"] for row in rows]


def test_typed_targets_and_other_languages_come_back():
    targets = (*load_targets(), typed_target("Emmanuel Macron"))
    _, scored, data = exported(".csv", targets=targets, any_language=True)
    found = restore(read_comments(data))
    assert isinstance(found, Restored)
    assert found.any_language
    assert [t.key for t in found.targets] == ["us", "uk", "ru", "ua", "emmanuel_macron"]
    assert found.scored["stance_emmanuel_macron"].tolist() == scored["stance_emmanuel_macron"].tolist()


def test_an_export_of_an_export_has_columns_of_its_own():
    _, _, data = exported(".csv")
    again = read_comments(data, name="a")
    twice = FORMS[".csv"](again, score_comments(again.comments, FakeClassifier()))
    names = read_comments(twice).columns
    assert names[-1] == "unscored_2"
    keys = ("us", "uk", "ru", "ua")
    assert exported_targets(names) == (4 + len(scored_columns(keys)), keys, ())
    found = restore(read_comments(twice, name="a"))
    assert isinstance(found, Restored)
    assert found.result.columns == again.columns


@pytest.mark.parametrize(
    ("column", "row", "value", "words"),
    [
        ("sentiment", 0, "negative", "Line 2 has a label in 'sentiment' that its probabilities"),
        ("sentiment", 0, "![x](http://a.example)", "Line 2 has a label in 'sentiment'"),
        ("sentiment_positive", 0, "0.9", "Line 2 has a label in 'sentiment'"),
        ("sentiment_positive", 0, "1e9", "Line 2 has something else in 'sentiment_positive'"),
        ("sentiment_positive", 0, "high", "Line 2 has something else in 'sentiment_positive'"),
        ("stance_us", 1, "favor", "Line 3 has a label in 'stance_us'"),
        ("stance_us_none", 1, "", "Line 3 has a label in 'stance_us'"),
        ("truncated", 1, "yes", "Line 3 has something else in 'truncated'"),
        ("comment_id", 1, "", "no id or the same one"),
        ("comment_id", 1, "c1", "no id or the same one"),
        ("unscored", 3, "# Big news", "None of its columns has the texts"),
        ("mentions_ua", 5, "Moscow", "None of its columns has the texts"),
        ("text", 5, "London calls", "None of its columns has the texts"),
    ],
)
def test_an_edited_export_is_not_taken_as_it_is(column, row, value, words):
    _, _, data = exported(".jsonl")
    rows = [json.loads(line) for line in data.decode().splitlines()]
    rows[1]["comment_id"], rows[0]["comment_id"] = rows[1]["comment_id"], "c1"
    rows[row][column] = value
    frame = pd.DataFrame(rows).astype(str).replace({"None": "", "nan": ""})
    found = restore(read_comments(frame.to_csv(index=False, quoting=1).encode()))
    assert isinstance(found, str)
    assert words in found


def derived(form=".csv", n=9):
    rows = [{"author": f"a{i}", "text": f"so it is {'good' if i % 2 else 'bad'} {i % 3}"} for i in range(n)]
    result = read_comments(json.dumps(rows).encode())
    return FORMS[form](result, score_comments(result.comments, FakeClassifier()))


def test_texts_exchanged_under_ids_derived_from_their_rows_are_noticed():
    assert isinstance(restore(read_comments(derived())), Restored)
    rows = [json.loads(line) for line in derived(".jsonl").decode().splitlines()]
    rows[0]["text"], rows[1]["text"] = rows[1]["text"], rows[0]["text"]
    found = restore(read_comments("\n".join(map(json.dumps, rows)).encode()))
    assert found == "Line 1 has other cells than those that were scored."


def test_some_rows_of_an_export_with_repeats_come_back():
    rows = [json.loads(line) for line in derived(".jsonl", 18).decode().splitlines()]
    assert isinstance(restore(read_comments("\n".join(map(json.dumps, rows[7:])).encode())), Restored)


def test_columns_that_fit_alike_are_told():
    rows = [{"summary": f"short {n} good", "text": f"it is long and {n} bad"} for n in range(4)]
    result = read_comments(json.dumps(rows).encode(), text_column="summary")
    data = FORMS[".csv"](result, score_comments(result.comments, FakeClassifier()))
    found = restore(read_comments(data))
    assert isinstance(found, Restored)
    assert sorted(found.text_columns) == ["summary", "text"]
    chosen = restore(read_comments(data, text_column="summary"))
    assert chosen.result.comments[0].text == "short 0 good"


@pytest.mark.parametrize("keys", [["_"], [""], [f"t{n}" for n in range(190)], ["us"]])
def test_targets_that_cannot_be_are_refused_in_words(keys):
    names = ["text", *scored_columns(["us", "uk", "ru", "ua", *keys])]
    table = pd.DataFrame([["So it is."] + [""] * (len(names) - 1)], columns=names)
    found = restore(read_comments(table.to_csv(index=False).encode()))
    assert found is None or isinstance(found, str)


def test_a_target_called_like_the_question_about_the_tone_is_refused():
    targets = (*load_targets(), typed_target("Sentiment"))
    _, _, data = exported(".csv", targets=targets)
    assert restore(read_comments(data, name="a")) == "Its targets are not known here."


def test_the_guard_is_not_taken_off_an_export_that_others_wrote_as_csv():
    texts = ["'tis good", "=good", "so it is"]
    result = read_comments(json.dumps([{"text": t} for t in texts]).encode())
    data = FORMS[".parquet"](result, score_comments(result.comments, FakeClassifier()))
    plain = pd.read_parquet(io.BytesIO(data)).to_csv(index=False).encode()
    assert [c.text for c in read_comments(plain).comments] == texts


@pytest.fixture
def languages_told(monkeypatch):
    """The texts of which the language was looked at, in their order."""
    told, tell = [], text.is_other_language
    monkeypatch.setattr(text, "is_other_language", lambda prepared: told.append(prepared) or tell(prepared))
    return told


def test_no_language_is_told_of_other_columns_or_once_others_are_known_to_be_scored(languages_told):
    rows = [{"id": str(n), "title": f"Nothing new here today {n}", "text": f"Putin is good, it says {n}"}
            for n in range(9)]  # fmt: skip
    rows[2]["text"] = "Und wer bezahlt das alles in Moskau?"
    data = exported(".csv", rows=rows, any_language=True)[2]
    languages_told.clear()
    found = restore(read_comments(data, name="a"))
    assert isinstance(found, Restored) and found.any_language
    assert found.text_columns == ("text",)
    assert languages_told == [row["text"] for row in rows[:3]]


def test_progress_is_of_the_comments_and_none_of_what_is_no_export():
    rows = [{"id": str(n), "text": f"Putin is good {n}"} for n in range(600)]
    data, told = exported(".csv", rows=rows)[2], []
    assert isinstance(restore(read_comments(data), on_progress=told.append), Restored)
    assert told[:3] == [0, 256 / 600, 512 / 600]
    told.clear()
    assert restore(read_comments(b"id,comment\n1,good\n"), on_progress=told.append) is None
    assert told == []


def test_an_export_that_calls_a_lone_link_empty_still_opens():
    texts = ["so it is good", "https://a.example", "https://b.example/c d"]
    data = exported(".csv", rows=[{"id": str(n), "text": text} for n, text in enumerate(texts)])[2]
    assert b'"only a link"' in data
    found = restore(read_comments(data.replace(b"only a link", b"empty"), name="a"))
    assert isinstance(found, Restored)
    assert list(found.scored["unscored"]) == ["", "empty", ""]
    changed = data.replace(b"https://a.example", b"Big news")
    assert "None of its columns has the texts" in restore(read_comments(changed, name="a"))


def test_an_ordinary_table_is_no_export():
    assert restore(read_comments(b"id,comment,sentiment\n1,good,positive\n")) is None
