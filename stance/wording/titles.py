"""What targets and labels are called on the screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce

from stance.hand_labels import SENTIMENT_QUESTION, UNCLEAR
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, LabelStyle, Sentiment, Stance
from stance.targets import Target, load_targets
from stance.translation import _
from stance.typed import UNTESTED


def target_titles(targets: Iterable[Target]) -> dict[str, str]:
    """What to call each target on the screen, by key; a typed one is marked as untested.

    So a typed target never has the title of a heading of ours, such as "Author".

    >>> from stance.targets import typed_target
    >>> target_titles([load_targets()[0], typed_target("NATO")])
    {'us': 'United States', 'nato': 'NATO (untested target)'}
    """
    tested = {target.key for target in load_targets()}
    return {
        target.key: target.title if target.key in tested else f"{target.title} ({_(UNTESTED)})"
        for target in targets
    }


def label_text(title: str, unsure: bool) -> str:
    """A label as it is shown for one comment.

    >>> label_text("Against", True), label_text("Against", False)
    ('Against (unsure)', 'Against')
    """
    return _("{label} (unsure)").format(label=title) if unsure else title


def label_title(question: str, label: str) -> str:
    """What to call a label that answers a question.

    >>> label_title("sentiment", "neutral"), label_title("ru", "favor"), label_title("ru", UNCLEAR)
    ('Neutral', 'In favor', "Can't tell")
    """
    return _("Can't tell") if label == UNCLEAR else style_of(question, label).title


def style_of(question: str, label: str) -> LabelStyle:
    """How a label that answers a question is shown, and what it is called inside a sentence (`word`).

    >>> style_of("ru", "favor").word
    'in favor'
    """
    if question == SENTIMENT_QUESTION:
        return SENTIMENT_STYLES[Sentiment(label)]
    return STANCE_STYLES[Stance(label)]


def side_text(side: Stance, target: str) -> str:
    """A side that is taken, inside a sentence; `target` is a title.

    >>> side_text(Stance.FAVOR, "Ukraine")
    'in favor of Ukraine'
    """
    words = {Stance.AGAINST: _("against {target}"), Stance.FAVOR: _("in favor of {target}")}
    return words[side].format(target=target)


def all_of(parts: Sequence[str]) -> str:
    """Several things in one sentence.

    >>> all_of(["hours", "days"])
    'hours and days'
    """
    pattern = _("{one} and {other}")
    return reduce(lambda one, other: pattern.format(one=one, other=other), parts) if parts else ""


def quoted(name: str) -> str:
    """A name in quotation marks.

    >>> quoted("Globe")
    '“Globe”'
    """
    return _("“{name}”").format(name=name)
