"""The status bar: its segments, the sentence that says the same, its length."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ccm.domain.figures import Figures
from ccm.domain.labels import label
from ccm.domain.vocabulary import BAR_ORDER, Status
from ccm.i18n import Translator, numbers


@dataclass(frozen=True)
class Segment:
    """One piece of the bar: a status and its number of answers, never 0."""

    status: Status
    count: int


def count_of(figures: Figures, status: Status) -> int:
    """How many answers of a group are in a status."""
    counted: int = getattr(figures, status.value)
    return counted


def segments(figures: Figures) -> tuple[Segment, ...]:
    """The pieces of the bar in their fixed order; together they make the expected answers."""
    counts = ((status, count_of(figures, status)) for status in BAR_ORDER)
    return tuple(Segment(status, count) for status, count in counts if count)


#: The smallest part of a bar, by its size, that is wide enough to be touched: 24 px where the bar stands.
_TOUCHED = {"lg": Fraction(1, 14), "": Fraction(1, 6), "sm": Fraction(1, 5)}


def can_be_touched(segment: Segment, figures: Figures, size: str, full: int | None) -> bool:
    """Whether a segment is wide enough for a link; a bar of one segment is, whatever its length."""
    alone = segment.count == figures.expected
    return alone or Fraction(segment.count, full or figures.expected) >= _TOUCHED[size]


def narrow(figures: Figures, size: str, full: int | None) -> tuple[Segment, ...]:
    """The segments too narrow for a link, and often for their count: both are then written under the bar."""
    return tuple(segment for segment in segments(figures) if not can_be_touched(segment, figures, size, full))


def sentence(figures: Figures, t: Translator, locale: str) -> str:
    """What the bar shows, for those who hear it."""
    expected = numbers.integer(figures.expected, locale)
    if not figures.expected:
        return t.gettext("Aucune réponse attendue")
    opening = t.ngettext(
        "Sur %(n)s réponse attendue : %(parts)s", "Sur %(n)s réponses attendues : %(parts)s", figures.expected
    )
    parts = ", ".join(
        f"{label(segment.status, t).lower()} {numbers.integer(segment.count, locale)}"
        for segment in segments(figures)
    )
    said = opening % {"n": expected, "parts": parts}
    if figures.completion is None or not figures.answered:
        return said
    mean = t.gettext("avancement moyen %(percent)s") % {
        "percent": numbers.percent(figures.completion, locale)
    }
    return t.gettext("%(first)s ; %(second)s") % {"first": said, "second": mean}


def scale(rows: Iterable[Figures]) -> int:
    """The expected answers that make a bar of full length, where length says the load."""
    return max((figures.expected for figures in rows), default=0) or 1


def width(figures: Figures, full: int | None) -> str:
    """The length of a bar as a CSS percentage: of the whole, or in proportion to the load."""
    share = Fraction(100) if not full else Fraction(100 * figures.expected, full)
    return f"{float(min(share, Fraction(100))):.4g}%"
