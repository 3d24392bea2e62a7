"""What a row of figures holds: the counts, and the three rates taken from them, exactly."""

from dataclasses import dataclass, fields
from fractions import Fraction


@dataclass(frozen=True)
class Figures:
    """Counts and rates of one group of recommendations or answers (see `docs/figures.md`).

    `completion` is an exact percentage 0..100, `None` where the group has no figure.
    """

    recommendations: int = 0
    recommendations_realised: int = 0
    recommendations_dropped: int = 0
    unassigned: int = 0
    continuous: int = 0
    continuous_active: int = 0
    continuous_silent: int = 0
    expected: int = 0
    answered: int = 0
    fresh: int = 0
    completed: int = 0
    in_progress: int = 0
    blocked: int = 0
    not_started: int = 0
    not_reported: int = 0
    dropped: int = 0
    overdue: int = 0
    completion: Fraction | None = None

    @property
    def counted(self) -> int:
        """How many recommendations the mean is taken over: finite and not dropped."""
        return self.recommendations - self.continuous - self.recommendations_dropped

    @property
    def realised(self) -> Fraction | None:
        """Share of the expected answers that are completed, 0..100."""
        return Fraction(100 * self.completed, self.expected) if self.expected else None

    @property
    def coverage(self) -> Fraction | None:
        """Share of the expected answers that were given, 0..100."""
        return Fraction(100 * self.answered, self.expected) if self.expected else None


#: Names of the counts, in the order of the JSON answer.
COUNTS: tuple[str, ...] = tuple(f.name for f in fields(Figures) if f.name != "completion")


@dataclass(frozen=True)
class FiguresRow:
    """The figures of one group, under its stable key and its label as the source writes it."""

    key: str
    label: str
    figures: Figures
