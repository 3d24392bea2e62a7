"""Hatching for a map: Plotly fills a region with a tint only, so the lines are drawn one by one."""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

Point = tuple[float, float]
Ring = Sequence[Point]
#: Space between two lines, in degrees.
_STEP = 0.28


def rings(geometry: dict[str, Any]) -> list[list[Point]]:
    """Every ring of a GeoJSON polygon or group of polygons, outer and inner."""
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(at[0], at[1]) for at in ring] for polygon in polygons for ring in polygon]


def hatching(outline: Iterable[Ring], step: float = _STEP) -> tuple[list[float | None], list[float | None]]:
    """Rising lines at 45 degrees cut at the outline: longitudes and latitudes, None between two lines."""
    edges = [edge for ring in outline for edge in _edges(ring)]
    offsets = [lat - lon for start, end in edges for lon, lat in (start, end)]
    longitudes: list[float | None] = []
    latitudes: list[float | None] = []
    for number in range(math.ceil(min(offsets) / step), math.floor(max(offsets) / step) + 1):
        offset = number * step + step / 7
        crossings = sorted(_crossings(edges, offset))
        for west, east in zip(crossings[::2], crossings[1::2], strict=False):
            longitudes += [round(west, 3), round(east, 3), None]
            latitudes += [round(west + offset, 3), round(east + offset, 3), None]
    return longitudes, latitudes


def _edges(ring: Ring) -> Iterator[tuple[Point, Point]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)


def _crossings(edges: Iterable[tuple[Point, Point]], offset: float) -> Iterator[float]:
    """Longitudes at which the line lat = lon + offset meets the edges."""
    for (lon, lat), (to_lon, to_lat) in edges:
        here, there = lat - lon - offset, to_lat - to_lon - offset
        if (here < 0) != (there < 0):
            yield lon + (to_lon - lon) * here / (here - there)
