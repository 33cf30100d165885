"""The page in another language: a made-up one, whose every string stands in ⟦ ⟧."""

import json
import re
import shutil

import pytest
from google.protobuf.descriptor import FieldDescriptor
from playwright.sync_api import expect, sync_playwright
from streamlit.elements.lib import policies
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from stance import translation
from stance.page.plain import FAILED
from stance.page.state import ADD, CommentSet
from stance.reading import read_comments
from stance.scoring import score_comments
from stance.targets import load_targets
from tests.browser import CHROMIUM_FLAGS, running_dashboard
from tests.conftest import ROOT, open_view
from tests.pseudo import unmarked, write_pseudo

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
VIEWS = ("", "reactions", "voices", "camps", "compare", "time", "audit", "corrections", "report", "model")
SHOWN = {"label", "help", "body", "placeholder", "options", "alt", "content", "text", "columns"}
"""Fields of Streamlit's messages that people see."""

NAMES = {
    *("CSV", "Excel", "JSON", "Lines", "Parquet", "XLSX", "English", "Deutsch", "mine", "csv"),
    *("comment", "name", "time"),
    *("outlet", "Globe", "Post", "UTC", "Ann", "Bob", "material", "warning", "python", "stance"),
    *("utf", "windows", "koi", "koi"),
    *("comments", "html", "report", "Sample", "troops", "for", "Ukraine", "Coalition", "willing"),
}
WORD = re.compile(r"[^\W\d_]{2,}")
CSV = "outlet,name,time,comment\n" + "".join(
    f"{'Globe' if n % 2 else 'Post'},{'Ann' if n % 3 else 'Bob'},2025-0{1 + n // 10}-1{n % 9},"
    f"{'good' if n % 2 else 'bad'} {'Putin' if n % 3 else 'day'}\n"
    for n in range(40)
)


@pytest.fixture
def pseudo(tmp_path, monkeypatch):
    """German is there, in ⟦ ⟧."""
    write_pseudo(tmp_path)
    monkeypatch.setattr(translation, "FOLDER", tmp_path)
    translation._read.cache_clear()
    yield
    translation._read.cache_clear()


def opened(path="", *, sets=(), **address):
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    if sets:
        page.session_state["comment_sets"] = {each.name: each for each in sets}
    for name, value in address.items():
        page.query_params[name] = value
    page.run()
    if path:
        open_view(page, path)
        for name, value in address.items():  # AppTest's link has no address
            page.query_params[name] = value
        page.run()
    return fine(page)


def fine(page):
    assert not page.exception
    assert not [error.value for error in page.error if FAILED in error.value]
    return page


def mine(fake):
    result = read_comments(CSV.encode(), name="mine.csv")
    return CommentSet("mine.csv", result, score_comments(result.comments, fake), load_targets())


def texts(page):
    """What stands on the page, with the kind of its place."""
    for message in _messages(page._tree):
        for name, text in _strings(message):
            if name == "columns":
                yield from _of_columns(json.loads(text))
            else:
                yield f"{type(message).__name__}.{name}", text
    for table in page.dataframe:
        yield from (("heading", str(name)) for name in table.value.columns)


def _messages(node):
    if (message := getattr(node, "proto", None)) is not None:
        yield message
    for child in getattr(node, "children", {}).values():
        yield from _messages(child)


def _strings(message):
    for field, value in message.ListFields():
        values = value if field.is_repeated else [value]
        if field.type == FieldDescriptor.TYPE_STRING and field.name in SHOWN:
            yield from ((field.name, text) for text in values)
        elif field.type == FieldDescriptor.TYPE_MESSAGE and field.name != "data":
            for each in values:
                yield from _strings(each)


def _of_columns(config):
    for each in config.values():
        yield from ((f"column {key}", each[key]) for key in ("label", "help") if each.get(key))


def outside(text):
    """The words of a text that are in no ⟦ ⟧."""
    depth, found = 0, []
    for sign in re.sub(r"<(style|script)>.*?</\1>|<[^>]*>|`[^`]*`|&\w+;", " ", text):
        depth += (sign == "⟦") - (sign == "⟧")
        found.append(" " if depth or sign == "⟧" else sign)
    return WORD.findall("".join(found))


def untranslated(page, told):
    """Texts with words that are in no file of strings, though they are neither names nor `told` there."""
    return {
        (kind, text)
        for kind, text in texts(page)
        for known in [told if kind in ("Html.body", "Text.body") else ()]
        if any(word not in NAMES and word.lower() not in known for word in outside(text))
    }


def words_of(sample):
    article = sample.article
    told = [*article.paragraphs, article.title, article.source]
    told += [part for c in sample.comments for part in (c.text, c.author, c.time)]
    return {word.lower() for text in told for word in WORD.findall(text)}


@pytest.mark.parametrize("path", VIEWS)
def test_every_string_of_a_view_can_be_translated(pseudo, sample, path):
    page = opened(path, lang="de")
    found = untranslated(page, words_of(sample))
    marked = [text for _, text in texts(page) if "⟦" in text]
    if path == "model":
        assert any(c.value == "⟦The card itself is written in English only.⟧" for c in page.caption)
        found = {(kind, text) for kind, text in found if not text.startswith("# ")}
    else:
        assert any(re.fullmatch("##### ⟦[^⟦⟧]+⟧", text) for text in marked)
    assert not found
    assert len(marked) >= 8


@pytest.mark.parametrize("path", [path for path in VIEWS if path != "model"])
def test_every_string_about_a_set_of_ones_own_can_be_translated(pseudo, fake, path):
    one = mine(fake)
    page = opened(path, sets=[one], set=one.name, lang="de")
    assert page.selectbox(key="set").value == one.name
    assert not untranslated(page, {"good", "bad", "putin", "day"})


def test_every_string_about_a_source_can_be_translated(pseudo):
    page = opened(lang="de")
    next(b for b in page.button if b.label == "⟦Add comments⟧").click().run()
    assert not untranslated(fine(page), set())
    page.file_uploader[0].set_value(("mine.csv", CSV.encode(), "text/csv")).run()
    assert not untranslated(fine(page), {"good", "bad", "putin", "day"})
    assert "Score 40 comments" in [unmarked(button.label) for button in page.button]


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"%PDF", b"\x1f\x8bx", b"PAR1PAR1"),
        *(b"x,y\n1,2\n3,4\n", b'[{"a": 1}, {', b'text,b\n"abc,d\n'),
    ],
)
def test_every_string_about_a_source_that_cannot_be_read_can_be_translated(pseudo, data):
    page = opened(lang="de")
    next(b for b in page.button if b.label == "⟦Add comments⟧").click().run()
    page.file_uploader[0].set_value(("mine.csv", data, "text/csv")).run()
    assert "⟦This could not be read as comments.⟧" in [error.value for error in fine(page).error]
    names = {"expecting", "property", "enclosed", "in", "double", "quotes", "arrowinvalid"}  # Python's
    assert not untranslated(page, names | {"name"})


def frame(page):
    return next(m.value for m in page.markdown if m.value.startswith("#####"))


ADDRESSES = [
    ("", "sentiment", "Positive", "positive"),
    ("", "target", "Russia", "ru"),
    ("", "shares", "Corrected", "corrected"),
    ("reactions", "paragraph", "no paragraph", "none"),
    ("voices", "counted", "Russia", "ru"),
    ("compare", "by", "Naming Russia", "Naming Russia"),
    ("compare", "compared", "Sentiment", ""),
    ("corrections", "asked", "Sentiment", "sentiment"),
    ("audit", "audited", "Stance toward Russia", "ru"),
]


@pytest.mark.parametrize(("path", "key", "word", "value"), ADDRESSES)
def test_an_address_means_the_same_in_each_language(pseudo, path, key, word, value):
    for address in ({key: word}, {key: word, "lang": "de"}):
        page = opened(path, **address)
        assert page.session_state[key] == value
        assert ("⟦" in frame(page)) == ("lang" in address)
    # And so does what the browser writes into the address in German.
    (written,) = [page.query_params[key]]
    written = written[0] if isinstance(written, list) else written
    assert opened(path, **{key: written}).session_state[key] == value


@pytest.mark.parametrize(
    ("path", "key", "word", "others"),
    [
        ("time", "period", "Feb 2025", {"step": "Month"}),
        ("compare", "group", "names Russia", {"by": "Naming Russia"}),
        ("compare", "reference", "names Russia", {"by": "Naming Russia"}),
    ],
)
def test_periods_and_groups_of_an_address_mean_the_same_in_each_language(
    pseudo, fake, path, key, word, others
):
    one = mine(fake)
    for code in ("en", "de"):
        page = opened(path, sets=[one], set=one.name, lang=code, **others, **{key: word})
        assert page.session_state[key] == word
        assert (page.selectbox(key=key).format_func(word) == word) == (code == "en")
        if key != "reference":
            texts = set(page.dataframe[-1].value.iloc[:, -1])
            assert texts == {"bad Putin", "good Putin"} if key == "group" else len(texts) >= 2


def test_the_browser_is_told_the_language_as_browsers_write_it(pseudo, tmp_path):
    (tmp_path / "pt_BR.po").write_bytes((tmp_path / "de.po").read_bytes())
    for asked, tag in (("en", "en"), ("de", "de"), ("pt_BR", "pt-BR")):
        (script,) = [e.proto for e in opened(lang=asked).get("html") if e.proto.unsafe_allow_javascript]
        assert script.body == f'<script>document.documentElement.lang = "{tag}"</script>'


def test_two_sessions_speak_two_languages(pseudo):
    german, english = opened(lang="de"), opened()
    assert "⟦" in frame(german) and "⟦" not in frame(english)
    assert "⟦" in frame(german.run()) and "⟦" not in frame(english.run())


def test_the_browser_is_asked_where_the_address_says_nothing(pseudo, monkeypatch):
    locale = property(lambda _context: "de-AT")
    monkeypatch.setattr(ContextProxy, "locale", locale)
    assert "⟦" in frame(opened())
    assert "⟦" not in frame(opened(lang="en"))
    monkeypatch.setattr(ContextProxy, "locale", property(lambda _context: "fr"))
    assert "⟦" not in frame(opened())


def test_an_unknown_language_is_told_and_the_browsers_spoken(pseudo, monkeypatch):
    monkeypatch.setattr(ContextProxy, "locale", property(lambda _context: "fr"))
    page = opened(lang="*xx*")
    assert "⟦" not in frame(page)
    told = [info.value for info in page.info]
    assert "The address names a language that is not here, “\\*xx\\*”: this is English." in told
    monkeypatch.setattr(ContextProxy, "locale", property(lambda _context: "de"))
    page = opened(lang="xx")
    assert "⟦" in frame(page) and "“⟧xx⟦”" in page.info[0].value


@pytest.mark.parametrize("tag", ["DE", "de-DE", "de_AT"])
def test_a_language_may_be_named_as_browsers_name_it(pseudo, tag):
    page = opened(lang=tag)
    assert "⟦" in frame(page) and not page.info


def test_a_browser_that_says_pt_br_gets_pt_br_and_stray_files_break_nothing(
    pseudo, tmp_path, monkeypatch
):
    (tmp_path / "pt_BR.po").write_bytes((tmp_path / "de.po").read_bytes())
    for stray in ("pt-BR.po", "xx.po", "fr.po"):
        (tmp_path / stray).write_text("no file of strings", encoding="utf-8")
    monkeypatch.setattr(ContextProxy, "locale", property(lambda _context: "pt-BR"))
    page = opened()
    assert "⟦" in frame(page)
    assert page.selectbox(key="language box").value == "pt_BR"
    assert page.selectbox(key="language box").options == ["English", "Deutsch", "português (Brasil)"]


def test_an_address_that_adds_comments_asks_for_no_set_in_any_language(pseudo):
    page = opened(lang="de", set=f"⟦{ADD}⟧")
    assert page.session_state["set"] == ADD and not page.info


def test_there_is_a_box_only_where_there_is_a_choice(pseudo, tmp_path):
    page = opened()
    assert page.selectbox(key="language box").options == ["English", "Deutsch"]
    (tmp_path / "de.po").unlink()
    assert "language box" not in [box.key for box in opened().selectbox]


def test_another_language_in_the_box_keeps_what_was_chosen(pseudo, fake):
    one = mine(fake)
    page = opened(sets=[one], set=one.name, sentiment="Positive", target="Russia")
    form = next(each for each in page.get("button_group") if each.key == "file form")
    form.set_value(".xlsx").run()
    shown = next(m.value for m in page.markdown if m.value.startswith("Showing"))
    page.selectbox(key="language box").set_value("de").run()
    assert "⟦" in frame(fine(page))
    assert page.query_params["lang"] in ("de", ["de"])
    assert page.selectbox(key="set").value == one.name
    assert page.selectbox(key="sentiment").value == "positive"
    assert shown in [unmarked(m.value) for m in page.markdown]
    assert page.session_state["file form"] == ".xlsx"
    labels = [unmarked(b.label) for b in page.get("download_button")]
    assert any(re.fullmatch(r"Download all \d+ rows \(Excel\)", label) for label in labels)
    open_view(page, "voices")  # whose address is a new one
    page.run()
    assert "⟦" in frame(page) and page.selectbox(key="set").value == one.name
    page.selectbox(key="language box").set_value("en").run()
    assert "⟦" not in frame(fine(page))


def test_another_language_keeps_what_was_corrected_of_a_pasted_page(pseudo):
    page = opened()
    next(b for b in page.button if b.label == "Add comments").click().run()
    text = (ROOT / "tests" / "pages" / "press_review.txt").read_text("utf-8")
    page.text_area(key="pasted page").set_value(text).run()
    n = len(page.data_editor[0].value)
    page.session_state[page.data_editor[0].key] = {
        "edited_rows": {0: {"text": "put right"}, 1: {"keep": False}},
        "added_rows": [{"keep": True, "text": "added"}],
        "deleted_rows": [2],
    }
    for code in (None, "de", "en"):
        if code:
            page.selectbox(key="language box").set_value(code)
        page.run()
        page.run()
        labels = [unmarked(button.label) for button in fine(page).button]
        assert f"Score {n - 1} comments" in labels
        assert any(unmarked(e.label) == "3 rows not used, with the reason" for e in page.expander) or code
        if code:
            table = page.data_editor[0].value
            assert len(table) == n and table["text"].tolist()[:1] == ["put right"]
            assert table["text"].tolist()[-1] == "added" and table["keep"].tolist()[:2] == [True, False]


@pytest.mark.parametrize("path", ["compare", "time"])
def test_another_language_gives_no_widget_a_default_beside_its_value(
    pseudo, fake, monkeypatch, caplog, path
):
    monkeypatch.setattr(policies, "_shown_default_value_warning", False)
    one = mine(fake)
    address = {"shares": "Corrected", "show": "Net share"} if path == "time" else {"shares": "Corrected"}
    page = opened(path, sets=[one], set=one.name, **address)
    for code in ("de", "en"):
        page.selectbox(key="language box").set_value(code).run()
        assert fine(page).session_state["shares"] == "corrected"
    assert "was created with a default value" not in caplog.text


@pytest.mark.parametrize(("bound", "left"), [(False, "Russia"), (True, "⟦Russia⟧")])
def test_only_a_widget_with_a_place_in_the_address_writes_its_choice_there_anew(pseudo, bound, left):
    def draw(bound):
        from stance.page.choosing import titles_for
        from stance.translation import pgettext, speaking

        with speaking("de"):
            titles_for("explain", lambda: {"ru": pgettext("country", "Russia")}, bound=bound)

    page = AppTest.from_function(draw, kwargs={"bound": bound})
    page.query_params["explain"] = "Russia"
    assert not page.run().exception
    assert page.query_params["explain"] in (left, [left])


def test_callbacks_speak_the_language_of_their_session(pseudo):
    page = opened("reactions", lang="de")
    next(b for b in page.button if (b.key or "").startswith("read ")).click().run()
    assert [toast.value for toast in page.toast] == ["⟦The comments are listed below the article.⟧"]
    assert translation.language() == "en"  # of no session


@pytest.fixture(scope="module")
def browser():
    with running_dashboard() as address, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        yield chromium, address
        chromium.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_german_is_chosen_in_the_box_and_stays_in_the_address(browser):
    chromium, address = browser
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{address}/voices?counted=Russia&sentiment=Positive")
    page.get_by_role("heading", name="Is it three loud people?").wait_for(timeout=60_000)
    page.get_by_text("Showing 15 of 68 comments").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("combobox", name="Language").click()
    page.get_by_role("option", name="Deutsch").click()
    page.get_by_role("heading", name="Sind es drei laute Leute?").wait_for()
    page.get_by_role("button", name="Kommentare hinzufügen").wait_for()
    page.get_by_text("Gezeigt: 15 von 68 Kommentaren").wait_for()  # what was chosen is kept
    page.wait_for_url(re.compile("lang=de"))
    assert "counted=Russland" in page.url and "sentiment=Positiv" in page.url
    expect(page.locator("html")).to_have_attribute("lang", "de")  # which screen readers speak
    page.reload()
    page.get_by_role("heading", name="Sind es drei laute Leute?").wait_for()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_text("Gezeigt: 15 von 68 Kommentaren").wait_for()
    page.get_by_role("link", name="Prüfung").click()
    page.get_by_role("heading", name="Wie falsch könnte dieser Balken sein?").wait_for()
    page.wait_for_url(re.compile("audit.*lang=de"))
    # A part of the page that runs alone speaks it too.
    name = page.get_by_role("textbox", name="Ihr Name oder Kürzel")
    name.fill("AB")
    name.press("Enter")
    page.get_by_role("button", name="50 Kommentare einstufen").click()
    page.get_by_role("button", name="Negativ").click()
    page.get_by_text("1 von 50 eingestuft").wait_for()
    page.get_by_role("button", name="Letzte zurücknehmen").wait_for()
    page.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_a_german_browser_is_greeted_in_german(browser):
    chromium, address = browser
    context = chromium.new_context(locale="de-CH")
    page = context.new_page()
    page.goto(f"{address}/compare?by=Naming+Russia&compared=Sentiment")
    page.get_by_role("heading", name="Ist es anderswo anders?").wait_for(timeout=60_000)
    by = page.get_by_role("combobox", name="Vergleich", exact=True)
    expect(by).to_have_value("Nennung: Russland")
    assert "by=Nennung" in page.url
    context.close()


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")
def test_a_row_that_was_unticked_stays_so_in_german_and_back(browser):
    chromium, address = browser
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.goto(address)
    page.get_by_role("button", name="Add comments").click(timeout=60_000)
    page.get_by_role("tab", name="Paste a page").click()
    text = (ROOT / "tests" / "pages" / "press_review.txt").read_text("utf-8")
    page.get_by_role("textbox", name="The page from").fill(text)
    page.get_by_role("button", name="Read this page").click()
    page.get_by_role("button", name="Score 5 comments").wait_for()
    for row, said in ((0, "Score 4 comments"), (1, "Score 3 comments")):
        table = page.locator("[data-testid=stDataFrame]:visible").last
        table.scroll_into_view_if_needed()
        table.click(position={"x": 92, "y": 53 + 35 * row})
        page.get_by_role("button", name=said).wait_for()
    for language, said in (("Deutsch", "3 Kommentare einstufen"), ("English", "Score 3 comments")):
        box = page.get_by_role("combobox", name=re.compile("Language|Sprache"))
        box.scroll_into_view_if_needed()
        page.wait_for_timeout(800)  # the page has come to rest
        box.click()
        page.get_by_role("option", name=language).click()
        page.get_by_role("button", name=said).wait_for()
        page.wait_for_timeout(800)
        page.get_by_role("button", name=said).wait_for()
    page.close()
