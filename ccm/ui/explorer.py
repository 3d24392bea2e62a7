"""The Explorer: four charts of one plan, and the answers behind what is chosen on them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import BAR_ORDER
from ccm.i18n import numbers
from ccm.queries.explorer import BehindQuery, Explorer, ExplorerQuery, Selection, TrendQuery
from ccm.queries.results import GroupLine
from ccm.render.sentences import explorer as say
from ccm.render.sentences.address import unknown_value
from ccm.screens.explorer import actor_parameter, compared, headline, of_actors
from ccm.ui.charts.bars import bars
from ccm.ui.charts.cells import heat
from ccm.ui.charts.regions import region_map
from ccm.ui.charts.style import CONFIG
from ccm.ui.charts.trend import trend
from ccm.ui.context import Page
from ccm.ui.explorer_selection import address, follow, not_understood, put, selection
from ccm.ui.html import show_again, style_further
from ccm.ui.state import held, hold

#: A row of a chart's table: its name, its figures, what choosing it means.
Row = tuple[str, Figures, Selection]
#: Rows shown of a selection, and of the whole plan while nothing is chosen.
_MOST_ROWS, _FIRST_ROWS = 50, 10
_RECTANGLE = "explorer-rectangle"
#: The rows of the choice before, while those of the present one are on their way: they are pale, and say so.
_UPDATING = '.st-key-ccm-behind:has([data-stale="true"])'


class Board:
    """One run of the Explorer: what is compared, which figure is drawn, what is selected."""

    def __init__(self, page: Page) -> None:
        """Read the plan, and the selection in the address."""
        self.page = page
        self.plan: Explorer = page.ask(ExplorerQuery(page.at))
        dates = [s.political_date for s in page.facts.sessions if page.session in (None, s.number)]
        held = [day for day in dates if day and day <= page.as_of]
        self.start: dt.date | None = min(held, default=None)
        self.selection: Selection = selection(page, self.plan, self.start)
        self.measure, self.actors, self.rectangle = "avancement", "regions", False

    @property
    def lines(self) -> tuple[GroupLine, ...]:
        """The actors compared, the heaviest first where there are too many to draw."""
        return tuple(compared(self.plan, self.actors))

    def chart(self, name: str, figure: Any, alt: str, box: bool = True) -> None:
        """One chart; what is chosen on it goes into the address."""
        # A chart takes a new key with each selection: what it holds is never older than the address.
        chosen = "-".join(address(self.selection, self.plan).values()).replace(",", "_")
        event = st.plotly_chart(
            figure,
            theme=None,
            config=CONFIG,
            key=f"explorer-{name}-{chosen}",
            on_select="rerun",
            selection_mode=("points", "box") if box else "points",
            alt=alt,
        )
        follow(event, self.selection, self.plan)

    def href(self, chosen: Selection) -> str:
        """The address of this view with another selection."""
        said = address(chosen, self.plan)
        view = {"mesure": self.measure, "acteurs": self.actors}
        return self.page.links.to("/explorer", **view, **said)

    def show(self, template: str, **context: Any) -> None:
        """A template, with what all of them need to know."""
        self.page.show(
            template,
            explorer=self.plan,
            measure=self.measure,
            actors=self.actors,
            selection_text=say.selected(self.selection, self.plan, self.page.locale),
            **context,
        )


def show_explorer(page: Page) -> None:
    """Draw the Explorer at the page's date."""
    board = Board(page)
    if not board.plan.in_follow_up:
        board.show("explorer.html", headline=headline(page, board.plan, board.actors))
        return
    style_further(words={_UPDATING: page._("Mise à jour…")})
    top = st.container()
    _controls(board)
    with top:
        _not_understood(board)
        board.show("explorer.html", headline=headline(page, board.plan, board.actors))
    _heat(board)
    left, right = st.columns(2, gap="large")
    with left:
        _map(board)
    with right:
        _trend(board)
    _bars(board)
    _behind(board)


def _not_understood(board: Board) -> None:
    page = board.page
    unknown = not_understood(page, board.selection, board.plan)
    for name, options in (("mesure", say.MEASURES), ("acteurs", say.ACTORS)):
        asked = page.parameter(name)
        unknown += [(name, asked)] if asked and asked not in options else []
    sentences = [unknown_value(name, value, page.locale) for name, value in unknown]
    page.not_understood(sentences, board.href(board.selection))


def _controls(board: Board) -> None:
    _ = board.page._
    with st.container(
        horizontal=True, vertical_alignment="bottom", gap="medium", key="ccm-explorer-controls"
    ):
        board.measure = _choice(_("Chiffre"), say.MEASURES, "mesure", board.page)
        board.actors = _choice(_("Comparer"), say.ACTORS, "acteurs", board.page)
        asked = board.page.parameter("rectangle") == "true"
        board.rectangle = st.toggle(_("Choisir au rectangle"), key=hold(_RECTANGLE, asked), on_change=_turn)
        _clear(board, "top")


def _turn() -> None:
    """The rectangle in the address: bound to it by Streamlit, it would follow to the next page."""
    if held(_RECTANGLE):
        st.query_params["rectangle"] = "true"
    else:
        st.query_params.pop("rectangle", None)


def _choice(title: str, options: dict[str, str], name: str, page: Page) -> str:
    """One of several codes, kept in the address; bound by Streamlit, it would be kept there as its label."""
    first, asked = next(iter(options)), page.parameter(name)
    present = asked if asked in options else first
    chosen = st.segmented_control(
        title,
        list(options),
        default=present,
        format_func=lambda code: page._(options[code]),
        key=f"explorer-{name}-{present}",
        required=True,
    )
    if chosen and chosen != present:
        st.query_params[name] = chosen
    return chosen or present


def _heat(board: Board) -> None:
    locale, keys = board.page.locale, tuple(line.key for line in board.plan.axes)
    title = say.heat_title(board.lines, board.measure, board.actors, locale)
    board.show("explorer_title.html", title=title, part="heat", first=True)
    figure = heat(board.lines, keys, board.measure, board.selection, locale, box=board.rectangle)
    board.chart("heat", figure, title)
    board.show("explorer_note.html", part="heat", hidden=_hidden(board), chosen=_crosses(board))
    rows = [
        (f"{line.label} · {say.axis_name(row.key, locale)}", row.figures, Selection((row.key,), (line.key,)))
        for line in board.lines
        for row in line.by_axis
    ]
    _table(board, title, rows)


def _map(board: Board) -> None:
    locale = board.page.locale
    title = say.map_title(board.plan.regions, board.measure, locale)
    board.show("explorer_title.html", title=title, part="map", first=False)
    figure = region_map(board.plan.regions, board.measure, board.selection, locale, box=board.rectangle)
    board.chart("map", figure, title)
    board.show("explorer_note.html", part="map", hidden=0, rectangle=board.rectangle)
    _table(board, title, _actors(board.plan.regions))


def _trend(board: Board) -> None:
    locale, chosen = board.page.locale, board.selection
    if board.start is None:
        return
    # Several axes or actors together are no group of the plan: the line is then the plan's.
    axis = chosen.axes[0] if len(chosen.axes) == 1 and len(chosen.entities) < 2 else None
    entity = chosen.entities[0] if len(chosen.entities) == 1 and len(chosen.axes) < 2 else None
    points = board.page.ask(TrendQuery(board.page.at, board.start, axis, entity))
    whose = say.selected(
        Selection(axes=(axis,) if axis else (), entities=(entity,) if entity else ()), board.plan, locale
    )
    title = say.trend_title(points, whose, locale)
    board.show("explorer_title.html", title=title, part="trend", first=False)
    if not any(point.figures.answered for point in points):
        board.show("explorer_silent.html", expected=points[-1].figures.expected)
        return
    board.chart("trend", trend(points, chosen, whose, locale), title, box=False)
    board.show("explorer_note.html", part="trend", hidden=0)
    rows = [(numbers.day(point.on, locale), point.figures, replace(chosen, on=point.on)) for point in points]
    _table(board, title, rows)


def _actors(lines: Sequence[GroupLine]) -> list[Row]:
    return [(line.label, line.figures, Selection(entities=(line.key,))) for line in lines]


def _bars(board: Board) -> None:
    locale, plan = board.page.locale, board.plan
    title = say.bars_title(plan.plan, locale)
    board.show("explorer_title.html", title=title, part="bars", first=False)
    by_load = not plan.plan.answered or board.actors != "regions"
    left, right = st.columns(2, gap="large")
    for column, name, lines, load in (
        (left, "axes", plan.axes, not plan.plan.answered),
        (right, "actors", board.lines, by_load),
    ):
        with column:
            board.show("explorer_bars.html", name=name, by_load=load)
            figure = bars(lines, board.measure, board.selection, locale, by_load=load, box=board.rectangle)
            board.chart(name, figure, title)
    board.show("explorer_note.html", part="bars", hidden=_hidden(board))
    axes = [
        (say.axis_name(line.key, locale), line.figures, Selection(axes=(line.key,))) for line in plan.axes
    ]
    _table(board, title, axes + _actors(board.lines))


def _crosses(board: Board) -> dict[str, str]:
    """What keeps the chosen crosses in a file of the figures; nothing where the choice is of something else.

    Figures are not of one state, nor of another day than the page's.
    """
    chosen = address(board.selection, board.plan)
    kept = {name: value for name, value in chosen.items() if name in ("axe", actor_parameter(board.actors))}
    return kept if kept == chosen else {}


def _hidden(board: Board) -> int:
    return len(of_actors(board.plan, board.actors)) - len(board.lines)


def _table(board: Board, title: str, rows: Sequence[Row]) -> None:
    """The chart's numbers as a table; each row chooses what its mark would: by keyboard, or on a phone."""
    shown = tuple(
        (name, figures, board.href(chosen) if figures.expected else None) for name, figures, chosen in rows
    )
    st.space(4)
    with st.expander(board.page._("Voir le tableau")):
        show_again("explorer_table.html", board.page.locale, caption=title, rows=shown, statuses=BAR_ORDER)


def _behind(board: Board) -> None:
    page, chosen = board.page, board.selection
    behind = page.ask(BehindQuery(page.at, chosen, _MOST_ROWS if chosen else _FIRST_ROWS))
    query = {"vue": "reponses", **_in_register(board)}
    axes = [line for line in board.plan.axes if line.key in chosen.axes or not chosen.axes]
    unassigned = 0 if chosen.entities or chosen.statuses else sum(line.figures.unassigned for line in axes)
    with st.container(key="ccm-behind"):
        board.show(
            "explorer_rows.html",
            behind=behind,
            count_text=say.behind_count(behind, page.locale),
            there=page.links.at(chosen.on or page.links.as_of, page.links.since),
            query=query,
            unassigned=unassigned,
            unassigned_link=page.links.recommendations(unassigned=True, axis=query.get("axe")),
        )
        _clear(board, "rows")


def _in_register(board: Board) -> dict[str, str]:
    """The selection in the register's own filters, which take one value each and keep what fits them all."""
    said = {name: value for name, value in address(board.selection, board.plan).items() if "," not in value}
    both = "region" in said and "institution" in said
    return {
        name: value
        for name, value in said.items()
        if name in ("axe", "statut") or (not both and name != "jour")
    }


def _clear(board: Board, place: str) -> None:
    if board.selection and st.button(board.page._("Retirer la sélection"), key=f"explorer-clear-{place}"):
        put(Selection(), board.plan)
