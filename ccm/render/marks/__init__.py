"""The marks: geometry and sentences that templates need to draw typed results."""

from collections.abc import Callable
from typing import Any

from ccm.domain.vocabulary import BAR_ORDER, EntityKind, Status
from ccm.i18n import numbers, translator
from ccm.queries.filters import Movement, Outcome
from ccm.render.marks import bars, geography, heat, matrix, rates, tiles, trends
from ccm.render.tokens import SEQUENCE, STATUS, TOKENS


def template_globals(locale: str) -> dict[str, Any]:
    """The functions and constants that the templates of one language call."""
    t = translator(locale)

    def said(function: Callable[..., Any]) -> Callable[..., Any]:
        return lambda *args, **options: function(*args, t=t, locale=locale, **options)

    return {
        "STATUS": STATUS,
        "SEQUENCE": SEQUENCE,
        "TOKENS": TOKENS,
        "Status": Status,
        "BAR_ORDER": BAR_ORDER,
        "Outcome": Outcome,
        "Movement": Movement,
        "MOVED": rates.MOVED,
        "EntityKind": EntityKind,
        "segments": bars.segments,
        "narrow_segments": bars.narrow,
        "bar_sentence": said(bars.sentence),
        "bar_scale": bars.scale,
        "digits": lambda count: min(4, len(str(count))),
        "difference": rates.difference,
        "permanent_names": lambda: rates.names(t),
        "expected_answers": said(rates.expected_answers),
        "rates_of": said(rates.rates_of),
        "heat_of": heat.cell,
        "bar_width": bars.width,
        "place_tiles": tiles.place,
        "tile_sentence": said(tiles.sentence),
        "draw_regions": geography.draw,
        "earlier_days": trends.earlier_days,
        "draw_trend": said(trends.draw),
        "matrix_groups": matrix.groups,
        "cell_sentence": said(matrix.sentence),
        "OLD": numbers.OLD,
    }
