import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import StanceError
from stance.targets import KINDS, MentionFinder, Target, built_in_finder, load_targets, typed_target

FOUND = [
    ("Give us a break", []),
    ("the US and the U.S. and USA", [("us", "US"), ("us", "U.S."), ("us", "USA")]),
    ("LEAVE US ALONE", []),
    ("THE US SHOULD PAY", [("us", "US")]),
    ("Kyiv, Kiev", [("ua", "Kyiv"), ("ua", "Kiev")]),
    ("Zelensky Zelenskyy Zelenskiy", [("ua", "Zelensky"), ("ua", "Zelenskyy"), ("ua", "Zelenskiy")]),
    ("Britain's army, british!", [("uk", "Britain"), ("uk", "british")]),
    ("New England weather", []),
    ("I read the Washington Post in Washington", [("us", "Washington")]),
    ("Downing   Street says", [("uk", "Downing   Street")]),
    ("PUT\u0130N, Put\u0131n", [("ru", "PUT\u0130N"), ("ru", "Put\u0131n")]),
    ("Ru\u017fsia", [("ru", "Ru\u017fsia")]),
    ("Prussian trust", []),
    ("Two-Tier Keir", [("uk", "Two-Tier Keir")]),
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_mentions(text, expected):
    found = built_in_finder().find(text)
    assert [(mention.target, text[mention.start : mention.end]) for mention in found] == expected


def test_built_in_targets_have_every_kind_of_name_and_share_none():
    targets = load_targets()
    assert [target.key for target in targets] == ["us", "uk", "ru", "ua"]
    assert all(set(target.aliases) == set(KINDS) for target in targets)
    names = [name.lower() for target in targets for name in target.names()]
    owners = {name: {t.key for t in targets if name in map(str.lower, t.names())} for name in names}
    assert {name: keys for name, keys in owners.items() if len(keys) > 1} == {}


def test_a_typed_target_is_found_by_its_name_and_aliases():
    finder = MentionFinder([Target("nato", "NATO", {"nickname": ("the alliance",)})])
    assert [m.target for m in finder.find("NATO, The Alliance, nato")] == ["nato", "nato"]


def test_a_key_that_cannot_be_a_column_is_refused():
    with pytest.raises(StanceError, match="lower-case letters"):
        Target("The West", "The West")


def test_a_typed_target_whose_names_are_all_in_small_letters_alone_is_found():
    """No name in capitals: that part of the pattern must match nothing, not everything."""
    assert [m.start for m in MentionFinder([typed_target("sanctions")]).find("More Sanctions!")] == [5]


def test_a_long_acronym_is_found_with_one_capital_a_short_one_is_not():
    finder = MentionFinder([typed_target("NATO"), typed_target("IMF")])
    found = [m.target for m in finder.find("Nato and NATO, nato and Imf and IMF")]
    assert found == ["nato", "nato", "imf"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("K\u0131l\u0131\u00e7", "K\u0131l\u0131\u00e7 and KILI\u00c7", 2),
        ("\u0130stanbul", "\u0130stanbul, istanbul", 2),
        ("Orba\u0301n", "Orb\u00e1n and orb\u00e1n", 2),
        ("O\u2019Brien", "O'Brien, O\u2019BRIEN and o\u02bcbrien", 3),
        ("co-op", "the co-op, the Co\u2011op, the co\u2013op", 3),
        ("the  alliance", "the alliance, The\nAlliance", 2),
        ("\u039f\u03b4\u03cc\u03c2", "\u03bf\u03b4\u03cc\u03c2 \u039f\u0394\u038c\u03a3", 2),
        ("Wei\u00dfrussland", "Wei\u00dfrussland, WEI\u1e9eRUSSLAND", 2),
    ],
)
def test_a_typed_name_in_any_letters_is_found(name, text, words):
    """Typed as two accents or one, with two spaces, with letters that have no or several small forms."""
    target = typed_target(name)
    assert [m.target for m in MentionFinder([target]).find(text)] == [target.key] * words


@given(st.text(min_size=1, max_size=12))
def test_no_typed_name_stops_the_search(name):
    name = f"x{name}y"
    finder = MentionFinder([typed_target(name)])
    for text in (name, name.upper(), name.lower(), name.casefold(), name.swapcase()):
        assert all(m.target == typed_target(name).key for m in finder.find(f"so {text} is it"))
    assert finder.find(" ".join(unicodedata.normalize("NFKC", name).split()))
