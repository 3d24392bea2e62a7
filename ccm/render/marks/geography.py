"""The outlines of the regions as SVG paths: one projection, one grid, shared borders kept."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ccm.domain.figures import Figures
from ccm.queries.results import GroupLine
from ccm.render.marks.heat import MAP_MINIMUM, cell
from ccm.render.tokens import SEQUENCE, TOKENS

#: Latitude of true scale in degrees, width of the country and step of the grid in px.
LATITUDE, WIDTH, GRID = 17.6, 470, 2
#: Where the names stand, in px of the picture, by p-code; Niamey is called out to the west.
ANCHORS = {
    "NE001": (270, 150),
    "NE002": (386, 232),
    "NE003": (100, 332),
    "NE004": (211, 293),
    "NE005": (146, 246),
    "NE006": (44, 272),
    "NE007": (288, 258),
}
CAPITAL = "NE008"

Point = tuple[int, int]


@dataclass(frozen=True)
class Geography:
    """The outline of each region as an SVG path, by p-code, and the height of the country in px."""

    paths: dict[str, str]
    height: int
    capital: Point


@dataclass(frozen=True)
class Shape:
    """One region to draw: outline, tint or hatching, where its name stands."""

    key: str
    label: str
    figures: Figures
    path: str
    fill: str
    hatched: bool
    anchor: Point | None


_last: tuple[dict[str, Any], Geography] | None = None


def geography(collection: dict[str, Any]) -> Geography:
    """The outlines of a GeoJSON feature collection whose feature ids are p-codes; the last one is kept."""
    global _last  # noqa: PLW0603 - a cache of one, keyed by identity: the collection is loaded once
    if _last is None or _last[0] is not collection:
        _last = (collection, _project(collection))
    return _last[1]


def draw(lines: Iterable[GroupLine], collection: dict[str, Any]) -> tuple[Geography, Sequence[Shape]]:
    """The regions among these lines, with their tint, ready to be drawn."""
    outlines = geography(collection)
    return outlines, [_shape(line, outlines) for line in lines if line.key in outlines.paths]


def _shape(line: GroupLine, outlines: Geography) -> Shape:
    ground = cell(line.figures, line.figures.completion, MAP_MINIMUM)
    return Shape(
        key=line.key,
        label=line.label,
        figures=line.figures,
        path=outlines.paths[line.key],
        fill=SEQUENCE[ground.tint - 1] if ground.tint else TOKENS["page"],
        hatched=ground.hatched,
        anchor=ANCHORS.get(line.key),
    )


def _project(collection: dict[str, Any]) -> Geography:
    rings = {feature["id"]: _rings(feature["geometry"]) for feature in collection["features"]}
    points = [point for parts in rings.values() for ring in parts for point in ring]
    west, north = min(lon for lon, _ in points), max(lat for _, lat in points)
    east, south = max(lon for lon, _ in points), min(lat for _, lat in points)
    across = math.cos(math.radians(LATITUDE))
    scale = WIDTH / ((east - west) * across)

    def grid(lon: float, lat: float) -> Point:
        x, y = (lon - west) * across * scale, (north - lat) * scale
        return round(x / GRID) * GRID, round(y / GRID) * GRID

    paths = {
        key: "".join(_path([grid(*at) for at in ring]) for ring in parts) for key, parts in rings.items()
    }
    capital = rings.get(CAPITAL)
    return Geography(
        paths, grid(west, south)[1], _middle([grid(*at) for at in capital[0]]) if capital else (0, 0)
    )


def _rings(geometry: dict[str, Any]) -> list[list[tuple[float, float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    return [[(at[0], at[1]) for at in ring] for polygon in polygons for ring in polygon]


def _path(points: list[Point]) -> str:
    """A closed ring in relative steps, without the points that add nothing on the grid."""
    kept: list[Point] = []
    for point in points[:-1]:
        if kept and point == kept[-1]:
            continue
        if len(kept) > 1 and _straight(kept[-2], kept[-1], point):
            kept.pop()
        kept.append(point)
    (x, y), steps = kept[0], []
    for following in kept[1:]:
        steps.append(f"{following[0] - x} {following[1] - y}")
        x, y = following
    return f"M{kept[0][0]} {kept[0][1]}l{' '.join(steps)}z".replace(" -", "-")


def _straight(a: Point, b: Point, c: Point) -> bool:
    forward = (b[0] - a[0], b[1] - a[1])
    onward = (c[0] - b[0], c[1] - b[1])
    cross = forward[0] * onward[1] - forward[1] * onward[0]
    return cross == 0 and forward[0] * onward[0] + forward[1] * onward[1] > 0


def _middle(points: list[Point]) -> Point:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2
