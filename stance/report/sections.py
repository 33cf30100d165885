"""Fills a report, section by section, in the order of the template. Words come from `wording`."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from babel.dates import format_date

from stance.aggregate import (
    by_net,
    n_by_hand,
    rows_of,
    scored_rows,
    sentiment_shares,
    stance_shares,
)
from stance.amounts import number, numbered, share_text
from stance.answers.camps import camp_words, find_camps
from stance.answers.counting import shares_by_way, ways_of_counting
from stance.answers.quoting import Quotation, quote_chosen, quote_sides
from stance.model.held_out import HeldOutFigure
from stance.records import COMMENT_ID, TRUNCATED
from stance.report.bars import sentiment_bars, stance_bars
from stance.report.contents import Contents, Quoted, QuotedSide, ShareSection, Table, WordSection
from stance.report.subject import Model, Subject, Wishes
from stance.text import NORMALISATION_VERSION
from stance.translation import _, language, pgettext
from stance.wording import report as words
from stance.wording.camps import camps_sentence, camps_table
from stance.wording.checks import data_checks
from stance.wording.counting import counting_sentence, ways_note
from stance.wording.shares import (
    CORRECTED_MEANS,
    PICKED_NOTE,
    distrust_notes,
    edge_note,
    interval_note,
    restored_note,
    sentiment_sentence,
    share_table,
    stance_sentence,
    unsure_sentence,
)
from stance.wording.titles import target_titles
from stance.writing.manifests import row_counts


def headlines_of(subject: Subject, model: Model) -> list[str]:
    """The sentences that the report on a set begins with."""
    return words.headlines(*_shares(subject, model))


def contents(subject: Subject, model: Model, wishes: Wishes) -> Contents:
    """All of a report on a set.

    Raises:
        StanceError: see `quote_chosen`.
    """
    moods, sides = _shares(subject, model)
    any_scored = bool(moods["n"].iloc[0])
    title = subject.result.article.title.strip() or subject.name
    chosen = quote_chosen(
        subject.result.comments, subject.scored, subject.targets, wishes.quoted, model.unsure_below
    )
    return Contents(
        title=title,
        facts=_facts(subject, wishes, title, int(moods["n"].iloc[0])),
        headlines=tuple(words.headlines(moods, sides)),
        interval_note=interval_note(model.mistakes),
        warnings=tuple(_warnings(subject, model, moods, sides)),
        sentiment=_sentiment(moods, model) if any_scored else None,
        stance=_stance(sides, model) if any_scored else None,
        shares_notes=tuple(_shares_notes(moods, sides, model)) if any_scored else (),
        voices=_voices(subject, model) if any_scored else None,
        camps=_camps(subject) if any_scored else None,
        checks=_checks(subject),
        method=_method(subject, model),
        model=_model(model, wishes),
        limits=_limits(subject, model),
        quality=_quality(model),
        chosen=tuple(_quoted(quotation, subject, wishes) for quotation in chosen),
        chosen_note=_(words.CHOSEN_NOTE),
        quoting_rule=words.quoting_rule(
            model.unsure_below, authors=wishes.authors, by_hand=n_by_hand(subject.scored) > 0
        ),
        nobody_quoted=_(words.NOBODY_QUOTED),
        sides=tuple(_sides(subject, model, wishes)),
    )


def _shares(subject: Subject, model: Model) -> tuple[pd.DataFrame, pd.DataFrame]:
    limits, mistakes = model.unsure_below, model.mistakes
    moods = sentiment_shares(subject.scored, unsure_below=limits["sentiment"], mistakes=mistakes)
    sides = stance_shares(
        subject.scored, subject.targets, unsure_below=limits["stance"], mistakes=mistakes
    )
    sides["name"] = sides["target"].map(target_titles(subject.targets))
    return moods, sides


def _facts(subject: Subject, wishes: Wishes, title: str, n_scored: int) -> tuple[str, ...]:
    name = "" if title == subject.name else subject.name
    comments = numbered(
        "{n} comment, {scored} scored",
        "{n} comments, {scored} scored",
        len(subject.scored),
        scored=number(n_scored),
    )
    made = _("made on {day} by Comment desk {version}").format(
        day=format_date(wishes.day, "long", locale=language()), version=wishes.version
    )
    return tuple(filter(None, (name, subject.result.article.source.strip(), comments, made)))


def _warnings(
    subject: Subject, model: Model, moods: pd.DataFrame, sides: pd.DataFrame
) -> list[str]:
    """What speaks against trusting the shares of this set."""
    if subject.restored:
        return [restored_note(subject.learned_from)]
    if model.mistakes is None:
        return [_(words.TAUGHT if subject.learned_from else words.NEVER_COUNTED)]
    return distrust_notes(
        moods, sides, subject.targets, model.mistakes, any_language=subject.any_language
    )


def _shares_notes(moods: pd.DataFrame, sides: pd.DataFrame, model: Model) -> list[str]:
    unsure = unsure_sentence(moods, sides, model.unsure_below)
    means = _(CORRECTED_MEANS) if model.mistakes else ""
    return list(filter(None, (unsure, edge_note(moods, sides), means)))


def _sentiment(moods: pd.DataFrame, model: Model) -> ShareSection:
    table = _table(share_table(moods, unsure=any(model.unsure_below.values())))
    return ShareSection(sentiment_bars(moods), sentiment_sentence(moods), _axis(moods), table)


def _stance(sides: pd.DataFrame, model: Model) -> ShareSection:
    from_the_top = by_net(sides, highest_first=True)
    table = _table(share_table(from_the_top, unsure=any(model.unsure_below.values())))
    return ShareSection(stance_bars(sides), stance_sentence(sides), _axis(sides), table)


def _axis(shares: pd.DataFrame) -> str:
    return numbered(
        "share of {n} comment, as counted",
        "share of {n} comments, as counted",
        int(shares["n"].iloc[0]),
    )


def _voices(subject: Subject, model: Model) -> WordSection:
    comments, scored = subject.result.comments, subject.scored
    ways = ways_of_counting(comments, scored, subject.copies)
    titles = target_titles(subject.targets)
    sentences, rows = [], []
    for target in subject.targets:
        shares = shares_by_way(scored, ways, target, model.mistakes)
        sentences.append(counting_sentence(shares, titles[target.key]))
        for name, group in shares.groupby("name", sort=False):
            against, _none, favor = (share_text(r.share, r.low, r.high) for r in rows_of(group))
            rows.append((titles[target.key], str(name), against, favor))
    heads = (_("Toward"), _("Counted"), _("Against"), _("In favor"))
    return WordSection(tuple(sentences), Table(heads, tuple(rows)), ways_note(ways))


def _camps(subject: Subject) -> WordSection:
    comments, titles = subject.result.comments, target_titles(subject.targets)
    camps = find_camps(subject.scored, subject.targets)
    scored_ids = set(scored_rows(subject.scored)[COMMENT_ID])
    table = camps_table(camps.largest, titles)
    times = _("Times as many as by chance")
    table[times] = [f"{number(value, '.1f')} ×" for value in table[times]]
    table[_("Words that mark it")] = [
        ", ".join(camp_words(camp, comments, scored_ids)) or _("none") for camp in camps.largest
    ]
    note = words.camps_note(subject.scored)
    return WordSection((camps_sentence(camps, titles),), _table(table), note)


def _checks(subject: Subject) -> Table:
    counts = row_counts(subject.result, subject.scored, dict(subject.copies))
    checks = data_checks(
        subject.result,
        counts,
        n_cut=int(subject.scored[TRUNCATED].sum()),
        n_by_hand=n_by_hand(subject.scored),
        any_language=subject.any_language,
    )
    return Table((_("What"), _("Found")), tuple(checks))


def _limits(subject: Subject, model: Model) -> tuple[str, ...]:
    picked = model.mistakes is not None and n_by_hand(subject.scored)
    return tuple(map(_, (*words.LIMITS, *([PICKED_NOTE] if picked else []))))


def _method(subject: Subject, model: Model) -> tuple[str, ...]:
    parts = (
        _(words.LABELS_MEAN),
        words.asked_about(subject.targets),
        interval_note(model.mistakes),
    )
    return tuple(filter(None, parts))


def _model(model: Model, wishes: Wishes) -> Table:
    limits = [
        said.format(limit=number(model.unsure_below[head], ".4f"))
        for head, said in (
            ("sentiment", _("sentiment: {limit}")),
            ("stance", _("stance: {limit}")),
        )
        if model.unsure_below[head]
    ]
    weights = [(_("SHA-256 of its weights"), model.sha256)] if model.sha256 else []
    rows = [
        (_("Model"), model.name),
        *weights,
        (_("Unsure below a probability of"), ", ".join(limits) or _("no threshold")),
        (_("Version of the text cleaning"), str(NORMALISATION_VERSION)),
        (_("Version of the program"), wishes.version),
    ]
    return Table((_("What"), _("Which")), tuple(rows))


def _quality(model: Model) -> WordSection:
    figures = model.held_out.figures if model.held_out else ()
    rows = [_figure(figure) for figure in figures]
    table = Table((_("Figure"), _("Value"), _("95 % interval")), tuple(rows))
    return WordSection((words.quality_sentence(model.held_out),), table)


def _figure(figure: HeldOutFigure) -> tuple[str, str, str]:
    value, low, high = (number(each, ".3f") for each in (figure.value, figure.low, figure.high))
    return pgettext("figure of merit", figure.name), value, f"{low}–{high}"


def _sides(subject: Subject, model: Model, wishes: Wishes) -> list[QuotedSide]:
    titles = target_titles(subject.targets)
    sides = quote_sides(
        subject.result.comments,
        subject.scored,
        subject.targets,
        copies=subject.copies,
        unsure_below=model.unsure_below["stance"],
    )
    return [
        QuotedSide(
            words.side_heading(side, titles[side.target.key]),
            tuple(_quoted(quotation, subject, wishes) for quotation in side.quotations),
        )
        for side in sides
    ]


def _quoted(quotation: Quotation, subject: Subject, wishes: Wishes) -> Quoted:
    titles = target_titles(subject.targets)
    labels = "; ".join(words.judgement_text(given, titles) for given in quotation.judgements)
    return Quoted(
        quotation.text,
        quotation.author if wishes.authors else "",
        labels or _("not scored: {reason}").format(reason=_(quotation.unscored)),
        quotation.comment_id,
    )


def _table(shown: pd.DataFrame) -> Table:
    rows: Sequence[tuple[object, ...]] = list(shown.itertuples(index=False, name=None))
    return Table(tuple(map(str, shown.columns)), tuple(tuple(map(str, row)) for row in rows))
