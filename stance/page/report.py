"""Report: one file to pass on, with charts, method, limits and quotations. Decides no word of it."""

from __future__ import annotations

from datetime import date
from itertools import islice

import streamlit as st

from stance import __version__
from stance.amounts import number
from stance.answers.quoting import MOST_CHOSEN, cut_text
from stance.errors import StanceError
from stance.page.address import tell_no_switch
from stance.page.plain import in_sentence, show_problem
from stance.page.state import CommentSet, made_for, said_of
from stance.records import Comment
from stance.report import (
    Model,
    Subject,
    Wishes,
    headlines_of,
    known_model,
    make_report,
    taught_model,
    unknown_model,
)
from stance.translation import N_, _
from stance.writing import content_file_name

_FOUND = 50
"""Comments at most among which one can be chosen: a list of thousands would be sent at every run."""

_SHOWN = 80
"""Characters by which a comment is told among those that can be chosen."""

_CONTENTS = N_(
    "One HTML file without a script: these sentences, both charts with their tables, other ways of "
    "counting, camps, data checks, method, limits and quotations. It opens in any browser without a "
    "network and prints on A4; it holds no comment but those that it quotes, and not the article's text."
)


def show_report(comment_set: CommentSet) -> None:
    """What the report begins with, what is wanted of it, and the button that makes it."""
    subject, model = _subject(comment_set), _model(comment_set)
    made = said_of(comment_set, "report")
    if "headlines" not in made:
        made["headlines"] = headlines_of(subject, model)
    st.markdown("\n".join(f"- {in_sentence(sentence)}" for sentence in made["headlines"]))
    st.caption(_(_CONTENTS))
    wishes = _wishes(comment_set)
    if st.button(_("Make the report"), type="primary"):
        with st.spinner(_("Making the report…")):
            try:
                made["file"] = (wishes, make_report(subject, model, wishes))
            except StanceError as error:
                show_problem(_("The report could not be made."), error.message)
                return
    made_with, data = made.get("file", (None, b""))
    if made_with == wishes:
        st.download_button(
            _("Download the report (HTML, {n} kB)").format(n=number(len(data) / 1000, ",.0f")),
            data,
            file_name=content_file_name(data, ".html", kind="report"),
            mime="text/html",
            on_click="ignore",
            icon=":material/download:",
        )
    elif data:
        st.caption(_("Something was changed since the report was made: make it anew."))
    same = _("The same from the command line, in the folder of this program:")
    st.caption(f"{same} `python -m stance report comments.csv -o report.html`")


def _subject(comment_set: CommentSet) -> Subject:
    return Subject(
        comment_set.name,
        comment_set.result,
        comment_set.scored,
        comment_set.targets,
        comment_set.any_language,
        comment_set.copies,
        comment_set.restored,
        comment_set.learned_from,
    )


def _model(comment_set: CommentSet) -> Model:
    if comment_set.restored:
        return unknown_model(comment_set.learned_from)
    return taught_model(comment_set.learned_from) if comment_set.learned_from else known_model()


def _wishes(comment_set: CommentSet) -> Wishes:
    """What the person wants; comments to be quoted are looked for by their words."""
    left, right = st.columns(2, gap="medium")
    tell_no_switch("authors")
    authors = left.toggle(
        _("Name the authors of quotations"),
        key="authors",
        bind="query-params",
        help=_("Off, the report names nobody but by the ids of comments."),
    )
    words = right.text_input(
        _("Find comments to quote besides"),
        key="quote",
        bind="query-params",
        placeholder=_("words of the comment"),
        help=_(
            "The report quotes comments by a rule. Look for others here; the first {n} that have these "
            "words are offered below."
        ).format(n=_FOUND),
    )
    key = f"quoted {comment_set.name}"
    # With its id, so that no two look alike: a choice is sent back as it looks.
    texts = {
        c.comment_id: f"{cut_text(c.text)[:_SHOWN]} · {c.comment_id}"
        for c in _offered(comment_set, words or "", key)
    }
    # A widget forgets its value while another view is shown.
    kept = made_for(comment_set, "quoted")
    if key not in st.session_state and kept:
        st.session_state[key] = [one for one in kept["ids"] if one in texts]
    chosen = right.multiselect(
        _("Quote these too"),
        list(texts),
        format_func=texts.__getitem__,
        key=key,
        max_selections=MOST_CHOSEN,
        placeholder=_("none, or choose") if texts else _("none; look for words above first"),
    )
    kept["ids"] = chosen
    return Wishes(date.today(), __version__, bool(authors), tuple(chosen))


def _offered(comment_set: CommentSet, words: str, key: str) -> list[Comment]:
    """The comments that are chosen already, and the first that have the words."""
    kept = made_for(comment_set, "quoted").get("ids", ())
    before, wanted = set(st.session_state.get(key, kept)), words.strip().casefold()
    comments = comment_set.result.comments
    chosen = [comment for comment in comments if comment.comment_id in before]
    found = (
        comment
        for comment in comments
        if wanted and comment.comment_id not in before and wanted in comment.text.casefold()
    )
    return [*chosen, *islice(found, _FOUND)]
