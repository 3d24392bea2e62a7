"""Tints for a mean percent; where too few answered, hatching instead of a tint."""

from fractions import Fraction

from ccm.domain.figures import Figures

#: Below these shares of answers received, in percent, a tint would describe silence.
HEAT_MINIMUM, MAP_MINIMUM = 25, 50


def step(completion: Fraction | None) -> int:
    """The tint of a mean percent, 1 (0 to 20) to 5 (80 to 100); 0 where there is no figure."""
    return 0 if completion is None else min(5, int(completion // 20) + 1)


def is_silent(figures: Figures, minimum: int) -> bool:
    """Whether less than `minimum` percent of the expected answers were given."""
    return figures.coverage is not None and figures.coverage < minimum
