"""Which words moved an answer: exact weights with a fake, mechanics with the shipped checkpoint."""

import random
import re

import numpy as np
import pytest

from stance.explaining import MAX_VARIANTS, ONE_WORD, explain
from stance.masking import MaskedText, mask_names
from stance.page.plain import Poles, weighted
from stance.records import Scores
from stance.stretches import align
from stance.targets import load_targets, typed_target
from stance.text import prepare_text

US, UK, RUSSIA, UKRAINE = load_targets()


class CountingClassifier:
    """P(positive) and P(favor) rise by 0.1 for each "good", fall for each "bad"; "double" needs both."""

    def __init__(self) -> None:
        self.read: list[str] = []
        self.batches: list[int] = []

    def predict_masked(self, texts) -> Scores:
        self.batches.append(len(texts))
        rows = np.array([self._row(text) for text in texts], dtype=np.float32)
        slots = len(texts[0].slots)
        cut = np.array([len(self.read[-1]) > 2_000] * len(texts))
        return Scores(rows, np.repeat(rows[:, None], slots, axis=1), cut)

    def _row(self, text: MaskedText) -> tuple[float, float, float]:
        words = " ".join(str(piece.content) for piece in text.comment)
        self.read.append(words)
        net = 0.1 * (words.count("good") - words.count("bad"))
        net += 0.2 * ("glory" in words)
        named = any(piece.content == 0 for slot in text.slots for piece in slot)
        net += 0.1 * named
        return (0.3 - net / 2, 0.4, 0.3 + net / 2)


def weights(explanation, *, of="spans"):
    spans = getattr(explanation, of)
    return [(explanation.text[s.start : s.end], round(s.weight, 4)) for s in spans]


def test_weights_are_the_fall_of_the_score_without_the_word():
    found = explain("A good plan with a bad end", None, CountingClassifier())
    assert weights(found) == [
        ("A", 0), ("good", 0.1), ("plan", 0), ("with", 0), ("a", 0), ("bad", -0.1), ("end", 0),
    ]  # fmt: skip
    assert found.probabilities == pytest.approx((0.3, 0.4, 0.3))
    assert found.score == pytest.approx(0)
    assert [found.text[s.start : s.end] for s in found.strongest()[:2]] == ["good", "bad"]
    assert (found.reason, found.as_written, found.truncated) == ("", True, False)


def test_a_clause_is_measured_and_shown_only_where_its_words_do_little_one_by_one():
    text = "glory and glory, we say, but good good people do not"
    found = explain(text, None, CountingClassifier())
    measured = dict(weights(found, of="measured"))
    assert measured["but good good people do not"] == 0.2
    # Its two words do as much one by one: they are shown, not the clause.
    assert ("good", 0.1) in weights(found)
    together = explain("glory glory glory, we say", None, CountingClassifier())
    assert weights(together) == [("glory glory glory,", 0.2), ("we", 0), ("say", 0)]
    assert together.spans[0].clause
    assert not together.spans[1].clause


def test_a_name_with_its_title_is_one_word_and_loses_its_slot():
    classifier = CountingClassifier()
    found = explain("I say President Putin's men lie", RUSSIA, classifier)
    assert weights(found) == [
        ("I", 0), ("say", 0), ("President Putin's", 0.1), ("men", 0), ("lie", 0),
    ]  # fmt: skip
    assert "I say men lie" in classifier.read


def test_names_of_a_typed_target_are_one_word():
    nato = typed_target("NATO", ["the old alliance"])
    found = explain("Leave the old alliance", nato, CountingClassifier())
    assert [word for word, _ in weights(found)] == ["Leave", "the old alliance"]


def test_spans_lie_on_the_persons_own_text():
    text = "  Tom&amp;Jerry are  go\u200bod,\n see https://x.example/1 or @anna.k … bad\u00a0end\ufe0f"
    found = explain(text, UK, CountingClassifier())
    assert found.as_written
    assert found.text == text
    assert weights(found) == [
        ("Tom&amp;Jerry", 0), ("are", 0), ("go\u200bod,", 0.1), ("see", 0),
        ("or", 0), ("@anna.k", 0), ("bad", -0.1), ("end\ufe0f", 0),
    ]  # fmt: skip


def test_where_cleaning_cannot_be_traced_the_cleaned_text_is_returned():
    text = "word good " * 900
    prepared = prepare_text(text)
    assert not align(text, prepared).as_written
    found = explain(text, None, CountingClassifier())
    assert not found.as_written
    assert found.truncated
    assert found.text == prepared.text


def test_a_long_comment_costs_no_more_variants_and_no_word_is_lost():
    for text in ("so, " * 400, "word " * 400, "we say this and that of it, " * 60):
        classifier = CountingClassifier()
        found = explain(text, None, classifier)
        assert len(classifier.read) <= MAX_VARIANTS
        assert max(classifier.batches) <= 32
        covered = "".join(found.text[s.start : s.end] for s in found.spans)
        assert covered.count("o") + covered.count("i") == text.count("o") + text.count("i")


@pytest.mark.parametrize(
    ("text", "reason", "known"),
    [("", "empty", False), ("?! 😀", "no words", False), ("Disgusting!", ONE_WORD, True)],
)
def test_a_comment_that_cannot_be_explained_says_why(text, reason, known):
    found = explain(text, UKRAINE, CountingClassifier())
    assert (found.reason, found.spans, found.probabilities is not None) == (reason, (), known)


def test_another_language_is_explained_only_when_asked_for():
    text = "Und wer bezahlt das alles am Ende?"
    assert explain(text, None, CountingClassifier()).reason == "other language"
    found = explain(text, None, CountingClassifier(), any_language=True)
    assert (found.reason, len(found.spans)) == ("", 7)


def test_every_variant_is_scored_under_its_own_number():
    """Batches are ordered by length; the weights must come back in the order of the text."""
    text = " ".join(f"{'x' * (n % 7 + 1)}{'good' if n % 5 == 0 else ''}" for n in range(70))
    found = explain(text, None, CountingClassifier())
    assert all((weight > 0.05) == ("good" in word) for word, weight in weights(found))
    assert sum("good" in word for word, _ in weights(found)) == 14


WHO = (
    "Starmer", "The Americans", "Our government", "Zelensky", "The Kremlin", "Trump", "London",
    "Whoever did this", "The Russian army", "Kyiv", "Nobody in Brussels", "Britain", "Putin",
    "The British press", "Washington", "The Pentagon",
)  # fmt: skip
WHAT = (
    "should be ashamed of this deal", "has shown more courage than us", "never keeps a promise",
    "deserves our thanks, I mean it", "is lying again", "did the right thing for once",
    "started it and must pay", "wants a photo, not peace", "asked for help and got a speech",
    "makes me proud today", "is a plain disgrace", "can be trusted, I think",
)  # fmt: skip


def test_the_top_span_moves_the_answer_more_than_random_spans_of_its_length(sample, classifier):
    """On 200 comments, through the public path: the words are taken out of the person's own text."""
    own = [f"{who} {what}." for who in WHO for what in WHAT]
    short = [c.text for c in sample.comments if 4 <= len(c.text.split()) <= 20]
    texts = [*short, *own][:200]
    assert len(texts) == 200
    dice = random.Random(3)
    tops, others, told = [], [], []
    for number, text in enumerate(texts):
        target = (None, US, UK, RUSSIA, UKRAINE)[number % 5]
        found = explain(text, target, classifier)
        top = found.strongest()[0]
        words = [m.span() for m in re.finditer(r"\S+", found.text)]
        length = len(found.text[top.start : top.end].split())
        starts = [i for i in range(len(words) - length + 1) if words[i][0] != top.start]
        spans = [(top.start, top.end)]
        for i in dice.choices(starts, k=2) if starts else []:
            spans.append((words[i][0], words[i + length - 1][1]))
        moved = _moved(found.text, spans, target, classifier)
        tops.append(abs(moved[0]))
        told.append(top.weight - moved[0])
        others += [abs(change) for change in moved[1:]]
    assert len(others) >= 380
    assert np.abs(told).max() < 1e-4
    assert np.mean(tops) > 2 * np.mean(others)


def _moved(text, spans, target, classifier):
    """Change of last minus first probability when a span is cut out, for each span."""
    texts = [text, *(text[:start] + " " + text[end:] for start, end in spans)]
    scores = classifier.predict(texts, [target or UK])
    answers = scores.sentiment if target is None else scores.stance[:, 0]
    net = answers[:, 2] - answers[:, 0]
    return [float(net[0] - value) for value in net[1:]]


def test_marks_are_escaped_text_and_differ_by_more_than_colour():
    spans = explain("<b>good</b> & bad, they say", None, CountingClassifier())
    poles = Poles("are <bad>", "#111111", "are fine", "#222222")
    page = weighted(spans.text, spans.spans, poles, smallest=0.02)
    assert "&lt;b&gt;<mark" in page
    assert "&lt;/b&gt; &amp; <mark" in page
    assert "are &lt;bad&gt;, dotted line" in page
    good, bad, *legend = re.findall(r'<mark title="([^"]*)" style="([^"]*)">([^<]*)</mark>', page)
    assert (good[0], good[2], "solid #222222" in good[1]) == ("+0.10", "good", True)
    assert (bad[0], bad[2], "dotted #111111" in bad[1]) == ("-0.10", "bad", True)
    assert len(legend) == 2


def test_masked_texts_are_scored_as_the_texts_they_come_from(classifier):
    texts = ["Putin must leave Kyiv alone.", "ok"]
    asked = classifier.predict(texts, [RUSSIA])
    masked = classifier.predict_masked([mask_names(text, [RUSSIA]) for text in texts])
    assert np.abs(asked.stance - masked.stance).max() < 1e-5
    bare = classifier.predict_masked([mask_names(text, []) for text in texts])
    assert bare.stance.shape == (2, 0, 3)
    assert np.abs(asked.sentiment - bare.sentiment).max() < 1e-5
