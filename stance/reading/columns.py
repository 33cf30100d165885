"""Guesses what a table's columns are: by their names, the text column also by its cells.

The only place that knows foreign column names. Reads no file and splits no rows.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields

from stance.errors import ReadingError
from stance.sentences import Sentence
from stance.translation import N_


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Which column is what: a name, an index from 0, None to guess, "" for no such column."""

    text: str | int | None = None
    author: str | int | None = None
    time: str | int | None = None
    likes: str | int | None = None
    reply_to: str | int | None = None
    id: str | int | None = None
    title: str | int | None = None


# In the order of preference: the first name that the table has is taken. Compared without case,
# spaces, "_", "-" and ".".
_NAMES = {
    "text": "commenttext commentbody commentcontent comment comments textoriginal textdisplay "
    "kommentartext kommentar kommentare commentaire commentaires комментарий комментарии коментар "
    "коментарі comentario comentarios commento komentarz body text texte texto текст content "
    "message review post reply opinion beitrag nachricht inhalt meinung avis contenu сообщение "
    "отзыв повідомлення відгук mensaje reseña opinión",
    "author": "author authorname authordisplayname commenter username user screenname nickname "
    "nick name autor verfasser benutzername benutzer nutzer auteur utilisateur pseudo автор "
    "пользователь имя ник користувач ім'я usuario nombre",
    "time": "time timestamp datetime date createdat createdutc created publishedat published "
    "postedat posted commenttime commentdate datum zeit zeitpunkt uhrzeit дата время час heure "
    "fecha hora",
    "likes": "likes likecount like upvotes ups thumbsup recommendations votes score gefälltmir "
    "лайки лайков нравится вподобання jaime megusta",
    "reply_to": "replyto inreplyto inreplytoid parentcommentid parentid parent replytoid "
    "antwortauf réponseà ответна відповідьна respuestaa",
    "id": "commentid id cid messageid kommentarid идентификатор ідентифікатор",
    "title": "articletitle headline title videotitle article überschrift schlagzeile titel titre "
    "заголовок статья стаття название título titular",
}
_RANKS = {role: {name: rank for rank, name in enumerate(names.split())}
          for role, names in _NAMES.items()}  # fmt: skip
_NUMBER_OR_DATE = re.compile(r"\s*[-+]?[\d.,:/ %TZ+-]*\d[\d.,:/ %TZ+-]*\s*")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u02bc": "'"})
_MAX_HEADER_CELL = 40
_MIN_TEXT_LENGTH = 3


def _plain(name: str) -> str:
    return re.sub(r"[\s_.\-\ufeff]+", "", name).casefold().translate(_APOSTROPHES)


def is_known(name: str) -> bool:
    """Whether a cell is one of the column names that we know."""
    plain = _plain(name) if len(name) <= _MAX_HEADER_CELL else ""
    return any(plain in ranks for ranks in _RANKS.values())


def is_text_name(name: str) -> bool:
    """Whether a name is one that we know of columns of comments."""
    return len(name) <= _MAX_HEADER_CELL and _plain(name) in _RANKS["text"]


def known_names(cells: Sequence[str], choice: ColumnChoice) -> int:
    """How many of a row's cells are sure column names; 0 where a number or a long cell is one.

    Sure are the names that the person chose and those that we know. A row of one cell counts only
    with a name of the text column: "Time" may be a comment.
    """
    chosen = {name for field in fields(choice) if (name := getattr(choice, field.name))}
    named = sum(cell in chosen for cell in cells)
    if len(cells) == 1:
        return named or int(_plain(cells[0][:100]) in _RANKS["text"])
    if any(len(cell) > _MAX_HEADER_CELL or _NUMBER_OR_DATE.fullmatch(cell) for cell in cells):
        return named
    return sum(cell in chosen or is_known(cell) for cell in cells)


def looks_like_header(first: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a row without known names is a header: short, different cells unlike those below.

    A single column without a known name has no header: dropping a comment would be worse.
    """
    names = [cell.strip() for cell in first]
    if len(first) < 2 or not below or len(set(names)) < len(names):
        return False
    if not all(_may_be_name(name) for name in names):
        return False
    return any(
        _unlike(name, [cells[index] for cells in below if index < len(cells) and cells[index]])
        for index, name in enumerate(names)
    )


def _may_be_name(cell: str) -> bool:
    return (
        0 < len(cell) <= _MAX_HEADER_CELL
        and len(cell.split()) <= 3
        and cell[-1] not in ".!?…"
        and not _NUMBER_OR_DATE.fullmatch(cell)
    )


def _unlike(name: str, column: Sequence[str]) -> bool:
    if not column:
        return False
    numbers = sum(_NUMBER_OR_DATE.fullmatch(cell[:100]) is not None for cell in column)
    spaced = sum(" " in cell.strip() for cell in column)
    long = sum(map(len, column)) > 3 * len(name) * len(column)
    return numbers >= 0.8 * len(column) or (long and spaced >= 0.8 * len(column))


def resolve_columns(
    choice: ColumnChoice, names: Sequence[str], rows: Sequence[Sequence[str]]
) -> tuple[dict[str, int], str]:
    """The index of each column that is there, and why the text column was taken ("" if none is).

    A name that the person gave must exist; `rows` (a sample) decides what is only guessed.
    """
    found: dict[str, int] = {}
    for field in fields(choice):
        wanted = getattr(choice, field.name)
        if wanted is not None and wanted != "":
            found[field.name] = _given(wanted, names, field.name)
    taken = set(found.values())
    reason = N_("chosen") if "text" in found else ""
    for role in _NAMES:
        if role in found or getattr(choice, role) is not None:
            continue
        index = _by_name(role, names, rows, taken)
        if index is not None:
            found[role] = index
            taken.add(index)
            reason = N_("by its name") if role == "text" else reason
    if "text" not in found:
        index = _by_cells(rows, [i for i in range(len(names)) if i not in taken])
        if index is not None:
            found["text"] = index
            reason = N_("the only column") if len(names) == 1 else N_("by its long and varied cells")
    return found, reason


def _given(wanted: str | int, names: Sequence[str], role: str) -> int:
    if isinstance(wanted, int):
        if 0 <= wanted < len(names):
            return wanted
    elif wanted in names:
        return names.index(wanted)
    else:
        alike = [index for index, name in enumerate(names) if _plain(name) == _plain(wanted)]
        if len(alike) == 1:
            return alike[0]
    raise missing_column(role, names, str(wanted))


def missing_column(role: str, names: Sequence[str], wanted: str = "") -> ReadingError:
    """The error for a column that was asked for, or for a text column that cannot be guessed."""
    expected = Sentence("with the comments' text")
    if wanted:
        expected = Sentence("named {name}", name=repr(wanted[:_MAX_HEADER_CELL]))
    fix = Sentence("Choose one of these.")
    if role == "text":
        fix = Sentence(
            "Say which of them it is: on the page under “Read wrongly?”, on the command line with "
            "--text-column NAME."
        )
    return ReadingError(
        Sentence(
            "Expected a column {expected}, found the columns {columns}. {fix}",
            expected=expected,
            columns=", ".join(repr(name[:_MAX_HEADER_CELL]) for name in names[:30]),
            fix=fix,
        )
    )


def _by_name(
    role: str, names: Sequence[str], rows: Sequence[Sequence[str]], taken: set[int]
) -> int | None:
    ranks = _RANKS[role]
    known = sorted(
        (rank, index)
        for index, name in enumerate(names)
        if (rank := _rank(name, ranks)) is not None and index not in taken
    )
    for _, index in known:
        # A column "comments" of numbers counts comments, it does not hold them.
        if role != "text" or len(names) == 1 or not _is_numeric(rows, index):
            return index
    return None


def _rank(name: str, ranks: dict[str, int]) -> int | None:
    """How well a name fits a role, lower is better; of "author.name" also the last part counts."""
    rank = ranks.get(_plain(name))
    if rank is None and "." in name:
        rank = ranks.get(_plain(name.rsplit(".", 1)[-1]))
        return None if rank is None else rank + len(ranks)
    return rank


def _is_numeric(rows: Sequence[Sequence[str]], index: int) -> bool:
    cells = [row[index] for row in rows if row[index].strip()]
    numbers = sum(_NUMBER_OR_DATE.fullmatch(cell[:100]) is not None for cell in cells)
    return bool(cells) and numbers >= 0.9 * len(cells)


def _by_cells(rows: Sequence[Sequence[str]], free: Sequence[int]) -> int | None:
    """The column of the longest, most varied cells that have spaces; None if none is like text."""
    if free and not rows:
        return None
    best: tuple[float, int] = (0.0, -1)
    for index in free:
        cells = [row[index] for row in rows]
        length = sum(map(len, cells)) / len(cells)
        letters = sum(any(letter.isalpha() for letter in cell) for cell in cells)
        if len(rows[0]) > 1 and (length < _MIN_TEXT_LENGTH or letters < 0.5 * len(cells)):
            continue
        varied = len(set(cells)) / len(cells)
        spaced = sum(" " in cell.strip() for cell in cells) / len(cells)
        best = max(best, (0.001 + length * varied * (0.1 + spaced), -index))
    return -best[1] if best[0] else None
