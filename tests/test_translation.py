"""Strings in other languages: the mechanism, the files that are shipped, and that none stays behind."""

import ast
import copy
import json
import os
import pickle
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from babel.messages.pofile import read_po

from scripts import strings
from scripts.strings import KEYWORDS, TEMPLATE, as_file, is_translated, template, updated
from stance import translation
from stance.amounts import duration, number, numbered
from stance.errors import StanceError
from stance.labels import STANCE_STYLES, Stance
from stance.limits import ROWS
from stance.sentences import Sentence, spoken
from stance.targets import load_targets, typed_target
from stance.translation import (
    FOLDER,
    _,
    language,
    language_called,
    language_tag,
    languages,
    pgettext,
    speaking,
    why_left_out,
)
from stance.typed import parse_targets
from tests.conftest import ROOT

SHIPPED = sorted(FOLDER.glob("*.po"))
FIELD = re.compile(r"\{[^}]*\}")

UKRAINIAN = """\
msgid "{n} comment"
msgid_plural "{n} comments"
msgstr[0] "{n} коментар"
msgstr[1] "{n} коментарі"
msgstr[2] "{n} коментарів"

msgctxt "stance"
msgid "None"
msgstr "Жодна"

msgid "Against"
msgstr ""
"""
GERMAN = """\
msgid "{n} comment"
msgid_plural "{n} comments"
msgstr[0] "{n} Kommentar"
msgstr[1] "{n} Kommentare"

msgid "{hours} h {minutes} min"
msgstr "{minutes} Min. und {hours} Std."
"""


@pytest.fixture
def two_languages(tmp_path, monkeypatch):
    """A folder with Ukrainian and German, of which little is translated, in place of the shipped one."""
    (tmp_path / "uk.po").write_text(UKRAINIAN, encoding="utf-8")
    (tmp_path / "de.po").write_text(GERMAN, encoding="utf-8")
    monkeypatch.setattr(translation, "FOLDER", tmp_path)
    translation._read.cache_clear()
    yield
    translation._read.cache_clear()


def comments(n):
    return numbered("{n} comment", "{n} comments", n)


def test_one_file_makes_a_language(two_languages):
    assert languages() == {"en": "English", "de": "Deutsch", "uk": "українська"}
    assert language() == "en" and comments(1234) == "1,234 comments"
    with speaking("uk"):
        assert [comments(n) for n in (1, 3, 5, 21)] == [
            "1 коментар", "3 коментарі", "5 коментарів", "21 коментар",
        ]  # fmt: skip
        assert STANCE_STYLES[Stance.NONE].title == "Жодна"
    with speaking("de"):
        assert comments(1234) == "1.234 Kommentare" and number(0.5, "+.2f") == "+0,50"
        assert duration(3 * 3600 + 125) == "2 Min. und 3 Std.", "words may stand in another order"
    assert comments(1) == "1 comment"


def test_what_a_file_lacks_stays_english(two_languages):
    with speaking("uk"):
        assert _("Against") == "Against" and _("Method") == "Method"
        assert numbered("{n} label", "{n} labels", 5) == "5 labels"
        assert pgettext("in a sentence", "none") == "none", "the same word elsewhere"


STRAY = {
    "pt-BR.po": (GERMAN, "expected the name pt_BR.po, found pt-BR.po"),
    "DE.po": (GERMAN, "expected the name de.po, found DE.po"),
    "xx.po": (GERMAN, "expected the code of a language, such as uk or pt_BR, found 'xx'"),
    "en.po": (GERMAN, "expected another language than English, whose words the keys are"),
    "de (1).po": (GERMAN, "expected the code of a language, such as uk or pt_BR, found 'de (1)'"),
    "fr.po": ('msgid "a"\nmsgstr "b\nfoo', "expected a file of gettext's form (PO) in UTF-8, found"),
    "it.po": ("\udcff", "expected a file of gettext's form (PO) in UTF-8, found 'utf-8'"),
    "sv.po": (
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=klingon\\n"\n',
        "expected a file of gettext's form (PO) in UTF-8, found unknown encoding",
    ),
}


def test_a_stray_file_is_no_language_and_the_reason_is_told(
    two_languages, tmp_path, monkeypatch, capsys
):
    for name, (text, _reason) in STRAY.items():
        (tmp_path / name).write_text(text, encoding="utf-8", errors="surrogateescape")
    assert list(languages()) == ["en", "de", "uk"]
    monkeypatch.setattr(strings, "FOLDER", tmp_path)
    monkeypatch.setattr("sys.argv", ["strings"])
    assert strings.main() == 1
    told = dict(line.split(": ", 1) for line in capsys.readouterr().out.splitlines())
    for name, (text, reason) in STRAY.items():
        assert told[name].startswith(f"left out, no language of the page: {reason}")
        assert (tmp_path / name).read_text("utf-8", "surrogateescape") == text, "as it was"
    assert told["de.po"].endswith("without a translation")


def test_a_file_is_opened_again_only_when_it_changed(two_languages, tmp_path, monkeypatch):
    opened, broken = [], tmp_path / "fr.po"
    monkeypatch.setattr(
        translation, "read_po", lambda file, **how: opened.append(how["locale"]) or read_po(file, **how)
    )
    broken.write_text(STRAY["fr.po"][0], encoding="utf-8")
    for _again in range(3):
        assert list(languages()) == ["en", "de", "uk"] and why_left_out(broken)
        with speaking("de"):
            assert comments(1) == "1 Kommentar"
    assert sorted(opened) == ["de", "fr", "uk"]
    broken.write_text(GERMAN, encoding="utf-8")
    os.utime(broken, ns=(0, 0))
    assert list(languages()) == ["en", "de", "fr", "uk"] and not why_left_out(broken)
    assert sorted(opened) == ["de", "fr", "fr", "uk"]


def test_a_language_of_one_country_is_found_by_its_browsers(two_languages, tmp_path):
    (tmp_path / "pt_BR.po").write_text(GERMAN, encoding="utf-8")
    assert languages()["pt_BR"] == "português (Brasil)"
    found = {"pt-BR": "pt_BR", "PT_br": "pt_BR", "de-AT": "de", "uk": "uk"}
    found |= {"fr": None, "*xx*": None, "": None}
    assert {tag: language_called(tag) for tag in found} == found
    with speaking("pt_BR"):
        assert duration(3 * 3600 + 125) == "2 Min. und 3 Std." and language_tag() == "pt-BR"


def test_threads_speak_languages_of_their_own(two_languages):
    meeting = Barrier(2, timeout=60)

    def said(code):
        with speaking(code):
            meeting.wait()
            before = comments(2)
            meeting.wait()
            return before, comments(2)

    with ThreadPoolExecutor(2) as pool:
        uk, de = pool.map(said, ("uk", "de"))
    assert uk == ("2 коментарі",) * 2 and de == ("2 Kommentare",) * 2
    assert comments(2) == "2 comments"


def test_a_typed_target_keeps_its_name(tmp_path, monkeypatch):
    (tmp_path / "de.po").write_text(
        'msgid "Against"\nmsgstr "Dagegen"\n\nmsgctxt "country"\nmsgid "Russia"\nmsgstr "Russland"\n'
    )
    monkeypatch.setattr(translation, "FOLDER", tmp_path)
    translation._read.cache_clear()
    with speaking("de"):
        assert typed_target("Against").title == "Against" and _("Against") == "Dagegen"
        assert [t.title for t in load_targets() if t.key == "ru"] == ["Russland"]
    translation._read.cache_clear()


def test_a_sentence_is_english_for_machines_and_said_later_in_any_language(two_languages):
    inner = Sentence("{n} labels", n=1234)
    sentence = Sentence("{hours} h {minutes} min", hours=inner, minutes=1500)
    assert sentence == "1,234 labels h 1,500 min" and json.dumps([sentence]) == f'["{sentence}"]'
    for same in (sentence, copy.deepcopy(sentence), pickle.loads(pickle.dumps(sentence))):
        with speaking("de"):
            assert same == "1,234 labels h 1,500 min", "the string itself stays English"
            assert spoken(same) == "1.500 Min. und 1.234 labels Std."
        assert spoken(same) == sentence
    with speaking("de"):
        assert spoken("Against") == "Against", "a plain text is data"
        assert spoken(Sentence("")) == "", "gettext's header is no sentence"
        assert spoken(Sentence("{name}", name="{braces}")) == "{braces}"


def test_an_error_is_english_for_machines_and_spoken_on_the_page():
    with pytest.raises(StanceError) as caught:
        parse_targets("NATO\nThe bear=Putin")
    english = "Line 2: Expected a target of its own, found 'Putin', which stands for Russia (ru) already."
    for error in (caught.value, pickle.loads(pickle.dumps(caught.value))):
        with speaking("de"):
            assert str(error) == english
            said = spoken(error.message)
        assert said.startswith("Zeile 2: ") and "'Putin'" in said and "Russland (ru)" in said
    with speaking("de"):
        too_many = ROWS.error("a table", 2_000_001)
        assert "2.000.001" in spoken(too_many.message) and "2,000,001" in str(too_many)


COMMAND_LINE_ONLY = {
    *("told", "changed", "check_delimiter"),
    *("__post_init__", "load_targets", "_target"),
}
"""Functions with errors about what only a command or code can give: paths, names of signs, our files."""


def test_errors_that_the_page_can_show_can_be_spoken():
    found = []
    folders = [*(ROOT / "stance" / "reading").glob("*.py"), *(ROOT / "stance" / "answers").glob("*.py")]
    names = ("limits", "typed", "targets", "hand_label_files", "writing/forms")
    for path in sorted([*folders, *(ROOT / "stance" / f"{name}.py" for name in names)]):
        for part in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(part, ast.FunctionDef) or part.name in COMMAND_LINE_ONLY:
                continue
            found += [
                f"{path.name}:{call.lineno} in {part.name}"
                for call in ast.walk(part)
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
                and call.func.id in ("ReadingError", "StanceError", "WritingError", "QuoteError")
                and isinstance(call.args[0], ast.Constant | ast.JoinedStr)
            ]
    assert not found


def test_the_template_has_the_strings_of_today():
    assert (FOLDER / TEMPLATE).read_text(encoding="utf-8") == as_file(template()), (
        "Strings changed: run python -m scripts.strings"
    )


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_a_shipped_language_is_whole(path):
    """It has every string of today, with its placeholders, and no other."""
    text = path.read_text(encoding="utf-8")
    assert text == as_file(updated(path, template())), "Strings changed: run python -m scripts.strings"
    with path.open(encoding="utf-8") as file:
        catalog = read_po(file, locale=path.stem, abort_invalid=True)
    for message in filter(lambda message: message.id, catalog):
        assert is_translated(message), message.id
        many, said = (
            (message.id[1], message.string) if message.pluralizable else (message.id, [message.string])
        )
        for one in said:
            assert sorted(FIELD.findall(one)) == sorted(FIELD.findall(many)), one


LOOKED_UP = {*KEYWORDS, "N_"}


def calls(tree):
    """Calls that look a string up, or mark one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in LOOKED_UP:
            yield node


def test_every_string_that_is_looked_up_stands_in_the_template():
    """None is put together at run time, and the extraction missed none (as it does around some calls)."""
    known = {key for message in template() for key in (message.id, (message.context, message.id))}
    for path in sorted((ROOT / "stance").rglob("*.py")):
        for call in calls(ast.parse(path.read_text("utf-8"))):
            made = [each for each in call.args if isinstance(each, ast.JoinedStr | ast.BinOp)]
            assert not made, f"{path.name}:{call.lineno}"
            keys = [each for each in call.args if isinstance(each, ast.Constant)]
            said = tuple(each.value for each in keys if isinstance(each.value, str))
            if len(said) == (1 if call.func.id in ("_", "N_", "Sentence") else 2):
                assert (said[0] if len(said) == 1 else said) in known, f"{path.name}:{call.lineno}"


WORDS = re.compile(r"[A-Za-z’']{2,},? [a-z]{2,}")
KEYS = {
    *("In brackets", "counted so", "those counted", "the group's comments"),
    *("middle right", "middle left", "middle center"),
}
"""Our own names of choices, and Plotly's."""


@pytest.mark.parametrize("folder", ("wording", "charts", "report"))
def test_no_sentence_stands_outside_the_file_of_strings(folder):
    """Whatever has two words in a row is a docstring, or is looked up."""
    found = []
    for path in sorted((ROOT / "stance" / folder).glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
        known = {id(each) for call in calls(tree) for each in ast.walk(call)} | set(map(id, docstrings))
        found += [
            f"{path.name}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in known and node.value not in KEYS
            and WORDS.search(str(node.value))
        ]
    assert not found
