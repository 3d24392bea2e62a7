"""The three figures over time, and above them the answers that never came."""

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

import plotly.graph_objects as go

from ccm.i18n import numbers, translator
from ccm.queries.explorer import Selection
from ccm.queries.results import TrendPoint
from ccm.render.sentences.explorer import MEASURES, details, value
from ccm.render.tokens import TOKENS
from ccm.ui.charts.style import KEPT, NOTE, axis, figure, hover, plain, point

_HEIGHT, _LEFT, _LABELS = 380, 34, 118
#: Points of percent that two labels at the lines' ends need between them.
_APART = 13
_LOOKS = {
    "renseignement": {"color": TOKENS["ink-3"], "width": 2, "dash": "dash"},
    "avancement": {"color": TOKENS["R"], "width": 3},
    "realisation": {"color": TOKENS["seq-4"], "width": 2, "dash": "dot"},
}
_INK = {"renseignement": TOKENS["ink-2"], "avancement": TOKENS["R"], "realisation": TOKENS["R"]}


@lru_cache(maxsize=KEPT)
def trend(points: tuple[TrendPoint, ...], selection: Selection, whose: str, locale: str) -> go.Figure:
    """One line for each figure at the quarters' ends; choosing a date shows the answers as of that date."""
    days = [known.on for known in points]
    chart = figure(
        locale,
        _HEIGHT,
        margin={"l": _LEFT, "r": _LABELS, "t": 14, "b": 30},
        xaxis=axis(
            type="date",
            range=[days[0], days[-1]],
            tickvals=[days[-1]],
            ticktext=[numbers.day(days[-1], locale)],
            tickangle=0,
            tickfont={"size": NOTE},
        ),
        yaxis=axis(
            range=[0, 100],
            tickvals=[0, 25, 50, 75, 100],
            showgrid=True,
            gridcolor=TOKENS["grid"],
            tickfont={"size": NOTE},
        ),
    )
    chart.add_traces(
        [
            _line(points, "renseignement", whose, locale),
            _silence(days),
            _line(points, "realisation", whose, locale),
            _line(points, "avancement", whose, locale),
        ]
    )
    chart.update_layout(annotations=list(_notes(points, locale)), shapes=_chosen_day(selection.on))
    return chart


def _notes(points: Sequence[TrendPoint], locale: str) -> Iterator[dict[str, object]]:
    """The first date, a label at each line's end, and a name for the hatching where it has room."""
    t = translator(locale)
    if len(points) > 1:
        yield _first_date(points[0].on, locale)
    right: dict[str, object] = {"xref": "paper", "x": 1, "xanchor": "left", "showarrow": False}
    for code, height in _label_heights(points).items():
        percent = plain(numbers.percent(value(points[-1].figures, code), locale))
        text = f"  <b>{percent}</b> {t.gettext(MEASURES[code]).lower()}"
        yield {**right, "y": height, "text": text, "font": {"color": _INK[code], "size": NOTE}}
    if any((known.figures.coverage or 0) < 80 for known in points):
        yield {
            **right,
            "x": 0.02,
            "y": 94,
            "text": t.gettext("sans réponse"),
            "bgcolor": TOKENS["page"],
            "font": {"color": TOKENS["ink-2"], "size": NOTE},
        }


def _chosen_day(day: dt.date | None) -> list[dict[str, object]]:
    if day is None:
        return []
    x = day.isoformat()
    line = {"color": TOKENS["ink"], "width": 2, "dash": "dot"}
    return [{"type": "line", "yref": "paper", "x0": x, "x1": x, "y0": 0, "y1": 1, "line": line}]


def _first_date(day: dt.date, locale: str) -> dict[str, object]:
    """The first date, begun under the axis: centred, it would leave the picture on a phone."""
    return {
        "x": 0,
        "xref": "paper",
        "xanchor": "left",
        "y": 0,
        "yref": "paper",
        "yanchor": "top",
        "yshift": 0,
        "showarrow": False,
        "font": {"size": NOTE},
        "text": numbers.day(day, locale),
    }


def _line(points: Sequence[TrendPoint], code: str, whose: str, locale: str) -> go.Scatter:
    strong = code == "avancement"
    return go.Scatter(
        mode="lines+markers",
        x=[known.on for known in points],
        y=[_height(value(known.figures, code)) for known in points],
        line=_LOOKS[code],
        marker={"size": 9 if strong else 6, "color": _LOOKS[code]["color"], "opacity": 1},
        cliponaxis=False,
        customdata=[point(day=known.on.isoformat()) for known in points],
        hovertext=[
            hover(details(f"{whose} {numbers.day(known.on, locale)}".strip(), known.figures, locale))
            for known in points
        ],
        hoverinfo="text",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def _silence(days: Sequence[dt.date]) -> go.Scatter:
    """The room between what was answered and all that was expected."""
    return go.Scatter(
        mode="lines",
        x=list(days),
        y=[100] * len(days),
        line={"color": TOKENS["grid"], "width": 1},
        fill="tonexty",
        fillcolor=TOKENS["page"],
        fillpattern={
            "shape": "/",
            "fgcolor": TOKENS["hatch-line"],
            "bgcolor": TOKENS["page"],
            "size": 8,
            "solidity": 0.12,
        },
        hoverinfo="skip",
    )


def _height(share: Fraction | None) -> float | None:
    return None if share is None else round(float(share), 2)


def _label_heights(points: Sequence[TrendPoint]) -> dict[str, float]:
    """Where each line's label stands: at its end, pushed up where it would cover the one below."""
    ends = {code: float(value(points[-1].figures, code) or 0) for code in MEASURES}
    placed: dict[str, float] = {}
    floor = 2.0
    for code in sorted(ends, key=ends.__getitem__):
        placed[code] = max(ends[code], floor)
        floor = placed[code] + _APART
    over = max(placed.values()) - 98
    return {code: height - max(0.0, over) for code, height in placed.items()} if over > 0 else placed
