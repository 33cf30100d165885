"""Targets that a person types: how they are read, refused, called, and drawn."""

import pytest

from stance.aggregate import stance_shares, unsure_labels
from stance.chart_text import row_label
from stance.charts.shares import BAR_HEIGHT, stance_chart
from stance.errors import StanceError
from stance.scoring import score_comments
from stance.targets import load_targets, typed_target
from stance.typed import MAX_TYPED, parse_target, parse_targets
from stance.wording.shares import share_table
from stance.wording.titles import target_titles
from tests.conftest import comments


def test_one_target_per_line_with_its_other_words():
    nato, sanctions = parse_targets("NATO = NATO, the alliance ,\n\n  sanctions  \n")
    assert (nato.key, nato.name, nato.names()) == ("nato", "NATO", ("NATO", "the alliance"))
    assert (sanctions.key, sanctions.names()) == ("sanctions", ("sanctions",))
    assert parse_targets(" \n") == ()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ("NATO\nThe bear=Putin", "Line 2: Expected a target of its own, found 'Putin', which stands "
         "for Russia (ru) already."),
        ("\nEU=Brussels\nBelgium=brussels", "Line 3: Expected a target of its own, found 'brussels', "
         "which stands for EU (eu) already."),
        ("O'Brien\nBrian=O\u2019BRIEN", "Line 2: Expected a target of its own, found 'O\u2019BRIEN', which "
         "stands for O'Brien (o_brien) already."),
        ("=the alliance", "Line 1: Expected a target's name with a letter or digit in it, found ''."),
        ("NATO=?", "Line 1: Expected names of at most 100 characters with a letter or digit, found '?' "
         "in 'NATO'."),
        ("US favor", "Line 1: Expected a name with columns of its own, found 'US favor': "
         "stance_us_favor is taken."),
        ("NATO\n sentiment! =mood", "Line 2: Expected a target of its own, found 'sentiment!', which is "
         "what the question about the tone is called: choose another name."),
        ("\n".join(f"No {n}" for n in range(MAX_TYPED + 1)), "Line 21: Expected at most 20 typed "
         "targets, found one more."),
    ],
)  # fmt: skip
def test_what_is_refused_and_in_which_words(lines, words):
    with pytest.raises(StanceError) as error:
        parse_targets(lines)
    assert str(error.value) == words


def test_a_typed_target_is_called_untested_and_a_built_in_one_is_not():
    targets = (*load_targets(), parse_target("Author"))
    assert target_titles(targets) == {
        "us": "United States", "uk": "United Kingdom", "ru": "Russia", "ua": "Ukraine",
        "author": "Author (untested target)",
    }  # fmt: skip


def test_the_chart_and_its_table_say_that_a_target_is_untested(fake):
    targets = (*load_targets(), parse_target("NATO"))
    scored = score_comments(comments("good", "bad", "bad 2"), fake, targets=targets)
    shares = stance_shares(scored, targets)
    shares["name"] = shares["target"].map(target_titles(targets))
    figure = stance_chart(shares)
    assert "NATO<br>(untested target)" in figure.data[0].y
    assert "Russia" in figure.data[0].y
    assert list(share_table(shares)["About"]).count("NATO (untested target)") == 3


def test_long_names_get_lines_and_room_and_stay_apart(fake):
    names = ["the coalition of the willing and the " + end for end in ("able", "rich", "many")]
    assert row_label(names[0]) == "the coalition of<br>the willing and<br>the able"
    assert row_label("<b>x</b> (y)") == "&lt;b&gt;x&lt;/b&gt;<br>(y)"
    targets = [typed_target(name) for name in names]
    shares = stance_shares(score_comments(comments("good"), fake, targets=targets), targets)
    figure = stance_chart(shares)
    assert len(set(figure.data[0].y)) == 3
    assert figure.layout.height > 3 * BAR_HEIGHT + 96


def test_a_label_is_unsure_by_the_rule_of_the_shares(fake):
    """0.7 good, 0.75 bad, 0.6 other, and one that has no score."""
    scored = score_comments(comments("good", "bad", "meh", ""), fake)
    marks = unsure_labels(scored, load_targets(), {"sentiment": 0.65, "stance": 0.72})
    assert list(marks["sentiment"]) == [False, False, True, False]
    for target in load_targets():
        assert list(marks[f"stance_{target.key}"]) == [True, False, True, False]
    shares = stance_shares(scored, load_targets(), unsure_below=0.72)
    assert int(shares["unsure"].sum()) == int(marks.filter(like="stance_").to_numpy().sum())
