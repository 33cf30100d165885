"""Slips of the keyboard are mended for the model alone, and words that readers use stay."""

import pytest

from stance.masking import mask_names
from stance.model.classifier import load_classifier
from stance.model.encoding import TextEncoder
from stance.spelling import mend_slips
from stance.targets import load_targets, typed_target


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("peolpe", "people"),  # exchanged
        ("goverment of crminals", "goverment of criminals"),  # often written, stays; left out
        ("PEOLPE", "people"),
        ("disgracceful!", "disgraceful!"),  # doubled
        ("What a disgrxce.", "What a disgrace."),  # wrong
        ("Thsi, tehn (taht)", "this, then (that)"),
    ],
)
def test_one_slip_is_mended(typed, read):
    assert mend_slips(typed) == read


@pytest.mark.parametrize(
    "text",
    [
        "I dont think thats right, isnt it",  # written so by many
        "Slava Ukraini from Donbas, Zelenskyy and Prigozhin and Rogan",
        "Putler, Ruzzia and the vatniks copium",
        "theorising about colour, theorizing about color",  # both spellings of English
        "teh fo",  # too short: too many neighbours
        "http://exampel.org/peolpe @peolpe #peolpe e-peolpe x.peolpe",  # no words of a sentence
        "Füür peolpé",  # letters that the list of words does not hold
        "xqzvbnrt kwwwwwk",  # like nothing
        "",
    ],
)
def test_what_is_no_slip_stays(text):
    assert mend_slips(text) == text


def test_names_of_targets_stay():
    for target in load_targets():
        for name in target.names():
            assert mend_slips(name) == name


def test_a_mistyped_comment_scores_as_the_right_one_and_keeps_its_own_text():
    classifier = load_classifier()
    right, typed = "Putin is a coward and the people know it.", "Putin is a coward and teh peolpe know it."
    # "teh" is too short to be mended: take the long one alone.
    typed = typed.replace("teh", "the")
    one, other = (classifier.predict([text], load_targets()) for text in (right, typed))
    assert (one.sentiment == other.sentiment).all()
    assert (one.stance == other.stance).all()


def test_names_stay_in_a_slot_and_inside_a_sentence():
    target = typed_target("Sinn Fayne")  # one slip from "sign" and "payne"
    masked = mask_names("I voted Sinn Fayne once", [target])
    (packed,) = _encoder().encode([masked])
    (name,) = packed.slots
    words = len(name) // 2
    assert set(name[: words - 1]) <= set(packed.comment)


@pytest.mark.parametrize("slip", ["Trunp lies", "amercia started it", "Puitn", "the Rusian army", "ukrane"])
def test_nothing_becomes_the_name_of_a_target(slip):
    """Names are masked before: one that a mended slip brought would be read in clear."""
    names = {word.lower() for t in load_targets() for name in t.names() for word in name.split()}
    before = set(slip.lower().split())
    assert not (set(mend_slips(slip).lower().split()) - before) & names


@pytest.mark.parametrize("text", ["Merz and Milei", "Likud, Meloni", "and then merz said"])
def test_rarer_names_stay(text):
    assert mend_slips(text) == text


def test_a_capital_inside_a_sentence_is_a_name_and_at_its_start_is_none():
    assert mend_slips("We met Cotnrast there. Cotnrast it") == "We met Cotnrast there. contrast it"


def _encoder() -> TextEncoder:
    classifier = load_classifier()
    return classifier._encoder
