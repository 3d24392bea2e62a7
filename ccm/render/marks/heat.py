"""How one cell tells a figure: tinted, hatched where too few answered, a dash where nothing is expected."""

from dataclasses import dataclass
from fractions import Fraction

from ccm.domain.figures import Figures

#: Below these shares of answers received, in percent, a tint would describe silence.
HEAT_MINIMUM, MAP_MINIMUM = 25, 50


@dataclass(frozen=True)
class Cell:
    """The ground of one cell: a tint 1 (0 to 20) to 5 (80 to 100), or hatching; neither is a dash."""

    tint: int = 0
    hatched: bool = False

    @property
    def told(self) -> bool:
        """Whether there is a figure to write."""
        return self.hatched or self.tint > 0


def cell(figures: Figures, value: Fraction | None, minimum: int = HEAT_MINIMUM) -> Cell:
    """How a figure of a group is told wherever it is drawn; `value` is the figure, 0..100."""
    if value is None or not figures.expected:
        return Cell()
    return Cell(hatched=True) if is_silent(figures, minimum) else Cell(step(value))


def step(completion: Fraction | None) -> int:
    """The tint of a mean percent, 1 (0 to 20) to 5 (80 to 100); 0 where there is no figure."""
    return 0 if completion is None else min(5, int(completion // 20) + 1)


def is_silent(figures: Figures, minimum: int) -> bool:
    """Whether less than `minimum` percent of the expected answers were given."""
    return figures.coverage is not None and figures.coverage < minimum
