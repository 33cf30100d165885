"""Pasted pages: every page in tests/pages against the expectation beside it, and what must hold
for all of them. Words of single lines are tested in the tables at the end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stance.errors import ReadingError
from stance.reading.edits import with_edits
from stance.reading.ids import derived_id, source_digest
from stance.reading.lines import Kind, classify, count, is_deleted
from stance.reading.names import byline, likeness
from stance.reading.outline import heading_strength, is_byline, split_source
from stance.reading.pages import read_page
from stance.records import PAGE_COLUMNS, Comment, ReadResult

PAGES = Path(__file__).parent / "pages"
NAMES = sorted(path.stem for path in PAGES.glob("*.json"))
SAMPLE = Path(__file__).parents[1] / "data"


def page(name: str) -> str:
    return (PAGES / f"{name}.txt").read_text(encoding="utf-8")


def expected(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAGES / f"{name}.json").read_text(encoding="utf-8"))
    return found


def fields(result: ReadResult) -> list[dict[str, str]]:
    names = ("author", "text", "time", "likes", "reply_to")
    return [{name: getattr(comment, name) for name in names} for comment in result.comments]


def pairs(result: ReadResult) -> list[tuple[str, str]]:
    """Authors and texts without line breaks, for pages whose blank lines were changed."""
    return [(comment.author, " ".join(comment.text.split())) for comment in result.comments]


@pytest.mark.parametrize("name", NAMES)
def test_page_is_read_as_expected(name: str) -> None:
    want, result = expected(name), read_page(page(name), name=name)
    assert fields(result) == want["comments"]
    assert [row.reason for row in result.rejected] == want["rejected"]
    assert (result.article.title, result.article.source) == (want["title"], want["source"])
    assert len(result.article.paragraphs) == want["paragraphs"]
    assert 0.5 < result.confidence <= 1


@pytest.mark.parametrize("name", NAMES)
def test_every_line_below_the_heading_is_accounted_for(name: str) -> None:
    text = page(name)
    result = read_page(text, name=name)
    lines = text.split("\n")
    first = min([row.line for row in (*result.comments, *result.rejected)])
    rejected = {row.line for row in result.rejected}
    written = {own for comment in result.comments for own in comment.text.split("\n")}
    starts = {comment.line for comment in result.comments}
    for number, line in enumerate(lines[first - 1 :], first):
        told = number in rejected or number in starts or line.strip() in written
        marker = classify(number, line).kind is not Kind.CONTENT
        assert told or marker or is_deleted(line.strip()) or is_author(line, result), line


def is_author(line: str, result: ReadResult) -> bool:
    """In the form with the author below, the comment's line is the author's, its text is above."""
    return byline(line).author in {comment.author for comment in result.comments}


@pytest.mark.parametrize("name", NAMES)
def test_line_ends_do_not_matter(name: str) -> None:
    text = page(name)
    assert read_page(text.replace("\n", "\r\n"), name=name) == read_page(text, name=name)


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_stable_unique_and_from_the_whole_source(name: str) -> None:
    text = page(name)
    ids = [comment.comment_id for comment in read_page(text, name=name).comments]
    assert ids == [comment.comment_id for comment in read_page(text, name="another").comments]
    assert len(set(ids)) == len(ids) and all(len(own) == 17 and own[0] == "c" for own in ids)
    changed = read_page(text + "\nShare\n", name=name).comments
    assert not set(ids) & {comment.comment_id for comment in changed}


@pytest.mark.parametrize("name", NAMES)
def test_cells_hold_the_page_columns(name: str) -> None:
    result = read_page(page(name), name=name)
    assert result.columns == PAGE_COLUMNS
    for own in result.comments:
        assert own.cells == (own.author, own.time, own.likes, own.reply_to, own.text)


@pytest.mark.parametrize("name", NAMES)
def test_invisible_characters_around_markers_do_not_matter(name: str) -> None:
    lines = page(name).split("\n")
    dressed = [
        f"\u200b{line}\u00a0" if line and classify(1, line).kind is Kind.MARKER else line
        for line in lines
    ]
    result = read_page("\n".join(dressed), name=name)
    assert fields(result) == expected(name)["comments"]


def without_blank_lines(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line.strip())


def doubled_blank_lines(text: str) -> str:
    return text.replace("\n\n", "\n\n\n")


def blank_lines_everywhere(text: str) -> str:
    return without_blank_lines(text).replace("\n", "\n\n")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "change", [without_blank_lines, doubled_blank_lines, blank_lines_everywhere]
)
def test_blank_lines_do_not_decide(name: str, change: Any) -> None:
    result = read_page(change(page(name)), name=name)
    want = [(own["author"], " ".join(own["text"].split())) for own in expected(name)["comments"]]
    assert pairs(result) == want


def sample_pairs() -> list[tuple[str, str]]:
    lines = (SAMPLE / "sample_labels.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [(row["author"], row["text"]) for row in rows]


def test_sample_page_is_read_in_full() -> None:
    result = read_page((SAMPLE / "sample_page.txt").read_text(encoding="utf-8"), name="sample")
    assert [(own.author, own.text) for own in result.comments] == sample_pairs()
    assert [row.reason for row in result.rejected] == ["closing byline"]


LAYOUTS = [
    "{author}\n{text}\n",
    "{author}\n{text}\n\n",
    "{author}\n\n{text}\n\n",
    "{author}\n3 hours ago\n{text}\n12\nReply\nShare\n",
    "{author} • 3h\n{text}\n12 • Reply • Share ›\n",
    "{author}\n{text}\nLike · Reply · 2d\n",
    "12\n{author}\n12 Apr 2025, 14:03\n\n{text}\n\nReply\n",
    "2025-04-12 14:03\n{author}\n{text}\n\n",
    "{author}'s avatar\n{author}\n3h\n{text}\nReply\n",
    "{author} says:\nApril 12, 2025 at 10:42 am\n{text}\nReply\n",
    "{author} (12.04.2025)\n{text}\n\n",
    "{text}\n— {author}\n\n",
    "{author}: {text}\n",
    "{author}\n{text}\nMelden\n",
]
NICKS = ["xX_tank_Xx", "bob", "Mad Max 3", "王小明", "O'Neill", "@hoi.polloi", "Дмитрий К."]
NICKS += ["Sir Humphrey", "user8812345", "Zoë", "jean-pierre d.", "Al from Bath", "Guest"]
ARTICLE = (
    "A smaller force for the strait\nMinisters have cut the plan, two people said.\nComments\n"
)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("nicks", [False, True])
@pytest.mark.parametrize("shift", [0, 7, 31])
def test_same_comments_in_any_layout(layout: str, nicks: bool, shift: int) -> None:
    sample = sample_pairs()
    wanted = []
    for at in range(20):
        author = NICKS[(at + shift) % len(NICKS)] if nicks else sample[(at + shift) % 68][0]
        wanted.append((author, " ".join(sample[(at * 29 + shift) % 68][1].split())))
    text = ARTICLE + "".join(layout.format(author=a, text=t) for a, t in wanted)
    assert pairs(read_page(text, name="made")) == wanted


def test_prose_is_refused_with_what_was_looked_for() -> None:
    with pytest.raises(ReadingError, match=r"heading such as “Comments”.*first author"):
        read_page(page("prose"), name="prose")


@pytest.mark.parametrize("text", ["Title of an article\nIts lead.\nComments\n", "Comments (0)\n\n"])
def test_heading_without_comments_is_refused(text: str) -> None:
    with pytest.raises(ReadingError, match=r"below the heading on line \d"):
        read_page(text, name="page")


def test_only_deleted_comments_are_refused() -> None:
    with pytest.raises(ReadingError, match="none that still has its text"):
        read_page("Comments\nMel\n2h\n[removed]\nReply\n", name="page")


@pytest.mark.parametrize("text", ["", "\n\n", " \t\n\u200b"])
def test_empty_page_is_refused(text: str) -> None:
    with pytest.raises(ReadingError, match="Expected"):
        read_page(text, name="page")


def test_notes_tell_heading_and_layout() -> None:
    notes = read_page(page("press_review"), name="page").notes
    assert notes[0] == "Found the heading “Readers' comments” on line 7."
    assert notes[1] == "Author on one line, text below it (5 comments)."


def test_line_is_the_authors_line() -> None:
    result = read_page(page("press_review"), name="page")
    assert [comment.line for comment in result.comments] == [8, 10, 12, 16, 18]


def test_author_without_text_is_rejected() -> None:
    text = (
        "Comments\nAda M.\n3h\nFine words.\nReply\nBob K.\n2h\nReply\nCy\n1h\nMore of it.\nReply\n"
    )
    result = read_page(text, name="page")
    assert [(row.line, row.reason, row.excerpt) for row in result.rejected] == [
        (6, "no text", "Bob K.")
    ]


def test_text_that_reads_like_a_marker_is_kept() -> None:
    text = (
        "Comments\nAda M.\n3h\nFine words.\nReply\nBob K.\n2h\nAgree\nReply\nCy\n1h\nNo.\nReply\n"
    )
    assert pairs(read_page(text, name="page"))[1] == ("Bob K.", "Agree")


def as_rows(result: ReadResult) -> list[dict[str, str]]:
    keys = ("comment_id", *PAGE_COLUMNS)
    return [{key: getattr(comment, key) for key in keys} for comment in result.comments]


def test_unchanged_rows_change_nothing() -> None:
    result = read_page(page("press_review"), name="page")
    assert with_edits(result, as_rows(result)) == result


def test_edits_keep_ids_and_say_what_went() -> None:
    result = read_page(page("press_review"), name="page")
    rows = as_rows(result)
    rows[0]["text"] = "Mended."
    rows[1]["text"] = " "
    rows[2]["keep"] = "false"
    added = [{"author": "New", "text": "Added."}, {**rows[0], "text": "The same id again."}]
    edited = with_edits(result, [*rows[:4], *added])
    ids = [comment.comment_id for comment in edited.comments]
    assert ids[:2] == [rows[0]["comment_id"], rows[3]["comment_id"]]
    assert len(set(ids)) == 4 and not set(ids[2:]) & {own["comment_id"] for own in rows}
    assert edited.comments[0] == Comment(
        ids[0], "Mended.", 8, "Norah Pike", cells=("Norah Pike", "", "", "", "Mended.")
    )
    assert [(row.line, row.reason) for row in edited.rejected] == [
        (10, "no text"),
        (12, "removed by hand"),
        (18, "removed by hand"),
        (20, "closing byline"),
    ]


def test_derived_ids() -> None:
    digest = source_digest(b"page")
    assert derived_id(digest, 1) != derived_id(digest, 2)
    assert derived_id(digest, 1) == derived_id(digest, 1)


TIMES = ["2 days ago (edited)", "3h", "2d", "Just now", "Yesterday", "12 Apr 2025 at 14:03"]
TIMES += ["2025-04-12 14:03", "April 12, 2025", "10:42 AM", "an hour ago", "12.04.2025, 14:03"]
TIMES += ["Friday 11 April, 9.15pm", "Mon, 14 Apr 2025 10:12:00 GMT", "Yesterday at 10:42"]


@pytest.mark.parametrize("words", TIMES)
def test_times_stay_the_pages_words(words: str) -> None:
    assert classify(1, words).time == words


@pytest.mark.parametrize(
    ("words", "likes"),
    [
        ("14", "14"), ("1.2K", "1200"), ("1,203", "1203"), ("12 likes", "12"), ("+12", "12"),
        ("▲ 12 ▼ 3", "12"), ("👍 12", "12"), ("25 1 • Reply • Share ›", "25"), ("-3", "-3"),
        ("14 Recommend Share", "14"), ("2M", "2000000"), ("Likes: 7", "7"), ("👎 3", ""),
    ],
)  # fmt: skip
def test_likes_become_whole_numbers(words: str, likes: str) -> None:
    line = classify(1, words)
    assert (line.kind, line.likes) == (Kind.MARKER, likes)


def test_count_knows_thousands_and_decimals() -> None:
    assert [count(own) for own in ("1.203", "1,2K", "−4", "3.5k")] == ["1203", "1200", "-4", "3500"]


@pytest.mark.parametrize(
    "words",
    ["Good. Not our war.", "🤦🤦🤦", "No.", "Norah Pike", "Agree!", "Report this to the Hague"],
)
def test_what_people_write_is_content(words: str) -> None:
    assert classify(1, words).kind is Kind.CONTENT


@pytest.mark.parametrize(
    ("words", "strength"),
    [
        ("Readers' comments", 2), ("Readers’ comments (68)", 2), ("118 Comments", 2),
        ("Discussion", 2), ("Reader comments:", 2), ("What readers say", 2), ("COMMENTS", 2),
        ("--- Comments ---", 2), ("💬 12 comments", 2), ("Have your say", 2), ("Comment", 1),
        ("No comment.", 0), ("Comments are closed", 0), ("He made some comments.", 0), ("14", 0),
    ],
)  # fmt: skip
def test_headings(words: str, strength: int) -> None:
    assert heading_strength(classify(1, words)) == strength


@pytest.mark.parametrize(
    ("line", "author", "time", "reply_to"),
    [
        ("Olga Reyes • 6 hours ago", "Olga Reyes", "6 hours ago", ""),
        ("halfpint → Marta_K", "halfpint", "", "Marta_K"),
        ("Sam replying to Ada", "Sam", "", "Ada"),
        ("Posted by Ada on 12 Apr", "Ada", "12 Apr", ""),
        ("#12 Ada", "Ada", "", ""),
        ("— Norah Pike, Leeds", "Norah Pike, Leeds", "", ""),
        ("On 12 April 2025, Ada wrote:", "Ada", "12 April 2025", ""),
    ],
)
def test_author_lines(line: str, author: str, time: str, reply_to: str) -> None:
    found = byline(line)
    assert (found.author, found.time, found.reply_to) == (author, time, reply_to)


def test_names_are_told_from_short_sentences() -> None:
    names = ["JM MM", "old_gunner_71", "Sam O.", "Priya M", "@anna.k", "nell", "Lt Cdr (retd)"]
    texts = ["Good. Not our war.", "Absolutely right", "Never again", "What would they do there?"]
    assert min(map(likeness, names)) > 0 > max(map(likeness, texts))


@pytest.mark.parametrize(
    ("title", "source"),
    [("The Courier: London waits", "The Courier"), ("Ukraine: what next?", ""), ("A. B.: c", "")],
)
def test_source_only_where_it_looks_like_a_paper(title: str, source: str) -> None:
    assert split_source(title)[0] == source


def test_closing_lines() -> None:
    assert is_byline("Written by A. Fielding.") and is_byline("© 2025 The Echo")
    assert not is_byline("By the way, nobody asked us.") and not is_byline("Written by a bot.")


@pytest.mark.parametrize(
    ("line", "wrote"),
    [
        ("By Anna Kowalski, 12 June 2025", True),
        ("by Tom de Groot and Ivy Lane in Kyiv", True),
        ("By Reuters", True),
        ("By Ursula von der Leyen", True),
        ("By Ana de la Cruz", True),
        ("By John Smith (Reuters)", True),
        ("By John Smith Jr.", True),
        ("By John Smith | Updated 3 hours ago", True),
        ("By John Smith, Staff Writer, June 12, 2025 10:30 a.m.", True),
        ("By Noon the Army Had Left.", False),
        ("By winter nobody asked any more", False),
        ("By", False),
        ("By Killing Civilians Russia Lost The War", False),
        ("By Arming Ukraine, America Arms Itself", False),
        ("By Friday Russia Had Won", False),
        ("By Any Means Necessary", False),
        ("By 2030 Europe", False),
        ("By Land, Sea, Air NATO Ready", False),
        ("By the time NATO acted", False),
    ],
)
def test_who_wrote_the_article_is_no_paragraph(line, wrote):
    page = f"The Courier: London waits\n{line}\nThe first paragraph is here, and long enough.\n"
    page += "Comments (2)\nAnn Lee\nGlory to Ukraine.\nBob Ray\nShame on Moscow.\n"
    article = read_page(page, name="p.txt").article
    rest = ("The first paragraph is here, and long enough.",)
    assert article.paragraphs == (rest if wrote else (line, *rest))
    assert article.source == (f"The Courier · {line}" if wrote else "The Courier")
