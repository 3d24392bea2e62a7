"""The register: what the address asks of it, put to the store, drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

from markupsafe import Markup

from ccm.queries.ask import Derived
from ccm.queries.filters import EVERYTHING, FilterOptions, FilterOptionsQuery
from ccm.queries.known import PlanFiguresQuery
from ccm.queries.register import PAGE, AnswerList, AnswersQuery, Register, RegisterQuery
from ccm.render.sentences import register as say
from ccm.render.sentences.address import beyond_last, unknown_value
from ccm.screens.asked import Asked, chips, read
from ccm.screens.view import Frame, View


@dataclass(frozen=True)
class RegisterScreen:
    """A page of the register around its controls; `followed`: whether there is anything to filter."""

    asked: Asked
    options: FilterOptions
    head: Markup
    rows: Markup
    foot: Markup
    page: int
    pages: int
    followed: bool


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


def register(view: View, parameters: Mapping[str, str]) -> RegisterScreen:
    """The recommendations, or the answers, that the parameters of an address ask for."""
    options = view.ask(FilterOptionsQuery(view.as_of))
    asked = read(parameters, options, compared=view.since is not None)
    known = view.ask(PlanFiguresQuery(view.at))
    before = view.before if asked.filters.moved else None
    then = view.ask(PlanFiguresQuery(before)) if before else None
    given = _Given(view.frame, asked, options)
    rows = (view.at, asked.filters, asked.order, asked.page, known, before, then)
    if asked.answers:
        return view.ask(Derived(AnswersQuery(*rows), given, _draw_answers))
    return view.ask(Derived(RegisterQuery(*rows), given, _draw_register))


def _draw_register(found: Register, given: _Given) -> RegisterScreen:
    frame, asked = given.frame, given.asked
    headline = say.headline(found, asked.filters, given.names, frame.scope.as_of, frame.locale)
    href = replace(asked, answers=True, page=1).href(frame.links)
    rows = given.block("register.html", register=found, answers_href=href)
    return _around(found, given, headline, rows)


def _draw_answers(found: AnswerList, given: _Given) -> RegisterScreen:
    frame, asked = given.frame, given.asked
    headline = say.answers_headline(found, asked.filters, given.names, frame.scope.as_of, frame.locale)
    href = replace(asked, answers=False, page=1).href(frame.links)
    rows = given.block("register_answers.html", found=found, rows_href=href)
    return _around(found, given, headline, rows)


def _around(found: Register | AnswerList, given: _Given, headline: str, rows: Markup) -> RegisterScreen:
    frame, asked = given.frame, given.asked
    unknown = [unknown_value(name, value, frame.locale) for name, value in asked.unknown]
    if asked.page > found.pages:
        unknown.append(beyond_last(asked.page, found.pages, frame.locale))
    href = replace(asked, page=found.page).href(frame.links)
    return RegisterScreen(
        asked=asked,
        options=given.options,
        head=frame.block("register_head.html", headline=headline, unknown=unknown, href=href),
        rows=rows,
        foot=frame.block(
            "register_foot.html",
            plan=found.plan,
            permanent=_permanent(given),
            query=replace(asked, page=1).query(),
        ),
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
