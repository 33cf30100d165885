import json
import socket
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance import language
from stance.aggregate import unscored_reasons
from stance.evaluation import evaluate
from stance.language import is_other_language
from stance.scoring import score_comments
from stance.text import prepare_text, why_unscored
from tests.conftest import ROOT, comments
from tests.language_tables import ENGLISH, FOREIGN

GERMAN = "Und wer bezahlt das alles? Wir natürlich, good."
KNOWN_FALSE_ALARMS = {"ruzzia gonna ruzz"}


@pytest.mark.parametrize("code", FOREIGN)
def test_comments_in_other_languages_are_found(code):
    lines = FOREIGN[code].strip().splitlines()
    missed = [line for line in lines if why_unscored(line) != "other language"]
    assert len(lines) == 12
    # Two or three words that several languages share cannot be told.
    assert len(missed) <= 1
    assert all(len(line.split()) <= 3 for line in missed)


def test_all_tables_together_reach_the_documented_figure():
    lines = [line for table in FOREIGN.values() for line in table.strip().splitlines()]
    found = sum(why_unscored(line) == "other language" for line in lines)
    assert (len(lines), found >= 116) == (120, True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Kes selle kõik lõpuks kinni maksab? Meie muidugi, nagu alati.",
        "Hver borgar fyrir þetta allt saman? Við, eins og alltaf.",
        "Wie betaal vir dit alles? Ons, natuurlik.",
        "Min se jħallas għal dan kollu? Aħna, bħas-soltu.",
        "Cé a íocfaidh as seo ar fad? Sinne, mar is gnách.",
        "Nork ordainduko du hau guztia? Guk, beti bezala.",
    ],
)
def test_smaller_languages_are_found(sentence):
    assert is_other_language(sentence)


def test_odd_english_is_no_other_language():
    lines = ENGLISH.strip().splitlines()
    assert len(lines) == 92
    assert {line for line in lines if why_unscored(line)} <= KNOWN_FALSE_ALARMS


def test_the_sample_has_no_other_language(sample, fake):
    reasons = unscored_reasons(score_comments(sample.comments, fake))
    assert reasons == {"no words": 1}


@pytest.mark.parametrize(
    ("text", "flagged"),
    [
        # Script: by share of letters.
        ("Слава Україні!", True),
        ("Слава Україні! Thank you", False),
        ("普京的要求没问题", True),
        ("@olena_k Дякуємо! https://example.org/this/does/not/count", True),
        ("¯\\_(ツ)_/¯", False),
        # Quotations are someone else's, unless there is nothing else.
        ('He wrote "Wir sind keine Bedrohung für irgendjemanden" and we laughed.', False),
        ('"Wir sind keine Bedrohung für irgendjemanden"', True),
        # Shouting.
        ("WARUM IST ES IMMER AN UNS ZU ZAHLEN", True),
        ("WHY IS IT ALWAYS UP TO US TO PAY", False),
        # Length: too little to tell, and the beginning decides.
        ("Ja, gut!", False),
        ("This is what we have always said. " * 8 + "Und wer bezahlt das alles? " * 50, False),
        ("", False),
        ("42 % ... 7", False),
    ],
)
def test_rules(text, flagged):
    assert is_other_language(prepare_text(text).text) is flagged


def test_flagged_comments_have_the_reason_and_no_labels(fake):
    scored = score_comments(comments("a good one", GERMAN, ""), fake)
    assert list(scored["unscored"]) == ["", "other language", "empty"]
    assert list(scored["sentiment"]) == ["positive", "", ""]
    assert list(scored["stance_uk"]) == ["favor", "", ""]
    assert scored["stance_uk_favor"].isna().tolist() == [False, True, True]
    assert fake.batches == [["a good one"]]
    assert unscored_reasons(scored) == {"other language": 1, "empty": 1}


def test_with_any_language_they_are_scored(fake):
    scored = score_comments(comments("a good one", GERMAN, ""), fake, any_language=True)
    assert list(scored["unscored"]) == ["", "", "empty"]
    assert list(scored["sentiment"]) == ["positive", "positive", ""]


def test_evaluation_leaves_no_labelled_row_out_for_its_language(fake, tmp_path):
    row = {"sentiment": "positive", "us": "none", "uk": "none", "ru": "none", "ua": "none"}
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps({"text": t, **row}) for t in ("a good one", GERMAN)))
    evaluate(path, fake)
    assert sorted(text for batch in fake.batches for text in batch) == [GERMAN, "a good one"]


def test_the_identifier_needs_no_network(monkeypatch):
    def refuse(*_args, **_options):
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    language._identifier.cache_clear()
    assert is_other_language("Und wer bezahlt das alles?")


def test_importing_the_package_loads_no_language_model():
    code = "import stance; from stance import language; print(language._identifier.cache_info().currsize)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "0"


@given(st.text())
def test_any_text_gets_an_answer(text):
    assert is_other_language(prepare_text(text).text) in (True, False)


def test_a_quotation_in_another_script_does_not_count_where_enough_is_left():
    assert not is_other_language('"Русский военный корабль, иди на хуй" - best line ever.')
    assert is_other_language('"Good" сказал он, и больше ничего не сказал')
