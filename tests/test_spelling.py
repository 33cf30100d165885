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


def test_a_typed_target_and_its_mention_are_read_alike():
    # "Hegsehx" is no word: whatever is made of it, comment and slot must agree.
    target = typed_target("Chancelor")
    masked = mask_names("Chancelor is wrong", [target])
    encoder = _encoder()
    (packed,) = encoder.encode([masked])
    (name,) = packed.slots
    assert name[0] in packed.comment


def _encoder() -> TextEncoder:
    classifier = load_classifier()
    return classifier._encoder
