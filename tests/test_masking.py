"""Names are masked so that texts that differ only in whose names they hold look alike."""

import random

import pytest

from stance.masking import mask_names
from stance.swapping import exchange_names
from stance.targets import built_in_finder, load_targets, typed_target

LETTERS = "ABCD"


def shown(pieces):
    return "".join(
        f"<{LETTERS[piece.content]}>" if isinstance(piece.content, int) else piece.content
        for piece in pieces
    )


CASES = [
    ("Putin lies.", "<A>leader lies."),
    ("President Putin and the Kremlin", "<A>leader and <A>government"),
    ("Trump is right, Biden was not", "<A>leader is right, <A>second leader was not"),
    ("Donald Trump, Trump again", "<A>leader, <A>leader again"),
    ("Boris Johnson left. Boris? Johnson?", "<A>leader left. <A>leader? <A>leader?"),
    ("Boris Pistorius speaks English", "Boris Pistorius speaks English"),
    ("the US Congress pays in US dollars", "<A>government pays in US dollars"),
    ("no beating around the bush, a roof truss", "no beating around the bush, a roof truss"),
    ("a pro-Russian Brit in Kyiv", "a pro-<A> <B> in <C>capital"),
    ("an American general", "<A> general"),
    ("Putler and Russia", "Putler and <A>"),
    ("Prussian trust in us", "Prussian trust in us"),
    ("the Royal Navy", "<A>army"),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_what_the_model_reads(text, expected):
    assert shown(mask_names(text, load_targets()).comment) == expected


def test_a_named_target_is_anonymous_and_the_others_know_who_is_who():
    us, uk, ru, ua = map(shown, mask_names("Kick Russia out of Ukraine", load_targets()).slots)
    assert (ru, ua) == ("<A>", "<B>")
    assert us == "United States<A>Russia<B>Ukraine"
    assert uk == "United Kingdom<A>Russia<B>Ukraine"


def test_a_stance_laden_nickname_stays_and_its_target_is_told():
    assert shown(mask_names("Putler!", load_targets()).slots[2]) == "Russia:putler"


def test_a_typed_target_is_named_with_its_words():
    nato = typed_target("NATO", ["the alliance"])
    masked = mask_names("NATO, the alliance of America", [nato])
    assert shown(masked.comment) == "NATO, the alliance of <A>"
    assert shown(masked.slots[0]) == "NATO<A>United States:nato,the alliance"


def test_a_typed_target_within_a_masked_name_is_told_as_masked():
    assert shown(mask_names("I like Putin", [typed_target("Putin")]).slots[0]) == (
        "Putin<A>Russia:<A>leader"
    )


def test_pieces_tell_where_they_stand_in_the_text():
    text = "Why does President Putin lie?"
    pieces = mask_names(text, load_targets()).comment
    assert [text[p.start : p.end] for p in pieces] == [
        "Why does ", "President Putin", "President Putin", " lie?",
    ]  # fmt: skip


TEMPLATES = [
    "The United States has betrayed its friends, Russia has not.",
    "Shame on the British government. Zelensky deserves better than London.",
    "President Putin is a liar; the White House should say so.",
    "Americans, wake up: Kyiv is robbing you.",
]


@pytest.mark.parametrize("text", TEMPLATES)
@pytest.mark.parametrize("pair", [("us", "ru"), ("uk", "ua"), ("us", "uk"), ("ru", "ua")])
def test_texts_that_differ_in_names_only_are_one_comment_to_the_model(text, pair):
    """The promise of the module: for named targets exchanged names exchange the scores."""
    one, other = pair
    keys = {target.key: target.key for target in load_targets()} | {one: other, other: one}
    swapped = exchange_names(text, built_in_finder().find(text), keys, random.Random(0))
    before, after = (mask_names(t, load_targets()) for t in (text, swapped))
    assert shown(before.comment) == shown(after.comment)
    slots = {t.key: shown(s) for t, s in zip(load_targets(), after.slots, strict=True)}
    for target, slot in zip(load_targets(), before.slots, strict=True):
        if shown(slot) in ("<A>", "<B>", "<C>"):
            assert slots[keys[target.key]] == shown(slot)
