"""The eight regions as equal tiles: each carries as many commitments, so each has the same area."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ccm.domain.figures import Figures
from ccm.i18n import Translator, numbers
from ccm.queries.results import GroupLine
from ccm.render.marks.heat import step
from ccm.render.tokens import SEQUENCE, TOKENS

#: Column and row of each region, by its p-code.
PLACES = {
    "NE001": (2, 0),
    "NE006": (0, 1),
    "NE005": (1, 1),
    "NE007": (2, 1),
    "NE002": (3, 1),
    "NE008": (0, 2),
    "NE003": (1, 2),
    "NE004": (2, 2),
}
WIDTH, HEIGHT, GAP = 96, 72, 6


@dataclass(frozen=True)
class Tile:
    """One region: where it stands in px, its tint, the width of its missing share, how dark it is."""

    key: str
    label: str
    figures: Figures
    x: int
    y: int
    fill: str
    ink: str
    missing: float

    @property
    def silent(self) -> bool:
        """Nobody answered: the tile is hatched and says what is expected."""
        return self.figures.expected > 0 and self.figures.answered == 0


def place(lines: Iterable[GroupLine]) -> Sequence[Tile]:
    """The tiles of those lines that are regions, north to south and west to east."""
    tiles = [_tile(line) for line in lines if line.key in PLACES]
    return sorted(tiles, key=lambda tile: (tile.y, tile.x))


def _tile(line: GroupLine) -> Tile:
    column, row = PLACES[line.key]
    figures = line.figures
    tint = step(figures.completion)
    missing = Fraction(WIDTH * figures.not_reported, figures.expected) if figures.expected else Fraction(0)
    return Tile(
        key=line.key,
        label=line.label,
        figures=figures,
        x=column * (WIDTH + GAP),
        y=row * (HEIGHT + GAP),
        fill=SEQUENCE[tint - 1] if tint else TOKENS["page"],
        ink=TOKENS["page"] if tint == len(SEQUENCE) else TOKENS["ink"],
        missing=round(float(missing), 1),
    )


def sentence(label: str, figures: Figures, t: Translator, locale: str) -> str:
    """What a region's tile or shape says, for those who hear it."""
    received = t.ngettext(
        "%(label)s : avancement moyen %(percent)s, %(n)s réponse reçue sur %(of)s",
        "%(label)s : avancement moyen %(percent)s, %(n)s réponses reçues sur %(of)s",
        figures.answered,
    )
    return received % {
        "label": label,
        "percent": numbers.percent(figures.completion, locale),
        "n": numbers.integer(figures.answered, locale),
        "of": numbers.integer(figures.expected, locale),
    }
