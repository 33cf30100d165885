"""Compare: several sets or groups side by side, with the evidence for each difference."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from stance.aggregate import corrected_shares
from stance.answers.comparing import (
    SMALLEST,
    Comparison,
    Group,
    Grouping,
    Scorer,
    compare,
    days,
    group_sets,
    in_several,
)
from stance.charts.differences import difference_chart
from stance.charts.looks import chart_config
from stance.charts.shares import stance_chart
from stance.model.manifest import read_manifest
from stance.model.mistakes import Mistakes
from stance.page.address import tell_unknown
from stance.page.basis import known_mistakes, shows_corrected
from stance.page.by_hand import in_use
from stance.page.choosing import Titles, choose
from stance.page.grouping import DAY, SETS, Column, columns_of, grouping_of, titles_of
from stance.page.listing import show_listed
from stance.page.plain import in_sentence
from stance.page.questions import choose_question, ends_of, title_of
from stance.page.sample import sample_set
from stance.page.state import CommentSet, comment_sets, said_of
from stance.page.times import choose_times
from stance.targets import Target
from stance.translation import _
from stance.wording import comparing as wording
from stance.wording.comparing import measure_titles
from stance.wording.over_time import days_notes
from stance.wording.shares import edge_note, interval_note, share_table, stance_sentence
from stance.wording.titles import quoted


def show_comparison(comment_set: CommentSet) -> None:
    """What is compared, the shares of each group on one axis, the differences, their words and tables."""
    others = {comment_set.name: comment_set}
    for each in (sample_set(), *comment_sets().values()):
        others.setdefault(each.name, in_use(each))
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    by = _ask_by(left, comment_set, several=len(others) > 1)
    sets = _chosen_sets(comment_set, others) if by == SETS else {comment_set.name: comment_set}
    about = choose_question(middle, _common_targets(sets), key="compared")
    dated, order = _days(comment_set) if by == DAY else ([], None)

    def find() -> Grouping:
        if by == SETS:
            return group_sets({name: each.scored for name, each in sets.items()})
        return grouping_of(comment_set, by, dated, order)

    grouping, called = find(), titles_of(find, sets=by == SETS)
    if left_out := wording.left_out_sentence(grouping):
        st.caption(in_sentence(left_out))
    if len(grouping.groups) < 2:
        st.info(wording.one_group())
        return
    titles = list(called().values())
    at = list(called()).index(choose(right, _("Compared with"), called, key="reference"))
    mistakes = known_mistakes(comment_set)
    if any(known_mistakes(each) is None for each in sets.values()):
        mistakes = None
    found = _compared(comment_set, (by, order), grouping.groups, about, mistakes, at)
    corrected = mistakes is not None and shows_corrected(comment_set)
    # Groups of one set were labelled by one model.
    doubts = _doubts([sets[group.name] for group in grouping.groups], at) if by == SETS else []
    _show_evidence(found, titles, about, mistakes, doubts, corrected=corrected)
    results = [each.result for each in sets.values()]
    st.caption(wording.overlap_note(in_several(results) if len(results) > 1 else 0))
    _show_tables(found, titles, about, doubts)
    _show_comments(comment_set, sets, dict(zip(called(), grouping.groups, strict=True)), called, about)


def _ask_by(
    place: st.delta_generator.DeltaGenerator, comment_set: CommentSet, *, several: bool
) -> str:
    """What is compared: sets, which come first where there are `several`, or groups by a column."""
    sets, columns = {SETS: Column(SETS)}, columns_of(comment_set)
    offered = sets | columns if several else columns | sets
    return choose(
        place,
        _("Compare"),
        lambda: {name: each.title(comment_set.targets) for name, each in offered.items()},
        key="by",
        help=_(
            "A column is offered if two of its values or more have {n} scored comments each."
        ).format(n=SMALLEST),
    )


def _common_targets(sets: Mapping[str, CommentSet]) -> tuple[Target, ...]:
    """The targets that all sets were scored for."""
    first, *others = sets.values()
    return tuple(t for t in first.targets if all(t in each.targets for each in others))


def _chosen_sets(comment_set: CommentSet, others: Mapping[str, CommentSet]) -> dict[str, CommentSet]:
    beside = [name for name in others if name != comment_set.name]
    tell_unknown("sets", beside, several=True)
    chosen = st.multiselect(
        _("Other sets"),
        beside,
        default=beside,
        key="sets",
        bind="query-params",
    )
    st.caption(in_sentence(wording.always_compared(comment_set.name)))
    return {name: each for name, each in others.items() if name in chosen or each is comment_set}


def _days(comment_set: CommentSet) -> tuple[list[str], bool | None]:
    """Each comment's day, and whether day or month comes first where that was decided; says how it was."""
    times = choose_times(comment_set, st.container())
    st.caption(in_sentence(" ".join(days_notes(times))))
    return days(times), None if times.order is None else times.order.day_first


def _doubts(sets: list[CommentSet], reference: int) -> list[str]:
    """For each set, whether the same model labelled it and the reference."""
    scorers = [Scorer(each.restored, each.learned_from > 0) for each in sets]
    return [
        "" if at == reference else wording.models_doubt([scorer, scorers[reference]])
        for at, scorer in enumerate(scorers)
    ]


def _compared(
    comment_set: CommentSet,
    kind: tuple[str, bool | None],
    groups: tuple[Group, ...],
    about: Target | None,
    mistakes: Mistakes | None,
    reference: int,
) -> Comparison:
    limits = read_manifest().unsure_below
    below = limits["sentiment" if about is None else "stance"]
    # Nothing of another set is kept with this one: it may be removed.
    made = {} if kind[0] == SETS else said_of(comment_set, "compared")
    key = (*kind, about, reference)
    if key not in made:
        with st.spinner(_("Comparing…")):
            made[key] = compare(groups, about, mistakes, reference=reference, unsure_below=below)
    found: Comparison = made[key]
    return found


def _show_evidence(
    found: Comparison,
    titles: list[str],
    about: Target | None,
    mistakes: Mistakes | None,
    doubts: list[str],
    *,
    corrected: bool,
) -> None:
    """A sentence for each difference, the shares, the differences, and what the intervals are."""
    toward = title_of(about)
    sentences = _sentences(found, titles, toward, doubts, corrected=corrected)
    st.markdown("\n\n".join(map(in_sentence, sentences)))
    _show_shares(found, mistakes, corrected=corrected)
    st.plotly_chart(
        difference_chart(
            found.found, titles, measure_titles(toward), ends_of(about), corrected=corrected
        ),
        key="differences chart",
        config=chart_config("compare-differences"),
        alt=" ".join(sentences),
    )
    st.caption(f"{_(wording.MARKS_NOTE)} {wording.family_note(len(found.found), mistakes)}")


def _show_tables(
    found: Comparison, titles: list[str], about: Target | None, doubts: list[str]
) -> None:
    with st.expander(_("The numbers as a table")):
        st.dataframe(
            wording.difference_table(found.found, titles, title_of(about), doubts),
            hide_index=True,
            alt=_("Differences between groups with intervals and evidence"),
        )
        st.dataframe(
            share_table(found.shares, unsure=any(read_manifest().unsure_below.values())),
            hide_index=True,
            alt=_("Shares of each group with intervals"),
        )


def _sentences(
    found: Comparison, titles: list[str], toward: str, doubts: list[str], *, corrected: bool
) -> list[str]:
    reference = quoted(titles[found.found[0].reference])
    said = [
        wording.difference_sentence(
            [each for each in found.found if each.group == group],
            quoted(titles[group]),
            reference,
            toward,
            corrected=corrected,
            doubt=doubts[group] if doubts else "",
        )
        for group in dict.fromkeys(each.group for each in found.found)
    ]
    summary = wording.evidence_summary(found.found, len(titles), reference, doubted=any(doubts))
    return [summary, *said] if summary else said


def _show_shares(found: Comparison, mistakes: Mistakes | None, *, corrected: bool) -> None:
    shares = corrected_shares(found.shares) if corrected else found.shares
    # The first group stands at the top of the chart, whose rows begin at the bottom.
    upward = pd.concat([rows for _, rows in shares.groupby("name", sort=False)][::-1])
    st.plotly_chart(
        stance_chart(upward, unit="the group's comments"),
        key="groups chart",
        config=chart_config("compare-groups"),
        alt=stance_sentence(upward),
    )
    st.caption(" ".join(filter(None, (interval_note(mistakes), edge_note(shares)))))


def _show_comments(
    comment_set: CommentSet,
    sets: Mapping[str, CommentSet],
    groups: Mapping[str, Group],
    called: Titles,
    about: Target | None,
) -> None:
    """The comments of one of the groups, by their English titles, if one is chosen."""
    chosen = choose(
        st.container(),
        _("Read the comments of"),
        lambda: {"": _("no group")} | dict(called()),
        key="group",
    )
    if group := groups.get(chosen):
        # Two sets may have the same ids, so only the group's own set is looked into.
        source = sets.get(group.name, comment_set)
        alt = _("Comments of the group that was chosen")
        show_listed(source.result.comments, group.rows, about, alt=alt)
