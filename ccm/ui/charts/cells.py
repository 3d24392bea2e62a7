"""The heat map: axes across, actors down; silence is hatched, and every cell says its counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import plotly.graph_objects as go

from ccm.domain.figures import Figures
from ccm.i18n import numbers, translator
from ccm.queries.explorer import Selection
from ccm.queries.results import GroupLine
from ccm.render.marks.heat import Cell as Ground, cell as ground_of
from ccm.render.sentences.explorer import axis_name, details, of_expected, value
from ccm.render.tokens import TOKENS
from ccm.ui.charts.style import (
    KEPT,
    NOTE,
    SMALL,
    axis,
    chosen_by_middle,
    figure,
    hover,
    ink_on,
    plain,
    point,
    tint,
)

_ROW, _HEAD, _NAMES = 50, 44, 82
#: Height of the strip that says the missing share, in rows.
_STRIP = 0.13
#: Room between the actors' own figures and their crosses with the axes, in columns.
_GAP = 0.1
_HATCH = {
    "shape": "/",
    "fgcolor": TOKENS["hatch-line"],
    "bgcolor": TOKENS["page"],
    "size": 7,
    "solidity": 0.16,
}


@dataclass(frozen=True)
class Cell:
    """One cross: its place, its figures, and what choosing it means."""

    column: int
    row: int
    title: str
    axis: str
    entity: str
    figures: Figures

    def ground(self, measure: str) -> Ground:
        """How its figure is told: as in every table of the house."""
        return ground_of(self.figures, value(self.figures, measure))


@lru_cache(maxsize=KEPT)
def heat(
    lines: tuple[GroupLine, ...],
    axes: tuple[str, ...],
    measure: str,
    selection: Selection,
    locale: str,
    *,
    box: bool = False,
) -> go.Figure:
    """The crosses of these actors with these axes, and each actor's own figures in the first column.

    `box`: cells are chosen by their middles, for a rectangle drawn over them.
    """
    cells = list(_cells(lines, axes, locale))
    whole = translator(locale).gettext("Ensemble")
    names = [f"<b>{whole}</b>", *(_short(key, locale) for key in axes)]
    height = _HEAD + _ROW * max(1, len(lines))
    chart = figure(
        locale,
        height,
        margin={"l": _NAMES, "r": 2, "t": _HEAD, "b": 2},
        dragmode="select" if box else "pan",
        barmode="overlay",
        xaxis=axis(
            range=[0, len(names) + _GAP],
            side="top",
            tickvals=[i + 0.5 + (_GAP if i else 0) for i in range(len(names))],
            ticktext=names,
            tickfont={"size": NOTE},
        ),
        yaxis=axis(
            range=[len(lines) - 0.5, -0.5],
            tickvals=list(range(len(lines))),
            ticktext=[plain(line.label) + "  " for line in lines],
        ),
    )
    silent = [cell for cell in cells if cell.ground(measure).hatched]
    spoken = [cell for cell in cells if not cell.ground(measure).hatched]
    owed = not any(line.figures.answered for line in lines)
    chart.add_trace(_fills(spoken, {"color": [tint(cell.figures, measure) for cell in spoken]}, locale))
    chart.add_trace(_fills(silent, {"color": TOKENS["page"], "pattern": _HATCH}, locale))
    chart.add_trace(_missing(spoken))
    if box:
        chosen_by_middle(chart, [(_left(cell) + 0.5, cell.row, _point(cell)) for cell in cells])
    # Handed over all at once: added one by one, Plotly checks the earlier ones again each time.
    chart.update_layout(
        annotations=[_text(cell, measure, locale, owed=owed) for cell in cells],
        shapes=[_frame(cell) for cell in cells if _chosen(cell, selection)],
    )
    return chart


def _cells(lines: Sequence[GroupLine], axes: Sequence[str], locale: str) -> Iterator[Cell]:
    for row, line in enumerate(lines):
        yield Cell(0, row, line.label, "", line.key, line.figures)
        crossed = {crossing.key: crossing.figures for crossing in line.by_axis}
        for column, key in enumerate(axes, start=1):
            title = f"{line.label} · {axis_name(key, locale)}"
            yield Cell(column, row, title, key, line.key, crossed.get(key, Figures()))


def _short(key: str, locale: str) -> str:
    return axis_name(key, locale).replace(" ", "<br>") if key == "G" else axis_name(key, locale)


def _fills(cells: Sequence[Cell], look: dict[str, Any], locale: str) -> go.Bar:
    """One box per cell. Bars, because they alone can be both hatched and chosen."""
    return go.Bar(
        orientation="h",
        base=[_left(cell) for cell in cells],
        x=[1] * len(cells),
        y=[cell.row for cell in cells],
        width=1,
        customdata=[_point(cell) for cell in cells],
        hovertext=[hover(details(cell.title, cell.figures, locale)) for cell in cells],
        hoverinfo="text",
        marker={"line": {"color": TOKENS["page"], "width": 3}, **look},
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def _point(cell: Cell) -> str:
    return point(cell.axis, cell.entity) if cell.figures.expected else ""


def _left(cell: Cell) -> float:
    """Where a cell begins: the actors' own figures stand a little apart."""
    return cell.column + (_GAP if cell.column else 0)


def _missing(cells: Sequence[Cell]) -> go.Bar:
    """A hatched strip at the foot of each tinted cell, as wide as its missing share."""
    kept = [cell for cell in cells if cell.figures.not_reported]
    shares = [0.97 * cell.figures.not_reported / cell.figures.expected for cell in kept]
    return go.Bar(
        orientation="h",
        base=[_left(cell) + 0.985 - share for cell, share in zip(kept, shares, strict=True)],
        x=shares,
        y=[cell.row for cell in kept],
        width=_STRIP,
        offset=0.5 - _STRIP - 0.03,
        hoverinfo="skip",
        marker={
            "color": TOKENS["page"],
            "line": {"color": TOKENS["U-edge"], "width": 0.5},
            "pattern": {**_HATCH, "fgcolor": TOKENS["U-edge"], "size": 5, "solidity": 0.25},
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def _text(cell: Cell, measure: str, locale: str, *, owed: bool) -> dict[str, object]:
    """Its figure and its counts; while nobody drawn has answered, what it owes."""
    figures = cell.figures
    ground = cell.ground(measure)
    silent = ground.hatched
    base: dict[str, object] = {
        "x": _left(cell) + 0.5,
        "y": cell.row - (0 if silent else 0.04),
        "showarrow": False,
        "align": "center",
        "font": {"size": SMALL, "color": TOKENS["ink"] if silent else ink_on(figures, measure)},
    }
    if not ground.told:
        return {**base, "text": numbers.NONE, "font": {"size": NOTE, "color": TOKENS["ink-3"]}}
    if silent:
        base |= {"bgcolor": TOKENS["page"], "borderpad": 2}
    if owed:
        said = translator(locale).ngettext("attendue", "attendues", figures.expected)
        return {**base, "text": f"<b>{numbers.integer(figures.expected, locale)}</b><br>{said}"}
    percent = plain(numbers.percent(value(figures, measure), locale))
    strong = percent if silent else f"<b>{percent}</b>"
    return {**base, "text": f"{strong}<br>{plain(of_expected(figures, measure, locale))}"}


def _chosen(cell: Cell, selection: Selection) -> bool:
    if not (selection.axes or selection.entities) or not cell.figures.expected:
        return False
    axis_fits = cell.axis in selection.axes if selection.axes else not cell.axis
    return axis_fits and (not selection.entities or cell.entity in selection.entities)


def _frame(cell: Cell) -> dict[str, object]:
    return {
        "type": "rect",
        "x0": _left(cell) + 0.01,
        "x1": _left(cell) + 0.99,
        "y0": cell.row - 0.48,
        "y1": cell.row + 0.48,
        "line": {"color": TOKENS["ink"], "width": 3},
    }
