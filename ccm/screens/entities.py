"""The regions and the institutions: side by side, and one of them in full."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from markupsafe import Markup

from ccm.config import DATA
from ccm.domain.vocabulary import COLLECTIVE_KINDS
from ccm.queries.ask import Query
from ccm.queries.entity import EntityInFull, EntityQuery, EntityTrendsQuery, trend
from ccm.queries.institutions import Institutions, InstitutionsQuery
from ccm.queries.regions import Regions, RegionsQuery
from ccm.queries.results import EntityRef, GroupLine, TrendPoint
from ccm.render import Links
from ccm.render.sentences import entities as say
from ccm.screens.view import Frame, View


@dataclass(frozen=True)
class EntitiesScreen:
    """Headline, comparison, one in full, rule. `names` are what one may choose, by key; `chosen` of these."""

    head: Markup
    compared: Markup
    one: Markup
    foot: Markup
    names: dict[str, str]
    chosen: str | None


@dataclass(frozen=True)
class _Subject:
    """What one of the two pages speaks of, in the reader's language."""

    query: Query[Any]
    found: Regions | Institutions
    template: str
    headline: str
    stranger: str
    rule: str
    #: The name of its table's files, and the parameter that chooses one of its lines.
    table: str
    parameter: str
    #: Where its answers' file with HXL tags is.
    hxl: str | None = None


def regions(view: View, asked: str | None) -> EntitiesScreen:
    """The regions at the view's date, and the one of this key."""
    query = RegionsQuery(view.at, view.before)
    found = view.ask(query)
    subject = _Subject(
        query=query,
        found=found,
        template="regions.html",
        headline=say.regions_headline(found, view.as_of, view.locale),
        stranger=view._("« %(key)s » n’est pas le code d’une région. Choisissez-en une dans la liste :"),
        rule=view._("L’avancement d’une région est la moyenne de ses réponses attendues, silence = 0."),
        table="regions",
        parameter="region",
        hxl="/export/hxl.csv",
    )
    return _screen(view, subject, asked)


def institutions(view: View, asked: str | None) -> EntitiesScreen:
    """The institutions at the view's date, and the one of this key."""
    query = InstitutionsQuery(view.at, view.before)
    found = view.ask(query)
    subject = _Subject(
        query=query,
        found=found,
        template="institutions.html",
        headline=say.institutions_headline(found, view.as_of, view.locale),
        stranger=view._("« %(key)s » n’est pas le code d’une institution. Choisissez-en une dans la liste :"),
        rule=view._("L’avancement d’une institution est la moyenne de ses réponses attendues, silence = 0."),
        table="institutions",
        parameter="entite",
    )
    return _screen(view, subject, asked)


def _screen(view: View, subject: _Subject, asked: str | None) -> EntitiesScreen:
    found = subject.found
    chosen = next((line for line in found.lines if line.key == asked), None)
    shown = chosen or say.shown_first(found.lines)
    return EntitiesScreen(
        head=view.frame.block(
            "entity_head.html",
            scope=view.scope if found.spoken else replace(view.scope, since=None),
            headline=subject.headline,
            unknown=_unknown(view, subject, asked) if asked and not chosen else None,
            known=found.known,
        ),
        compared=view.drawn(subject.query, _Compared(subject.template, shown.key if shown else None)),
        one=_one(view, shown, None if chosen else say.why_shown(found.lines, view.locale))
        if shown
        else Markup(),
        foot=view.frame.block("entity_foot.html", plan=found.plan, subject=subject, chosen=chosen),
        names={line.key: line.label for line in found.lines},
        chosen=chosen.key if chosen else None,
    )


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
                "total": say.regions_in_words(len(found.lines), frame.locale),
                "order": say.order(found.lines, frame.locale),
            }
        helpers = _helpers(frame.links)
        return frame.block(self.template, found=found, selected=self.selected, **helpers, **own)


def _one(view: View, line: GroupLine, offered: str | None) -> Markup:
    earlier = view.ask(EntityTrendsQuery(view.at)) if line.figures.answered else {}
    points = trend(line, earlier, view.as_of, view.since)
    return view.drawn(EntityQuery(view.at, line.key), _InFull(line, points, offered))


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
            actions=say.entity_actions(found, self.line, frame.links, frame.locale),
            trend=self.points,
            permanent=say.figure_href(frame.links, found.entity, frame.scope.as_of),
            **_helpers(frame.links),
        )


def _helpers(links: Links) -> dict[str, Any]:
    return {"answers_of": partial(say.answers_href, links), "collective": COLLECTIVE_KINDS}


def _unknown(view: View, subject: _Subject, asked: str) -> str:
    """One sentence for a key that has no line: nobody's, or that of an entity with nothing to answer."""
    known: Sequence[EntityRef] = [entity for entity in subject.found.known if entity.key == asked]
    if known:
        return view._("%(name)s ne porte aucun engagement à cette date.") % {"name": known[0].short_name}
    return subject.stranger % {"key": asked}


@cache
def _outlines() -> dict[str, Any]:
    """The regions' outlines; the same object each time, so that they are projected once."""
    outlines: dict[str, Any] = json.loads((DATA / "niger-regions.geojson").read_text(encoding="utf-8"))
    return outlines
