"""The map of the eight regions: tints on five steps, silence hatched, names and figures on the shapes."""

import json
import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

import plotly.graph_objects as go

from ccm.config import DATA
from ccm.i18n import numbers
from ccm.queries.explorer import Selection
from ccm.queries.results import GroupLine
from ccm.render.marks.heat import MAP_MINIMUM, cell
from ccm.render.sentences.explorer import details, value
from ccm.render.tokens import SEQUENCE, TOKENS
from ccm.ui.charts.hatch import hatching, rings
from ccm.ui.charts.style import KEPT, SMALL, figure, hover, ink_on, plain, point, tint

_HEIGHT = 380
#: Where names stand, in degrees, by p-code; Niamey is called out to the south-west.
_NAMES = {
    "NE001": (9.3, 19.4),
    "NE002": (13.0, 15.75),
    "NE003": (3.45, 12.75),
    "NE004": (7.3, 14.05),
    "NE005": (5.35, 15.75),
    "NE006": (1.75, 14.35),
    "NE007": (9.75, 14.75),
    "NE008": (0.8, 12.05),
}
_CAPITAL = "NE008"
_CAPITAL_AT = (2.11, 13.51)
#: A rim of the page's colour, which parts names from hatching.
_HALO = "0 0 3px #FFFFFF, 0 0 3px #FFFFFF, 0 0 2px #FFFFFF"
#: Its disc's radius, in degrees.
_DISC = 0.5


@cache
def _collection() -> dict[str, Any]:
    """The outlines, their outer rings clockwise: the other way round, Plotly fills the rest of the world."""
    found: dict[str, Any] = json.loads((DATA / "niger-regions.geojson").read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=KEPT)
def region_map(
    lines: tuple[GroupLine, ...],
    measure: str,
    selection: Selection,
    locale: str,
    *,
    box: bool = False,
) -> go.Figure:
    """The regions among these lines on the map of the country.

    `box`: regions are chosen by their names, for a rectangle drawn over them: Plotly has for the middle of a
    shape the mean of its corners, which nobody sees.
    """
    shapes = {feature["id"]: rings(feature["geometry"]) for feature in _collection()["features"]}
    known = [line for line in lines if line.key in shapes]
    spoken = any(line.figures.answered for line in known)
    quiet = [line for line in known if _is_hatched(line, measure)]
    chart = figure(
        locale,
        _HEIGHT,
        # But for the rectangle it neither pans nor zooms: for a map, only "zoom" does nothing.
        dragmode="select" if box else "zoom",
        geo={
            "visible": False,
            "projection": {"type": "mercator"},
            "lonaxis": {"range": [-1.2, 16.2]},
            "lataxis": {"range": [9.3, 23.7]},
            "bgcolor": TOKENS["page"],
        },
    )
    chart.add_trace(_shapes(known, measure, selection, locale))
    if quiet:
        chart.add_trace(_hatches([line.key for line in quiet]))
    for capital in (line for line in known if line.key == _CAPITAL):
        chart.add_trace(_callout())
        chart.add_trace(_disc(capital, measure, selection, locale, spoken=spoken))
        if capital in quiet:
            chart.add_trace(_disc_hatching())
    chart.add_traces(list(_labels(known, measure, locale, spoken=spoken)))
    if box:
        chart.update_traces(customdata=None, selector={"type": "choropleth"})
    return chart


def _shapes(lines: Sequence[GroupLine], measure: str, selection: Selection, locale: str) -> go.Choropleth:
    chosen = [line.key in selection.entities for line in lines]
    return go.Choropleth(
        geojson=_collection(),
        locations=[line.key for line in lines],
        z=[cell(line.figures, value(line.figures, measure), MAP_MINIMUM).tint for line in lines],
        zmin=0,
        zmax=len(SEQUENCE),
        colorscale=_scale(),
        showscale=False,
        customdata=[point(entity=line.key) for line in lines],
        hovertext=[hover(details(line.label, line.figures, locale)) for line in lines],
        hoverinfo="text",
        marker={
            "line": {
                "color": [TOKENS["ink"] if it else TOKENS["edge"] for it in chosen],
                "width": [3 if it else 1 for it in chosen],
            }
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def _scale() -> list[tuple[float, str]]:
    """Six flat steps: the page for silence, then the five tints."""
    fills = [TOKENS["page"], *SEQUENCE]
    last = len(SEQUENCE)
    edges = [0.0, *((i - 0.5) / last for i in range(1, last + 1)), 1.0]
    return [(edge, fill) for i, fill in enumerate(fills) for edge in (edges[i], edges[i + 1])]


def _hatches(keys: Sequence[str]) -> go.Scattergeo:
    drawn = [_hatching(key) for key in keys]
    return go.Scattergeo(
        mode="lines",
        lon=[lon for longitudes, _ in drawn for lon in longitudes],
        lat=[lat for _, latitudes in drawn for lat in latitudes],
        line={"color": TOKENS["hatch-line"], "width": 1},
        hoverinfo="skip",
    )


@cache
def _hatching(key: str) -> tuple[list[float | None], list[float | None]]:
    found = next(feature for feature in _collection()["features"] if feature["id"] == key)
    # Niamey is a dot on this map: finer lines.
    return hatching(rings(found["geometry"]), *((0.06,) if key == _CAPITAL else ()))


def _callout() -> go.Scattergeo:
    """The line from Niamey, a dot on this map, to the disc that stands for it."""
    (lon, lat), (to_lon, to_lat) = _CAPITAL_AT, _NAMES[_CAPITAL]
    return go.Scattergeo(
        mode="lines",
        lon=[lon, to_lon],
        lat=[lat, to_lat],
        line={"color": TOKENS["ink"], "width": 1},
        hoverinfo="skip",
    )


def _disc(line: GroupLine, measure: str, selection: Selection, locale: str, *, spoken: bool) -> go.Scattergeo:
    """The capital, enlarged: it says and does what its shape would."""
    silent = _is_hatched(line, measure)
    chosen = line.key in selection.entities
    return go.Scattergeo(
        mode="markers+text",
        text=[_label(line, measure, locale, spoken=spoken)],
        textposition="bottom center",
        textfont={"size": SMALL, "color": TOKENS["ink"]},
        lon=[_NAMES[_CAPITAL][0]],
        lat=[_NAMES[_CAPITAL][1]],
        customdata=[point(entity=line.key)],
        hovertext=[hover(details(line.label, line.figures, locale))],
        hoverinfo="text",
        marker={
            "size": 34,
            "opacity": 1,
            "color": TOKENS["page"] if silent else tint(line.figures, measure),
            "line": {"color": TOKENS["ink"], "width": 3 if chosen else 1},
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}, "textfont": {"color": TOKENS["ink"]}},
    )


def _disc_hatching() -> go.Scattergeo:
    lon, lat = _NAMES[_CAPITAL]
    around = [math.tau * step / 32 for step in range(32)]
    outline = [(lon + _DISC * math.cos(angle), lat + _DISC * math.sin(angle)) for angle in around]
    longitudes, latitudes = hatching([outline], 0.22)
    return go.Scattergeo(
        mode="lines",
        lon=longitudes,
        lat=latitudes,
        line={"color": TOKENS["hatch-line"], "width": 1},
        hoverinfo="skip",
    )


def _labels(
    lines: Sequence[GroupLine], measure: str, locale: str, *, spoken: bool
) -> Iterator[go.Scattergeo]:
    """The names with their figures, one trace for each colour: a rectangle would else thin the others."""
    inks = {
        line.key: TOKENS["ink"] if _is_hatched(line, measure) else ink_on(line.figures, measure)
        for line in lines
        if line.key in _NAMES and line.key != _CAPITAL
    }
    for ink in dict.fromkeys(inks.values()):
        named = [line for line in lines if inks.get(line.key) == ink]
        yield go.Scattergeo(
            mode="text",
            lon=[_NAMES[line.key][0] for line in named],
            lat=[_NAMES[line.key][1] for line in named],
            text=[_label(line, measure, locale, spoken=spoken) for line in named],
            textfont={
                "size": SMALL,
                "color": ink,
                "shadow": [_HALO if _is_hatched(line, measure) else "none" for line in named],
            },
            customdata=[point(entity=line.key) for line in named],
            hoverinfo="skip",
            unselected={"textfont": {"color": ink}},
        )


def _is_hatched(line: GroupLine, measure: str) -> bool:
    return cell(line.figures, value(line.figures, measure), MAP_MINIMUM).hatched


def _label(line: GroupLine, measure: str, locale: str, *, spoken: bool) -> str:
    """Its figure; while nobody has answered anywhere, what it owes."""
    figures = line.figures
    said = plain(numbers.percent(value(figures, measure), locale))
    if figures.expected and not spoken:
        said = numbers.integer(figures.expected, locale)
    return f"<b>{plain(line.label)}</b><br>{said}"
