"""The page of the audit: its logic without a browser, its keys in real Chromium."""

import csv
import html
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from stance.answers.audit import audit_result, draw_sample
from stance.hand_label_files import hand_labels_csv
from stance.hand_labels import HandLabel
from stance.page.plain import FAILED
from stance.page.sample import sample_set
from stance.page.state import Learned
from stance.records import stance_label
from stance.wording.audit import RARE_NOTE, SEEN_NOTE, audit_sentence, open_notes, sorted_pairs
from tests.browser import CHROMIUM_FLAGS, running_dashboard
from tests.conftest import ROOT, open_view

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture
def page():
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    page.query_params["audited"] = "Stance toward Russia"
    return open_view(page, "audit")


def fine(page):
    assert not page.exception
    assert FAILED not in [error.value for error in page.error]


def press(page, label):
    """Click the button that begins with this label."""
    next(b for b in page.button if b.label.startswith(label)).click().run()
    fine(page)


def begin(page, name="AB"):
    page.text_input(key="annotator in audit").set_value(name).run()
    press(page, "Label ")


def labels_of_session(page, name="Sample: troops for Ukraine"):
    return page.session_state[f"hand labels {name}"]


def says(page, text):
    """Whether a sentence on the page has these words, signs escaped or not."""
    said = [
        m.value.replace("\\", "") for m in (*page.markdown, *page.caption, *page.info, *page.text)
    ]
    return any(text in sentence for sentence in said)


def test_a_name_is_asked_for_and_the_models_label_is_not_shown(page):
    fine(page)
    assert says(page, "Enter your name or initials")
    assert not any(b.label == "Against" for b in page.button)
    begin(page)
    assert [b.label for b in page.button][-5:] == [
        "Against", "None", "In favor", "Can't tell", "Undo the last"
    ]  # fmt: skip
    sample = draw_sample(sample_set().scored, "ru")
    texts = {c.comment_id: c.text for c in sample_set().result.comments}
    shown = "".join(element.proto.body for element in page.get("html"))
    assert html.escape(texts[sample.order[0]]) in shown
    assert not page.get("plotly_chart") and not page.dataframe


def test_labels_are_kept_counted_and_undone(page):
    begin(page)
    sample = draw_sample(sample_set().scored, "ru")
    for label in ("Against", "None", "Can't tell"):
        press(page, label)
    given = labels_of_session(page)
    assert [(g.comment_id, g.label) for g in given] == list(
        zip(sample.order, ("against", "none", "unclear"), strict=False)
    )
    assert {(g.question, g.annotator, g.blind) for g in given} == {("ru", "AB", True)}
    assert page.get("progress")[0].proto.text == "3 of 50 labelled"
    press(page, "Undo")
    press(page, "In favor")
    assert [g.label for g in labels_of_session(page)] == ["against", "none", "favor"]
    # Another question has its own sample, and another person begins anew.
    press(page, "Change")
    page.text_input(key="annotator in audit").set_value("CD").run()
    assert any(b.label == "Label 50 comments" for b in page.button)
    press(page, "Change")
    page.text_input(key="annotator in audit").set_value("AB").run()
    assert any(b.label == "Go on labelling" for b in page.button)


def test_corrections_show_an_audits_labels_and_change_nothing_by_them(page):
    begin(page)
    press(page, "Against")
    press(page, "Can't tell")
    open_view(page, "corrections")
    fine(page)
    assert says(page, "No label was put right by hand yet.")
    assert page.dataframe[0].value["Label"].tolist() == ["Can't tell", "Against"]
    assert set(page.dataframe[0].value["Given"]) == {"blind, in an audit"}


def whole_sample(wrong=0):
    """Labels of the whole sample by AB as the model gave them, but for the first few."""
    scored = sample_set().scored
    sample = draw_sample(scored, "ru")
    given = dict(zip(scored["comment_id"], scored[stance_label("ru")], strict=True))
    turned = {"against": "none", "none": "favor", "favor": "against"}
    return sample, [
        HandLabel(
            i,
            "ru",
            turned[given[i]] if n < wrong else given[i],
            "AB",
            f"2026-11-27T03:00:{n:02}Z",
            blind=True,
        )
        for n, i in enumerate(sample.order)
    ]


def upload(page, labels, name="labels.csv"):
    data = hand_labels_csv(labels, sample_set().result.comments)
    page.file_uploader[0].set_value((name, data, "text/csv")).run()
    fine(page)


def test_a_file_of_labels_resumes_and_the_result_is_that_of_the_api(page):
    sample, labels = whole_sample(wrong=9)
    upload(page, labels[:12])
    assert says(page, "12 labels read.") and says(page, "enter the same name: AB")
    page.text_input(key="annotator in audit").set_value("AB").run()
    press(page, "Go on")
    assert page.get("progress")[0].proto.text == "12 of 50 labelled"
    assert not page.get("plotly_chart"), "seeing a result may steer"
    page.session_state["result so far"] = True  # AppTest cannot open an expander
    page.run()
    fine(page)
    result = audit_result(sample, labels[:12], "AB")
    assert says(page, audit_sentence(result, "Stance toward Russia"))
    assert says(page, "38 comments of the sample are not labelled yet")
    assert len(page.dataframe) == 1 and not says(page, "Which labels the model takes for which")
    press(page, "Undo")
    assert len(labels_of_session(page)) == 11, "the file is not taken again"


def test_the_whole_result_with_mistakes_to_read(page):
    sample, labels = whole_sample(wrong=9)
    upload(page, labels)
    page.text_input(key="annotator in audit").set_value("AB").run()
    result = audit_result(sample, labels, "AB")
    assert says(page, audit_sentence(result, "Stance toward Russia"))
    assert len(page.get("plotly_chart")) == 1 and open_notes(result) == []
    assert len(page.dataframe) == 1, "which labels are mistaken is not shown unasked"
    press(page, "Undo")
    assert any(b.label == "Go on labelling" for b in page.button)
    press(page, "Go on")
    press(page, "In favor")
    press(page, "Show which labels are mistaken")
    shares, pairs = (frame.value for frame in page.dataframe[:2])
    assert shares["Label"].tolist() == ["Against", "None", "In favor"]
    assert pairs["Comments"].sum() == 50
    scored = sample_set().scored
    given = dict(zip(scored["comment_id"], scored[stance_label("ru")], strict=True))
    mistaken = sum(g.label != given[g.comment_id] for g in labels_of_session(page))
    assert pairs[pairs[""] == "mistaken"]["Comments"].sum() == mistaken >= 9


def undo_button(page):
    return next(b for b in page.button if b.label == "Undo the last")


def test_what_was_seen_beside_the_models_label_is_not_given_again_as_blind(page):
    _, labels = whole_sample(wrong=9)
    upload(page, labels)
    page.text_input(key="annotator in audit").set_value("AB").run()
    assert not undo_button(page).disabled and not says(page, SEEN_NOTE)
    press(page, "Show which labels are mistaken")
    assert undo_button(page).disabled and says(page, SEEN_NOTE)
    # A larger sample goes on; what is given there can be undone, what was seen cannot.
    page.number_input(key="sample").set_value(60).run()
    press(page, "Go on")
    assert undo_button(page).disabled and says(page, SEEN_NOTE)
    press(page, "None")
    assert not undo_button(page).disabled and not says(page, SEEN_NOTE)
    press(page, "Undo")
    assert len(labels_of_session(page)) == 50 and undo_button(page).disabled


def test_a_file_with_other_labels_by_the_same_name_is_warned_of_and_counted(page):
    _, labels = whole_sample()
    upload(page, labels[:12])
    assert not page.warning and not says(page, "replaced by later ones")
    later = [replace(g, at="2026-11-27T04:00:00Z", label="unclear") for g in labels[:3]]
    earlier = [replace(g, at="2026-11-27T02:00:00Z", label="unclear") for g in labels[3:5]]
    upload(page, [*later, *earlier], "other.csv")
    assert says(page, "Given before and replaced by later ones of the file: 3 labels of an audit.")
    assert says(page, "In the file and not used, as later ones are here: 2 labels of an audit.")
    assert "For 5 labels of the file there was another one here" in page.warning[0].value
    assert [g.label for g in labels_of_session(page)[:5]].count("unclear") == 3
    upload(page, [replace(labels[0], at="9999-11-27T04:00:00Z")], "future.csv")
    assert says(page, "1 label had a time in the future: taken as of now.")
    assert max(g.at for g in labels_of_session(page)) < "9999"


def test_where_other_views_show_other_labels_the_audit_says_that_it_does_not_judge_them(page):
    assert not says(page, "which this does not judge")
    note = replace(whole_sample()[1][0], blind=False)
    labels_of_session(page).append(replace(note, blind=True))
    page.run()
    assert not says(page, "which this does not judge"), "an audit's labels change nothing elsewhere"
    labels_of_session(page).append(note)
    page.run()
    assert says(page, "The other views show corrections by hand, which this does not judge.")
    page.session_state["learned Sample: troops for Ukraine"] = Learned({}, (note,), used=True)
    page.run()
    assert says(page, "show corrections by hand and the labels of the taught model, which")


def test_two_people_get_their_agreement_and_a_bad_file_its_line(page):
    _, labels = whole_sample()
    other = [HandLabel(g.comment_id, "ru", g.label, "CD", g.at, True) for g in labels[:20]]
    upload(page, [*labels, *other])
    assert says(page, "AB and CD gave the same label to 20 of 20 comments")
    assert says(page, RARE_NOTE)
    page.number_input(key="sample").set_value(100).run()  # all that are scored
    assert says(page, "AB and CD gave the same label to 20 of 20") and not says(page, RARE_NOTE)
    data = hand_labels_csv(labels, sample_set().result.comments).replace(b'"true"', b'"perhaps"', 1)
    page.file_uploader[0].set_value(("bad.csv", data, "text/csv")).run()
    fine(page)
    assert page.error[0].value == "These labels were not taken."
    assert any("in the column blind of line 2, found 'perhaps'" in text.value for text in page.text)


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["!!", "?"], "there is nothing to chart"),
        (["good", "bad", "meh"], "All 3 scored comments are to be labelled"),
        ([f"good {n}" if n % 9 else f"bad {n}" for n in range(10_000)], "50 comments of 10,000"),
    ],
)
def test_sets_of_every_size(texts, said):
    def audit(texts):
        from stance.page.audit import show_audit
        from stance.page.state import CommentSet, comment_sets
        from stance.records import Comment, ReadResult
        from stance.scoring import score_comments
        from stance.targets import load_targets
        from tests.conftest import FakeClassifier

        if "set" not in comment_sets():
            comments = tuple(Comment(f"c{n}", text, n) for n, text in enumerate(texts, start=1))
            scored = score_comments(comments, FakeClassifier())
            read = ReadResult("set", ("text",), comments)
            comment_sets()["set"] = CommentSet("set", read, scored, load_targets())
        show_audit(comment_sets()["set"])

    page = AppTest.from_function(audit, args=(texts,), default_timeout=60).run()
    fine(page)
    if "nothing" not in said:
        page.text_input(key="annotator in audit").set_value("AB").run()
    assert says(page, said)
    if len(texts) == 3:
        press(page, "Label 3")
        for label in ("Positive", "Negative", "Positive"):
            press(page, label)
        # In the order of the draw; of a set that was read whole the result is exact.
        assert says(page, " of 3 scored comments, by 3 labels.")
        assert len(page.get("plotly_chart")) == 1
        for _ in range(3):
            press(page, "Undo")
        for _ in range(3):
            press(page, "Can't tell")
        assert says(page, "right about between 0 and 100 % of 3 scored comments, by 0 labels.")
        assert says(page, "3 comments left open")


@pytest.fixture(scope="module")
def browser_page():
    from playwright.sync_api import sync_playwright

    with running_dashboard() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.address = f"{address}/audit?audited=Stance+toward+Russia"
        page.goto(page.address)
        yield page
        browser.close()


def labelled(page, n):
    """Wait until so many of the sample are labelled."""
    page.get_by_text(f"{n} of 50 labelled").wait_for(timeout=60_000)


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")
def test_keys_label_undo_and_a_reloaded_page_goes_on_from_the_file(browser_page, tmp_path):
    page = browser_page
    name = page.get_by_role("textbox", name="Your name or initials")
    name.fill("A1")
    name.press("Enter")
    page.get_by_role("button", name="Label 50 comments").click(timeout=60_000)
    page.get_by_text("You label as A1").wait_for(timeout=60_000)
    assert not name.count(), "a key in the name is a letter"
    labelled(page, 0)
    comment = page.locator(".st-key-to_label")
    texts = [comment.inner_text()]
    for n, key in enumerate("1230", start=1):
        page.keyboard.press(key)
        labelled(page, n)
        texts.append(comment.inner_text())
    assert len(set(texts)) == 5, "the next one appears"
    page.keyboard.press("u")
    labelled(page, 3)
    assert comment.inner_text() == texts[3]
    page.keyboard.press("3")
    labelled(page, 4)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download 4 labels").click()
    data = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename.startswith("labels-")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["label"] for row in rows] == ["against", "none", "favor", "favor"]
    page.goto(page.address)
    page.get_by_text("Which comments, and files").click(timeout=60_000)
    page.locator("input[type=file]").set_input_files(
        {"name": "labels.csv", "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_text("4 labels read.").wait_for(timeout=60_000)
    page.get_by_role("textbox", name="Your name or initials").fill("A1")
    page.get_by_role("textbox", name="Your name or initials").press("Enter")
    page.get_by_role("button", name="Go on labelling").click(timeout=60_000)
    labelled(page, 4)
    assert page.locator(".st-key-to_label").inner_text() == texts[4]


@pytest.mark.browser
@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here: apt-get install chromium")
def test_a_click_on_a_kind_of_mistake_shows_its_comments(browser_page):
    page = browser_page
    _, labels = whole_sample(wrong=9)
    page.goto(page.address)
    page.get_by_text("Which comments, and files").click(timeout=60_000)
    data = hand_labels_csv(labels, sample_set().result.comments)
    page.locator("input[type=file]").set_input_files(
        {"name": "labels.csv", "mimeType": "text/csv", "buffer": data}
    )
    page.get_by_text("50 labels read.").wait_for(timeout=60_000)
    page.get_by_role("textbox", name="Your name or initials").fill("AB")
    page.get_by_role("textbox", name="Your name or initials").press("Enter")
    page.get_by_text("the model is right about").wait_for(timeout=60_000)
    page.get_by_role("button", name="Show which labels are mistaken").click()
    result = audit_result(draw_sample(sample_set().scored, "ru"), labels, "AB")
    ids = sorted_pairs(result)[0][1]
    grid = page.get_by_test_id("stDataFrame").nth(1)
    grid.scroll_into_view_if_needed()
    page.wait_for_timeout(1_500)
    grid.click(position={"x": 18, "y": 54})  # the box at the left of the first row
    read = page.locator(".st-key-audited_comments p[dir=auto]")
    read.nth(len(ids) - 1).wait_for(timeout=60_000)
    texts = {c.comment_id: c.text for c in sample_set().result.comments}
    assert [paragraph.inner_text() for paragraph in read.all()] == [texts[i] for i in ids]
