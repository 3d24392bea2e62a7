"""The worked example: one invented axis, and the figures that its answers must give.

One place for the test of the engine, the method page and `docs/figures.md`.
"""

from dataclasses import dataclass
from fractions import Fraction

from ccm.domain.figures import Figures
from ccm.domain.vocabulary import Status

REGIONS = tuple(f"NE00{number}" for number in range(1, 9))


@dataclass(frozen=True)
class ExampleAnswer:
    """What one entity said of a recommendation; `percent` is None for silence."""

    entity: str
    status: Status
    percent: int | None = None
    overdue: bool = False


@dataclass(frozen=True)
class ExampleRecommendation:
    """A recommendation of the example, its answers, and the mean percent they give."""

    key: str
    answers: tuple[ExampleAnswer, ...]
    completion: Fraction


_OF_ALL_REGIONS = (
    *(ExampleAnswer(region, Status.COMPLETED, 100) for region in REGIONS[:4]),
    *(ExampleAnswer(region, Status.IN_PROGRESS, 50) for region in REGIONS[4:6]),
    ExampleAnswer(REGIONS[6], Status.NOT_STARTED, 0),
    ExampleAnswer(REGIONS[7], Status.NOT_REPORTED),
)

RECOMMENDATIONS: tuple[ExampleRecommendation, ...] = (
    ExampleRecommendation("R1", _OF_ALL_REGIONS, Fraction(125, 2)),
    ExampleRecommendation("R2", (ExampleAnswer("MJ", Status.COMPLETED, 100),), Fraction(100)),
    ExampleRecommendation(
        "R3",
        tuple(ExampleAnswer(region, Status.IN_PROGRESS, 50) for region in REGIONS[:2]),
        Fraction(50),
    ),
    ExampleRecommendation("R4", (ExampleAnswer("MI-D", Status.NOT_REPORTED, overdue=True),), Fraction(0)),
)

#: The figures of the axis. The reports are all of the day that is looked at: what is answered is fresh.
AXIS = Figures(
    recommendations=4,
    recommendations_realised=1,
    expected=12,
    answered=10,
    fresh=10,
    completed=5,
    in_progress=4,
    not_started=1,
    not_reported=2,
    overdue=1,
    completion=Fraction(425, 8),
)

#: The mean over the twelve expected answers: what the completion of an axis is *not*.
MEAN_OVER_ANSWERS = Fraction(175, 3)
