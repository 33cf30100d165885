"""Over time: how the stances toward a target went, where comments have times."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from stance.aggregate import scored_rows
from stance.answers.differences import Measure
from stance.answers.over_time import (
    Change,
    Step,
    Timeline,
    change,
    chosen_step,
    steps_that_fit,
    timeline,
    trend,
)
from stance.answers.times import Times
from stance.charts.looks import chart_config
from stance.charts.over_time import trend_chart
from stance.page.address import tell_unknown
from stance.page.basis import known_mistakes, shows_corrected, why_unknown
from stance.page.choosing import choose, default_of, titles_for
from stance.page.listing import show_listed
from stance.page.plain import in_sentence
from stance.page.questions import choose_question, ends_of, title_of
from stance.page.state import CommentSet, made_for
from stance.page.times import choose_times
from stance.targets import Target
from stance.translation import ENGLISH, N_, _, pgettext, speaking
from stance.wording import over_time as wording
from stance.wording.comparing import family_note, measure_titles
from stance.wording.shares import NOTHING_SCORED, interval_note

_AUTO = "Automatic"
_SIDES, _NET = N_("Shares"), N_("Balance")
_CHART = "trend chart"
_PERIOD = "period"


def show_trend(comment_set: CommentSet) -> None:
    """What changed, a chart of shares and volume by period, their table, and a period's comments."""
    if scored_rows(comment_set.scored).empty:
        st.info(_(NOTHING_SCORED))
        return
    places = st.columns(4, vertical_alignment="bottom")
    times = choose_times(comment_set, places[3])
    about = choose_question(places[0], comment_set.targets, key="trend")
    line = _line(comment_set, times, places[1])
    if line is None or len(line.edges) == 0:
        st.info(_(wording.NO_TIMES))
        if line is None and times.left_out:
            st.caption(in_sentence(wording.unread_sentence(times)))
        return
    titles = titles_for("show", lambda: {name: _(name) for name in (_SIDES, _NET)}, bound=True)
    tell_unknown("show", titles.values())
    shown = places[2].segmented_control(
        _("Show"),
        list(titles),
        format_func=titles.__getitem__,
        default=default_of("show", _SIDES),
        required=True,
        key="show",
        bind="query-params",
    )
    table, found = _made(comment_set, times, line, about)
    _show_chart(comment_set, times, line, table, found, about, net=shown == _NET)
    _show_distrust(comment_set)
    _show_comments(comment_set, line, about)


def _line(
    comment_set: CommentSet, times: Times, place: st.delta_generator.DeltaGenerator
) -> Timeline | None:
    """The timeline by the step that is chosen; None where no time was read."""
    fitting = steps_that_fit(times)
    if not fitting:
        return None
    wanted = choose(place, pgettext("length of a period", "By"), lambda: _step_titles(times), key="step")
    step = Step(wanted) if wanted in fitting else chosen_step(times)
    return timeline(comment_set.scored, times, step)


def _step_titles(times: Times) -> dict[str, str]:
    inside = {
        Step.HOUR: _("hour"),
        Step.DAY: _("day"),
        Step.WEEK: _("week"),
        Step.MONTH: _("month"),
        Step.YEAR: _("year"),
    }
    titles = {_AUTO: _("Automatic ({step})").format(step=inside[chosen_step(times)])}
    return titles | {str(step): _(wording.STEP_TITLES[step]) for step in steps_that_fit(times)}


def _made(
    comment_set: CommentSet, times: Times, line: Timeline, about: Target | None
) -> tuple[pd.DataFrame, Change | None]:
    made = made_for(comment_set, "trend")
    key = (line.step, about, None if times.order is None else times.order.day_first)
    if key not in made:
        mistakes = known_mistakes(comment_set)
        with st.spinner(_("Counting each period…")):
            scored = comment_set.scored
            made[key] = (
                trend(scored, line, about, mistakes),
                change(scored, line, about, mistakes),
            )
    table, found = made[key]
    return table, found


def _show_chart(
    comment_set: CommentSet,
    times: Times,
    line: Timeline,
    table: pd.DataFrame,
    found: Change | None,
    about: Target | None,
    *,
    net: bool,
) -> None:
    corrected, toward = shows_corrected(comment_set), title_of(about)
    mistakes = known_mistakes(comment_set)
    called = measure_titles(toward)
    drawn = {m: title for m, title in called.items() if (m == Measure.NET) == net}
    sentences = [
        wording.change_sentence(found, toward, corrected=corrected),
        wording.trend_sentence(line),
    ]
    st.markdown(in_sentence(" ".join(sentences)))
    labels = [wording.period_title(start, line.step) for start in line.starts]
    st.plotly_chart(
        trend_chart(table, list(line.edges), labels, drawn, ends_of(about), corrected=corrected),
        key=_CHART,
        on_select=lambda: _take_click(list(_periods(line))),
        selection_mode="points",
        config=chart_config("over-time"),
        alt=" ".join(sentences),
    )
    note = interval_note(mistakes, shown="Bands")
    st.caption(" ".join((note, _("Click a bar or a point to read the comments of its period."))))
    notes = filter(None, (*wording.times_notes(times, line), wording.steps_note(times)))
    st.caption(in_sentence(" ".join(notes)))
    if found is not None and found.found:
        st.caption(family_note(len(found.found), mistakes))
    with st.expander(_("The numbers as a table")):
        st.dataframe(
            wording.trend_table(table, labels, called, corrected=corrected),
            hide_index=True,
            alt=_("Comments and shares by period with intervals"),
        )


def _show_distrust(comment_set: CommentSet) -> None:
    """That how the model errs is not known, where it is not."""
    if note := why_unknown(comment_set):
        st.caption(f":material/warning: {in_sentence(note)}")


def _take_click(periods: list[str]) -> None:
    points = st.session_state[_CHART]["selection"]["points"]
    st.session_state[_PERIOD] = periods[points[0]["customdata"][0]] if points else ""


def _periods(line: Timeline) -> dict[str, str]:
    """The titles of all periods in the language that is spoken, by those in English."""
    with speaking(ENGLISH):
        names = [wording.period_title(start, line.step) for start in line.starts]
    titles = (wording.period_title(start, line.step) for start in line.starts)
    return dict(zip(names, titles, strict=True))


def _show_comments(comment_set: CommentSet, line: Timeline, about: Target | None) -> None:
    busy = {name: at for at, name in enumerate(_periods(line)) if line.volume[at]}
    chosen = choose(
        st.container(),
        _("Read the comments of"),
        lambda: {"": _("no period")}
        | {name: title for name, title in _periods(line).items() if name in busy},
        key=_PERIOD,
    )
    if chosen in busy:
        rows = comment_set.scored[line.codes == busy[chosen]]
        show_listed(
            comment_set.result.comments,
            rows,
            about,
            alt=_("Comments of the period that was chosen"),
        )
