"""The door to reports: a scored set in, one HTML file out that needs no network. Scores nothing.

What it says comes from `stance.answers` and `stance.wording`; what stands where, from `sections.py`
and `template.html`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import jinja2

from stance.labels import SENTIMENT_STYLES, STANCE_STYLES
from stance.report.sections import contents, headlines_of
from stance.report.subject import (
    Model,
    Subject,
    Wishes,
    known_model,
    taught_model,
    unknown_model,
)
from stance.translation import _, language_tag

__all__ = [
    "Model", "Subject", "Wishes", "headlines_of", "known_model", "make_report", "taught_model",
    "unknown_model",
]  # fmt: skip

_TEMPLATE = "template.html"


def make_report(subject: Subject, model: Model, wishes: Wishes) -> bytes:
    """The report as the bytes of an HTML file; equal for equal inputs.

    It has no script and asks for nothing; every text of strangers is escaped. Its size does not grow
    with the set, for it holds shares and at most a few quotations.

    Raises:
        StanceError: a comment that is to be quoted is not in the set, or too many are.
    """
    styles = [style for scale in (SENTIMENT_STYLES, STANCE_STYLES) for style in scale.values()]
    fills = {style.label: f"fill{number}" for number, style in enumerate(styles)}
    page = _template().render(
        report=contents(subject, model, wishes),
        fills=fills,
        styles=[(fills[style.label], style) for style in styles],
        language_tag=language_tag(),
    )
    return page.encode("utf-8", "replace")


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    # As everywhere, and not by jinja2's extension, which formats with %: "95 % interval" is no format.
    environment.globals["_"] = _
    return environment.get_template(_TEMPLATE)
