"""What every chart shares: type, colours, separators, and nothing that asks another host."""

from collections.abc import Sequence
from html import escape
from typing import Any

import plotly.graph_objects as go

from ccm.domain.figures import Figures
from ccm.render.marks.heat import step
from ccm.render.sentences.explorer import value
from ccm.render.tokens import SEQUENCE, TOKENS

#: Without `topojsonURL` a map asks Plotly's own host for the outlines of the world.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "doubleClick": False,
    "scrollZoom": False,
    "topojsonURL": "/topo/",
}
FONT = TOKENS["font"]
#: Sizes in px: text, notes, the smallest that is still read on a phone.
TEXT, NOTE, SMALL = 14, 13, 12
#: Drawings kept of each kind of chart: equal figures make equal drawings, which nobody changes.
KEPT = 64
_SEPARATORS = {"fr": ",\N{NO-BREAK SPACE}", "en": ".,"}


def figure(locale: str, height: int, **layout: Any) -> go.Figure:
    """An empty chart in the house's look; `layout` adds to it or replaces what it names."""
    base: dict[str, Any] = {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0},
        "font": {"family": FONT, "size": TEXT, "color": TOKENS["ink"]},
        "paper_bgcolor": TOKENS["page"],
        "plot_bgcolor": TOKENS["page"],
        "separators": _SEPARATORS[locale],
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": TOKENS["ink"],
            "bordercolor": TOKENS["ink"],
            "align": "left",
            "font": {"family": FONT, "size": TEXT, "color": TOKENS["page"]},
        },
        # Neither drags nor zooms; a page on a phone still scrolls under the finger.
        "dragmode": "pan",
    }
    return go.Figure(layout={**base, **layout})


def axis(**changes: Any) -> dict[str, Any]:
    """An axis without grid, line or zoom."""
    bare = {
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
        "showline": False,
        "ticks": "",
        "title": None,
    }
    return {**bare, **changes}


def hover(lines: Sequence[str]) -> str:
    """Lines of plain text as a hover label, the first one in bold."""
    first, *others = (plain(line) for line in lines)
    return "<br>".join([f"<b>{first}</b>", *others])


def plain(text: str) -> str:
    """Text that Plotly shows as it is: it would else read tags and links in it.

    A narrow space, as numbers have it, has no width in the letters of its drawings.
    """
    return escape(text, quote=False).replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")


def tint(figures: Figures, measure: str) -> str:
    """The fill of a figure on the sequential scale; the page's own where there is none."""
    level = step(value(figures, measure))
    return SEQUENCE[level - 1] if level else TOKENS["page"]


def ink_on(figures: Figures, measure: str) -> str:
    """The colour of text on that fill."""
    return TOKENS["page"] if step(value(figures, measure)) == len(SEQUENCE) else TOKENS["ink"]


def point(axis_key: str = "", entity: str = "", status: str = "", day: str = "") -> str:
    """What a mark stands for, as `ccm.ui.explorer_selection` reads it back when it is chosen."""
    return "|".join((axis_key, entity, status, day))


def chosen_by_middle(chart: go.Figure, middles: Sequence[tuple[float, float, str]]) -> None:
    """Let a rectangle choose boxes by their middles (x, y, point): Plotly's bars answer by one end only."""
    chart.for_each_trace(lambda bar: bar.update(customdata=None), selector={"type": "bar"})
    kept = [middle for middle in middles if middle[2]]
    chart.add_trace(
        go.Scatter(
            mode="markers",
            x=[x for x, _, _ in kept],
            y=[y for _, y, _ in kept],
            customdata=[what for _, _, what in kept],
            marker={"size": 2, "opacity": 0},
            hoverinfo="skip",
            selected={"marker": {"opacity": 0}},
            unselected={"marker": {"opacity": 0}},
        )
    )
