"""Status bars: done first, silence last, counts inside, a tick at the mean percent."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import plotly.graph_objects as go

from ccm.domain.figures import Figures
from ccm.domain.labels import label
from ccm.domain.vocabulary import BAR_ORDER, Status
from ccm.i18n import numbers, translator
from ccm.queries.explorer import Selection
from ccm.queries.results import GroupLine
from ccm.render.sentences.explorer import axis_name, details, value
from ccm.render.tokens import STATUS, TOKENS
from ccm.ui.charts.style import KEPT, NOTE, axis, chosen_by_middle, figure, hover, plain, point

_ROW, _NAMES, _VALUES = 42, 82, 62
_PATTERNS = {Status.BLOCKED: "|", Status.NOT_REPORTED: "/"}


@lru_cache(maxsize=KEPT)
def bars(
    lines: tuple[GroupLine, ...],
    measure: str,
    selection: Selection,
    locale: str,
    *,
    by_load: bool,
    box: bool = False,
) -> go.Figure:
    """One bar for each axis or actor: of equal length, or as long as its expected answers where `by_load`.

    `box`: segments are chosen by their middles, for a rectangle drawn over them.
    """
    longest = max((line.figures.expected for line in lines), default=0) or 1
    sizes = [_length(line.figures, longest, by_load) for line in lines]
    chart = figure(
        locale,
        8 + _ROW * max(1, len(lines)),
        margin={"l": _NAMES, "r": _VALUES, "t": 0, "b": 8},
        dragmode="select" if box else "pan",
        barmode="stack",
        bargap=0.36,
        uniformtext={"mode": "hide", "minsize": NOTE},
        xaxis=axis(range=[-0.002, 1.004], showticklabels=False),
        yaxis=axis(
            range=[len(lines) - 0.4, -0.5],
            tickvals=list(range(len(lines))),
            ticktext=[f"{_name(line, locale)}  " for line in lines],
        ),
    )
    for status in BAR_ORDER:
        chart.add_trace(_segments(lines, sizes, status, selection, locale))
    chart.add_trace(_means(lines, sizes))
    if box:
        chosen_by_middle(chart, list(_middles(lines, sizes)))
    chart.update_layout(annotations=[_value(row, line, measure, locale) for row, line in enumerate(lines)])
    return chart


def _length(figures: Figures, longest: int, by_load: bool) -> float:
    """The width of one expected answer, the longest bar being 1."""
    whole = longest if by_load else figures.expected
    return 1 / whole if whole else 0.0


def _middles(lines: Sequence[GroupLine], sizes: Sequence[float]) -> Iterator[tuple[float, float, str]]:
    for row, (line, size) in enumerate(zip(lines, sizes, strict=True)):
        before = 0
        for status in BAR_ORDER:
            count = getattr(line.figures, status.value)
            yield (before + count / 2) * size, row, _point(line, status) if count else ""
            before += count


def _name(line: GroupLine, locale: str) -> str:
    if line.entity is None:
        return (
            axis_name(line.key, locale).replace(" ", "<br>  ")
            if line.key == "G"
            else axis_name(line.key, locale)
        )
    return plain(line.label)


def _segments(
    lines: Sequence[GroupLine], sizes: Sequence[float], status: Status, selection: Selection, locale: str
) -> go.Bar:
    look = STATUS[status]
    word = label(status, translator(locale))
    counts = [getattr(line.figures, status.value) for line in lines]
    chosen = [_chosen(line, status, selection) for line in lines]
    return go.Bar(
        orientation="h",
        x=[count * size or None for count, size in zip(counts, sizes, strict=True)],
        y=list(range(len(lines))),
        customdata=[_point(line, status) if count else "" for line, count in zip(lines, counts, strict=True)],
        text=[numbers.integer(count, locale) if count else "" for count in counts],
        textposition="inside",
        insidetextanchor="middle",
        constraintext="inside",
        textangle=0,
        textfont={"color": look.on, "size": NOTE, "weight": 600},
        hovertext=[
            hover(
                (
                    f"{_title(line, locale)} · {word} {numbers.integer(count, locale)}",
                    *details("", line.figures, locale)[1:],
                )
            )
            for line, count in zip(lines, counts, strict=True)
        ],
        hoverinfo="text",
        marker={
            "color": look.fill,
            "line": {
                "color": [TOKENS["ink"] if it else _edge(status) for it in chosen],
                "width": [3 if it else _line(status) for it in chosen],
            },
            "pattern": {
                "shape": _PATTERNS.get(status, ""),
                "fgcolor": TOKENS["hatch-line"] if status is Status.NOT_REPORTED else look.edge,
                "bgcolor": look.fill,
                "size": 7,
                "solidity": 0.16 if status is Status.NOT_REPORTED else 0.3,
            },
        },
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}, "textfont": {"color": look.on}},
    )


def _edge(status: Status) -> str:
    return STATUS[status].edge if status in (Status.NOT_STARTED, Status.NOT_REPORTED) else TOKENS["page"]


def _line(status: Status) -> float:
    return 1 if status in (Status.NOT_STARTED, Status.NOT_REPORTED) else 1.5


def _title(line: GroupLine, locale: str) -> str:
    return line.label if line.entity else axis_name(line.key, locale)


def _point(line: GroupLine, status: Status) -> str:
    return (
        point(entity=line.key, status=status.value) if line.entity else point(line.key, status=status.value)
    )


def _chosen(line: GroupLine, status: Status, selection: Selection) -> bool:
    """Framed where exactly this row and status are chosen, not where they are part of a wider selection."""
    if status not in selection.statuses:
        return False
    mine, other = (
        (selection.entities, selection.axes) if line.entity else (selection.axes, selection.entities)
    )
    return line.key in mine and not other


def _means(lines: Sequence[GroupLine], sizes: Sequence[float]) -> go.Scatter:
    kept = [
        (row, float(line.figures.completion) / 100 * line.figures.expected * size)
        for row, (line, size) in enumerate(zip(lines, sizes, strict=True))
        if line.figures.completion is not None and line.figures.answered
    ]
    return go.Scatter(
        mode="markers",
        x=[x for _, x in kept],
        y=[row + 0.42 for row, _ in kept],
        marker={"symbol": "triangle-up", "size": 9, "color": TOKENS["ink"]},
        hoverinfo="skip",
        cliponaxis=False,
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
    )


def _value(row: int, line: GroupLine, measure: str, locale: str) -> dict[str, object]:
    text = (
        f"<b>{plain(numbers.percent(value(line.figures, measure), locale))}</b>"
        if line.figures.answered
        else ""
    )
    return {
        "xref": "paper",
        "x": 1,
        "xanchor": "left",
        "y": row,
        "showarrow": False,
        "text": "  " + text,
        "align": "left",
    }
