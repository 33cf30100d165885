"""Numbers in tables: they sort as numbers, and are written as the language that is spoken writes them."""

import json

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from stance.browsing import Filters, confidence, probabilities
from stance.explaining import Span
from stance.page.plain import Poles, weighted
from stance.page.sample import sample_set
from stance.page.tables import WHOLE_PERCENT, with_spoken
from stance.translation import speaking
from tests.conftest import ROOT


def written(styler):
    """The cells of a table, row by row, as they are shown."""
    body = styler._translate(False, False)["body"]
    return [[cell["display_value"] for cell in row if cell["type"] == "td"] for row in body]


@pytest.mark.parametrize(
    ("code", "cells"), [("en", ["+1,234.50", "-0.25"]), ("de", ["+1.234,50", "-0,25"])]
)
def test_a_number_has_the_signs_of_the_language_and_stays_a_number(code, cells):
    table = pd.DataFrame({"word": ["{x}", "<b>"], "weight": [1234.5, -0.25]})
    with speaking(code):
        found = with_spoken(table, "weight", "+,.2f")
        assert written(found) == [["{x}", cells[0]], ["<b>", cells[1]]]
        times = with_spoken(table, "weight", "+,.2f", unit=" ×")
        assert written(times)[0][1] == f"{cells[0]} ×"
    assert found.data["weight"].tolist() == [1234.5, -0.25]


def test_a_mark_s_tooltip_has_them_too():
    poles = Poles("a", "#7b6bb5", "b", "#e08214")
    with speaking("de"):
        assert 'title="-0,50"' in weighted("so", [Span(0, 2, -0.5, False)], poles, smallest=0.1)


def formats(table):
    """Streamlit's formats of the columns of a table on a page."""
    kinds = {name: each.get("type_config", {}) for name, each in json.loads(table.proto.columns).items()}
    return {name: kind["format"] for name, kind in kinds.items() if "format" in kind}


def test_the_list_has_its_confidence_in_whole_per_cent():
    page = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120).run()
    table = next(table for table in page.dataframe if "Confidence" in table.value)
    assert formats(table)["Confidence"] == WHOLE_PERCENT == "%.0f %%"
    expected = confidence(sample_set().scored, Filters())
    assert table.value["Confidence"].tolist() == pytest.approx((100 * expected).tolist(), nan_ok=True)
    legend = "A dot (·) is no stance, a dash (–) a comment that was not scored. Select a row"
    assert any(caption.value.startswith(legend) for caption in page.caption)
    assert {"·", "–"} <= set(table.value["Russia"])


def test_an_opened_comment_has_its_probabilities_in_whole_per_cent():
    def opened() -> None:
        import pandas as pd

        from stance.page.reading_room import _show_probabilities
        from stance.page.sample import sample_set

        sample = sample_set()
        row = sample.scored.iloc[0]
        _show_probabilities(row, pd.Series([False] * 5), sample.targets)

    page = AppTest.from_function(opened, default_timeout=120).run()
    (table,) = page.dataframe
    sample = sample_set()
    expected = probabilities(sample.scored.iloc[0], sample.targets)
    shown = table.value.iloc[:, 2:].to_numpy()
    assert shown == pytest.approx(100 * expected[["low", "middle", "high"]].to_numpy())
    assert set(formats(table).values()) == {WHOLE_PERCENT}
