"""How tables write stances and numbers, in the language that is spoken. Makes no table."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pandas as pd

from stance.amounts import number
from stance.labels import STANCE_STYLES, Stance
from stance.translation import _

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

WHOLE_PERCENT = "%.0f %%"
"""Streamlit's format of a column in per cent: it knows no language, and whole numbers need none."""


def sides() -> dict[str, str]:
    """What a table calls a stance: "None" reads as an error among names, a dot is quieter."""
    titles = {str(label): style.title for label, style in STANCE_STYLES.items()}
    return titles | {str(Stance.NONE): "·", "": "–"}


def sides_legend() -> str:
    """What the signs among them mean, to stand below such a table."""
    return _("A dot (·) is no stance, a dash (–) a comment that was not scored.")


def with_spoken(table: pd.DataFrame, column: str, form: str, *, unit: str = "") -> Styler:
    """A small table, one column of which is written by a form of Python's, such as "+.2f".

    Its cells stay numbers, and sort so. A whole list of comments would take too long. The column must
    have no format of Streamlit's, which knows decimal points only and is obeyed first.
    """

    def written(value: object) -> str:
        return number(cast("float", value), form) + unit

    return table.style.format({column: written})
