import contextlib
import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from stance.answers.corrections import corrections
from stance.errors import ReadingError
from stance.hand_label_files import (
    COLUMNS,
    NO_COMMENT,
    NO_QUESTION,
    OTHER_TEXT,
    REPLACED,
    hand_labels_csv,
    read_hand_labels,
)
from stance.hand_labels import UNCLEAR, HandLabel, latest
from stance.records import Comment
from stance.targets import load_targets, typed_target
from tests.conftest import comments

AT = "2026-11-27T03:00:0{}Z".format
WRITTEN = comments("Shame on them", "=1+1 is a \ud800 formula", "Thanks")
LABELS = [
    HandLabel("c1", "sentiment", "negative", "AB", AT(1), blind=True),
    HandLabel("c2", "ru", "against", "=CD", AT(2), blind=False),
    HandLabel("c3", "ua", UNCLEAR, "Zoë 'the' second", AT(3), blind=True),
]


def read(data, written=WRITTEN, targets=None, now="2026-11-27T03:00:09Z"):
    return read_hand_labels(data, written, targets or load_targets(), now=now)


def edited(old, new):
    """A file of the labels in which something was changed by hand."""
    text = hand_labels_csv(LABELS, WRITTEN).decode("utf-8-sig")
    assert old in text
    return text.replace(old, new, 1).encode()


def test_labels_go_out_and_come_back():
    data = hand_labels_csv(LABELS, WRITTEN)
    assert data.startswith(b"\xef\xbb\xbf")
    head, first, second, _ = data.decode("utf-8-sig").splitlines()
    assert head == ",".join(f'"{name}"' for name in COLUMNS)
    assert first.startswith('"c1","sentiment","negative","AB","2026-11-27T03:00:01Z","true","')
    assert ""","'=CD",""" in second, "a spreadsheet would run it"
    found = read(data)
    assert found.labels == LABELS and found.left_out == {}
    assert hand_labels_csv(found.labels, WRITTEN) == data


@given(
    st.lists(
        st.tuples(st.text(min_size=1), st.text(), st.booleans()),
        unique=True,
    )
)
def test_every_id_and_name_comes_back(rows):
    rows = [row for row in rows if "\r" not in "".join(row[:2]) and "\n" not in "".join(row[:2])]
    written = [Comment(i, f"text of {i}", 1) for i, *_ in rows]
    labels = [HandLabel(i, "sentiment", "neutral", name, AT(1), blind) for i, name, blind in rows]
    if labels:
        assert read(hand_labels_csv(labels, written), written).labels == labels


def test_a_spreadsheets_way_of_saving_is_read():
    rows = list(csv.reader(io.StringIO(hand_labels_csv(LABELS, WRITTEN).decode("utf-8-sig"))))
    rows = [[*row[::-1], "a note"] for row in rows]
    text = (
        "\n".join(";".join(row) for row in rows).replace("true", "TRUE").replace("false", "FALSE")
    )
    assert read(text.encode("utf-8")).labels == LABELS


def test_what_does_not_belong_to_the_set_is_left_out_and_counted():
    data = hand_labels_csv(
        [*LABELS, HandLabel("c1", "nato", "favor", "AB", AT(1), blind=True)], WRITTEN
    )
    other = [Comment("c1", "Another text", 1), WRITTEN[1]]
    found = read(data, other)
    assert found.labels == [LABELS[1]]
    assert found.left_out == {OTHER_TEXT: 2, NO_COMMENT: 1}
    assert read(data).left_out == {NO_QUESTION: 1}
    nato = read(data, targets=[*load_targets(), typed_target("NATO")])
    assert len(nato.labels) == 4 and nato.left_out == {}


def test_the_latest_label_of_a_person_counts():
    first = HandLabel("c1", "ru", "against", "AB", AT(5), blind=True)
    earlier = HandLabel("c1", "ru", "favor", "AB", AT(4), blind=True)
    same_time = HandLabel("c1", "ru", "none", "AB", AT(5), blind=True)
    seen = HandLabel("c1", "ru", "favor", "AB", AT(9), blind=False)
    other = HandLabel("c1", "ru", "favor", "CD", AT(1), blind=True)
    assert latest([first, earlier]) == [first]
    assert latest([first, same_time]) == [same_time]
    assert latest([first, seen, other]) == [first, seen, other], "three acts, not one"
    found = read(hand_labels_csv([first, earlier, other], WRITTEN))
    assert found.labels == [first, other] and found.left_out == {REPLACED: 1}


def test_a_time_that_is_still_to_come_does_not_win_for_ever():
    data = edited(AT(2), "9999-12-31T23:59:59Z")
    found = read(data, now=AT(2))
    assert [label.at for label in found.labels] == [AT(1), AT(2), AT(2)]
    assert found.n_future == 2 and found.left_out == {}
    later = HandLabel("c2", "ru", "favor", "EF", AT(4), blind=False)
    assert corrections([later, *found.labels])["c2", "ru"] == later
    twice = [
        HandLabel("c1", "ru", "against", "AB", AT(8), blind=True),
        HandLabel("c1", "ru", "favor", "AB", AT(7), blind=True),
    ]
    one = read(hand_labels_csv(twice, WRITTEN), now=AT(6))
    assert [(label.label, label.at) for label in one.labels] == [("against", AT(6))]
    assert one.n_future == 1 and one.left_out == {REPLACED: 1}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"negative"', '"angry"', "one of negative, neutral, positive, unclear in the column label of "
         "line 2, found 'angry'"),
        ('"against"', '"negative"', "one of against, none, favor in the column label of line 3"),
        ('"against"', '"unclear"', "one of against, none, favor in the column label of line 3"),
        (AT(3), "27.11.2026", "a time such as 2026-11-27T03:00:00Z in the column at of line 4, found '27"),
        (AT(3), "2026-1-7T3:0:0Z", "a time such as 2026-11-27T03:00:00Z in the column at of line 4"),
        ('"false"', '"maybe"', "one of true, false in the column blind of line 3, found 'maybe'"),
        ('"annotator"', '"by"', "found none called annotator"),
        ('"sentiment","negative",', '"sentiment",', "7 cells in line 2, as in the header, found 6"),
    ],
)  # fmt: skip
def test_errors_name_what_was_expected_what_was_found_and_the_line(old, new, told):
    with pytest.raises(ReadingError, match=".") as error:
        read(edited(old, new))
    assert told in str(error.value)


@given(st.binary(max_size=400) | st.text(alphabet="\",;=\r\n'ab\t").map(str.encode))
@example(b"sep=;\r\n")
def test_whatever_a_file_holds_it_is_read_or_refused(data):
    for file in (data, hand_labels_csv(LABELS, WRITTEN) + data):
        with contextlib.suppress(ReadingError):
            read(file)


def test_another_kind_of_file_is_refused():
    for data in (b"", b"PK\x03\x04", b"id,text\n1,Shame on them\n", b"\xef\xbb\xbf"):
        with pytest.raises(ReadingError):
            read(data)
    long = "x" * 500
    with pytest.raises(ReadingError) as error:
        read(edited('"negative"', f'"{long}"'))
    assert long not in str(error.value), "a cell may be a comment"
