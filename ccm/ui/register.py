"""The register and one recommendation: what the address asks, put to the store, drawn."""

from dataclasses import dataclass, fields, replace
from functools import partial

import streamlit as st
from markupsafe import Markup

from ccm.queries.ask import Derived
from ccm.queries.filters import EVERYTHING, FilterOptions, FilterOptionsQuery
from ccm.queries.known import PlanFiguresQuery
from ccm.queries.recommendation import RecommendationQuery, Sheet, WholeKeyQuery
from ccm.queries.register import PAGE, AnswerList, AnswersQuery, Register, RegisterQuery
from ccm.render.sentences import recommendation as of_sheet, register as say
from ccm.render.sentences.address import beyond_last, unknown_value
from ccm.ui.address import write
from ccm.ui.context import Frame, Page
from ccm.ui.filters import KEY, Asked, Widgets, chips, read
from ccm.ui.html import show
from ccm.ui.record import show_record


@dataclass(frozen=True)
class _Given:
    """What a drawing of the register depends on beside its rows."""

    frame: Frame
    asked: Asked
    options: FilterOptions

    @property
    def names(self) -> dict[str, str]:
        """What each filter in force keeps."""
        return say.filter_names(self.asked.filters, self.options, self.frame.locale)

    def block(self, template: str, **context: object) -> Markup:
        """One template, with the filters and the ways to take them off."""
        asked, links = self.asked, self.frame.links
        every = asked.without(*(field.name for field in fields(EVERYTHING)))
        return self.frame.block(
            template,
            chips=chips(asked, self.options, links),
            no_filter_href=every.href(links),
            filters=asked.filters,
            size=PAGE,
            nothing=say.nothing_found(asked.filters, self.names, self.frame.locale),
            **context,
        )


@dataclass(frozen=True)
class _Drawn:
    """A page of the register between its widgets; `followed`: whether there is anything to filter."""

    head: Markup
    rows: Markup
    foot: Markup
    page: int
    pages: int
    followed: bool


def show_register(page: Page) -> None:
    """Draw the recommendations, or the answers, that the address asks for."""
    options = page.ask(FilterOptionsQuery(page.as_of))
    asked = read(st.query_params.to_dict(), options, compared=page.since is not None)
    drawn = _drawn(page, asked, options)
    widgets = Widgets(asked, options, page.translator, page.locale)
    show(drawn.head)
    if drawn.followed:
        widgets.filters()
        widgets.view()
    show(drawn.rows)
    widgets.pages(drawn.page, drawn.pages)
    if drawn.followed:
        show(drawn.foot)


def _drawn(page: Page, asked: Asked, options: FilterOptions) -> _Drawn:
    known = page.ask(PlanFiguresQuery(page.at))
    before = page.before if asked.filters.moved else None
    then = page.ask(PlanFiguresQuery(before)) if before else None
    given = _Given(page.frame, asked, options)
    view = (page.at, asked.filters, asked.order, asked.page, known, before, then)
    if asked.answers:
        return page.ask(Derived(AnswersQuery(*view), given, _draw_answers))
    return page.ask(Derived(RegisterQuery(*view), given, _draw_register))


def _draw_register(register: Register, given: _Given) -> _Drawn:
    frame, asked = given.frame, given.asked
    headline = say.headline(register, asked.filters, given.names, frame.scope.as_of, frame.locale)
    href = replace(asked, answers=True, page=1).href(frame.links)
    rows = given.block("register.html", register=register, answers_href=href)
    return _around(register, given, headline, rows)


def _draw_answers(found: AnswerList, given: _Given) -> _Drawn:
    frame, asked = given.frame, given.asked
    headline = say.answers_headline(found, asked.filters, given.names, frame.scope.as_of, frame.locale)
    href = replace(asked, answers=False, page=1).href(frame.links)
    rows = given.block("register_answers.html", found=found, rows_href=href)
    return _around(found, given, headline, rows)


def _around(found: Register | AnswerList, given: _Given, headline: str, rows: Markup) -> _Drawn:
    frame, asked = given.frame, given.asked
    unknown = [unknown_value(name, value, frame.locale) for name, value in asked.unknown]
    if asked.page > found.pages:
        unknown.append(beyond_last(asked.page, found.pages, frame.locale))
    href = replace(asked, page=found.page).href(frame.links)
    return _Drawn(
        head=frame.block("register_head.html", headline=headline, unknown=unknown, href=href),
        rows=rows,
        foot=frame.block("register_foot.html", plan=found.plan, permanent=_permanent(given)),
        page=found.page,
        pages=found.pages,
        followed=found.plan.recommendations > 0,
    )


def _permanent(given: _Given) -> str | None:
    """The short address that never changes, where one group of the plan is all that is asked."""
    filters = given.asked.filters
    asked = {field.name for field in fields(filters) if getattr(filters, field.name) != field.default}
    for group in ("axis", "challenge", "priority"):
        if asked == {group}:
            as_of = given.frame.scope.as_of
            return given.frame.links.permanent(group, getattr(filters, group), as_of=as_of)
    return None


def show_recommendation(page: Page) -> None:
    """Draw the recommendation whose key is in the address, or the way to find it."""
    key = (page.parameter("cle") or "").strip().upper()
    known = KEY.fullmatch(key) is not None
    drawn = _sheet(page, key) if known else None
    if known and drawn is None and (whole := page.ask(WholeKeyQuery(key))):
        # The address says from then on what it means.
        write(cle=whole)
        key, drawn = whole, _sheet(page, whole)
    if drawn is not None:
        page.entitle(key)
        show(drawn)
        show_record(page, key)
        return
    page.show("recommendation_unknown.html", key=key)
    words = st.text_input(
        page._("Chercher"),
        placeholder=page._("mots du texte ou du défi, nom d’un acteur"),
        icon=":material/search:",
        width=420,
    )
    if words:
        st.switch_page("pages/register.py", query_params={"q": words})


def _sheet(page: Page, key: str) -> Markup | None:
    known = page.ask(PlanFiguresQuery(page.at))
    before = page.ask(PlanFiguresQuery(page.before)) if page.before else None
    query = RecommendationQuery(key, page.at, page.before, known, before)
    return page.ask(Derived(query, page.frame, _draw_sheet))


def _draw_sheet(sheet: Sheet | None, frame: Frame) -> Markup | None:
    if sheet is None:
        return None
    locale = frame.locale
    return frame.block(
        "recommendation.html",
        sheet=sheet,
        holders=of_sheet.holders(sheet.answers, locale),
        lead=of_sheet.lead(sheet, frame.scope.as_of, locale),
        due=of_sheet.due(sheet.answers, locale),
        actions=of_sheet.actions(sheet, locale),
        texts=of_sheet.texts(sheet.texts),
        text_kind=partial(of_sheet.text_kind, locale=locale),
        history=of_sheet.history(sheet),
    )
