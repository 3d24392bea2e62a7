"""The regions and the institutions: side by side, and one of them in full."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

import streamlit as st
from markupsafe import Markup

from ccm.config import DATA
from ccm.domain.vocabulary import COLLECTIVE_KINDS
from ccm.queries.ask import Query
from ccm.queries.entity import EntityInFull, EntityQuery, EntityTrendsQuery, trend
from ccm.queries.institutions import Institutions, InstitutionsQuery
from ccm.queries.regions import Regions, RegionsQuery
from ccm.queries.results import EntityRef, GroupLine, TrendPoint
from ccm.render import Links
from ccm.render.sentences import entities as said
from ccm.ui.context import Frame, Page
from ccm.ui.plain import plain_label


@dataclass(frozen=True)
class _Subject:
    """What one of the two pages speaks of, in the reader's language.

    `parameter` names in the address the one shown in full.
    """

    query: Query[Any]
    found: Regions | Institutions
    parameter: str
    template: str
    headline: str
    stranger: str
    rule: str


def show_regions(page: Page) -> None:
    """Draw the regions at the page's date, and the one the address names."""
    query = RegionsQuery(page.at, page.before)
    found = page.ask(query)
    subject = _Subject(
        query=query,
        found=found,
        parameter="region",
        template="regions.html",
        headline=said.regions_headline(found, page.as_of, page.locale),
        stranger=page._("« %(key)s » n’est pas le code d’une région. Choisissez-en une dans la liste :"),
        rule=page._("L’avancement d’une région est la moyenne de ses réponses attendues, silence = 0."),
    )
    _draw(page, subject)


def show_institutions(page: Page) -> None:
    """Draw the institutions at the page's date, and the one the address names."""
    query = InstitutionsQuery(page.at, page.before)
    found = page.ask(query)
    subject = _Subject(
        query=query,
        found=found,
        parameter="entite",
        template="institutions.html",
        headline=said.institutions_headline(found, page.as_of, page.locale),
        stranger=page._("« %(key)s » n’est pas le code d’une institution. Choisissez-en une dans la liste :"),
        rule=page._("L’avancement d’une institution est la moyenne de ses réponses attendues, silence = 0."),
    )
    _draw(page, subject)


def _draw(page: Page, subject: _Subject) -> None:
    """Headline, comparison, one in full, rule; on a phone the one that was chosen comes before the others."""
    found, asked = subject.found, page.parameter(subject.parameter)
    # The style sheet of a phone orders them by these keys.
    head, compared = st.container(), st.container(key="ccm-compared")
    one, end = st.container(key="ccm-one"), st.container(key="ccm-end")
    with one:
        st.space("small")
        _choose(page, subject, asked)
    chosen = next((line for line in found.lines if line.key == asked), None)
    shown = chosen or said.shown_first(found.lines)
    if chosen:
        page.entitle(chosen.label)
    with head:
        unknown = _unknown(page, subject, asked) if asked and not chosen else None
        page.show(
            "entity_head.html",
            scope=page.scope if found.spoken else replace(page.scope, since=None),
            headline=subject.headline,
            unknown=unknown,
            known=found.known,
        )
    with compared:
        compare = _Compared(subject.template, shown.key if shown else None)
        page.show_drawn(subject.query, compare)
    if shown:
        with one:
            _show_one(page, shown, None if chosen else said.why_shown(found.lines, page.locale))
    with end:
        page.show("entity_foot.html", plan=found.plan, rule=subject.rule)


@dataclass(frozen=True)
class _Compared:
    """Draws everybody side by side; `selected` is marked: it is the one shown in full."""

    template: str
    selected: str | None

    def __call__(self, found: Regions | Institutions, frame: Frame) -> Markup:
        own: dict[str, Any] = {}
        if isinstance(found, Regions):
            own = {
                "outlines": _outlines(),
                "total": said.regions_in_words(len(found.lines), frame.locale),
                "order": said.order(found.lines, frame.locale),
            }
        helpers = _helpers(frame.links)
        return frame.block(self.template, found=found, selected=self.selected, **helpers, **own)


def _show_one(page: Page, line: GroupLine, offered: str | None) -> None:
    earlier = page.ask(EntityTrendsQuery(page.at)) if line.figures.answered else {}
    points = trend(line, earlier, page.as_of, page.since)
    page.show_drawn(EntityQuery(page.at, line.key), _InFull(line, points, offered))


@dataclass(frozen=True)
class _InFull:
    """Draws one entity in full; `offered` says why, where nobody chose it."""

    line: GroupLine
    points: tuple[TrendPoint, ...]
    offered: str | None

    def __call__(self, found: EntityInFull | None, frame: Frame) -> Markup:
        if found is None:
            return Markup()
        return frame.block(
            "entity.html",
            line=self.line,
            found=found,
            offered=self.offered,
            actions=said.entity_actions(found, self.line, frame.links, frame.locale),
            trend=self.points,
            permanent=said.figure_href(frame.links, found.entity, frame.scope.as_of),
            **_helpers(frame.links),
        )


def _helpers(links: Links) -> dict[str, Any]:
    return {"answers_of": partial(said.answers_href, links), "collective": COLLECTIVE_KINDS}


def _choose(page: Page, subject: _Subject, asked: str | None) -> None:
    """Let the reader choose without a reload: the choice goes into the address, which is what is read.

    Not bound to the address by Streamlit, which writes there what an option is shown as, not its key.
    """
    names = {line.key: line.label for line in subject.found.lines}
    if not names:
        return
    present = asked if asked in names else None
    chosen = _widget(page, subject, names, present)
    if chosen == present:
        return
    if chosen is None:
        del st.query_params[subject.parameter]
    else:
        st.query_params[subject.parameter] = chosen
    st.rerun()


def _widget(page: Page, subject: _Subject, names: dict[str, str], present: str | None) -> str | None:
    if isinstance(subject.found, Regions):
        return st.pills(
            page._("Une région en détail"),
            list(names),
            default=present,
            format_func=lambda key: plain_label(names[key]),
        )
    return st.selectbox(
        page._("Une institution en détail"),
        list(names),
        index=list(names).index(present) if present else None,
        format_func=names.__getitem__,
        placeholder=page._("Choisir"),
        width=360,
    )


def _unknown(page: Page, subject: _Subject, asked: str) -> str:
    """One sentence for a key that has no line: nobody's, or that of an entity with nothing to answer."""
    known: Sequence[EntityRef] = [entity for entity in subject.found.known if entity.key == asked]
    if known:
        return page._("%(name)s ne porte aucun engagement à cette date.") % {"name": known[0].short_name}
    return subject.stranger % {"key": asked}


@cache
def _outlines() -> dict[str, Any]:
    """The regions' outlines; the same object each time, so that they are projected once."""
    outlines: dict[str, Any] = json.loads((DATA / "niger-regions.geojson").read_text(encoding="utf-8"))
    return outlines
