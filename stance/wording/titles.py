"""What targets and labels are called on the screen."""

from __future__ import annotations

from collections.abc import Iterable

from stance.hand_labels import SENTIMENT_QUESTION, UNCLEAR
from stance.labels import SENTIMENT_STYLES, STANCE_STYLES, Sentiment, Stance
from stance.targets import Target, load_targets
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
        target.key: target.name if target.key in tested else f"{target.name} ({UNTESTED})"
        for target in targets
    }


def label_text(title: str, unsure: bool) -> str:
    """A label as it is shown for one comment.

    >>> label_text("Against", True), label_text("Against", False)
    ('Against (unsure)', 'Against')
    """
    return f"{title} (unsure)" if unsure else title


def label_title(question: str, label: str) -> str:
    """What to call a label that answers a question.

    >>> label_title("sentiment", "neutral"), label_title("ru", "favor"), label_title("ru", UNCLEAR)
    ('Neutral', 'In favor', "Can't tell")
    """
    if label == UNCLEAR:
        return "Can't tell"
    if question == SENTIMENT_QUESTION:
        return SENTIMENT_STYLES[Sentiment(label)].title
    return STANCE_STYLES[Stance(label)].title
