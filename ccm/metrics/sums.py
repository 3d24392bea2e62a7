"""Adding up the rows of a rollup: counts as they are, means as exact fractions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from operator import add, itemgetter
from typing import Any

from sqlalchemy import CursorResult, Row

from ccm.domain.figures import COUNTS, Figures


@dataclass(frozen=True, slots=True)
class Part:
    """What one rollup row says of a group: counts in the order of `COUNTS`, and a part of its mean."""

    counts: tuple[int, ...]
    points: int
    divisor: int
    in_mean: int


class Sum:
    """The figures of one group, from as many parts as it has divisors.

    Numerators are added per divisor, so that few fractions are made however many parts there are.
    """

    __slots__ = ("_counts", "_in_mean", "_points")

    def __init__(self) -> None:
        self._counts = (0,) * len(COUNTS)
        self._points: dict[int, int] = {}
        self._in_mean = 0

    def add(self, part: Part) -> None:
        """Take one part in."""
        self._counts = tuple(map(add, self._counts, part.counts))
        if part.divisor:
            self._points[part.divisor] = self._points.get(part.divisor, 0) + part.points
            self._in_mean += part.in_mean

    @property
    def figures(self) -> Figures:
        """The counts, and the exact mean; None where nothing is in it."""
        points = sum((Fraction(sum_, divisor) for divisor, sum_ in self._points.items()), Fraction(0))
        return _figures(self._counts, points / self._in_mean if self._in_mean else None)


def alone(part: Part) -> Figures:
    """The figures of a group made of one part."""
    mean = Fraction(part.points, part.divisor * part.in_mean) if part.in_mean else None
    return _figures(part.counts, mean)


def _figures(counts: tuple[int, ...], mean: Fraction | None) -> Figures:
    return Figures(**dict(zip(COUNTS, counts, strict=True)), completion=mean)


def of_recommendations(result: CursorResult[Any]) -> Iterator[tuple[Row[Any], Part]]:
    """Each row of a rollup of recommendations, with its part."""
    counts = _counts_of(result)
    for row in result:
        yield row, Part(counts(row), int(row.points or 0), int(row.divisor), int(row.in_mean or 0))


def of_answers(result: CursorResult[Any]) -> Iterator[tuple[Row[Any], Part]]:
    """Each row of a rollup of answers, with its part: every answer counts once in the mean."""
    counts = _counts_of(result)
    for row in result:
        yield row, Part(counts(row), int(row.points or 0), 1, int(row.divisor or 0))


def _counts_of(result: CursorResult[Any]) -> Callable[[Row[Any]], tuple[int, ...]]:
    names = list(result.keys())
    pick = itemgetter(*[names.index(name) for name in COUNTS])
    # PostgreSQL sums whole numbers into decimals, and both engines sum nothing into NULL.
    return lambda row: tuple([int(value or 0) for value in pick(row)])
